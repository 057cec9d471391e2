import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { db } from '#lib/store/db.ts';
import { permit } from '../permit.ts';

export const LedgerQuery = z.strictObject({
  action: z.string().max(60).default(''),
  page: z.int().min(1).max(100_000).default(1),
  size: z.int().min(1).max(200).default(50),
});

export type LedgerView = {
  seq: string;
  at: string;
  who: string;
  action: string;
  object: string;
  objectId: string | null;
  outcome: string;
  details: string;
  hash: string;
};

/** Newest first. Leads see their project; admin and auditor the installation. */
export async function showLedger(
  actor: Actor,
  query: z.infer<typeof LedgerQuery>,
): Promise<{ rows: LedgerView[]; total: number; actions: string[] }> {
  await permit(actor, 'ledger.read');
  const scope = actor.role === 'lead' ? { projectId: actor.projectId } : {};
  const where = { ...scope, ...(query.action ? { action: query.action } : {}) };
  const [rows, total, actions] = await Promise.all([
    db().ledger.findMany({ where, orderBy: { seq: 'desc' }, take: query.size, skip: (query.page - 1) * query.size }),
    db().ledger.count({ where }),
    db().ledger.findMany({ where: scope, distinct: ['action'], select: { action: true }, orderBy: { action: 'asc' } }),
  ]);
  const people = await db().person.findMany({
    where: { id: { in: rows.flatMap((row) => row.actorId ?? []) } },
    select: { id: true, name: true },
  });
  const names = new Map(people.map((person) => [person.id, person.name]));
  return {
    rows: rows.map((row) => ({
      seq: String(row.seq),
      at: row.at.toISOString(),
      who: (row.actorId && names.get(row.actorId)) || row.actorKind,
      action: row.action,
      object: row.objectKind,
      objectId: row.objectId,
      outcome: row.outcome,
      details: row.details === '{}' ? '' : row.details,
      hash: row.hash,
    })),
    total,
    actions: actions.map((row) => row.action),
  };
}
