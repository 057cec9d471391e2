/**
 * One source in, its trajectories out, and the account of its records: mapped, duplicate or quarantined, each exactly one
 * of the three. The same bytes give the same events in the same order.
 */
import { type Json, stringify } from '../trajectory/json.ts';
import type { Trajectory } from '../trajectory/trajectory.ts';
import {
  type Adapter,
  type AdapterRun,
  type DraftEvent,
  type DraftTrajectory,
  type QuarantineReason,
  type RecordRef,
  refOf,
  type SourceRecord,
  type Stashed,
} from './adapter.ts';
import { ADAPTERS } from './adapters/table.ts';
import { type Assembly, assemble } from './assemble.ts';
import { ArgumentChecker } from './check-arguments.ts';
import { adapterByName, detect, detectOne, SAMPLE_RECORDS, sampleLines } from './detect.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './inflate.ts';
import { itemMemo } from './item-memo.ts';
import { parseJson } from './parse-json.ts';
import { MAX_RECORD_BYTES, type OpenSource, openRecords, type ReadRecord } from './read-records.ts';
import { Keeper, type Kept, type Scratch } from './scratch.ts';
import { splitForSize } from './split-for-size.ts';
import { type MemberSummary, type ParseSummary, Tally, totalOf } from './tally.ts';
import type { Tape } from './tape.ts';
import { type ByteSource, type Member, Packed, unpack } from './unpack.ts';
import { SAMPLED_BYTES, SAMPLED_RECORDS, unreadFields } from './unread-fields.ts';
import type { RandomAccess } from './zip.ts';

export type ParseInput = {
  /** As given, `-` for stdin; printed, never opened here. */
  path: string;
  bytes: ByteSource;
  /** Reads any place of a file; spares ZIPs from being held in memory. */
  random?: RandomAccess;
  /** Name of an adapter; by content when left out. */
  format?: string;
  /** An adapter of no table, such as a saved mapping; reads everything, as a named one does. */
  adapter?: Adapter;
  /** Where open trajectories wait when they hold more than `openBytes`; left out: in memory. */
  scratch?: Scratch;
  /** Also lists, in the summary, which fields of the first records the adapters let fall. */
  listUnread?: boolean;
  limits?: { recordBytes?: number; openBytes?: number; trajectoryBytes?: number; archive?: Partial<ArchiveLimits> };
};

type RecordPlace = { recordNo: number; byteStart: number; byteEnd: number; sha256: string; member?: string };

/**
 * Every record comes once as `record`, with its bytes for the vault (undefined over the record limit); one that is
 * refused then or later comes as `quarantined` too. A trajectory comes after all its records.
 */
export type ParseEvent =
  | { kind: 'trajectory'; trajectory: Trajectory }
  | ({ kind: 'record'; bytes: Uint8Array | undefined } & RecordPlace)
  | ({ kind: 'quarantined'; reason: QuarantineReason; message?: string } & RecordPlace);

/** @throws RangeError for a format that no adapter has; errors of the byte source pass through */
export async function* parseSource(input: ParseInput): AsyncGenerator<ParseEvent, ParseSummary> {
  const batches = parseBatches(input);
  for (;;) {
    const next = await batches.next();
    if (next.done) return next.value;
    yield* next.value;
  }
}

/** `parseSource` with as many events at a time as were read at once. */
export async function* parseBatches(input: ParseInput): AsyncGenerator<Iterable<ParseEvent>, ParseSummary> {
  const named = input.adapter ?? (input.format === undefined ? undefined : adapterByName(input.format, ADAPTERS));
  if (input.format !== undefined && !named) throw new RangeError(`no format has the name ${input.format}`);
  const packed = new Packed(input.bytes);
  const limits = { ...ARCHIVE_LIMITS, ...input.limits?.archive };
  const checker = new ArgumentChecker();
  const taken = new Map<string, number>();
  const members: MemberSummary[] = [];
  let isArchive = false;
  try {
    for await (const member of unpack(packed, limits, input.random)) {
      isArchive ||= member.name !== undefined;
      const run = new SourceRun(input, member, named, checker, taken);
      yield* run.parse();
      members.push(run.tally.summary());
    }
  } finally {
    itemMemo.clear();
  }
  return totalOf(input.path, members, isArchive, packed);
}

class SourceRun {
  readonly tally: Tally;
  private readonly input: ParseInput;
  private readonly member: Member;
  private readonly named: Adapter | undefined;
  private readonly checker: ArgumentChecker;
  private readonly taken: Map<string, number>;
  private readonly runs = new Map<Adapter, { run: AdapterRun; assembly: Assembly }>();
  private readonly seen = new Map<number, number>();
  private reading: ReadRecord | undefined;
  /** Whether a record's bytes are the JSON text of its value. */
  private isPlainJson = false;
  /** What adapters said while they were called; emitted right after. */
  private readonly refusals: { record: RecordRef; reason: QuarantineReason; message?: string }[] = [];
  private readonly keeper: Keeper;
  private tape: Tape | undefined;
  private part: string | undefined;
  private readonly samples = new Map<Adapter, { records: SourceRecord[]; bytes: number }>();
  private encoding: OpenSource['encoding'] = 'utf-8';

  constructor(
    input: ParseInput,
    member: Member,
    named: Adapter | undefined,
    checker: ArgumentChecker,
    taken: Map<string, number>,
  ) {
    this.input = input;
    this.member = member;
    this.named = named;
    this.checker = checker;
    this.taken = taken;
    this.keeper = new Keeper(input.scratch, input.limits?.openBytes);
    this.tally = new Tally(member.name);
  }

  /** Each batch is to be walked to its end before the next one is asked for. */
  async *parse(): AsyncGenerator<Iterable<ParseEvent>> {
    if (this.member.parts) {
      for await (const part of this.member.parts) {
        this.part = part.name;
        yield* this.read(part.bytes);
      }
    } else yield* this.read(this.member.bytes);
    yield this.end();
  }

  private async *read(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Iterable<ParseEvent>> {
    const counted = this.tally.counting(bytes);
    const recordBytes = this.input.limits?.recordBytes ?? MAX_RECORD_BYTES;
    const open = await openRecords(counted, { recordBytes, firstNo: this.tally.count + 1 });
    this.tape = open.tape;
    this.encoding = open.encoding;
    this.isPlainJson =
      !open.encoding.startsWith('utf-16') && ['json-lines', 'array', 'values'].includes(open.container);
    let chosen = this.named;
    if (open.container === 'lines') {
      const lines = sampleLines(open.headText);
      chosen ??= detect(lines, ADAPTERS);
      const records = chosen ? open.records() : open.whole('unknown_format');
      for await (const batch of records) yield this.steps(batch, chosen, true);
    } else {
      const sample: ReadRecord[] = [];
      let isSampled = this.named !== undefined;
      // The tape must still hold the bytes of the sample when the adapter takes it.
      for await (const batch of open.records()) {
        if (isSampled) {
          yield this.steps(batch, chosen);
          continue;
        }
        sample.push(...batch);
        if (sample.length < SAMPLE_RECORDS && heldBytes(sample) < 32 * 1024 * 1024) continue;
        isSampled = true;
        chosen = detect(readable(sample.slice(0, SAMPLE_RECORDS)), ADAPTERS);
        yield this.steps(sample.splice(0), chosen);
      }
      if (!isSampled) chosen = detect(readable(sample), ADAPTERS);
      yield this.steps(sample.splice(0), chosen);
    }
  }

  /** The first records of each format, as long as they are small. */
  private sample(adapter: Adapter, record: SourceRecord): void {
    const known = this.samples.get(adapter) ?? { records: [], bytes: 0 };
    this.samples.set(adapter, known);
    const bytes = record.byteEnd - record.byteStart;
    if (known.records.length === SAMPLED_RECORDS || known.bytes + bytes > SAMPLED_BYTES) return;
    known.records.push(record);
    known.bytes += bytes;
  }

  private *end(): Generator<ParseEvent> {
    for (const [adapter, { records }] of this.samples) this.tally.addUnread(unreadFields(adapter, records));
    for (const [adapter, { run }] of this.runs) yield* this.emit(adapter, run.end());
    yield* this.told();
    for (const record of this.tally.unaccounted()) {
      yield* this.quarantine(record, 'schema_mismatch', 'nothing in it could be mapped');
    }
  }

  private *steps(batch: readonly ReadRecord[], chosen: Adapter | undefined, isText = false): Generator<ParseEvent> {
    for (const read of batch) yield* this.step(read, chosen, isText);
  }

  /** @param isText lines belong together: they are not told apart one by one */
  private *step(read: ReadRecord, chosen: Adapter | undefined, isText = false): Generator<ParseEvent> {
    const { record, bytes, refused } = read;
    const sight = sightOf(record.sha256);
    const before = this.seen.get(sight) ?? 0;
    if (before > 0) record.ordinal = before;
    this.seen.set(sight, before + 1);
    this.reading = read;
    this.tape!.forget(record.byteStart);
    yield { kind: 'record', ...this.placeOf(record), bytes };
    this.tally.read(record);
    if (refused) {
      yield* this.quarantine(record, refused.reason, refused.message);
      return;
    }
    const adapter = this.named ?? (isText ? chosen : detectOne(record, chosen, ADAPTERS));
    if (!adapter) {
      yield* this.quarantine(record, 'unknown_format');
      return;
    }
    this.tally.route(record, adapter.name);
    if (this.input.listUnread) this.sample(adapter, record);
    yield* this.emit(adapter, this.runOf(adapter).run.take(record));
  }

  private *emit(adapter: Adapter, drafts: Iterable<DraftTrajectory>): Generator<ParseEvent> {
    for (const draft of drafts) {
      yield* this.told();
      for (const part of splitForSize(draft, this.input.limits?.trajectoryBytes)) {
        const trajectory = assemble(part, this.runOf(adapter).assembly);
        if (!trajectory) continue;
        this.tally.add(trajectory);
        yield { kind: 'trajectory', trajectory };
      }
    }
    yield* this.told();
  }

  private *told(): Generator<ParseEvent> {
    for (const { record, reason, message } of this.refusals.splice(0)) yield* this.quarantine(record, reason, message);
  }

  private *quarantine(record: RecordRef, reason: QuarantineReason, message?: string): Generator<ParseEvent> {
    if (!this.tally.quarantine(record, reason, message)) return;
    yield { kind: 'quarantined', reason, ...(message !== undefined && { message }), ...this.placeOf(record) };
  }

  private placeOf({ recordNo, byteStart, byteEnd, sha256 }: RecordRef): RecordPlace {
    const member = this.memberName();
    return { recordNo, byteStart, byteEnd, sha256, ...(member !== undefined && { member }) };
  }

  /** Of several members that make one source, the one at hand. */
  private memberName(): string | undefined {
    return this.part ?? this.member.name;
  }

  private runOf(adapter: Adapter): { run: AdapterRun; assembly: Assembly } {
    const known = this.runs.get(adapter);
    if (known) {
      if (this.part !== undefined) known.assembly.source = { ...known.assembly.source, member: this.part };
      return known;
    }
    const run = adapter.start({
      refuse: (record, reason, message) => {
        this.refusals.push({ record: refOf(record), reason, ...(message !== undefined && { message }) });
      },
      duplicate: (record: SourceRecord, of: DraftEvent) => {
        of.mirrors = [...(of.mirrors ?? []), { record: refOf(record) }];
      },
      span: (record) => this.tape!.open(record),
      keep: (bytes) => this.keeper.keep(bytes),
      keepRecord: (record) => {
        const bytes = this.isPlainJson && this.reading?.record === record ? this.reading.bytes : undefined;
        return stashed(this.keeper.keep(bytes ? asBuffer(bytes) : Buffer.from(stringify(record.value ?? null))));
      },
      stash: (value) => stashed(this.keeper.keep(Buffer.from(stringify(value)))),
    });
    const { path } = this.input;
    const assembly: Assembly = {
      source: {
        path,
        ...(this.memberName() !== undefined && { member: this.memberName()! }),
        adapter: adapter.name,
        adapterVersion: adapter.version,
        detectedBy: this.named ? 'named' : 'content',
        encoding: this.encoding,
        compression: this.member.compression,
      },
      checker: this.checker,
      placed: new WeakMap(),
      taken: this.taken,
    };
    const started = { run, assembly };
    this.runs.set(adapter, started);
    return started;
  }
}

/** 52 bits of the hash: enough to tell records apart, and a number takes a third of the room. */
const sightOf = (sha256: string): number => Number.parseInt(sha256.slice(0, 13), 16);

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const stashed = (kept: Kept): Stashed => ({
  read() {
    const reading = parseJson(kept.read().toString('utf8'), Number.POSITIVE_INFINITY);
    if (!reading.ok) throw new Error('a value that was put away is no JSON');
    return reading.value as Json;
  },
});

const readable = (sample: readonly ReadRecord[]): SourceRecord[] =>
  sample.filter(({ refused }) => !refused).map(({ record }) => record);

const heldBytes = (sample: readonly ReadRecord[]): number =>
  sample.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
