/**
 * Gives every page its Content-Security-Policy with a fresh nonce. It is no boundary: every door proves the actor
 * itself, and all access tests pass without this file. API and OTLP paths stand outside the matcher, because a request that
 * passes a proxy reaches its handler with at most 10 MB of body (docs/decisions/0010-upload-outside-the-proxy.md).
 */
import { type NextRequest, NextResponse } from 'next/server';
import { contentSecurity, NO_STORE, SECURITY_HEADERS } from '#lib/http/security-headers.ts';

/** `unsafe-eval` only under `next dev`: React rebuilds server stacks with it there. */
export function contentSecurityPolicy(nonce: string, isDev = false): string {
  return contentSecurity(
    `'nonce-${nonce}' 'strict-dynamic'${isDev ? " 'unsafe-eval'" : ''}`,
    `'self' 'nonce-${nonce}'`,
  );
}

/** 128 fresh bits, base64. */
export const freshNonce = (): string => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));

const PAGE_HEADERS = { ...SECURITY_HEADERS, ...NO_STORE };

export function proxy(request: NextRequest): NextResponse {
  const nonce = freshNonce();
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development');
  // Next takes the nonce for its own scripts from the policy on the request; what a client sent there is overwritten.
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  headers.set('x-nonce', nonce);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.headers.set(name, value);
  if (process.env.ASSAY_URL?.startsWith('https:')) {
    response.headers.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
  }
  return response;
}

export const config = {
  matcher: ['/((?!api/|api$|v1/|_next/static/|_next/image|favicon.ico$|icon.svg$|robots.txt$).*)'],
};
