/**
 * What redaction missed and a person found: the value goes sealed into the vault and into the project's dictionary, the
 * unit is masked again, and a run finds every other unit that holds it. People send offsets only.
 */
import { shapeOf } from '#lib/core/pii/patterns.ts';
import type { PiiType } from '#lib/core/pii/taxonomy.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { atPointer, sliceCodePoints } from '#lib/core/trajectory/pointer.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import type { Tx } from '#lib/store/db.ts';
import { raiseDictVersion } from '#lib/store/dictionaries.ts';
import { announceRun } from '#lib/store/queue.ts';
import { createRun } from '#lib/store/runs.ts';
import { keepValue } from '#lib/store/vault.ts';
import { startPreview } from '../dictionary/preview-entry.ts';

/** Code points, half open, in the text at `path` of the unit as it was shown. */
export type MissedMark = {
  path: string;
  start: number;
  end: number;
  type: PiiType;
  scope?: 'span' | 'unit' | 'trajectory';
};
export type Kept = {
  mark: MissedMark;
  entryId: string;
  entity: string;
  scope: 'project' | 'trajectory' | 'unit';
  /** A pattern of the same shape, for a lead to look at before it holds. */
  shape: { entryId: string; entity: string } | null;
};

/** Shorter values, and single lower-case words, would mask innocent text elsewhere: they stay with their unit. */
const PROJECT_FROM_CHARACTERS = 4;
const isProjectWide = (value: string): boolean =>
  [...value].length >= PROJECT_FROM_CHARACTERS && !/^\p{Ll}+$/u.test(value);
const EXACT: ReadonlySet<PiiType> = new Set(['SECRET', 'BLOB', 'URL']);

/** Seals the values before the transaction that writes about them. @throws Problem invalid when a mark holds no text */
export async function keepMissed(
  place: { projectId: string; projectSlug: string; sourceId: string },
  unit: Redacted<Unit>,
  marks: readonly MissedMark[],
): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (const mark of marks) {
    const text = atPointer(unit, mark.path);
    const value = typeof text === 'string' ? sliceCodePoints(text, mark.start, mark.end).trim() : '';
    if (value === '') throw new Problem('invalid', { fields: ['leaks'] });
    const entryId = crypto.randomUUID();
    const { entity } = await keepValue({ ...place, type: mark.type, value, entryId });
    const pattern = shapeOf(value);
    const shapeId = crypto.randomUUID();
    const shape =
      pattern === null
        ? null
        : {
            entryId: shapeId,
            ...(await keepValue({ ...place, type: mark.type, value: pattern, entryId: shapeId })),
          };
    const narrow = mark.scope === 'trajectory' ? 'trajectory' : 'unit';
    kept.push({ mark, entryId, entity, scope: isProjectWide(value) ? 'project' : narrow, shape });
  }
  return kept;
}

/** Puts what was kept into the dictionary's next version and starts the run that applies it. */
export async function maskMissed(
  tx: Tx,
  about: { projectId: string; unitId: string; origin: string; createdBy: string },
  kept: readonly Kept[],
): Promise<void> {
  if (kept.length === 0) return;
  const { projectId, unitId, origin, createdBy } = about;
  const version = await raiseDictVersion(tx, projectId);
  const unit = await tx.unit.findUnique({ where: { projectId_id: { projectId, id: unitId } } });
  const placeOf = { project: null, unit: unitId, trajectory: unit?.trajectoryId ?? unitId };
  await tx.dictionaryEntry.createMany({
    data: kept.map(({ mark, entryId, entity, scope }) => ({
      id: entryId,
      projectId,
      type: mark.type,
      mode: EXACT.has(mark.type) ? 'exact' : 'word',
      scope,
      scopeId: placeOf[scope],
      entity,
      version,
      origin,
      createdBy,
    })),
  });
  for (const { mark, shape } of kept) if (shape) await proposeShape(tx, { ...about, version }, mark.type, shape);
  await tx.$executeRaw`UPDATE trajectory SET redact_due = ${version} WHERE project_id = ${projectId}::uuid
    AND id = (SELECT trajectory_id FROM unit WHERE project_id = ${projectId}::uuid AND id = ${unitId})`;
  await redactAgain(tx, projectId, version, createdBy);
}

/** One proposal a shape, however often values of it were missed; it is counted over the corpus at once. */
async function proposeShape(
  tx: Tx,
  about: { projectId: string; origin: string; createdBy: string; version: number },
  type: PiiType,
  { entryId, entity }: { entryId: string; entity: string },
): Promise<void> {
  const { projectId, origin, createdBy, version } = about;
  if (await tx.dictionaryEntry.findFirst({ where: { projectId, entity, mode: 'pattern' } })) return;
  await tx.dictionaryEntry.create({
    data: { id: entryId, projectId, type, mode: 'pattern', entity, state: 'proposed', version, origin, createdBy },
  });
  await startPreview(tx, projectId, entryId, createdBy);
}

/** A run that redacts again whatever a dictionary version touches: this trajectory first, then all that it finds. */
export async function redactAgain(
  tx: Tx,
  projectId: string,
  version: number,
  createdBy: string | null,
): Promise<string> {
  const runId = await createRun(tx, {
    projectId,
    kind: 'reredact',
    refId: `dict:${version}`,
    createdBy,
    chunks: [{ stage: 'redact' }],
  });
  await announceRun(tx, runId);
  return runId;
}
