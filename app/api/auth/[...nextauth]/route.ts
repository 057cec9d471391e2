import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { authOptions } from '#lib/http/auth.ts';
import { problemResponse } from '#lib/http/errors.ts';
import { proveOrigin } from '#lib/http/route.ts';

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: NextRequest, context: Context): Promise<Response> {
  try {
    // The csrf token of next-auth guards its own posts; a foreign Origin is refused before it is looked at.
    if (request.headers.get('origin') !== null) proveOrigin(request);
    return await NextAuth(request as never, context as never, authOptions());
  } catch (thrown) {
    return problemResponse(thrown, 'auth');
  }
}

export { handle as GET, handle as POST };
