/**
 * Steps of a unit: what the model said and called, each good, unnecessary, a mistake or a recovery. What is unnecessary
 * or a mistake stays in the exported row as context and is not trained on.
 */
import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import type { LogEvent } from '#lib/core/trajectory/event.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { type MarkedStep, replaceStepMarks, type StepUnit, stepMarks, unitsWithSteps } from '#lib/store/steps.ts';
import { findUnit, findUnitRow } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';

const LISTED = 100;

/** A step is something the model did; what it was told or given is none. */
export const isStep = (event: Pick<LogEvent, 'kind'>): boolean =>
  event.kind === 'assistant' || event.kind === 'tool_call';

export async function showStepUnits(actor: Actor): Promise<StepUnit[]> {
  await permit(actor, 'unit.search');
  return unitsWithSteps(projectOf(actor), LISTED);
}

export type StepView = {
  unitId: string;
  unitHash: string;
  title: string;
  unit: Redacted<Unit>;
  steps: string[];
  marks: MarkedStep[];
  /** The unit to go to after this one. */
  next: string | null;
};

/** @throws Problem not_found */
export async function showSteps(actor: Actor, unitId: string): Promise<StepView> {
  await permit(actor, 'unit.read', { objectId: unitId });
  const projectId = projectOf(actor);
  const [unit, row, marks, following] = await Promise.all([
    findUnit(projectId, unitId),
    findUnitRow(projectId, unitId),
    stepMarks(projectId, unitId),
    unitsWithSteps(projectId, 1, unitId),
  ]);
  if (!unit || !row) throw new Problem('not_found');
  return {
    unitId,
    unitHash: row.hash,
    title: row.title,
    unit,
    steps: unit.events.filter(isStep).map(({ id }) => id),
    marks,
    next: following[0]?.marked === 0 ? following[0].id : null,
  };
}

export const MarkSteps = z.strictObject({
  unitId: z.string().min(1).max(200),
  unitHash: z.string().regex(/^[0-9a-f]{64}$/),
  marks: z
    .array(
      z.strictObject({
        eventId: z.string().min(1).max(200),
        mark: z.enum(['good', 'unnecessary', 'mistake', 'recovery']),
      }),
    )
    .max(10_000),
});

/** Takes the marks as they are now. @throws Problem not_found, text_changed, invalid for an event that is no step */
export async function markSteps(actor: Actor, input: z.infer<typeof MarkSteps>): Promise<{ marked: number }> {
  await permit(actor, 'unit.retag');
  const projectId = projectOf(actor);
  const [unit, row] = await Promise.all([findUnit(projectId, input.unitId), findUnitRow(projectId, input.unitId)]);
  if (!unit || !row) throw new Problem('not_found');
  if (row.hash !== input.unitHash) throw new Problem('text_changed');
  const steps = new Set(unit.events.filter(isStep).map(({ id }) => id));
  const ids = input.marks.map(({ eventId }) => eventId);
  if (new Set(ids).size < ids.length || !ids.every((id) => steps.has(id)))
    throw new Problem('invalid', { fields: ['marks'] });
  await inTransaction(async (tx) => {
    await replaceStepMarks(tx, projectId, input.unitId, actor.personId!, input.marks);
    await appendLedger(tx, actor, {
      action: 'unit.steps',
      object: 'unit',
      objectId: input.unitId,
      details: {
        marked: input.marks.length,
        untrained: input.marks.filter(({ mark }) => mark === 'mistake' || mark === 'unnecessary').length,
      },
    });
  });
  return { marked: input.marks.length };
}
