/**
 * Second stage of an import, and the work of every later re-redaction: raw trajectories are opened from the vault, run
 * through `onImport`, and only their redacted units are written. A trajectory that the detector can't read whole is
 * quarantined, never stored half scanned.
 */
import { parseJson } from '#lib/core/ingest/parse-json.ts';
import { DetectorAwayError } from '#lib/core/pii/plugin/plugin.ts';
import { ScanGapError } from '#lib/core/pii/receipt.ts';
import type { Trajectory } from '#lib/core/trajectory/trajectory.ts';
import { db } from '#lib/store/db.ts';
import { placeOfImport, type TrajectoryToRedact, trajectoriesById, trajectoriesOfImport } from '#lib/store/imports.ts';
import { readWithPlugins } from '#lib/store/plugins.ts';
import { type Chunk, finishChunk, saveProgress, withFence } from '#lib/store/runs.ts';
import { type Governance, saveUnits, sealValues, type UnitToSave } from '#lib/store/units.ts';
import { openTrajectories } from '#lib/store/vault.ts';
import { type Curated, onImport, textsOfImport } from './on-import.ts';
import { redactionConfigOf } from './redaction-config.ts';

const BATCH_TRAJECTORIES = 100;
const BATCH_EVENTS = 2_000;
/** Batches are cut to about this long, so that progress is seen within a second and a cancelled run stops within two. */
const BATCH_MS = 600;

export async function governanceOf(importId: string): Promise<Governance> {
  const row = await db().import.findUniqueOrThrow({ where: { id: importId } });
  const source = await db().source.findUniqueOrThrow({ where: { id: row.sourceId } });
  return {
    projectId: row.projectId,
    importId,
    sourceId: row.sourceId,
    purposes: source.purposes,
    legalBasis: source.legalBasis,
    consentRef: source.consentRef,
    region: source.region,
    recipientsAllowed: source.recipientsAllowed,
    expiresAt: new Date(row.createdAt.getTime() + source.retentionRedactedDays * 86_400_000),
  };
}

type Outcome =
  | { trajectory: TrajectoryToRedact; curated: Curated }
  | { trajectory: TrajectoryToRedact; refusal: string };

/** Runs one trajectory through the flow. What goes wrong is a reason, not a crash: the text never leaves the vault then. */
async function curate(
  trajectory: TrajectoryToRedact,
  json: string,
  configFor: Awaited<ReturnType<typeof redactionConfigOf>>['configFor'],
): Promise<Outcome> {
  const reading = parseJson(json);
  if (!reading.ok) return { trajectory, refusal: 'vault_unreadable' };
  try {
    const read = reading.value as unknown as Trajectory;
    const plugins = await readWithPlugins(() => textsOfImport(read, trajectory.rootId));
    const curated = onImport(read, trajectory.rootId, { ...configFor(trajectory.id), plugins });
    const isWhole = curated.units.every(({ receipt }) => receipt.bytesScanned === receipt.bytesPresent);
    return isWhole ? { trajectory, curated } : { trajectory, refusal: 'scan_gap' };
  } catch (error) {
    // the text was not read by all: the job waits, nothing is quarantined for it
    if (error instanceof DetectorAwayError) throw error;
    return { trajectory, refusal: error instanceof ScanGapError ? 'scan_gap' : 'detector_failed' };
  }
}

const curateOpened = async (
  row: TrajectoryToRedact,
  json: string | undefined,
  configFor: Parameters<typeof curate>[2],
): Promise<Outcome> =>
  json === undefined ? { trajectory: row, refusal: 'vault_missing' } : curate(row, json, configFor);

/** @returns true once the whole range of the chunk is redacted, false when told to stop */
export async function redactRange(chunk: Chunk, importId: string, signal: AbortSignal): Promise<boolean> {
  const [place, governance] = await Promise.all([placeOfImport(importId), governanceOf(importId)]);
  const { configFor, dictVersion } = await redactionConfigOf(place.projectId, place.projectSlug, place.sourceId);
  let at = chunk.from + chunk.progress;
  let atOnce = 100;
  while (at < chunk.to) {
    if (signal.aborted) return false;
    const startedMs = performance.now();
    const rows = await trajectoriesOfImport(importId, at, chunk.to, BATCH_TRAJECTORIES);
    const batch = upTo(rows, atOnce);
    const opened = new Map(
      (
        await openTrajectories(
          place.projectId,
          batch.map(({ id, contentSha }) => ({ id, contentSha })),
        )
      ).map((row) => [row.id, row.json]),
    );
    const outcomes: Outcome[] = [];
    for (const row of batch) outcomes.push(await curateOpened(row, opened.get(row.id), configFor));
    const next = batch.length > 0 ? batch.at(-1)!.ordinal + 1n : chunk.to;
    await withFence(chunk, async (client) => {
      const saved = await saveOutcomes(client, governance, outcomes, dictVersion);
      await countSaved(client, importId, saved);
      await saveProgress(client, chunk, next - chunk.from);
    });
    const events = batch.reduce((sum, row) => sum + row.eventCount, 0);
    const wanted = (events * BATCH_MS) / Math.max(1, performance.now() - startedMs);
    atOnce = Math.round(Math.min(BATCH_EVENTS, Math.max(10, wanted)));
    at = next;
  }
  return true;
}

/** Redacts these trajectories of one import again, with the dictionary and decisions as they are now. */
export async function redactTrajectories(
  chunk: Chunk,
  importId: string,
  ids: readonly string[],
  progress: bigint,
): Promise<void> {
  const [place, governance, rows] = await Promise.all([
    placeOfImport(importId),
    governanceOf(importId),
    trajectoriesById(chunk.projectId, ids),
  ]);
  const { configFor, dictVersion } = await redactionConfigOf(place.projectId, place.projectSlug, place.sourceId);
  const opened = new Map(
    (
      await openTrajectories(
        place.projectId,
        rows.map(({ id, contentSha }) => ({ id, contentSha })),
      )
    ).map((row) => [row.id, row.json]),
  );
  const outcomes: Outcome[] = [];
  for (const row of rows) outcomes.push(await curateOpened(row, opened.get(row.id), configFor));
  await withFence(chunk, async (client) => {
    await saveOutcomes(client, governance, outcomes, dictVersion);
    await client.query('UPDATE trajectory SET redact_due = NULL WHERE project_id = $1 AND id = ANY($2)', [
      chunk.projectId,
      ids,
    ]);
    await saveProgress(client, chunk, progress);
  });
}

function upTo(rows: readonly TrajectoryToRedact[], events: number): TrajectoryToRedact[] {
  const taken: TrajectoryToRedact[] = [];
  let sum = 0;
  for (const row of rows) {
    if (taken.length > 0 && sum + row.eventCount > events) break;
    taken.push(row);
    sum += row.eventCount;
  }
  return taken;
}

type Client = Parameters<Parameters<typeof withFence>[1]>[0];

type Curation = Extract<Outcome, { curated: Curated }>;

/** The whole batch at once: values sealed under one key, units written together. @returns those that were saved */
async function saveOutcomes(
  client: Client,
  governance: Governance,
  outcomes: readonly Outcome[],
  dictVersion: number,
): Promise<Curation[]> {
  const saved: Curation[] = [];
  for (const outcome of outcomes)
    if ('refusal' in outcome)
      await quarantineTrajectory(client, governance.importId, outcome.trajectory.id, outcome.refusal);
    else saved.push(outcome);
  if (saved.length === 0) return saved;
  await sealValues(
    client,
    governance.projectId,
    governance.sourceId,
    saved.flatMap(({ curated }) => curated.units.flatMap((unit) => unit.values)),
  );
  await saveUnits(
    client,
    governance,
    saved.map(({ trajectory, curated }) => ({
      trajectoryId: trajectory.id,
      personKey: trajectory.externalKey,
      units: curated.units.map(toSave),
    })),
    dictVersion,
  );
  await client.query('UPDATE trajectory SET redacted_at = now() WHERE project_id = $1 AND id = ANY($2)', [
    governance.projectId,
    saved.map(({ trajectory }) => trajectory.id),
  ]);
  return saved;
}

/** A curated unit as the store takes it. */
export const toSave = ({
  unit,
  tagged,
  hash,
  spans,
  entities,
  values,
  receipt,
}: Curated['units'][number]): UnitToSave => ({
  unit,
  hash,
  tags: tagged.tags,
  spans,
  entities,
  values,
  receipt: {
    bytesPresent: receipt.bytesPresent,
    bytesScanned: receipt.bytesScanned,
    bundle: Object.entries(receipt.detectors)
      .map(([id, version]) => `${id}@${version}`)
      .sort()
      .join(' '),
  },
});

/** Live figures of the import page; the last stage counts the rows themselves. */
async function countSaved(client: Client, importId: string, saved: readonly Curation[]): Promise<void> {
  const sum = (count: (curated: Curated) => number) => saved.reduce((total, { curated }) => total + count(curated), 0);
  await client.query(
    'UPDATE import SET units = units + $2, events = events + $3, leftovers = leftovers + $4 WHERE id = $1',
    [
      importId,
      sum(({ units }) => units.length),
      sum(({ units }) => units.reduce((events, { unit }) => events + unit.events.length, 0)),
      sum(({ leftover }) => leftover.length),
    ],
  );
}

/** Takes a trajectory's records out of the mapped ones: refused with a reason, raw bytes in the vault, nothing shown. */
async function quarantineTrajectory(
  client: Client,
  importId: string,
  trajectoryId: string,
  reason: string,
): Promise<void> {
  await client.query(
    `WITH t AS (SELECT project_id, member, record_from, record_to FROM trajectory WHERE import_id = $1 AND id = $2),
          r AS (UPDATE record SET fate = 'quarantined' FROM t WHERE record.import_id = $1 AND record.member = t.member AND record_no BETWEEN t.record_from AND t.record_to
                 AND fate IN ('read', 'mapped') RETURNING record.member, record_no, byte_start, byte_end, sha256)
     INSERT INTO quarantine (import_id, member, record_no, project_id, reason, byte_start, byte_end, sha256, excerpt)
     SELECT $1, r.member, r.record_no, t.project_id, $3, r.byte_start, r.byte_end, r.sha256, '' FROM r, t ON CONFLICT DO NOTHING`,
    [importId, trajectoryId, reason],
  );
}

/** The chunk of an import; the last one to finish lets the import close. */
export async function redactChunk(chunk: Chunk, signal: AbortSignal): Promise<void> {
  if (!(await redactRange(chunk, chunk.refId, signal))) return;
  await withFence(chunk, (client) => finishChunk(client, chunk, [{ stage: 'close' }]));
}
