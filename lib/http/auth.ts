/**
 * next-auth proves who someone is and nothing more: its token carries only the session id, and everything else is read
 * from our own session row on every request.
 */
import type { NextAuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { Problem } from '#lib/core/policy/problem.ts';
import { actorOfSession } from '#lib/store/session.ts';
import { signIn, signOut } from '#lib/usecases/people/sign-in.ts';
import { cookieName, isSecureCookie, maxAgeSeconds, publicOrigin, seenAsOf, sessionSecret } from './identity.ts';

const readFrom =
  (headers: unknown) =>
  (name: string): string | null => {
    const value = (headers as Record<string, unknown> | undefined)?.[name];
    return typeof value === 'string' ? value : null;
  };

export function authOptions(): NextAuthOptions {
  process.env.NEXTAUTH_URL = publicOrigin();
  return {
    secret: sessionSecret(),
    session: { strategy: 'jwt', maxAge: maxAgeSeconds },
    useSecureCookies: isSecureCookie(),
    cookies: {
      sessionToken: {
        name: cookieName(),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecureCookie() },
      },
    },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    logger: { error() {}, warn() {}, debug() {} },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        async authorize(given, request) {
          try {
            const { sessionId, personId } = await signIn(
              String(given?.email ?? ''),
              String(given?.password ?? ''),
              seenAsOf(readFrom(request.headers)),
            );
            return { id: personId, sid: sessionId };
          } catch (thrown) {
            if (thrown instanceof Problem && thrown.code === 'too_many_tries') throw new Error('too_many_tries');
            if (thrown instanceof Problem) return null;
            throw new Error('unavailable');
          }
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => ({ sid: (user as { sid?: string } | undefined)?.sid ?? token.sid }),
      session: ({ session }) => ({ expires: session.expires }),
      redirect: ({ url, baseUrl }) =>
        url.startsWith('/') && !url.startsWith('//')
          ? `${baseUrl}${url}`
          : url.startsWith(`${baseUrl}/`)
            ? url
            : baseUrl,
    },
    events: {
      async signOut({ token }) {
        const sid = (token as { sid?: unknown } | undefined)?.sid;
        const actor = typeof sid === 'string' ? await actorOfSession(sid) : null;
        if (actor) await signOut(actor);
      },
    },
  };
}
