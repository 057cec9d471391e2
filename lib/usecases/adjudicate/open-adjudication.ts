/**
 * Sends what two blind readers marked differently, and what one reader doubted, to a third person. Agreed marks are taken
 * as they are. Opening it again adds what came since and leaves what was ruled.
 */
import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { compareReadings } from '#lib/core/review/disputes.ts';
import type { PayloadOf } from '#lib/core/review/verdict.ts';
import { keyedShare } from '#lib/core/stats/random.ts';
import { canariesOfPlan, listPlans } from '#lib/store/audits.ts';
import { inTransaction } from '#lib/store/db.ts';
import { standingDecisions } from '#lib/store/decisions.ts';
import { addDisputes, adjudicationQueue, type DisputeRow, disputesOf, sealReadings } from '#lib/store/disputes.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { addQueue, addTasks, declineTask } from '#lib/store/tasks.ts';
import { permit, projectOf } from '../permit.ts';

export type Reading = {
  decisionId: string;
  reviewer: string;
  subjectHash: string;
  body: PayloadOf<'audit'>;
};
export type ReadTwice = { unitId: string; readings: Reading[] };

/** Readings of each unit of a plan, in the order of their slots; canaries are nobody's reading. */
export async function readingsOf(projectId: string, plan: { id: string; queueId: string }): Promise<ReadTwice[]> {
  const [decisions, canaries] = await Promise.all([
    standingDecisions(projectId, plan.queueId),
    canariesOfPlan(plan.id),
  ]);
  const planted = new Set(canaries.map(({ taskId }) => taskId));
  const rows = decisions
    .filter((row) => row.body.kind === 'audit' && !planted.has(row.task_id))
    .sort((a, b) => a.slot - b.slot);
  return [...Map.groupBy(rows, (row) => row.subject_id)].map(([unitId, of]) => ({
    unitId,
    readings: of.map((row) => ({
      decisionId: row.id,
      reviewer: row.reviewer_id,
      subjectHash: row.subject_hash,
      body: row.body as PayloadOf<'audit'>,
    })),
  }));
}

/** What is open for a third person: disputes of units read twice, doubts of units read once. */
function disputesIn({ unitId, readings }: ReadTwice, seed: string) {
  if (readings.length > 2) return [];
  // Which reader is called A follows from the seed: the first to read must not be told from the second.
  const isTurned = keyedShare(seed, `sides\n${unitId}`) < 0.5;
  const [a, b] = isTurned ? [readings[1], readings[0]] : [readings[0], readings[1]];
  const marksOf = (reading: Reading | undefined) => reading?.body.leaks ?? [];
  const disputes =
    readings.length === 2
      ? compareReadings(marksOf(a), marksOf(b)).disputes
      : marksOf(a ?? b)
          .filter((mark) => mark.doubt)
          .map((mark) => (a ? { a: mark, b: null } : { a: null, b: mark }));
  return disputes.map((dispute) => ({
    ...dispute,
    unitId,
    hash: readings[0]!.subjectHash,
    readers: readings.map(({ reviewer }) => reviewer),
    decisionA: a?.decisionId ?? null,
    decisionB: b?.decisionId ?? null,
  }));
}

export const OpenAdjudication = z.strictObject({ queueId: z.uuid() });

/** @throws Problem not_found, already_sealed, invalid when nothing is in dispute */
export async function openAdjudication(
  actor: Actor,
  input: z.infer<typeof OpenAdjudication>,
): Promise<{ queueId: string; added: number }> {
  await permit(actor, 'queue.manage');
  const projectId = projectOf(actor);
  const [plan] = await listPlans(projectId, input.queueId);
  if (!plan) throw new Problem('not_found');
  if (plan.state === 'sealed') throw new Problem('already_sealed');
  const [read, known] = await Promise.all([readingsOf(projectId, plan), disputesOf(plan.queueId)]);
  const done = new Set(known.map((row) => row.unitId));
  const found = read.filter(({ unitId }) => !done.has(unitId)).flatMap((unit) => disputesIn(unit, plan.seed));
  if (found.length === 0 && known.length === 0) throw new Problem('invalid', { fields: ['queueId'] });
  return inTransaction(async (tx) => {
    const there = await adjudicationQueue(tx, plan.queueId);
    const queueId =
      there?.queueId ??
      (
        await addQueue(tx, {
          projectId,
          kind: 'adjudicate',
          name: plan.name,
          seed: plan.seed,
          createdBy: actor.personId!,
        })
      ).id;
    const rows = found.map((one) => ({ ...one, taskId: crypto.randomUUID() }));
    await addTasks(
      tx,
      projectId,
      queueId,
      rows.map(({ taskId, unitId, hash }, at) => ({
        id: taskId,
        subjectId: `${unitId}#${known.length + at}`,
        subjectHash: hash,
        slot: 1,
        position: known.length + at,
      })),
    );
    await addDisputes(
      tx,
      projectId,
      rows.map(({ hash: _, readers: __, ...row }): DisputeRow => ({ ...row, queueId, auditQueueId: plan.queueId })),
    );
    // Never by A or B.
    for (const { taskId, readers } of rows)
      for (const reader of new Set(readers)) await declineTask(tx, taskId, reader, 'reader');
    await sealReadings(
      tx,
      rows.flatMap(({ decisionA, decisionB }) => [decisionA, decisionB].filter((id) => id !== null)),
    );
    await appendLedger(tx, actor, {
      action: 'adjudicate.open',
      object: 'queue',
      objectId: queueId,
      details: { auditQueueId: plan.queueId, added: rows.length },
    });
    return { queueId, added: rows.length };
  });
}
