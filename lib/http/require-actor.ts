import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { type Action, mayRole } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { actorOfSession } from '#lib/store/session.ts';
import { cookieName, sessionIdOf } from './identity.ts';

/** The actor of this request's cookie; remembered within one render only. */
export const findActor = cache(async (): Promise<Actor | null> => {
  const sid = await sessionIdOf((await cookies()).get(cookieName())?.value);
  return sid ? actorOfSession(sid) : null;
});

/**
 * Every page calls it itself: a layout is not run again on partial navigation. Strangers go to /sign-in; people whose
 * role lacks the action see the not-allowed page, which names the role and not the content.
 */
export async function requireActor(action?: Action): Promise<Actor> {
  const actor = await findActor();
  if (!actor) redirect('/sign-in');
  if (action && !mayRole(actor.role, action)) redirect(`/not-allowed?need=${action}`);
  return actor;
}
