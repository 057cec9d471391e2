/** What a pair verdict does beside its row: the pair carries the choice. A tie and two bad answers never become rows. */
import { leftSide } from '#lib/core/pair/order.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { preferenceOf } from '#lib/core/review/verdict.ts';
import { labelPair, type PairLabel, pairHashes } from '#lib/store/pairs.ts';
import type { Effect } from '../queues/record-decision.ts';

export const pairEffect: Effect = {
  async apply(tx, actor, task, decisionId, payload) {
    if (payload.kind !== 'pair') return;
    const { project_id: projectId, subject_id: pairId } = task;
    const hash = (await pairHashes(projectId, [pairId], tx)).get(pairId);
    if (hash !== task.subject_hash) throw new Problem('text_changed');
    const queue = await tx.queue.findUniqueOrThrow({ where: { id: task.queue_id } });
    if (payload.left !== leftSide(queue.seed, pairId, actor.personId!))
      throw new Problem('invalid', { fields: ['left'] });
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
  },

  async undo(tx, _actor, task) {
    await labelPair(tx, task.project_id, task.subject_id, 'candidate', null, null);
  },
};
