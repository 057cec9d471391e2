import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { PROBLEMS, Problem, type ProblemCode } from '#lib/core/policy/problem.ts';
import { logProblem, problemOf } from './errors.ts';
import { publicOrigin } from './identity.ts';
import { findActor } from './require-actor.ts';

export type ActionResult<T> =
  | { ok: true; value: T }
  | { ok: false; code: ProblemCode; message: string; details: Problem['details']; requestId: string };

/** Next lets an action without Origin pass; we do not. */
async function proveOrigin(): Promise<void> {
  const given = await headers();
  const origin = given.get('origin');
  if (origin === publicOrigin() || (origin === null && given.get('sec-fetch-site') === 'same-origin')) return;
  throw new Problem('origin');
}

/**
 * The one wrapper of all server actions: origin, actor, schema, verb, so that none can be forgotten. A stranger is sent
 * to /sign-in; what goes wrong comes back as a code and a sentence from a fixed list.
 */
export const action =
  <S extends z.ZodType, T>(where: string, schema: S, verb: (actor: Actor, input: z.infer<S>) => Promise<T>) =>
  async (input: z.input<S>): Promise<ActionResult<T>> => {
    const actor = await findActor();
    if (!actor) redirect('/sign-in');
    try {
      await proveOrigin();
      return { ok: true, value: await verb(actor, schema.parse(input)) };
    } catch (thrown) {
      if (thrown instanceof Error && thrown.message === 'NEXT_REDIRECT') throw thrown;
      const problem = problemOf(thrown);
      const requestId = logProblem(problem, thrown, where);
      return { ok: false, code: problem.code, message: PROBLEMS[problem.code], details: problem.details, requestId };
    }
  };
