/**
 * Append-only, hash-chained: who saw or decided what. Entries are written by the database function `ledger_append`, in
 * the transaction of the act itself: when the entry can't be written, the act does not happen. `details` are ids,
 * counts and codes only.
 */
import { createHash } from 'node:crypto';
import type { ObjectKind } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { canonicalJson } from '#lib/core/trajectory/json.ts';
import { db, pool, type Tx } from './db.ts';

export type LedgerDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;
export type LedgerEntry = {
  action: string;
  object: ObjectKind | 'session' | 'store';
  objectId?: string | null;
  projectId?: string | null;
  outcome?: 'ok' | 'refused' | 'failed';
  reason?: string;
  details?: LedgerDetails;
};

const ID = /^[A-Za-z0-9_:.@ -]{1,128}$/;

/** @throws Error when details hold what looks like text: the caller is wrong, nothing is written */
function encodeDetails(details: LedgerDetails): string {
  for (const value of Object.values(details))
    for (const item of Array.isArray(value) ? value : [value])
      if (typeof item === 'string' && !ID.test(item)) throw new Error('ledger details hold ids, counts and codes only');
  return canonicalJson(details);
}

/** Writes one entry inside `tx`. @returns its sequence number */
export async function appendLedger(
  tx: Tx,
  actor: Pick<Actor, 'kind' | 'personId' | 'projectId'> | null,
  entry: LedgerEntry,
): Promise<bigint> {
  const project = entry.projectId === undefined ? (actor?.projectId ?? null) : entry.projectId;
  const rows = await tx.$queryRaw<{ seq: bigint }[]>`
    SELECT ledger_append(${actor?.kind ?? 'nobody'}, ${actor?.personId ?? null}, ${entry.action}, ${entry.object},
      ${entry.objectId ?? null}, ${project}::uuid, ${entry.outcome ?? 'ok'}, ${entry.reason ?? null},
      ${encodeDetails(entry.details ?? {})}) AS seq`;
  return rows[0]!.seq;
}

/** An entry of its own, for refusals and reads that have no transaction. */
export const recordInLedger = async (
  actor: Pick<Actor, 'kind' | 'personId' | 'projectId'> | null,
  entry: LedgerEntry,
): Promise<bigint> => appendLedger(db(), actor, entry);

/** One entry a person, kind of object and UTC day; reads of redacted text are many. */
export async function recordDailyRead(actor: Actor, entry: LedgerEntry): Promise<void> {
  const seen = await db().$queryRaw<unknown[]>`
    SELECT 1 FROM ledger WHERE actor_id = ${actor.personId} AND action = ${entry.action}
      AND object_id IS NOT DISTINCT FROM ${entry.objectId ?? null}
      AND project_id IS NOT DISTINCT FROM ${actor.projectId}::uuid
      AND at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' LIMIT 1`;
  if (seen.length === 0) await recordInLedger(actor, entry);
}

export type LedgerRow = {
  seq: bigint;
  at: Date;
  actorKind: string;
  actorId: string | null;
  action: string;
  objectKind: string;
  objectId: string | null;
  projectId: string | null;
  outcome: string;
  reason: string | null;
  details: string;
  prevHash: string;
  hash: string;
};

/** The hash an entry must have: SHA-256 over a zero byte and the entry's canonical JSON (RFC 8785). */
export function ledgerHash(row: LedgerRow): string {
  const { hash: _, at, seq, ...rest } = row;
  const json = canonicalJson({ ...rest, at: at.toISOString() }).replace(/\}$/, `,"seq":${seq}}`);
  return createHash('sha256')
    .update(Buffer.from([0]))
    .update(json)
    .digest('hex');
}

export type LedgerVerdict = { ok: boolean; entries: number; firstBad?: { seq: string; why: string } };

/** Walks the whole chain. A cut tail shows only against a checkpoint kept elsewhere or the head row. */
export async function verifyLedger(): Promise<LedgerVerdict> {
  let previous = '0'.repeat(64);
  let expected = 1n;
  let entries = 0;
  for (;;) {
    const rows = await db().ledger.findMany({ where: { seq: { gte: expected } }, orderBy: { seq: 'asc' }, take: 2000 });
    for (const row of rows) {
      const bad = (why: string): LedgerVerdict => ({ ok: false, entries, firstBad: { seq: String(row.seq), why } });
      if (row.seq !== expected)
        return { ok: false, entries, firstBad: { seq: String(expected), why: 'missing entry' } };
      if (row.prevHash !== previous) return bad('does not continue the entry before it');
      if (ledgerHash(row) !== row.hash) return bad('content differs from its hash');
      previous = row.hash;
      expected++;
      entries++;
    }
    if (rows.length < 2000) break;
  }
  const head = (await pool().query<{ seq: string; hash: string }>('SELECT seq, hash FROM ledger_head WHERE id = 1'))
    .rows[0];
  if (!head || BigInt(head.seq) !== expected - 1n || head.hash !== previous)
    return {
      ok: false,
      entries,
      firstBad: { seq: String(expected - 1n), why: 'the chain does not end where its head says' },
    };
  return { ok: true, entries };
}
