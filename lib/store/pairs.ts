/** Pairs of a project: what mining found, and what people said of it. Rows hold ids and counts; texts stay in the units. */
import type pg from 'pg';
import type { PairCandidate, PairInput, PairSource, Strength } from '#lib/core/pair/candidate.ts';
import type { PairRefusal } from '#lib/core/pair/refusals.ts';
import type { Payload, Reason } from '#lib/core/review/verdict.ts';
import { sha256 } from '#lib/core/trajectory/hash.ts';
import { Prisma } from '#lib/generated/prisma/client.ts';
import { db, pool, type Tx } from './db.ts';

/** A candidate as stored: an edit's text and the prompt's events are read from the units again. */
export type StoredCandidate = Omit<PairCandidate, 'prefixEventIds'>;

/** `a` is the side that mining took for the better one, `b` the other. */
export type PairLabel = {
  chosen: 'a' | 'b' | null;
  /** Why nothing was chosen. */
  why?: 'tie' | 'both_bad';
  margin: 0 | 1 | 2;
  reasons: Reason[];
  /** Which side stood left when it was decided. */
  left: 'a' | 'b';
  decisionId: string;
};
export type PairState = 'candidate' | 'labelled' | 'tie' | 'both_bad' | 'withdrawn';
export type PairRow = {
  id: string;
  source: PairSource;
  strength: Strength;
  promptUnitId: string;
  chosenUnitId: string;
  rejectedUnitId: string;
  candidate: StoredCandidate;
  prefixEvents: number;
  state: PairState;
  label: PairLabel | null;
  labelledBy: string | null;
};

/** Units in the order of their first question, so that all that may share a prompt stand together. */
export async function pairUnits(projectId: string): Promise<{ id: string; title: string; bytes: number }[]> {
  const { rows } = await pool().query(
    `SELECT id, title, bytes_present::float8 AS bytes FROM unit
      WHERE project_id = $1 AND withdrawn_at IS NULL AND kind = ANY('{qa,thread,agent}') ORDER BY title, id`,
    [projectId],
  );
  return rows;
}

/** What trajectories know of their siblings and of the task they were given, by unit. */
export async function kinOf(
  projectId: string,
  unitIds: readonly string[],
): Promise<Map<string, Pick<PairInput, 'branch' | 'task'>>> {
  const { rows } = await pool().query(
    `SELECT u.id, t.branch_of, t.branch_selected, t.branch_rank, t.task_key FROM unit u
       JOIN trajectory t ON t.project_id = u.project_id AND t.id = u.trajectory_id
      WHERE u.project_id = $1 AND u.id = ANY($2) AND (t.branch_of IS NOT NULL OR t.task_key IS NOT NULL)`,
    [projectId, unitIds],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...(row.task_key === null ? {} : { task: row.task_key }),
        ...(row.branch_of === null
          ? {}
          : {
              branch: {
                of: row.branch_of,
                selected: row.branch_selected,
                ...(row.branch_rank === null ? {} : { rank: row.branch_rank }),
              },
            }),
      },
    ]),
  );
}

/** Units of tasks that have both a run known to have succeeded and one known to have failed, task by task. */
export async function tornTasks(projectId: string): Promise<string[][]> {
  const { rows } = await pool().query<{ ids: string[] }>(
    `SELECT array_agg(u.id ORDER BY u.id COLLATE "C") AS ids FROM unit u
       JOIN trajectory t ON t.project_id = u.project_id AND t.id = u.trajectory_id
      WHERE u.project_id = $1 AND u.withdrawn_at IS NULL AND t.task_key IS NOT NULL
        AND u.outcome IN ('success', 'failure') AND u.outcome_basis NOT IN ('none', 'heuristic')
      GROUP BY t.task_key HAVING count(DISTINCT u.outcome) = 2 ORDER BY t.task_key`,
    [projectId],
  );
  return rows.map(({ ids }) => ids);
}

/** Puts the reasons of the last search in place of those of the one before. */
export async function saveRefusals(
  client: pg.PoolClient,
  projectId: string,
  refused: readonly PairRefusal[],
): Promise<void> {
  await client.query('DELETE FROM pair_refusal WHERE project_id = $1', [projectId]);
  await client.query(
    `INSERT INTO pair_refusal (project_id, source, why, count, examples)
     SELECT $1, r.source, r.why, r.count, r.examples
       FROM jsonb_to_recordset($2::jsonb) AS r(source text, why text, count int, examples jsonb)`,
    [projectId, JSON.stringify(refused)],
  );
}

export async function refusalsOf(projectId: string): Promise<PairRefusal[]> {
  const rows = await db().pairRefusal.findMany({ where: { projectId }, orderBy: [{ count: 'desc' }, { why: 'asc' }] });
  return rows as unknown as PairRefusal[];
}

/** Pairs of real evidence that may become rows: what the caps of generators are shares of. */
export async function countReal(projectId: string): Promise<number> {
  return db().pair.count({ where: { projectId, source: { not: 'synthetic' }, OR: USABLE } });
}

/** Writes candidates once each; one that was withdrawn is back, one that a person labelled stays as it is. */
export async function savePairs(
  client: pg.PoolClient,
  projectId: string,
  candidates: readonly PairCandidate[],
): Promise<void> {
  if (candidates.length === 0) return;
  await client.query(
    `INSERT INTO pair (id, project_id, source, strength, prompt_unit_id, chosen_unit_id, rejected_unit_id, candidate, prefix_events, reason, seed)
     SELECT r.id, $1, r.source, r.strength, r.prompt, r.chosen, r.rejected, r.candidate, r.prefix, r.reason, ''
       FROM jsonb_to_recordset($2::jsonb) AS r(id text, source text, strength text, prompt text, chosen text, rejected text, candidate jsonb, prefix int, reason text)
     ON CONFLICT (project_id, id) DO UPDATE SET candidate = excluded.candidate, state = 'candidate',
       prompt_unit_id = excluded.prompt_unit_id, chosen_unit_id = excluded.chosen_unit_id, rejected_unit_id = excluded.rejected_unit_id
       WHERE pair.state IN ('candidate', 'withdrawn')`,
    [projectId, JSON.stringify(candidates.map(toRecord))],
  );
}

function toRecord({ prefixEventIds, ...candidate }: PairCandidate) {
  const { text: _, ...chosen } = candidate.chosen;
  return {
    id: candidate.id,
    source: candidate.source,
    strength: candidate.strength,
    prompt: candidate.promptUnitId,
    chosen: candidate.chosen.unitId,
    rejected: candidate.rejected.unitId,
    candidate: { ...candidate, chosen } satisfies StoredCandidate,
    prefix: prefixEventIds.length,
    reason: candidate.whyShared,
  };
}

/** Candidates that the logs no longer hold: their text was redacted again or their unit is gone. */
export async function withdrawUnseen(client: pg.PoolClient, projectId: string, seen: readonly string[]): Promise<void> {
  await client.query(
    `UPDATE pair SET state = 'withdrawn' WHERE project_id = $1 AND state = 'candidate' AND NOT id = ANY($2)`,
    [projectId, seen],
  );
}

export async function findPairs(projectId: string, ids: readonly string[]): Promise<PairRow[]> {
  const rows = await db().pair.findMany({ where: { projectId, id: { in: [...ids] } } });
  return rows as unknown as PairRow[];
}

const USABLE = [{ state: 'labelled' }, { state: 'candidate', strength: { in: ['strong', 'medium', 'synthetic'] } }];

/**
 * Pairs that may become rows: a person chose a side, or the source is not weak and nobody said otherwise.
 * @param limit the newest labels, then the smallest ids
 */
export async function usablePairs(projectId: string, limit: number): Promise<PairRow[]> {
  const rows = await db().pair.findMany({
    where: { projectId, OR: USABLE },
    orderBy: [{ labelledAt: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }],
    take: limit,
  });
  return rows as unknown as PairRow[];
}

export type PairCount = {
  source: PairSource;
  strength: Strength;
  found: number;
  labelled: number;
  ties: number;
  bothBad: number;
  open: number;
  queued: number;
};
export async function countPairs(projectId: string): Promise<PairCount[]> {
  const { rows } = await pool().query(
    `SELECT p.source, p.strength, count(*)::int AS found,
            count(*) FILTER (WHERE p.state = 'labelled')::int AS labelled,
            count(*) FILTER (WHERE p.state = 'tie')::int AS ties,
            count(*) FILTER (WHERE p.state = 'both_bad')::int AS "bothBad",
            count(*) FILTER (WHERE p.state = 'candidate')::int AS open,
            count(*) FILTER (WHERE p.state = 'candidate' AND EXISTS (SELECT 1 FROM task t JOIN queue q ON q.id = t.queue_id
              WHERE t.project_id = p.project_id AND t.subject_id = p.id AND q.kind = 'pair' AND t.state = 'open'))::int AS queued
       FROM pair p WHERE p.project_id = $1 AND p.state <> 'withdrawn' GROUP BY p.source, p.strength ORDER BY p.source, p.strength`,
    [projectId],
  );
  return rows;
}

/** Candidates of these sources that wait in no queue, in an order that nobody chose. */
export async function unqueuedPairs(
  tx: Tx,
  projectId: string,
  sources: readonly string[],
  seed: string,
  limit: number,
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM pair p WHERE p.project_id = ${projectId}::uuid AND p.state = 'candidate' AND p.source = ANY(${sources})
       AND NOT EXISTS (SELECT 1 FROM task t JOIN queue q ON q.id = t.queue_id
             WHERE t.project_id = p.project_id AND t.subject_id = p.id AND q.kind = 'pair' AND t.state = 'open')
     ORDER BY md5(${seed} || p.id) LIMIT ${limit}`;
  return rows.map((row) => row.id);
}

/** Content hash of each pair as its units are now; pairs whose units are gone are left out. */
export async function pairHashes(
  projectId: string,
  ids: readonly string[],
  tx: Tx = db(),
): Promise<Map<string, string>> {
  const rows = await tx.$queryRaw<{ id: string; chosen: string; rejected: string }[]>`
    SELECT p.id, c.hash AS chosen, r.hash AS rejected FROM pair p
      JOIN unit c ON c.project_id = p.project_id AND c.id = p.chosen_unit_id AND c.withdrawn_at IS NULL
      JOIN unit r ON r.project_id = p.project_id AND r.id = p.rejected_unit_id AND r.withdrawn_at IS NULL
     WHERE p.project_id = ${projectId}::uuid AND p.id = ANY(${[...ids]})`;
  return new Map(rows.map((row) => [row.id, sha256(`${row.id}\n${row.chosen}\n${row.rejected}`)]));
}

/** A text that changed before anyone read it: the item takes the hash of what is shown now. */
export const moveSubjectHash = (taskId: string, hash: string) =>
  db().task.update({ where: { id: taskId }, data: { subjectHash: hash } });

export const labelPair = (
  tx: Tx,
  projectId: string,
  id: string,
  state: PairState,
  label: PairLabel | null,
  labelledBy: string | null,
) =>
  tx.pair.updateMany({
    where: { projectId, id },
    data: { state, label: label ?? Prisma.DbNull, labelledBy, labelledAt: label ? new Date() : null },
  });

/** A pair whose chosen side a person wrote; its text is redacted and stands in the candidate. */
export const addEditedPair = (
  tx: Tx,
  projectId: string,
  candidate: StoredCandidate,
  of: PairRow,
  labelledBy: string,
  taskId: string,
) => {
  const label: PairLabel = { chosen: 'a', margin: 1, reasons: [], left: 'a', decisionId: taskId };
  const row = {
    source: candidate.source,
    strength: candidate.strength,
    promptUnitId: of.promptUnitId,
    chosenUnitId: candidate.chosen.unitId,
    rejectedUnitId: candidate.rejected.unitId,
    candidate: candidate as object,
    prefixEvents: of.prefixEvents,
    reason: candidate.whyShared,
    state: 'labelled',
    seed: '',
    label,
    labelledBy,
    labelledAt: new Date(),
  };
  return tx.pair.upsert({
    where: { projectId_id: { projectId, id: candidate.id } },
    create: { ...row, projectId, id: candidate.id },
    update: row,
  });
};

/** What was chosen of pairs that came back with their sides swapped, first and second time. */
export async function chosenTwice(projectId: string): Promise<{ first: Payload; second: Payload }[]> {
  const { rows } = await pool().query<{ first: Payload; second: Payload }>(
    `SELECT d1.body AS first, d2.body AS second FROM task t2 JOIN task t1 ON t1.queue_id = t2.queue_id AND t2.subject_id = t1.subject_id || '~2'
       JOIN decision d1 ON d1.task_id = t1.id AND NOT EXISTS (SELECT 1 FROM decision n WHERE n.supersedes = d1.id)
       JOIN decision d2 ON d2.task_id = t2.id AND NOT EXISTS (SELECT 1 FROM decision n WHERE n.supersedes = d2.id)
      WHERE t2.project_id = $1 AND d1.body ->> 'kind' = 'pair' AND d2.body ->> 'kind' = 'pair' AND d1.reviewer_id = d2.reviewer_id`,
    [projectId],
  );
  return rows;
}

export const withdrawPair = (tx: Tx, projectId: string, id: string) =>
  tx.pair.updateMany({ where: { projectId, id }, data: { state: 'withdrawn' } });

export const seedPairs = (tx: Tx, projectId: string, ids: readonly string[], seed: string) =>
  tx.pair.updateMany({ where: { projectId, id: { in: [...ids] } }, data: { seed } });

export const lastPairRun = (projectId: string) =>
  db().run.findFirst({
    where: { projectId, kind: 'pairs' },
    orderBy: { createdAt: 'desc' },
    include: { chunks: true },
  });
