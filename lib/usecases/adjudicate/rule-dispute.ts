/** What a ruling does beside its row: a mark that nobody confirms is released again, one with other bounds is masked as ruled. */
import { Problem } from '#lib/core/policy/problem.ts';
import { ruledMark } from '#lib/core/review/disputes.ts';
import type { Mark, Payload } from '#lib/core/review/verdict.ts';
import { findFrozenUnit } from '#lib/store/audits.ts';
import type { Tx } from '#lib/store/db.ts';
import { raiseDictVersion } from '#lib/store/dictionaries.ts';
import { type DisputeRow, entriesOfMark, findDispute } from '#lib/store/disputes.ts';
import { findProject } from '#lib/store/projects.ts';
import { findUnitRow } from '#lib/store/units.ts';
import { type Kept, keepMissed, maskMissed, redactAgain } from '../audit/mask-missed.ts';
import type { Effect } from '../queues/record-decision.ts';

type Prepared = { dispute: DisputeRow; ruled: Mark | null; kept: Kept[] };

const isAsMarked = (ruled: Mark, { a, b }: DisputeRow): boolean =>
  [a, b].some((mark) => mark?.path === ruled.path && mark.start === ruled.start && mark.end === ruled.end);

/** @throws Problem invalid when the ruling takes what is not there */
function rule(dispute: DisputeRow, payload: Extract<Payload, { kind: 'adjudication' }>): Mark | null {
  try {
    return ruledMark(dispute, payload.take, payload.edit);
  } catch {
    throw new Problem('invalid', { fields: ['take'] });
  }
}

export const adjudicationEffect: Effect = {
  async prepare(actor, taskId, payload): Promise<Prepared | undefined> {
    if (payload.kind !== 'adjudication') return undefined;
    const dispute = await findDispute(taskId);
    if (!dispute || payload.itemId !== taskId) throw new Problem('not_found');
    const ruled = rule(dispute, payload);
    if (!ruled || isAsMarked(ruled, dispute)) return { dispute, ruled, kept: [] };
    const projectId = actor.projectId!;
    const [unit, row, project] = await Promise.all([
      findFrozenUnit(dispute.auditQueueId, dispute.unitId),
      findUnitRow(projectId, dispute.unitId),
      findProject(projectId),
    ]);
    if (!unit || !row) throw new Problem('already_sealed');
    const place = { projectId, projectSlug: project.slug, sourceId: row.sourceId };
    return { dispute, ruled, kept: await keepMissed(place, unit, [ruled]) };
  },

  async apply(tx, actor, task, decisionId, payload, prepared) {
    if (payload.kind !== 'adjudication' || !prepared) return;
    const { dispute, ruled, kept } = prepared as Prepared;
    const projectId = task.project_id;
    await maskMissed(
      tx,
      { projectId, unitId: dispute.unitId, origin: `audit:${decisionId}`, createdBy: actor.personId! },
      kept,
    );
    if (!ruled) await release(tx, projectId, dispute, actor.personId!);
  },
};

/** Neither: what the readers' marks put into the dictionary goes out of it, and what it masked is redacted again without. */
async function release(tx: Tx, projectId: string, { a, b, decisionA, decisionB }: DisputeRow, personId: string) {
  const marks = [
    { mark: a, decisionId: decisionA },
    { mark: b, decisionId: decisionB },
  ];
  const found = [];
  for (const { mark, decisionId } of marks)
    if (mark && decisionId) found.push(...(await entriesOfMark(tx, projectId, decisionId, mark)));
  if (found.length === 0) return;
  const version = await raiseDictVersion(tx, projectId);
  await tx.dictionaryEntry.updateMany({
    where: { id: { in: found.map(({ id }) => id) } },
    data: { state: 'removed', version },
  });
  await tx.miss.updateMany({ where: { id: { in: found.map(({ missId }) => missId) } }, data: { state: 'refuted' } });
  await redactAgain(tx, projectId, version, personId);
}
