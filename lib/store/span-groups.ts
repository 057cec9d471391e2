/**
 * Telemetry on its way in: lines sealed at arrival, kept in groups of what belongs together (a trace; the traces of a
 * session), and handed to an import when a rule says that a group is over. Ids are kept as keyed codes only.
 */
import type pg from 'pg';
import { pool, type Tx } from './db.ts';
import { bindingOf, unseal } from './envelope.ts';
import { openParts } from './vault.ts';

/** What one request brought for one group. */
export type ArrivedBatch = {
  id: string;
  /** Keyed codes of the traces and sessions it names. */
  codes: readonly string[];
  hasSession: boolean;
  /** A span without parent came: its trace is over. */
  hasEnded: boolean;
  isSessionOver: boolean;
  wrappedKey: Buffer;
  nonce: Buffer;
  ciphertext: Buffer;
  /** Of the lines before sealing. */
  bytes: number;
  spans: number;
  sha256: string;
};

/** Bytes of a source that wait for an import. */
export async function waitingBytes(sourceId: string): Promise<number> {
  const { rows } = await pool().query<{ bytes: string }>(
    'SELECT coalesce(sum(pending_bytes), 0) AS bytes FROM span_group WHERE source_id = $1 AND pending_since IS NOT NULL',
    [sourceId],
  );
  return Number(rows[0]!.bytes);
}

async function inOneTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool().connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

/** Keeps batches with their groups, all or none. Batches of one call name different groups or none that is known. */
export async function keepBatches(
  place: { projectId: string; sourceId: string },
  batches: readonly ArrivedBatch[],
): Promise<void> {
  await inOneTransaction(async (client) => {
    // One arrival at a time for a source, so that two requests of one new trace make one group.
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [place.sourceId]);
    const groups = await groupsOf(client, place, batches);
    const column = <T>(pick: (batch: ArrivedBatch, n: number) => T): T[] => batches.map(pick);
    await client.query(
      `INSERT INTO span_batch (id, group_id, source_id, wrapped_key, nonce, ciphertext, bytes, spans, sha256)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[], $5::bytea[], $6::bytea[], $7::int[], $8::int[], $9::text[])`,
      [
        column(({ id }) => id),
        groups,
        column(() => place.sourceId),
        column(({ wrappedKey }) => wrappedKey),
        column(({ nonce }) => nonce),
        column(({ ciphertext }) => ciphertext),
        column(({ bytes }) => bytes),
        column(({ spans }) => spans),
        column(({ sha256 }) => sha256),
      ],
    );
    await client.query(
      `UPDATE span_group g SET last_at = now(), pending_since = coalesce(g.pending_since, now()),
              pending_bytes = g.pending_bytes + b.bytes, has_session = g.has_session OR b.has_session,
              has_ended = g.has_ended OR b.has_ended, session_over = g.session_over OR b.session_over
         FROM (SELECT id, sum(bytes) AS bytes, bool_or(has_session) AS has_session, bool_or(has_ended) AS has_ended,
                      bool_or(session_over) AS session_over
                 FROM unnest($1::uuid[], $2::int[], $3::bool[], $4::bool[], $5::bool[])
                   AS a (id, bytes, has_session, has_ended, session_over) GROUP BY id) b
        WHERE g.id = b.id`,
      [
        groups,
        column(({ bytes }) => bytes),
        column(({ hasSession }) => hasSession),
        column(({ hasEnded }) => hasEnded),
        column(({ isSessionOver }) => isSessionOver),
      ],
    );
  });
}

/** The group of each batch: the one that knows one of its ids, a new one, or several that turn out to be one. */
async function groupsOf(
  client: pg.PoolClient,
  { projectId, sourceId }: { projectId: string; sourceId: string },
  batches: readonly ArrivedBatch[],
): Promise<string[]> {
  const { rows } = await client.query<{ key: string; group_id: string }>(
    'SELECT key, group_id FROM span_key WHERE source_id = $1 AND key = ANY($2)',
    [sourceId, batches.flatMap(({ codes }) => codes)],
  );
  const known = new Map(rows.map(({ key, group_id }) => [key, group_id]));
  const fresh: string[] = [];
  const groups: string[] = [];
  for (const { codes } of batches) {
    const [first, ...others] = [...new Set(codes.flatMap((code) => known.get(code) ?? []))].sort();
    const group = first ?? crypto.randomUUID();
    if (first === undefined) fresh.push(group);
    for (const other of others) {
      await joinGroups(client, group, other);
      for (const [key, holder] of known) if (holder === other) known.set(key, group);
      for (const [n, holder] of groups.entries()) if (holder === other) groups[n] = group;
    }
    for (const code of codes) known.set(code, group);
    groups.push(group);
  }
  await client.query(
    'INSERT INTO span_group (id, project_id, source_id) SELECT id, $2, $3 FROM unnest($1::uuid[]) AS fresh (id)',
    [fresh, projectId, sourceId],
  );
  await client.query(
    'INSERT INTO span_key (source_id, key, group_id) SELECT $1, key, group_id FROM unnest($2::text[], $3::uuid[]) AS k (key, group_id) ON CONFLICT DO NOTHING',
    [sourceId, [...known.keys()], [...known.values()]],
  );
  return groups;
}

async function joinGroups(client: pg.PoolClient, into: string, other: string): Promise<void> {
  await client.query('UPDATE span_batch SET group_id = $1 WHERE group_id = $2', [into, other]);
  await client.query('UPDATE span_key SET group_id = $1 WHERE group_id = $2', [into, other]);
  await client.query(
    `UPDATE span_group g SET pending_since = least(g.pending_since, o.pending_since), pending_bytes = g.pending_bytes + o.pending_bytes,
            last_at = greatest(g.last_at, o.last_at), has_session = g.has_session OR o.has_session, has_ended = g.has_ended OR o.has_ended,
            session_over = g.session_over OR o.session_over
       FROM span_group o WHERE g.id = $1 AND o.id = $2`,
    [into, other],
  );
  await client.query('DELETE FROM span_group WHERE id = $1', [other]);
}

/** When a group is over (docs/decisions/0016-telemetry-receiver.md). Seconds and bytes. */
export type CloseRules = { idle: number; settle: number; age: number; bytes: number; gather: number };
export type ClosingGroup = { id: string; bytes: number; why: 'ended' | 'idle' | 'age' | 'size' };
export type Closing = { projectId: string; sourceId: string; groups: ClosingGroup[] };

const WHY = `CASE WHEN pending_bytes >= $1 THEN 'size'
                  WHEN (has_ended AND NOT has_session OR session_over) AND last_at < now() - make_interval(secs => $2) THEN 'ended'
                  WHEN last_at < now() - make_interval(secs => $3) THEN 'idle'
                  WHEN pending_since < now() - make_interval(secs => $4) THEN 'age' END`;

/**
 * Groups that are over, by source. A source whose other groups are still open waits for up to `gather` seconds, so that
 * a busy one makes an import now and then and not one a trace.
 */
export async function groupsToClose(rules: CloseRules): Promise<Closing[]> {
  const { rows } = await pool().query<{
    id: string;
    project_id: string;
    source_id: string;
    bytes: string;
    why: ClosingGroup['why'] | null;
    waits: boolean;
  }>(
    `SELECT id, project_id, source_id, pending_bytes AS bytes, ${WHY} AS why,
            pending_since > now() - make_interval(secs => $5) AS waits
       FROM span_group WHERE pending_since IS NOT NULL ORDER BY source_id, pending_since, id`,
    [rules.bytes, rules.settle, rules.idle, rules.age, rules.gather],
  );
  const closings: Closing[] = [];
  for (const [sourceId, own] of Map.groupBy(rows, (row) => row.source_id)) {
    const over = own.flatMap(({ id, bytes, why, waits }) => (why ? [{ id, bytes: Number(bytes), why, waits }] : []));
    const isFull = over.reduce((sum, { bytes }) => sum + bytes, 0) >= rules.bytes;
    if (over.length === 0 || (over.length < own.length && !isFull && over.every(({ waits }) => waits))) continue;
    closings.push({
      projectId: own[0]!.project_id,
      sourceId,
      groups: over.map(({ id, bytes, why }) => ({ id, bytes, why })),
    });
  }
  return closings;
}

export type Taken = { groupIds: string[]; batches: { no: bigint; bytes: number; sha256: string }[] };

/** Everything that these groups hold, if nobody else took it; what comes later makes them pending again. */
export async function takeGroups(tx: Tx, sourceId: string, groupIds: readonly string[]): Promise<Taken> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${sourceId}, 1))`;
  const pending = await tx.spanGroup.findMany({
    where: { id: { in: [...groupIds] }, pendingSince: { not: null } },
    select: { id: true },
  });
  const ids = pending.map(({ id }) => id);
  const batches = await tx.spanBatch.findMany({
    where: { groupId: { in: ids } },
    orderBy: [{ groupId: 'asc' }, { no: 'asc' }],
    select: { no: true, bytes: true, sha256: true },
  });
  await tx.spanGroup.updateMany({ where: { id: { in: ids } }, data: { pendingSince: null, pendingBytes: 0n } });
  return { groupIds: ids, batches };
}

export const saveParts = (tx: Tx, importId: string, { batches }: Taken) =>
  tx.spanPart.createMany({
    data: batches.map(({ no }, position) => ({ importId, position: position + 1, batchNo: no })),
  });

const PARTS_AT_ONCE = 50;

/** The lines of an import, opened part by part; the same bytes each time. */
export async function* readParts(importId: string): AsyncGenerator<Buffer> {
  for (let after = 0; ; ) {
    const { rows } = await pool().query<{
      position: number;
      id: string;
      source_id: string;
      wrapped_key: Buffer;
      nonce: Buffer;
      ciphertext: Buffer;
    }>(
      `SELECT p.position, b.id, b.source_id, b.wrapped_key, b.nonce, b.ciphertext
         FROM span_part p JOIN span_batch b ON b.no = p.batch_no WHERE p.import_id = $1 AND p.position > $2 ORDER BY p.position LIMIT $3`,
      [importId, after, PARTS_AT_ONCE],
    );
    if (rows.length === 0) return;
    const keys = await openParts(
      rows.map((row) => ({ id: row.id, sourceId: row.source_id, wrapped: row.wrapped_key })),
    );
    for (const [n, row] of rows.entries()) yield unseal(keys[n]!, row, bindingOf(row.id, row.source_id));
    after = rows.at(-1)!.position;
  }
}

/** Deletes groups that were imported and heard nothing for so long; what comes later is a group of its own. */
export async function forgetGroups(afterSeconds: number): Promise<number> {
  return inOneTransaction(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT g.id FROM span_group g WHERE g.pending_since IS NULL AND g.last_at < now() - make_interval(secs => $1)
          AND (g.last_at < now() - interval '30 days' OR NOT EXISTS (
            SELECT 1 FROM span_batch b JOIN span_part p ON p.batch_no = b.no JOIN import i ON i.id = p.import_id
             WHERE b.group_id = g.id AND i.state NOT IN ('done', 'refused')))
        FOR UPDATE SKIP LOCKED LIMIT 500`,
      [afterSeconds],
    );
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return 0;
    await client.query('DELETE FROM span_part WHERE batch_no IN (SELECT no FROM span_batch WHERE group_id = ANY($1))', [
      ids,
    ]);
    for (const table of ['span_batch', 'span_key'])
      await client.query(`DELETE FROM ${table} WHERE group_id = ANY($1)`, [ids]);
    await client.query('DELETE FROM span_group WHERE id = ANY($1)', [ids]);
    return ids.length;
  });
}
