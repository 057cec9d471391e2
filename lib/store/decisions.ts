import { createHash } from 'node:crypto';
import type { Payload } from '#lib/core/review/verdict.ts';
import { canonicalJson } from '#lib/core/trajectory/json.ts';
import { db, type Tx } from './db.ts';

export const bodyHash = (body: unknown): string => createHash('sha256').update(canonicalJson(body)).digest('hex');

export const findByKey = (tx: Tx, reviewerId: string, idempotencyKey: string) =>
  tx.decision.findUnique({ where: { reviewerId_idempotencyKey: { reviewerId, idempotencyKey } } });

/** The last row of a task's chain: what the next one supersedes. */
export async function lastDecision(tx: Tx, taskId: string) {
  const rows = await tx.decision.findMany({ where: { taskId }, orderBy: { createdAt: 'asc' } });
  const superseded = new Set(rows.map((row) => row.supersedes));
  return rows.find((row) => !superseded.has(row.id)) ?? null;
}

export async function addDecision(
  tx: Tx,
  row: {
    projectId: string;
    taskId: string;
    reviewerId: string;
    idempotencyKey: string;
    body: Payload;
    activeMs: number | null;
    isHasty: boolean;
    supersedes: string | null;
  },
) {
  return tx.decision.create({ data: { ...row, body: row.body as object, bodyHash: bodyHash(row.body) } });
}

/** Standing decisions of a queue: the ends of the chains that are not undos. */
export async function standingDecisions(projectId: string, queueId: string) {
  return db().$queryRaw<
    {
      id: string;
      task_id: string;
      subject_id: string;
      subject_hash: string;
      slot: number;
      stratum: string | null;
      design: string | null;
      pi: number | null;
      reviewer_id: string;
      body: Payload;
      active_ms: number | null;
      created_at: Date;
    }[]
  >`
    SELECT d.id, d.task_id, t.subject_id, t.subject_hash, t.slot, t.stratum, t.design, t.pi, d.reviewer_id, d.body, d.active_ms, d.created_at
      FROM decision d JOIN task t ON t.id = d.task_id
     WHERE t.queue_id = ${queueId}::uuid AND t.project_id = ${projectId}::uuid
       AND NOT EXISTS (SELECT 1 FROM decision n WHERE n.supersedes = d.id) AND d.body ->> 'kind' <> 'undo'
     ORDER BY d.created_at`;
}

export type OwnDecision = {
  id: string;
  taskId: string;
  subjectId: string;
  subjectHash: string;
  payload: Payload;
  isHasty: boolean;
};

/** What a person decided in a queue and can still take back, newest first; undone and sealed ones are left out. */
export const ownOpenDecisions = (reviewerId: string, queueId: string, limit: number) =>
  db().$queryRaw<OwnDecision[]>`
    SELECT d.id, d.task_id AS "taskId", t.subject_id AS "subjectId", t.subject_hash AS "subjectHash", d.body AS payload,
           d.is_hasty AS "isHasty"
      FROM decision d JOIN task t ON t.id = d.task_id
     WHERE d.reviewer_id = ${reviewerId}::uuid AND t.queue_id = ${queueId}::uuid AND t.sealed_at IS NULL AND t.state = 'decided'
       AND d.body ->> 'kind' NOT IN ('undo', 'flag') AND NOT EXISTS (SELECT 1 FROM decision n WHERE n.supersedes = d.id)
     ORDER BY d.created_at DESC LIMIT ${limit}`;

/** A person's own pace in a queue: how many they decided, and the middle of their active times. */
export async function ownPace(
  reviewerId: string,
  queueId: string,
): Promise<{ decided: number; medianMs: number | null }> {
  const rows = await db().$queryRaw<{ decided: number; median: number | null }[]>`
    SELECT count(*)::int AS decided, percentile_cont(0.5) WITHIN GROUP (ORDER BY d.active_ms) AS median
      FROM decision d JOIN task t ON t.id = d.task_id
     WHERE d.reviewer_id = ${reviewerId}::uuid AND t.queue_id = ${queueId}::uuid AND d.body ->> 'kind' NOT IN ('undo', 'flag')
       AND NOT EXISTS (SELECT 1 FROM decision n WHERE n.supersedes = d.id)`;
  return { decided: rows[0]?.decided ?? 0, medianMs: rows[0]?.median ?? null };
}
