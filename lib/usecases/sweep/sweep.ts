/**
 * The sweep: suggested spans, the doubtful first, each with its value in clear and twelve words around it. Targeted, so
 * it never counts in a bound; whatever is shown stands in the ledger before.
 */
import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { atPointer } from '#lib/core/trajectory/pointer.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger, recordInLedger } from '#lib/store/ledger.ts';
import { findSweepSpan, type SweepSpan, subjectOf, suggestedSpans } from '#lib/store/sweeps.ts';
import { addQueue, addTasks, type ClaimedTask } from '#lib/store/tasks.ts';
import { findUnit } from '#lib/store/units.ts';
import { revealValue } from '#lib/store/vault.ts';
import { startPreview } from '../dictionary/preview-entry.ts';
import { permit, projectOf } from '../permit.ts';
import { decline } from '../queues/claim.ts';
import type { Effect } from '../queues/record-decision.ts';

export const NewSweep = z.strictObject({
  name: z.string().trim().min(1).max(80),
  /** Most values to look through. */
  limit: z.int().min(1).max(2_000),
});

/** @throws Problem invalid when nothing is in doubt */
export async function openSweep(
  actor: Actor,
  input: z.infer<typeof NewSweep>,
): Promise<{ queueId: string; items: number }> {
  await permit(actor, 'queue.manage');
  const projectId = projectOf(actor);
  const spans = await suggestedSpans(projectId, input.limit);
  if (spans.length === 0) throw new Problem('invalid', { fields: ['limit'] });
  return inTransaction(async (tx) => {
    const queue = await addQueue(tx, {
      projectId,
      kind: 'sweep',
      name: input.name,
      seed: 'by doubt',
      createdBy: actor.personId!,
    });
    await addTasks(
      tx,
      projectId,
      queue.id,
      spans.map((span, position) => ({
        subjectId: subjectOf(span),
        subjectHash: span.unitHash,
        slot: 1,
        position,
        design: 'sweep',
      })),
    );
    await appendLedger(tx, actor, {
      action: 'sweep.open',
      object: 'queue',
      objectId: queue.id,
      details: { items: spans.length },
    });
    return { queueId: queue.id, items: spans.length };
  });
}

export type SweepItem = ClaimedTask & {
  type: string;
  value: string;
  before: string;
  after: string;
  detector: string;
  score: number;
  alsoIn: number;
};

const WORDS = 12;
const lastWords = (text: string): string =>
  text
    .split(/(?<=\s)/)
    .slice(-WORDS)
    .join('');
const firstWords = (text: string): string =>
  text
    .split(/(?<=\s)/)
    .slice(0, WORDS)
    .join('');

/** What was claimed with its value; one entry of the ledger for each before it is shown. */
export async function showSweepItems(actor: Actor, items: readonly ClaimedTask[]): Promise<SweepItem[]> {
  const projectId = projectOf(actor);
  const shown: SweepItem[] = [];
  for (const item of items) {
    await permit(actor, 'sweep.view');
    const span = await findSweepSpan(projectId, item.subjectId);
    const unit = span && span.unitHash === item.subjectHash ? await findUnit(projectId, span.unitId) : null;
    const text = unit && span ? atPointer(unit, span.path) : undefined;
    const at = typeof text === 'string' && span ? text.indexOf(span.placeholder) : -1;
    if (!span || typeof text !== 'string' || at < 0) {
      await decline(actor, item.id, 'cannot_be_shown');
      continue;
    }
    await recordInLedger(actor, {
      action: 'sweep.view',
      object: 'span',
      objectId: `${span.unitId}:${span.no}`,
      details: { taskId: item.id },
    });
    const value = await revealValue(projectId, span.entity);
    if (value === null) {
      await decline(actor, item.id, 'cannot_be_shown');
      continue;
    }
    const { type, detector, score, alsoIn } = span;
    shown.push({
      ...item,
      type,
      value,
      before: lastWords(text.slice(0, at)),
      after: firstWords(text.slice(at + span.placeholder.length)),
      detector,
      score,
      alsoIn,
    });
  }
  return shown;
}

type Prepared = { span: SweepSpan };

/**
 * No personal data after all: proposed to be shown again wherever it stands, and counted over the corpus; a lead accepts.
 * Another kind: proposed as that kind. As proposed: nothing changes, it is masked already.
 */
export const sweepEffect: Effect = {
  async prepare(actor, taskId, payload): Promise<Prepared | undefined> {
    if (payload.kind !== 'sweep') return undefined;
    const task = await inTransaction((tx) => tx.task.findUnique({ where: { id: taskId } }));
    const span = task && (await findSweepSpan(projectOf(actor), task.subjectId));
    if (!span) throw new Problem('text_changed');
    if (payload.spanId !== String(span.no)) throw new Problem('invalid', { fields: ['spanId'] });
    return { span };
  },

  async apply(tx, actor, task, decisionId, payload, prepared) {
    if (payload.kind !== 'sweep' || !prepared) return;
    const { span } = prepared as Prepared;
    const isKept = payload.is === 'not_pii';
    if (!isKept && (payload.type === undefined || payload.type === span.type)) return;
    const projectId = task.project_id;
    const { dictVersion } = await tx.project.findUniqueOrThrow({ where: { id: projectId } });
    const entry = await tx.dictionaryEntry.create({
      data: {
        projectId,
        type: payload.type ?? span.type,
        mode: 'exact',
        action: isKept ? 'keep' : 'mask',
        scope: 'project',
        entity: span.entity,
        state: 'proposed',
        version: dictVersion,
        origin: `sweep:${decisionId}`,
        createdBy: actor.personId!,
      },
    });
    await startPreview(tx, projectId, entry.id, actor.personId);
  },

  async undo(tx, _actor, task, decisionId) {
    await tx.dictionaryEntry.updateMany({
      where: { projectId: task.project_id, origin: `sweep:${decisionId}`, state: 'proposed' },
      data: { state: 'removed' },
    });
  },
};
