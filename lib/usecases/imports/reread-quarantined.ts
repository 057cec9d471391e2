/**
 * The work of a retry: sealed records are opened, put one after another as a log of their own, and read as any other.
 * What comes out is told by where it stands in the file it came from. Reading is deterministic and the records are fixed
 * when the retry starts, so a killed worker's successor passes over what was committed, as in an import.
 */

import { parseJson } from '#lib/core/ingest/parse-json.ts';
import { type ParseEvent, type ParseInput, parseSource } from '#lib/core/ingest/parse-source.ts';
import type { RawRef } from '#lib/core/trajectory/event.ts';
import type { Trajectory } from '#lib/core/trajectory/trajectory.ts';
import { placeOfImport, type QuarantinedRef, type RereadBatch, saveRereadBatch } from '#lib/store/imports.ts';
import { findRetry, recordsOfRetry, reopenRecords, settleRetry, trajectoriesOfRetry } from '#lib/store/retries.ts';
import { type Chunk, finishChunk, type NewChunk, saveProgress, withFence } from '#lib/store/runs.ts';
import { ScratchFile } from '#lib/store/scratch-file.ts';
import { openRecords, projectKeys } from '#lib/store/vault.ts';
import { adapterOfMapping } from './mappings.ts';
import { TRAJECTORIES_A_CHUNK, toReadTrajectory } from './read-import.ts';
import { redactRange, redactTrajectories } from './redact-chunk.ts';

const BATCH_ITEMS = 200;
const REDACT_AT_ONCE = 20;
const LINE_END = Buffer.from('\n');
/** One record more, so that a list alone is read as one record and not as its items. */
const SENTINEL = Buffer.from('{}\n');

/** What one reading made of some of the records, told by the records themselves. */
type Told =
  | { kind: 'read'; ref: QuarantinedRef }
  | { kind: 'refused'; ref: QuarantinedRef; reason: string; message: string | null }
  | { kind: 'trajectory'; trajectory: Trajectory };

export async function rereadQuarantined(chunk: Chunk, signal: AbortSignal): Promise<void> {
  const retry = await findRetry(chunk.refId);
  if (retry.isRedaction) return redactAgain(chunk, retry.importId, signal);
  const place = await placeOfImport(retry.importId);
  const { index } = await projectKeys(place.projectSlug);
  const refs = await recordsOfRetry(retry.id);
  const adapter = retry.mappingId === null ? undefined : await adapterOfMapping(retry.mappingId);
  const first = Number(chunk.from);
  let ordinal = first;
  let seen = 0n;
  let batch: RereadBatch = { read: [], refused: [], trajectories: [] };
  const flush = async (then?: () => NewChunk[]) => {
    const full = batch;
    batch = { read: [], refused: [], trajectories: [] };
    await withFence(chunk, async (client) => {
      await saveRereadBatch(client, place, full);
      await saveProgress(client, chunk, seen);
      if (then) await finishChunk(client, chunk, then());
    });
  };
  for (const [member, own] of Map.groupBy(refs, (ref) => ref.member))
    for await (const told of readAgain(retry.importId, own, adapter)) {
      if (told.kind === 'trajectory') ordinal++;
      if (++seen <= chunk.progress) continue;
      if (signal.aborted) return;
      if (told.kind === 'trajectory') {
        const source = { ...told.trajectory.source, ...(member !== '' && { member }) };
        batch.trajectories.push(toReadTrajectory({ ...told.trajectory, source }, ordinal - 1, index));
      } else if (told.kind === 'read') batch.read.push(told.ref);
      else batch.refused.push(told);
      if (batch.read.length + batch.trajectories.length >= BATCH_ITEMS) await flush();
    }
  await flush(() => {
    const chunks: NewChunk[] = [];
    for (let from = BigInt(first); from < BigInt(ordinal); from += TRAJECTORIES_A_CHUNK)
      chunks.push({
        stage: 'redact',
        from,
        to: from + TRAJECTORIES_A_CHUNK < BigInt(ordinal) ? from + TRAJECTORIES_A_CHUNK : BigInt(ordinal),
      });
    return chunks.length > 0 ? chunks : [{ stage: 'settle' }];
  });
}

/** Trajectories that were read but not redacted: nothing is read anew. */
async function redactAgain(chunk: Chunk, importId: string, signal: AbortSignal): Promise<void> {
  await withFence(chunk, (client) => reopenRecords(client, chunk.refId));
  const ids = await trajectoriesOfRetry(chunk.refId);
  for (let at = 0; at < ids.length; at += REDACT_AT_ONCE) {
    if (signal.aborted) return;
    await redactTrajectories(chunk, importId, ids.slice(at, at + REDACT_AT_ONCE), 0n);
  }
  await withFence(chunk, (client) => finishChunk(client, chunk, [{ stage: 'settle' }]));
}

export async function redactRetried(chunk: Chunk, signal: AbortSignal): Promise<void> {
  const { importId } = await findRetry(chunk.refId);
  if (!(await redactRange(chunk, importId, signal))) return;
  await withFence(chunk, (client) => finishChunk(client, chunk, [{ stage: 'settle' }]));
}

export async function settleQuarantineRetry(chunk: Chunk): Promise<void> {
  const { importId } = await findRetry(chunk.refId);
  await withFence(chunk, async (client) => {
    await settleRetry(client, chunk.refId, importId);
    await finishChunk(client, chunk, [{ stage: 'compare' }]);
  });
}

/** Records that are JSON are read together, as one log; each of the others is a source of its own. */
async function* readAgain(
  importId: string,
  refs: readonly QuarantinedRef[],
  adapter: ParseInput['adapter'],
): AsyncGenerator<Told> {
  const others: QuarantinedRef[] = [];
  const at = new Map<number, QuarantinedRef>();
  async function* asLog(): AsyncGenerator<Uint8Array> {
    let offset = 0;
    for await (const { ref, bytes } of opened(importId, refs)) {
      if (!parseJson(bytes.toString('utf8')).ok) {
        others.push(ref);
        continue;
      }
      at.set(offset, ref);
      // Line ends between the tokens of a pretty-printed value are blanks like any other.
      const line = bytes.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte));
      offset += line.length + 1;
      yield line;
      yield LINE_END;
    }
    if (offset > 0) yield SENTINEL;
  }
  const source = (bytes: ParseInput['bytes']): ParseInput => ({
    path: 'upload',
    bytes,
    scratch: new ScratchFile(),
    ...(adapter && { adapter }),
  });
  yield* toldOfLog(parseSource(source(asLog)), at);
  for await (const { ref, bytes } of opened(importId, others)) {
    yield* toldOfWhole(
      parseSource(
        source(async function* () {
          yield bytes;
        }),
      ),
      ref,
    );
  }
}

/** One at a time: a record may be as large as 64 MB. One that is shredded meanwhile is passed over. */
async function* opened(importId: string, refs: readonly QuarantinedRef[]) {
  for (const ref of refs) {
    const [bytes] = await openRecords(importId, [{ member: ref.member, recordNo: ref.recordNo }]);
    if (bytes) yield { ref, bytes };
  }
}

/** Each record of the log is one of ours, by where it begins. */
async function* toldOfLog(
  events: AsyncIterable<ParseEvent>,
  at: ReadonlyMap<number, QuarantinedRef>,
): AsyncGenerator<Told> {
  const byNo = new Map<number, QuarantinedRef>();
  const original = (raw: RawRef): RawRef => {
    const from = byNo.get(raw.recordNo)!;
    const to = raw.recordEnd === undefined ? from : byNo.get(raw.recordEnd)!;
    return {
      ...raw,
      recordNo: from.recordNo,
      ...(raw.recordEnd !== undefined && { recordEnd: to.recordNo }),
      byteStart: from.byteStart,
      byteEnd: to.byteEnd,
      sha256: raw.recordEnd === undefined ? from.sha256 : raw.sha256,
    };
  };
  for await (const event of events) {
    if (event.kind === 'trajectory') {
      yield { kind: 'trajectory', trajectory: replaced(event.trajectory, original) };
      continue;
    }
    const ref = event.kind === 'record' ? at.get(event.byteStart) : byNo.get(event.recordNo);
    if (!ref) continue;
    byNo.set(event.recordNo, ref);
    if (event.kind === 'record') yield { kind: 'read', ref };
    else yield { kind: 'refused', ref, reason: event.reason, message: event.message ?? null };
  }
}

/** However many records it is read as, it is one record of ours: mapped when anything came of it. */
async function* toldOfWhole(events: AsyncIterable<ParseEvent>, ref: QuarantinedRef): AsyncGenerator<Told> {
  const original = ({ recordEnd: _, ...raw }: RawRef): RawRef => ({
    ...raw,
    recordNo: ref.recordNo,
    byteStart: ref.byteStart + raw.byteStart,
    byteEnd: ref.byteStart + raw.byteEnd,
  });
  yield { kind: 'read', ref };
  let trajectories = 0;
  let refusal: Told | undefined;
  for await (const event of events) {
    if (event.kind === 'quarantined')
      refusal ??= { kind: 'refused', ref, reason: event.reason, message: event.message ?? null };
    if (event.kind !== 'trajectory') continue;
    trajectories++;
    yield { kind: 'trajectory', trajectory: replaced(event.trajectory, original) };
  }
  if (trajectories === 0 && refusal) yield refusal;
}

const replaced = (trajectory: Trajectory, original: (raw: RawRef) => RawRef): Trajectory => ({
  ...trajectory,
  events: trajectory.events.map((event) => ({
    ...event,
    raw: original(event.raw),
    ...(event.mirrors && { mirrors: event.mirrors.map(original) }),
  })),
});
