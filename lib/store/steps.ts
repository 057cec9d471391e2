/** What people said of the steps of units. */
import type { StepMark } from '#lib/core/export/chat-format.ts';
import { db, pool, type Tx } from './db.ts';

export type MarkedStep = { eventId: string; mark: StepMark };

export const stepMarks = async (projectId: string, unitId: string): Promise<MarkedStep[]> =>
  (await db().stepMark.findMany({
    where: { projectId, unitId },
    select: { eventId: true, mark: true },
    orderBy: { eventId: 'asc' },
  })) as MarkedStep[];

/** Marks of many units, by unit and event. */
export async function stepMarksOf(
  projectId: string,
  unitIds: readonly string[],
): Promise<Map<string, Map<string, StepMark>>> {
  const rows = await db().stepMark.findMany({ where: { projectId, unitId: { in: [...unitIds] } } });
  const byUnit = new Map<string, Map<string, StepMark>>();
  for (const { unitId, eventId, mark } of rows) {
    const marks = byUnit.get(unitId) ?? new Map<string, StepMark>();
    byUnit.set(unitId, marks.set(eventId, mark as StepMark));
  }
  return byUnit;
}

/** Puts these marks in place of those that were there. */
export async function replaceStepMarks(
  tx: Tx,
  projectId: string,
  unitId: string,
  markedBy: string,
  marks: readonly MarkedStep[],
): Promise<void> {
  await tx.stepMark.deleteMany({ where: { projectId, unitId } });
  await tx.stepMark.createMany({ data: marks.map((one) => ({ ...one, projectId, unitId, markedBy })) });
}

export type StepUnit = {
  id: string;
  title: string;
  level: string;
  outcome: string;
  steps: number;
  errors: number;
  recovered: boolean;
  marked: number;
};

/** Units with calls: unmarked ones first, of them those with errors and failed outcomes. */
export async function unitsWithSteps(projectId: string, limit: number, after?: string): Promise<StepUnit[]> {
  const { rows } = await pool().query<StepUnit>(
    `SELECT u.id, u.title, u.level, u.outcome, u.steps, u.errors, u.recovered,
            m.marked
       FROM unit u CROSS JOIN LATERAL (
         SELECT count(*)::int AS marked FROM step_mark s WHERE s.project_id = u.project_id AND s.unit_id = u.id) m
      WHERE u.project_id = $1 AND u.withdrawn_at IS NULL AND u.eligible AND u.calls > 0 AND u.id <> $3
      ORDER BY m.marked > 0, u.outcome <> 'failure', u.errors DESC, u.id LIMIT $2`,
    [projectId, limit, after ?? ''],
  );
  return rows;
}
