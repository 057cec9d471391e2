/**
 * What an audit verdict does beside its row. A missed value goes sealed into the vault and into the project's dictionary;
 * the unit is masked again at once, and a run finds every other unit that holds it. The browser sent offsets only.
 */

import { marksBesides } from '#lib/core/pii/audit/plant.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import type { Payload, WrongMask } from '#lib/core/review/verdict.ts';
import { addMisses, type CanaryRow, findCanary, findFrozenUnit } from '#lib/store/audits.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { raiseDictVersion } from '#lib/store/dictionaries.ts';
import { findProject } from '#lib/store/projects.ts';
import { lockTask } from '#lib/store/tasks.ts';
import { findUnitRow } from '#lib/store/units.ts';
import type { Effect } from '../queues/record-decision.ts';
import { type Kept, keepMissed, maskMissed, redactAgain } from './mask-missed.ts';

type Prepared = { kept: Kept[]; unitId: string; wrong: (WrongMask & { entity: string; type: string })[] };

async function prepare(actor: Actor, taskId: string, payload: Payload): Promise<Prepared> {
  if (payload.kind !== 'audit') return { kept: [], unitId: '', wrong: [] };
  const task = await inTransaction((tx) => lockTask(tx, actor.projectId!, taskId));
  if (!task) throw new Problem('not_found');
  const [unit, row, project] = await Promise.all([
    findFrozenUnit(task.queue_id, task.subject_id),
    findUnitRow(task.project_id, task.subject_id),
    findProject(task.project_id),
  ]);
  if (!unit || !row) throw new Problem('already_sealed');
  const place = { projectId: task.project_id, projectSlug: project.slug, sourceId: row.sourceId };
  const canary = await findCanary(taskId);
  // What was planted is nobody's and goes nowhere; what else was found in that unit is a miss like any other.
  const kept = canary
    ? await keepBeside(place, unit, payload.leaks, canary)
    : await keepMissed(place, unit, payload.leaks);
  const spans = await db().span.findMany({
    where: {
      projectId: task.project_id,
      unitId: task.subject_id,
      no: { in: payload.wrongMasks.map((wrong) => Number(wrong.spanId)).filter(Number.isInteger) },
    },
  });
  const byNo = new Map(spans.map((span) => [String(span.no), span]));
  const wrong = payload.wrongMasks.flatMap((mask) => {
    const span = byNo.get(mask.spanId);
    return span ? [{ ...mask, entity: span.entity, type: span.type }] : [];
  });
  return { kept, unitId: task.subject_id, wrong };
}

/** Values as they stand in the copy, places as they are in the unit itself. */
async function keepBeside(
  place: Parameters<typeof keepMissed>[0],
  copy: Parameters<typeof keepMissed>[1],
  leaks: Parameters<typeof keepMissed>[2],
  canary: CanaryRow,
): Promise<Kept[]> {
  const isBeside = (mark: (typeof leaks)[number]) => marksBesides([mark], canary).length > 0;
  const kept = await keepMissed(place, copy, leaks.filter(isBeside));
  return kept.map((one) => ({ ...one, mark: marksBesides([one.mark], canary)[0]! }));
}

export const auditEffect: Effect = {
  prepare,

  async apply(tx, actor, task, decisionId, payload, prepared) {
    const { kept, unitId, wrong } = prepared as Prepared;
    if (payload.kind !== 'audit' || (kept.length === 0 && wrong.length === 0)) return;
    const projectId = task.project_id;
    if (wrong.length > 0) {
      const { dictVersion } = await tx.project.findUniqueOrThrow({ where: { id: projectId } });
      await tx.dictionaryEntry.createMany({
        data: wrong.map((mask) => ({
          projectId,
          type: mask.to ?? mask.type,
          mode: 'exact',
          action: mask.why === 'not_pii' ? 'keep' : 'mask',
          scope: 'unit',
          scopeId: unitId,
          entity: mask.entity,
          state: 'proposed',
          version: dictVersion,
          origin: `audit:${mask.why}`,
          createdBy: actor.personId!,
        })),
      });
    }
    if (kept.length === 0) return;
    await addMisses(
      tx,
      projectId,
      decisionId,
      kept.map(({ mark, entity }) => ({
        unitId,
        type: mark.type,
        path: mark.path,
        start: mark.start,
        end: mark.end,
        entity,
      })),
    );
    await maskMissed(tx, { projectId, unitId, origin: `audit:${decisionId}`, createdBy: actor.personId! }, kept);
  },

  /** The entries of an undone verdict no longer hold; what they masked is redacted again without them. */
  async undo(tx, actor, task, decisionId) {
    const origin = `audit:${decisionId}`;
    await tx.dictionaryEntry.updateMany({
      where: { projectId: task.project_id, origin, state: 'proposed' },
      data: { state: 'removed' },
    });
    const removed = await tx.dictionaryEntry.findMany({
      where: { projectId: task.project_id, origin, state: 'accepted' },
    });
    await tx.miss.updateMany({ where: { decisionId }, data: { state: 'undone' } });
    if (removed.length === 0) return;
    const version = await raiseDictVersion(tx, task.project_id);
    await tx.dictionaryEntry.updateMany({
      where: { id: { in: removed.map((entry) => entry.id) } },
      data: { state: 'removed', version },
    });
    await redactAgain(tx, task.project_id, version, actor.personId);
  },
};
