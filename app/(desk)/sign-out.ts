'use server';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { action } from '#lib/http/action.ts';
import { cookieName, isSecureCookie } from '#lib/http/identity.ts';
import { signOut } from '#lib/usecases/people/sign-in.ts';

const leave = action('sign-out', z.strictObject({}), async (actor) => {
  await signOut(actor);
  const cookie = { path: '/', secure: isSecureCookie(), httpOnly: true, sameSite: 'lax', maxAge: 0 } as const;
  (await cookies()).set(cookieName(), '', cookie);
});

/** Ends the session on the server, then forgets the cookie. */
export async function signOutHere(): Promise<void> {
  const { ok } = await leave({});
  if (ok) redirect('/sign-in');
}
