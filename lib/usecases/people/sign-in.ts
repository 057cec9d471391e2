import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger, recordInLedger } from '#lib/store/ledger.ts';
import { verifyPassword } from '#lib/store/password.ts';
import { clearFailures, findPersonByEmail, recentFailures, recordFailure } from '#lib/store/people.ts';
import { confirmSession, revokeSession, startSession } from '#lib/store/session.ts';
import { permit } from '../permit.ts';

/** Failures before a wait begins, then seconds that double with each further one, and hourly ceilings. */
const FREE_FAILURES = 5;
const HOURLY = { account: 20, address: 100, all: 1000 };

export type SeenAs = { ipPrefix: string; userAgent?: string; sessionSecret: string };

/**
 * Checks e-mail and password, each wrong try counted by account and address. Unknown, disabled and known people get the
 * same answer for the same work.
 * @returns the person's id @throws Problem wrong_credentials, too_many_tries
 */
async function provePassword(email: string, password: string, seenAs: SeenAs): Promise<string> {
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
  await clearFailures(accountKey);
  return person.id;
}

/** @returns the session id for the cookie @throws Problem wrong_credentials, too_many_tries */
export async function signIn(
  email: string,
  password: string,
  seenAs: SeenAs,
): Promise<{ sessionId: string; personId: string }> {
  const personId = await provePassword(email, password, seenAs);
  const sessionId = await inTransaction(async (tx) => {
    const id = await startSession(tx, personId, seenAs);
    await appendLedger(tx, null, { action: 'sign_in', object: 'session', objectId: personId, projectId: null });
    return id;
  });
  return { sessionId, personId };
}

export const Confirm = z.strictObject({ password: z.string().min(1).max(200) });

/** Proves once more that it is the person who signed in: what asks for a fresh sign-in is open again in this session. */
export async function confirmPerson(
  actor: Actor,
  { password }: z.infer<typeof Confirm>,
  seenAs: SeenAs,
): Promise<void> {
  await permit(actor, 'me.confirm');
  const sha256 = actor.sessionSha256;
  if (!sha256) throw new Problem('forbidden');
  await provePassword(actor.email, password, seenAs);
  await inTransaction(async (tx) => {
    await confirmSession(tx, sha256);
    await appendLedger(tx, actor, { action: 'me.confirm', object: 'session' });
  });
}

export const signOut = (actor: Actor): Promise<void> =>
  inTransaction(async (tx) => {
    if (actor.sessionSha256) await revokeSession(tx, actor.sessionSha256);
    await appendLedger(tx, actor, { action: 'me.sign_out', object: 'session' });
  });
