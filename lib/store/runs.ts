/**
 * The truth about background work: a run has chunks, and a chunk is done by one handler at a time. Taking a chunk raises
 * its fence; a handler writes only in transactions that hold that fence, so a worker that slept through its lease can't
 * write after another took over. Rows carry codes, ids and counts only (CHECK constraints say so).
 */
import { hostname } from 'node:os';
import type pg from 'pg';
import { pool, type Tx } from './db.ts';

export const LEASE_SECONDS = 10;
export const MAX_ATTEMPTS = 5;

export type RunKind = 'import' | 'reredact' | 'release' | 'pairs' | 'dedup' | 'retry_quarantine';
export type NewChunk = { stage: string; from?: bigint; to?: bigint };

/** Makes a run and its chunks in the transaction that causes it. @returns the run's id */
export async function createRun(
  tx: Tx,
  run: { projectId: string; kind: RunKind; refId: string; createdBy: string | null; chunks: readonly NewChunk[] },
): Promise<string> {
  const row = await tx.run.create({
    data: {
      projectId: run.projectId,
      kind: run.kind,
      refId: run.refId,
      createdBy: run.createdBy,
      chunksTotal: run.chunks.length,
    },
  });
  await tx.chunk.createMany({
    data: run.chunks.map((chunk, no) => ({
      runId: row.id,
      no,
      stage: chunk.stage,
      fromOrdinal: chunk.from ?? 0n,
      toOrdinal: chunk.to ?? 0n,
      itemsTotal: (chunk.to ?? 0n) - (chunk.from ?? 0n),
    })),
  });
  return row.id;
}

export type Chunk = {
  runId: string;
  no: number;
  stage: string;
  kind: RunKind;
  refId: string;
  projectId: string;
  progress: bigint;
  from: bigint;
  to: bigint;
  fence: bigint;
  attempts: number;
};

export const newWorkerId = (): string =>
  `${hostname()
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 20)}-${process.pid}-${Date.now().toString(36)}`;

/** Takes one chunk that is ready, or whose holder has not beaten for a lease. One statement. */
export async function takeChunk(workerId: string): Promise<Chunk | null> {
  const { rows } = await pool().query(
    `WITH next AS (
       SELECT c.run_id, c.no FROM chunk c JOIN run r ON r.id = c.run_id
        WHERE ((c.state IN ('ready', 'blocked') AND c.not_before <= now())
            OR (c.state = 'running' AND c.heartbeat_at < now() - make_interval(secs => $2)))
          AND NOT r.paused AND r.state IN ('ready', 'running', 'blocked')
        ORDER BY r.created_at, c.no FOR UPDATE OF c SKIP LOCKED LIMIT 1)
     UPDATE chunk c SET state = 'running', fence = c.fence + 1, leased_by = $1, heartbeat_at = now(),
            attempts = c.attempts + 1, started_at = coalesce(c.started_at, now()), error_code = NULL
       FROM next, run r WHERE c.run_id = next.run_id AND c.no = next.no AND r.id = c.run_id
     RETURNING c.run_id, c.no, c.stage, r.kind, r.ref_id, r.project_id, c.progress, c.from_ordinal, c.to_ordinal, c.fence, c.attempts`,
    [workerId, LEASE_SECONDS],
  );
  const row = rows[0];
  if (!row) return null;
  await pool().query(
    `UPDATE run SET state = 'running', started_at = coalesce(started_at, now()), error_code = NULL WHERE id = $1 AND state IN ('ready', 'blocked')`,
    [row.run_id],
  );
  return {
    runId: row.run_id,
    no: row.no,
    stage: row.stage,
    kind: row.kind,
    refId: row.ref_id,
    projectId: row.project_id,
    progress: BigInt(row.progress),
    from: BigInt(row.from_ordinal),
    to: BigInt(row.to_ordinal),
    fence: BigInt(row.fence),
    attempts: row.attempts,
  };
}

/** Another worker holds the chunk now, or the run was paused or cancelled: stop, write nothing. */
export class FenceLost extends Error {
  readonly code = 'fence_lost';
}

/**
 * One transaction that writes only while this handler holds the chunk. Results, progress and chunk state commit together.
 * @throws FenceLost when it does not
 */
export async function withFence<T>(chunk: Chunk, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool().connect();
  try {
    await client.query('BEGIN');
    const held = await client.query(
      `SELECT 1 FROM chunk WHERE run_id = $1 AND no = $2 AND fence = $3 AND state = 'running' FOR UPDATE`,
      [chunk.runId, chunk.no, chunk.fence],
    );
    if (held.rowCount !== 1) throw new FenceLost();
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

/** Moves a chunk's progress inside its fence. `progress` is where a next attempt begins. */
export async function saveProgress(
  client: pg.PoolClient,
  chunk: Chunk,
  progress: bigint,
  itemsTotal?: bigint,
): Promise<void> {
  await client.query(
    'UPDATE chunk SET progress = $3, items_total = coalesce($4, items_total), attempts = 0 WHERE run_id = $1 AND no = $2',
    [chunk.runId, chunk.no, progress, itemsTotal ?? null],
  );
}

/** Adds later chunks of the same run inside the fence, after the ones that are there. */
export async function addChunks(client: pg.PoolClient, chunk: Chunk, chunks: readonly NewChunk[]): Promise<void> {
  const { rows } = await client.query<{ next: number }>('SELECT max(no) + 1 AS next FROM chunk WHERE run_id = $1', [
    chunk.runId,
  ]);
  let no = rows[0]!.next;
  for (const added of chunks)
    await client.query(
      `INSERT INTO chunk (run_id, no, stage, from_ordinal, to_ordinal, items_total) VALUES ($1, $2, $3, $4::bigint, $5::bigint, $5::bigint - $4::bigint)
       ON CONFLICT DO NOTHING`,
      [chunk.runId, no++, added.stage, added.from ?? 0n, added.to ?? 0n],
    );
  await client.query('UPDATE run SET chunks_total = (SELECT count(*) FROM chunk WHERE run_id = $1) WHERE id = $1', [
    chunk.runId,
  ]);
}

/**
 * Marks the chunk done inside its fence. With the last open chunk the run goes on to `then`, or ends.
 * @returns true when the run ended
 */
export async function finishChunk(
  client: pg.PoolClient,
  chunk: Chunk,
  then: readonly NewChunk[] = [],
): Promise<boolean> {
  await client.query('SELECT 1 FROM run WHERE id = $1 FOR UPDATE', [chunk.runId]);
  await client.query(
    `UPDATE chunk SET state = 'done', progress = greatest(progress, items_total), finished_at = now() WHERE run_id = $1 AND no = $2`,
    [chunk.runId, chunk.no],
  );
  const { rows } = await client.query<{ open: number }>(
    `UPDATE run SET chunks_done = (SELECT count(*) FROM chunk WHERE run_id = $1 AND state = 'done') WHERE id = $1
     RETURNING (SELECT count(*)::int FROM chunk WHERE run_id = $1 AND state <> 'done') AS open`,
    [chunk.runId],
  );
  if (rows[0]!.open > 0) return false;
  if (then.length > 0) {
    await addChunks(client, chunk, then);
    return false;
  }
  await client.query(`UPDATE run SET state = 'done', finished_at = now() WHERE id = $1`, [chunk.runId]);
  return true;
}

/** Codes that resume by themselves once their cause is gone. */
const BLOCKING = new Set(['vault_away', 'no_space', 'ENOSPC', 'detector', 'key_missing']);

/** Gives a failed chunk back: blocked ones wait for their cause, others are tried five times and are then dead. */
export async function failChunk(chunk: Chunk, errorCode: string): Promise<void> {
  const code = /^[a-z0-9_:.-]{1,80}$/i.test(errorCode) ? errorCode.toLowerCase() : 'unexpected';
  const isBlocked = BLOCKING.has(errorCode);
  const isDead = !isBlocked && chunk.attempts >= MAX_ATTEMPTS;
  const state = isBlocked ? 'blocked' : isDead ? 'dead' : 'ready';
  const waitSeconds = isBlocked ? 5 : Math.min(2 ** chunk.attempts, 60) * (0.5 + (chunk.no % 10) / 20);
  await pool().query(
    `UPDATE chunk SET state = $4, error_code = $5, leased_by = NULL, not_before = now() + make_interval(secs => $6)
      WHERE run_id = $1 AND no = $2 AND fence = $3`,
    [chunk.runId, chunk.no, chunk.fence, state, code, waitSeconds],
  );
  if (isDead || isBlocked)
    await pool().query(
      "UPDATE run SET state = $2, error_code = $3 WHERE id = $1 AND state IN ('ready', 'running', 'blocked')",
      [chunk.runId, isDead ? 'dead' : 'blocked', code],
    );
}

/** Frees what this worker holds, at an orderly stop. */
export const releaseChunks = (workerId: string) =>
  pool().query(`UPDATE chunk SET state = 'ready', leased_by = NULL WHERE leased_by = $1 AND state = 'running'`, [
    workerId,
  ]);

export async function controlRun(
  tx: Tx,
  projectId: string,
  runId: string,
  what: 'pause' | 'resume' | 'cancel' | 'retry',
): Promise<boolean> {
  const where = { id: runId, projectId };
  switch (what) {
    case 'pause':
    case 'resume': {
      if ((await tx.run.updateMany({ where, data: { paused: what === 'pause' } })).count !== 1) return false;
      // Whoever works on it loses the fence with its next batch; what is committed stays, and a resume goes on from there.
      if (what === 'pause')
        await tx.chunk.updateMany({
          where: { runId, state: 'running' },
          data: { state: 'ready', leasedBy: null, fence: { increment: 1n } },
        });
      return true;
    }
    case 'cancel': {
      const ended = await tx.run.updateMany({
        where: { ...where, state: { in: ['ready', 'running', 'blocked', 'dead'] } },
        data: { state: 'cancelled', finishedAt: new Date() },
      });
      if (ended.count === 0) return false;
      await tx.chunk.updateMany({
        where: { runId, state: { not: 'done' } },
        data: { state: 'cancelled', fence: { increment: 1n } },
      });
      return true;
    }
    case 'retry': {
      const again = await tx.run.updateMany({
        where: { ...where, state: { in: ['dead', 'cancelled', 'blocked'] } },
        data: { state: 'ready', errorCode: null, finishedAt: null },
      });
      if (again.count === 0) return false;
      await tx.chunk.updateMany({
        where: { runId, state: { in: ['dead', 'cancelled', 'blocked'] } },
        data: { state: 'ready', attempts: 0, errorCode: null, notBefore: new Date() },
      });
      return true;
    }
  }
}
