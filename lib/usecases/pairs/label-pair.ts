/** What a pair verdict does beside its row: the pair carries the choice. A tie and two bad answers never become rows. */
import { comesBackSwapped, leftSide } from '#lib/core/pair/order.ts';
import { pairOfSubject, swappedSubject } from '#lib/core/pair/repeats.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { preferenceOf } from '#lib/core/review/verdict.ts';
import type { Tx } from '#lib/store/db.ts';
import { labelPair, type PairLabel, pairHashes, withdrawPair } from '#lib/store/pairs.ts';
import type { TaskRow } from '#lib/store/tasks.ts';
import type { Effect } from '../queues/record-decision.ts';

export const pairEffect: Effect = {
  async apply(tx, actor, task, decisionId, payload) {
    if (payload.kind !== 'pair') return;
    const { project_id: projectId } = task;
    const { pairId, showing } = pairOfSubject(task.subject_id);
    const hash = (await pairHashes(projectId, [pairId], tx)).get(pairId);
    if (hash !== task.subject_hash) throw new Problem('text_changed');
    const queue = await tx.queue.findUniqueOrThrow({ where: { id: task.queue_id } });
    if (payload.left !== leftSide(queue.seed, pairId, actor.personId!, showing))
      throw new Problem('invalid', { fields: ['left'] });
    // The second look measures how much the side decides; the label is that of the first.
    if (showing === 2) return;
    const preference = preferenceOf(payload);
    const label: PairLabel = {
      chosen: preference.chosen,
      ...(preference.chosen === null ? { why: preference.why } : {}),
      margin: preference.chosen === null ? 0 : preference.margin,
      reasons: payload.reasons,
      left: payload.left,
      decisionId,
    };
    const state = preference.chosen === null ? preference.why : 'labelled';
    await labelPair(tx, projectId, pairId, state, label, actor.personId);
    if (comesBackSwapped(queue.seed, pairId, actor.personId!))
      await addSwapped(tx, task, swappedSubject(pairId), actor.personId!);
  },

  async undo(tx, _actor, task, decisionId) {
    const { pairId, showing } = pairOfSubject(task.subject_id);
    const { body } = await tx.decision.findUniqueOrThrow({ where: { id: decisionId } });
    const { edit } = body as { edit?: string };
    if (edit) await withdrawPair(tx, task.project_id, edit);
    if (showing === 2) return;
    await labelPair(tx, task.project_id, pairId, 'candidate', null, null);
    await tx.task.updateMany({
      where: { queueId: task.queue_id, subjectId: swappedSubject(pairId), state: 'open' },
      data: { state: 'withdrawn' },
    });
  },
};

/** Some pairs on, so that the first look is forgotten. */
const LATER = 7;

/** The same pair once more for the same person, sides swapped; an item that was withdrawn by an undo is open again. */
async function addSwapped(tx: Tx, task: TaskRow, subjectId: string, personId: string): Promise<void> {
  const { position } = await tx.task.findUniqueOrThrow({ where: { id: task.id } });
  await tx.task.upsert({
    where: { queueId_subjectId_slot: { queueId: task.queue_id, subjectId, slot: 1 } },
    create: {
      projectId: task.project_id,
      queueId: task.queue_id,
      subjectId,
      subjectHash: task.subject_hash,
      slot: 1,
      position: position + LATER,
      handedTo: personId,
    },
    update: { state: 'open', handedTo: personId },
  });
}
