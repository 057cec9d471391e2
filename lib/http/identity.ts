/** How a request says who it is: the session cookie (a sealed token that holds the session id) or a bearer token. */
import { decode, encode } from 'next-auth/jwt';
import { ABSOLUTE_HOURS } from '#lib/store/session.ts';

const isHttps = (): boolean => (process.env.ASSAY_URL ?? '').startsWith('https://');
export const cookieName = (): string => (isHttps() ? '__Host-assay.session' : 'assay.session');
export const sessionSecret = (): string => {
  const secret = process.env.ASSAY_SECRET;
  if (!secret) throw new Error('no session secret was given to this process; start it with npm start');
  return secret;
};
export const publicOrigin = (): string =>
  new URL(process.env.ASSAY_URL ?? `http://127.0.0.1:${process.env.PORT ?? 3000}`).origin;
export const maxAgeSeconds = ABSOLUTE_HOURS * 3600;

/** @returns the session id in the cookie, or null when it is absent, forged or too old */
export async function sessionIdOf(cookie: string | undefined): Promise<string | null> {
  if (!cookie) return null;
  const token = await decode({ token: cookie, secret: sessionSecret() }).catch(() => null);
  return typeof token?.sid === 'string' ? token.sid : null;
}

export const sealSessionId = (sid: string): Promise<string> =>
  encode({ token: { sid }, secret: sessionSecret(), maxAge: maxAgeSeconds });
export const isSecureCookie = isHttps;

/** First three groups of an address, enough to count tries by place and not to point at a person. */
export const ipPrefixOf = (address: string | null): string =>
  (address ?? 'local')
    .split(',')[0]!
    .trim()
    .split(address?.includes(':') ? ':' : '.')
    .slice(0, 3)
    .join('.');

/** What is kept of where a try to sign in came from. @param read a request's header by name */
export const seenAsOf = (read: (name: string) => string | null) => ({
  ipPrefix: ipPrefixOf(read('x-forwarded-for')),
  userAgent: read('user-agent') ?? undefined,
  sessionSecret: sessionSecret(),
});
