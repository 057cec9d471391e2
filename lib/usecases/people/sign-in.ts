import { createHmac } from 'node:crypto';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger, recordInLedger } from '#lib/store/ledger.ts';
import { verifyPassword } from '#lib/store/password.ts';
import { clearFailures, findPersonByEmail, recentFailures, recordFailure } from '#lib/store/people.ts';
import { revokeSession, startSession } from '#lib/store/session.ts';

/** Failures before a wait begins, then seconds that double with each further one, and hourly ceilings. */
const FREE_FAILURES = 5;
const HOURLY = { account: 20, address: 100, all: 1000 };

export type SeenAs = { ipPrefix: string; userAgent?: string; sessionSecret: string };

/**
 * Checks e-mail and password and starts a session. Unknown, disabled and known people get the same answer for the same work.
 * @returns the session id for the cookie @throws Problem wrong_credentials, too_many_tries
 */
export async function signIn(
  email: string,
  password: string,
  seenAs: SeenAs,
): Promise<{ sessionId: string; personId: string }> {
  const accountKey = createHmac('sha256', seenAs.sessionSecret)
    .update(`account\n${email.trim().toLowerCase()}`)
    .digest('hex');
  const failures = await recentFailures(accountKey, seenAs.ipPrefix);
  const waitSeconds = failures.account < FREE_FAILURES ? 0 : Math.min(2 ** (failures.account - FREE_FAILURES), 900);
  const waited = failures.latestAt ? (Date.now() - failures.latestAt.getTime()) / 1000 : Number.POSITIVE_INFINITY;
  if (
    failures.account >= HOURLY.account ||
    failures.address >= HOURLY.address ||
    failures.all >= HOURLY.all ||
    waited < waitSeconds
  )
    throw new Problem('too_many_tries', { retryAfterSeconds: Math.max(1, Math.ceil(waitSeconds - waited)) });

  const person = await findPersonByEmail(email.trim());
  const matches = await verifyPassword(person?.passwordHash ?? null, password);
  if (!person || !matches || person.state !== 'active') {
    await recordFailure(accountKey, seenAs.ipPrefix);
    await recordInLedger(null, { action: 'sign_in', object: 'session', projectId: null, outcome: 'refused' });
    throw new Problem('wrong_credentials');
  }
  const sessionId = await inTransaction(async (tx) => {
    const id = await startSession(tx, person.id, seenAs);
    await appendLedger(tx, null, { action: 'sign_in', object: 'session', objectId: person.id, projectId: null });
    return id;
  });
  await clearFailures(accountKey);
  return { sessionId, personId: person.id };
}

export const signOut = (actor: Actor): Promise<void> =>
  inTransaction(async (tx) => {
    if (actor.sessionSha256) await revokeSession(tx, actor.sessionSha256);
    await appendLedger(tx, actor, { action: 'me.sign_out', object: 'session' });
  });
