/**
 * First stage of an import: the upload is read once, front to back; raw records and trajectories go sealed into the
 * vault. Reading is deterministic, so progress is the number of things read: after a crash the file is read again and
 * what was committed is passed over.
 */
import { type ParseEvent, parseSource } from '#lib/core/ingest/parse-source.ts';
import { sha256 } from '#lib/core/trajectory/hash.ts';
import { canonicalJson, stringify } from '#lib/core/trajectory/json.ts';
import type { Trajectory } from '#lib/core/trajectory/trajectory.ts';
import { keyedIndex } from '#lib/store/envelope.ts';
import { readUpload } from '#lib/store/files.ts';
import {
  findImport,
  type ImportPlace,
  placeOfImport,
  type ReadBatch,
  type ReadTrajectory,
  saveReadBatch,
} from '#lib/store/imports.ts';
import { type Chunk, finishChunk, type NewChunk, saveProgress, withFence } from '#lib/store/runs.ts';
import { ScratchFile } from '#lib/store/scratch-file.ts';
import { readParts } from '#lib/store/span-groups.ts';
import { openRecords, projectKeys } from '#lib/store/vault.ts';
import { excerptOf, sampleOf } from './excerpt.ts';
import { adapterOfMapping } from './mappings.ts';

const BATCH_BYTES = 4_000_000;
const BATCH_ITEMS = 500;
/** What was read is written at least so often: progress is seen within a second. */
const BATCH_MS = 700;
export const TRAJECTORIES_A_CHUNK = 200n;

const maxExpandedBytes = (): number => Number(process.env.ASSAY_MAX_EXPANDED ?? 8 * 1024 ** 3);

/** Reasons that a mapping can mend, and of how many records of an import a sample is kept to draw one up. */
const MAPPABLE: ReadonlySet<string> = new Set(['unknown_format', 'schema_mismatch', 'not_a_conversation']);
const SAMPLES = 100;

const emptyBatch = (): ReadBatch => ({ records: [], refused: [], trajectories: [] });

/** A log's own name of the task, so that runs of one task can be compared. */
const TASK_FIELDS = ['task_id', 'taskId', 'instance_id', 'intent_id', 'prompt_id', 'message_tree_id'] as const;

export function taskOf(trajectory: Trajectory): string | null {
  const meta = trajectory.meta ?? {};
  for (const field of TASK_FIELDS) {
    const value = meta[field];
    if (typeof value === 'string' || typeof value === 'number')
      return `${trajectory.source.adapter}\n${field}\n${value}`;
  }
  return null;
}

/** Several runs of one session or thread: what was said in one is known in the next. */
function sessionOf({ source, externalIds = {} }: Trajectory): string | null {
  const id = externalIds.session ?? externalIds.conversation ?? externalIds.trace;
  return id === undefined ? null : `${source.adapter}\n${id}`;
}

function rewardOf(trajectory: Trajectory): number | null {
  for (const event of trajectory.events)
    if (
      event.kind === 'feedback' &&
      event.feedback.by === 'verifier' &&
      event.feedback.target === 'trajectory' &&
      typeof event.feedback.value === 'number'
    )
      return event.feedback.value;
  return null;
}

/** Every record that an event of the trajectory was made of or mirrors first of all. */
function recordsOf(trajectory: Trajectory): number[] {
  const numbers = new Set<number>();
  for (const event of trajectory.events)
    for (let no = event.raw.recordNo; no <= (event.raw.recordEnd ?? event.raw.recordNo); no++) numbers.add(no);
  return [...numbers].sort((a, b) => a - b);
}

/** Of what was said and done, wherever it stood: two files that overlap hold the same. */
const contentShaOf = ({ source: _, events, ...rest }: Trajectory): string =>
  sha256(canonicalJson({ ...rest, events: events.map(({ raw: _raw, mirrors: _mirrors, ...event }) => event) }));

export function toReadTrajectory(trajectory: Trajectory, ordinal: number, indexKey: Buffer): ReadTrajectory {
  const json = stringify(trajectory);
  const recordNos = recordsOf(trajectory);
  const user = trajectory.externalIds?.user;
  const task = taskOf(trajectory);
  const session = sessionOf(trajectory);
  return {
    id: trajectory.id,
    ordinal,
    contentSha: contentShaOf(trajectory),
    json,
    adapter: trajectory.source.adapter,
    rootId: trajectory.parentTrajectoryId ?? trajectory.branch?.of ?? trajectory.continues ?? trajectory.id,
    parentId: trajectory.parentTrajectoryId ?? null,
    eventCount: trajectory.events.length,
    models: trajectory.models,
    flags: trajectory.flags,
    startedAt: trajectory.startedAt ? new Date(trajectory.startedAt) : null,
    endedAt: trajectory.endedAt ? new Date(trajectory.endedAt) : null,
    externalKey: user ? keyedIndex(indexKey, 'user', user) : null,
    taskKey: task ? keyedIndex(indexKey, 'task', task) : null,
    sessionKey: session ? keyedIndex(indexKey, 'session', session) : null,
    branchOf: trajectory.branch?.of ?? null,
    branchSelected: trajectory.branch?.selected ?? true,
    branchRank: trajectory.branch?.rank ?? null,
    reward: rewardOf(trajectory),
    member: trajectory.source.member ?? '',
    recordNos,
    recordFrom: recordNos[0] ?? 0,
    recordTo: recordNos.at(-1) ?? 0,
  };
}

export async function readImport(chunk: Chunk, signal: AbortSignal): Promise<void> {
  const [row, place] = await Promise.all([findImport(chunk.refId), placeOfImport(chunk.refId)]);
  if (!row) throw Object.assign(new Error('no import'), { code: 'import_gone' });
  const { index } = await projectKeys(place.projectSlug);
  const events = parseSource({
    path: 'upload',
    bytes: () => (row.origin === 'telemetry' ? readParts(row.id) : readUpload(row.id)),
    ...(row.mappingId === null
      ? { format: row.format ?? undefined }
      : { adapter: await adapterOfMapping(row.mappingId) }),
    limits: { archive: { expandedBytes: maxExpandedBytes() } },
    scratch: new ScratchFile(),
  });

  let batch = emptyBatch();
  let batchBytes = 0;
  let seen = 0n;
  let ordinal = 0;
  let mappable = 0;
  let readTo = 0;
  let flushedMs = performance.now();
  /** How many items there will be, by how far into the file the ones so far reach; unknown for packed files. */
  const expected = (): bigint | undefined =>
    readTo > 0 && readTo <= Number(row.size) ? (seen * row.size) / BigInt(readTo) : undefined;
  const flush = async (then?: () => NewChunk[]) => {
    const full = batch;
    batch = emptyBatch();
    batchBytes = 0;
    await withFence(chunk, async (client) => {
      await saveReadBatch(client, place as ImportPlace, full);
      await saveProgress(client, chunk, seen, then ? seen : expected());
      if (then) await finishChunk(client, chunk, then());
    });
    flushedMs = performance.now();
  };

  for await (const event of events as AsyncIterable<ParseEvent>) {
    seen++;
    if (event.kind === 'trajectory') ordinal++;
    else if (event.kind === 'record' && event.member === undefined) readTo = event.byteEnd;
    if (event.kind === 'quarantined' && MAPPABLE.has(event.reason)) mappable++;
    if (seen <= chunk.progress) continue;
    if (signal.aborted) return;
    if (event.kind === 'trajectory') {
      const read = toReadTrajectory(event.trajectory, ordinal - 1, index);
      batch.trajectories.push(read);
      batchBytes += read.json.length;
    } else if (event.kind === 'record') {
      const { recordNo, byteStart, byteEnd, sha256: hash } = event;
      // A record over the limit has no bytes to keep; its place and reason are kept.
      const bytes = event.bytes ?? new Uint8Array();
      batch.records.push({ member: event.member ?? '', recordNo, byteStart, byteEnd, sha256: hash, bytes });
      batchBytes += bytes.byteLength;
    } else {
      const { recordNo, byteStart, byteEnd, sha256: hash, reason } = event;
      const member = event.member ?? '';
      const held = batch.records.find((record) => record.recordNo === recordNo && record.member === member)?.bytes;
      const bytes = held ?? (await openRecords(row.id, [{ member, recordNo }]))[0] ?? new Uint8Array();
      batch.refused.push({
        member,
        recordNo,
        byteStart,
        byteEnd,
        sha256: hash,
        reason,
        excerpt: excerptOf(bytes),
        message: event.message ?? null,
        sample: MAPPABLE.has(reason) && mappable <= SAMPLES ? sampleOf(bytes) : null,
      });
    }
    const items = batch.records.length + batch.trajectories.length;
    if (batchBytes >= BATCH_BYTES || items >= BATCH_ITEMS || performance.now() - flushedMs > BATCH_MS) await flush();
  }
  await flush(() => {
    const chunks: NewChunk[] = [];
    for (let from = 0n; from < BigInt(ordinal); from += TRAJECTORIES_A_CHUNK)
      chunks.push({
        stage: 'redact',
        from,
        to: from + TRAJECTORIES_A_CHUNK < BigInt(ordinal) ? from + TRAJECTORIES_A_CHUNK : BigInt(ordinal),
      });
    return chunks.length > 0 ? chunks : [{ stage: 'close' }];
  });
}
