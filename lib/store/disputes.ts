/** What two blind readings left open, one row an item of the adjudication. */
import type { Mark } from '#lib/core/review/verdict.ts';
import { db, type Tx } from './db.ts';

export type DisputeRow = {
  taskId: string;
  auditQueueId: string;
  queueId: string;
  unitId: string;
  a: Mark | null;
  b: Mark | null;
  decisionA: string | null;
  decisionB: string | null;
};

export const disputesOf = async (auditQueueId: string): Promise<DisputeRow[]> =>
  (await db().dispute.findMany({ where: { auditQueueId } })) as unknown as DisputeRow[];

export const findDispute = async (taskId: string): Promise<DisputeRow | null> =>
  (await db().dispute.findUnique({ where: { taskId } })) as unknown as DisputeRow | null;

export const addDisputes = (tx: Tx, projectId: string, rows: readonly DisputeRow[]) =>
  tx.dispute.createMany({
    data: rows.map((row) => ({
      taskId: row.taskId,
      projectId,
      auditQueueId: row.auditQueueId,
      queueId: row.queueId,
      unitId: row.unitId,
      decisionA: row.decisionA,
      decisionB: row.decisionB,
      ...(row.a ? { a: row.a } : {}),
      ...(row.b ? { b: row.b } : {}),
    })),
  });

/** Readings that a dispute rests on can no longer be taken back. */
export const sealReadings = (tx: Tx, decisionIds: readonly string[]) =>
  tx.$executeRaw`UPDATE task SET sealed_at = now() WHERE sealed_at IS NULL AND id IN
    (SELECT task_id FROM decision WHERE id = ANY(${[...decisionIds]}::uuid[]))`;

/** The queue in which disputes of an audit are settled, when there is one. */
export const adjudicationQueue = (tx: Tx, auditQueueId: string) =>
  tx.dispute.findFirst({ where: { auditQueueId }, select: { queueId: true } });

/** Dictionary entries that a reader's mark made, by the place that was marked. */
export const entriesOfMark = (tx: Tx, projectId: string, decisionId: string, mark: Mark) =>
  tx.$queryRaw<{ id: string; missId: string }[]>`
    SELECT e.id, m.id AS "missId" FROM miss m
      JOIN dictionary_entry e ON e.project_id = m.project_id AND e.entity = m.entity AND e.origin = 'audit:' || m.decision_id
     WHERE m.project_id = ${projectId}::uuid AND m.decision_id = ${decisionId}::uuid AND m.path = ${mark.path}
       AND m.start = ${mark.start} AND m."end" = ${mark.end} AND e.state = 'accepted'`;
