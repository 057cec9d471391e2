/** The one wrapper of all API routes: origin, actor, body, use case, answer. */
import type { NextRequest } from 'next/server';
import type { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { actorOfSession, actorOfToken } from '#lib/store/session.ts';
import { problemResponse } from './errors.ts';
import { cookieName, publicOrigin, sessionIdOf } from './identity.ts';
import { NO_STORE } from './security-headers.ts';

const MAX_BODY_BYTES = 1_000_000;

/** A mutation by cookie must come from our own pages; bearer calls carry no cookie and ignore them. */
export function proveOrigin(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const origin = request.headers.get('origin');
  if (origin === publicOrigin()) return;
  if (origin === null && request.headers.get('sec-fetch-site') === 'same-origin') return;
  throw new Problem('origin');
}

export async function actorOf(request: NextRequest): Promise<Actor> {
  const bearer = request.headers.get('authorization');
  if (bearer !== null) {
    const actor = bearer.startsWith('Bearer ') ? await actorOfToken(bearer.slice(7).trim()) : null;
    if (!actor) throw new Problem('unauthenticated');
    return actor;
  }
  const sid = await sessionIdOf(request.cookies.get(cookieName())?.value);
  const actor = sid ? await actorOfSession(sid) : null;
  if (!actor) throw new Problem('unauthenticated');
  proveOrigin(request);
  return actor;
}

/** JSON of at most 1 MB. @throws Problem unsupported_media, too_large, invalid */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^(application\/json|text\/plain)\b/.test(type)) throw new Problem('unsupported_media');
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      await reader.cancel();
      throw new Problem('too_large');
    }
    chunks.push(value);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Problem('invalid', { fields: ['body'] });
  }
}

export type Context<P> = { params: Promise<P> };
export type Call<P, B> = { params: P; body: B; query: URLSearchParams; request: NextRequest };

const answer = (result: unknown): Response =>
  result instanceof Response ? result : Response.json(result, { headers: NO_STORE });

/** A signed-in read, or a call without body. */
export const route =
  <P>(where: string, verb: (actor: Actor, call: Call<P, undefined>) => Promise<unknown>) =>
  async (request: NextRequest, context: Context<P>): Promise<Response> => {
    try {
      const actor = await actorOf(request);
      return answer(
        await verb(actor, {
          params: await context.params,
          body: undefined,
          query: request.nextUrl.searchParams,
          request,
        }),
      );
    } catch (thrown) {
      return problemResponse(thrown, where);
    }
  };

/** A signed-in call with a JSON body; unknown keys are refused by the schema. */
export const routeWithBody =
  <P, S extends z.ZodType>(
    where: string,
    schema: S,
    verb: (actor: Actor, call: Call<P, z.infer<S>>) => Promise<unknown>,
  ) =>
  async (request: NextRequest, context: Context<P>): Promise<Response> => {
    try {
      const actor = await actorOf(request);
      const body = schema.parse(await readJson(request));
      return answer(
        await verb(actor, { params: await context.params, body, query: request.nextUrl.searchParams, request }),
      );
    } catch (thrown) {
      return problemResponse(thrown, where);
    }
  };

/** The few doors without an actor (security contract, section 3). */
export const publicRoute =
  <P>(where: string, verb: (call: Call<P, undefined>) => Promise<unknown>) =>
  async (request: NextRequest, context: Context<P>): Promise<Response> => {
    try {
      return answer(
        await verb({ params: await context.params, body: undefined, query: request.nextUrl.searchParams, request }),
      );
    } catch (thrown) {
      return problemResponse(thrown, where);
    }
  };
