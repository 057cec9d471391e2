import type { Role } from '#lib/core/policy/access.ts';
import { db, type Tx } from './db.ts';
import { newSecret, secretSha256 } from './session.ts';

export const countPeople = () => db().person.count();

/** Serialises set-ups: 100 at once make one admin. */
export const lockSetup = (tx: Tx) => tx.$executeRaw`SELECT pg_advisory_xact_lock(72707371)`;

export async function takeBootstrapToken(tx: Tx, token: string): Promise<boolean> {
  const taken = await tx.bootstrapToken.updateMany({
    where: { sha256: secretSha256(token), usedAt: null, expiresAt: { gt: new Date() } },
    data: { usedAt: new Date() },
  });
  return taken.count === 1;
}

/** Ends every earlier token. @returns the secret, which is shown once and stored as a hash */
export async function replaceBootstrapToken(tx: Tx, expiresAt: Date): Promise<string> {
  await tx.bootstrapToken.deleteMany({});
  const token = newSecret();
  await tx.bootstrapToken.create({ data: { sha256: secretSha256(token), expiresAt } });
  return token;
}

export const addPerson = (
  tx: Tx,
  person: { email: string; name: string; passwordHash: string; siteRole?: Role; isFirstAdmin?: boolean },
) => tx.person.create({ data: { ...person, email: person.email.toLowerCase() } });

export const setRole = (tx: Tx, projectId: string, personId: string, role: Role) =>
  tx.membership.upsert({
    where: { projectId_personId: { projectId, personId } },
    create: { projectId, personId, role },
    update: { role },
  });

export const findPersonByEmail = (email: string) => db().person.findUnique({ where: { email: email.toLowerCase() } });

export const listPeople = (projectId: string | null) =>
  db().person.findMany({
    orderBy: { email: 'asc' },
    include: { memberships: projectId ? { where: { projectId } } : true },
  });

const HOUR_MS = 3_600_000;

/** Failures of the last hour: of one account, of one address, of all. */
export async function recentFailures(accountKey: string, ipPrefix: string) {
  const since = new Date(Date.now() - HOUR_MS);
  const [account, address, all, latest] = await Promise.all([
    db().signInFailure.count({ where: { accountKey, at: { gt: since } } }),
    db().signInFailure.count({ where: { ipPrefix, at: { gt: since } } }),
    db().signInFailure.count({ where: { at: { gt: since } } }),
    db().signInFailure.findFirst({ where: { accountKey }, orderBy: { at: 'desc' } }),
  ]);
  return { account, address, all, latestAt: latest?.at ?? null };
}

export const recordFailure = (accountKey: string, ipPrefix: string) =>
  db().signInFailure.create({ data: { accountKey, ipPrefix } });
export const clearFailures = (accountKey: string) => db().signInFailure.deleteMany({ where: { accountKey } });

export async function addInvite(
  tx: Tx,
  invite: { projectId: string | null; email: string; role: Role; invitedBy: string; expiresAt: Date },
): Promise<string> {
  const token = newSecret();
  await tx.invite.create({ data: { ...invite, email: invite.email.toLowerCase(), tokenSha256: secretSha256(token) } });
  return token;
}

export const findInvite = (token: string) =>
  db().invite.findFirst({ where: { tokenSha256: secretSha256(token), usedAt: null, expiresAt: { gt: new Date() } } });

export async function takeInvite(tx: Tx, token: string) {
  const where = { tokenSha256: secretSha256(token), usedAt: null, expiresAt: { gt: new Date() } };
  const taken = await tx.invite.updateMany({ where, data: { usedAt: new Date() } });
  return taken.count === 1 ? tx.invite.findUnique({ where: { tokenSha256: secretSha256(token) } }) : null;
}
