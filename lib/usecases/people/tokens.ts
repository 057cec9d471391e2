import { z } from 'zod';
import { SCOPES } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { newSecret, secretSha256 } from '#lib/store/session.ts';
import { permit, projectOf } from '../permit.ts';

export const NewToken = z.strictObject({
  name: z.string().trim().min(1).max(60),
  scopes: z.array(z.enum(SCOPES)).min(1),
  days: z.int().min(1).max(90),
  /** Binds it to one source: it may send logs to that one and see what became of them, nothing else. */
  sourceId: z.uuid().optional(),
});

/**
 * The secret is shown once; only its hash is stored. It acts with its owner's role as it is at each call.
 * @throws Problem source_missing, invalid when a bound token would do more than send
 */
export async function makeToken(actor: Actor, input: z.infer<typeof NewToken>) {
  await permit(actor, 'me.token');
  if (actor.kind !== 'person') throw new Problem('forbidden');
  const projectId = projectOf(actor);
  if (input.sourceId) {
    if (input.scopes.some((scope) => scope !== 'import')) throw new Problem('invalid', { fields: ['scopes'] });
    if (!(await db().source.findFirst({ where: { id: input.sourceId, projectId } })))
      throw new Problem('source_missing');
  }
  const token = `asy_${newSecret()}`;
  const expiresAt = new Date(Date.now() + input.days * 86_400_000);
  return inTransaction(async (tx) => {
    const row = await tx.apiToken.create({
      data: {
        personId: actor.personId!,
        projectId,
        name: input.name,
        sha256: secretSha256(token),
        scopes: input.scopes,
        sourceId: input.sourceId ?? null,
        expiresAt,
      },
    });
    await appendLedger(tx, actor, {
      action: 'me.token',
      object: 'me',
      objectId: row.id,
      details: { scopes: input.scopes, days: input.days, ...(input.sourceId ? { sourceId: input.sourceId } : {}) },
    });
    return { id: row.id, token, scopes: input.scopes, expiresAt };
  });
}

export async function showTokens(actor: Actor) {
  await permit(actor, 'me.read');
  const rows = await db().apiToken.findMany({
    where: { personId: actor.personId!, revokedAt: null },
    orderBy: { createdAt: 'desc' },
  });
  const sources = await db().source.findMany({
    where: { id: { in: rows.flatMap((row) => row.sourceId ?? []) } },
    select: { id: true, name: true },
  });
  const nameOf = new Map(sources.map((row) => [row.id, row.name]));
  return rows.map(({ id, name, scopes, expiresAt, lastUsedAt, sourceId }) => ({
    id,
    name,
    scopes,
    expiresAt,
    lastUsedAt,
    sourceName: sourceId ? (nameOf.get(sourceId) ?? '') : null,
  }));
}

export const TokenId = z.strictObject({ id: z.uuid() });

export async function revokeToken(actor: Actor, input: z.infer<typeof TokenId>): Promise<void> {
  await permit(actor, 'me.token');
  await inTransaction(async (tx) => {
    const ended = await tx.apiToken.updateMany({
      where: { id: input.id, personId: actor.personId! },
      data: { revokedAt: new Date() },
    });
    if (ended.count === 0) throw new Problem('not_found');
    await appendLedger(tx, actor, { action: 'token.revoke', object: 'me', objectId: input.id });
  });
}
