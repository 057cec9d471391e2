/**
 * What an adapter is. A reader (`read-records`) cuts a source into records; `detect` picks the adapter by content; the
 * adapter turns records into drafts; `assemble` numbers, pairs and links them into trajectories and does the counting.
 * Adapters never count, hash, number or pair: they say what a record holds and where in the record it stands.
 */
import type { ErrorInfo, EventActor, EventFlag, EventKind, Feedback, Part } from '../trajectory/event.ts';
import type { Json, JsonObject } from '../trajectory/json.ts';
import type { ToolDef, TrajectoryFlag } from '../trajectory/trajectory.ts';
import type { Kept } from './scratch.ts';

export const QUARANTINE_REASONS = [
  'archive_limit',
  'bad_csv',
  'bad_json',
  'bad_yaml',
  'binary',
  'corrupt_archive',
  'encrypted',
  'not_a_conversation',
  'schema_mismatch',
  'too_deep',
  'too_large',
  'truncated',
  'unknown_format',
  'unsupported_container',
] as const;
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

/** Where a record stands. An adapter that keeps drafts open keeps this (`refOf`), not the record with its value. */
export type RecordRef = {
  /** From 1. */
  recordNo: number;
  /** Half open, in the unpacked bytes of the source. */
  byteStart: number;
  byteEnd: number;
  sha256: string;
  /** How many records with the same bytes came before in this source; left out for 0. */
  ordinal?: number;
  flags: EventFlag[];
  /** Not JSON (YAML, a row of a table): nothing in it can be pointed at. */
  isPlain?: true;
};

/** The smallest piece that can be read, refused or recognised as a copy by itself. */
export type SourceRecord = RecordRef & {
  /** Parsed value; `undefined` for lines of text, whose text is in `text`. */
  value: Json | undefined;
  text?: string;
  /** Of a row of a table: the names in its header, in order. */
  columns?: readonly string[];
  /** Its place without its value (`refOf`). */
  ref?: RecordRef;
};

/** The same object for the same record: a long log holds one for each. */
export function refOf(record: RecordRef): RecordRef {
  if (!('value' in record)) return record;
  const source = record as SourceRecord;
  if (source.ref) return source.ref;
  const { recordNo, byteStart, byteEnd, sha256, ordinal, flags, isPlain } = source;
  const ref: RecordRef = { recordNo, byteStart, byteEnd, sha256, flags };
  if (ordinal !== undefined) ref.ordinal = ordinal;
  if (isPlain) ref.isPlain = true;
  source.ref = ref;
  return ref;
}

/**
 * How sure an adapter is that it reads these records, 0 to 1: the mean over them. Asked for the first 20, and for single
 * records that may belong to another format. At least 0.5 claims them.
 */
export type Score = (records: readonly SourceRecord[]) => number;

/** The mean of what `sureness` says of each record; 0 of none. */
export const meanScore =
  (sureness: (record: SourceRecord) => number): Score =>
  (records) =>
    records.length === 0 ? 0 : records.reduce((sum, record) => sum + sureness(record), 0) / records.length;

/**
 * A place in a record: JSON pointer of the part that an event was made of; '' or undefined for all of it.
 * Made of several records (a stream, lines of one turn): from `RecordSpan.place()`, with the hash over all their bytes.
 */
export type Place = { record: RecordRef; recordEnd?: RecordRef; sha256?: string; pointer?: string };

/** Records from one to a later one, with the bytes between them. */
export interface RecordSpan {
  /** Takes the record that is being taken into the span. */
  extend(record: SourceRecord): void;
  /** From the first to the latest record. */
  place(): Place;
}

/** One event as the adapter read it. `assemble` gives it seq, id, stepId, pairing and flags that follow from order. */
export type DraftEvent = {
  kind: EventKind;
  actor: EventActor;
  role?: string;
  name?: string;
  /** ISO 8601 in UTC with milliseconds (`readTime`). */
  ts?: string;
  /** The time was worked out, not logged. */
  tsInferred?: true;
  latencyMs?: number;
  parts?: Part[];
  /** Raw arguments as logged: a string verbatim or a JSON value; `assemble` parses, repairs and checks them. */
  call?: {
    callId?: string;
    name: string;
    arguments: Json | undefined;
    /** The call as written, when it was read out of text: `arguments` is what was read. */
    raw?: string;
    origin?: 'native' | 'text' | 'server';
  };
  result?: { callId?: string; name?: string; status?: 'ok' | 'error'; errorType?: string; exitCode?: number };
  error?: ErrorInfo;
  /** `target`: 'trajectory', 'last_answer', or the draft that is judged. */
  feedback?: Omit<Feedback, 'target'> & { target: 'trajectory' | 'last_answer' | DraftEvent };
  /** The failed try that this output repeats; the attempt is counted from it. */
  retryOf?: DraftEvent;
  /** How many later requests repeated this event as history. */
  repeats?: number;
  injected?: true;
  copied?: true;
  confidence?: number;
  flags?: EventFlag[];
  place: Place;
  mirrors?: Place[];
  /** Drafts with the same object belong to one model answer; of kinds assistant, tool_call and error only. */
  step?: DraftStep;
};

/** One model answer as the adapter read it. */
export type DraftStep = {
  externalId?: string;
  aliases?: string[];
  parentExternalId?: string;
  model?: string;
  provider?: string;
  /** What the model was given, when the log says so: drafts in order. */
  inputs?: DraftEvent[];
  tools?: ToolDef[];
  params?: JsonObject;
  startedAt?: string;
  endedAt?: string;
  latencyMs?: number;
  ttftMs?: number;
  usage?: { in?: number; out?: number; cached?: number; reasoning?: number };
  finish?: 'stop' | 'tool' | 'length' | 'filter' | 'error' | 'incomplete';
};

/** A trajectory as the adapter read it: events in causal order. */
export type DraftTrajectory = {
  /** Logged session, conversation, trace or run id; undefined: the first record's hash and ordinal are the root. */
  rootKey?: string;
  /** Which path of a tree of answers; left out for the selected one. */
  branchPath?: string;
  externalIds?: { [kind: string]: string };
  /**
   * Links are by root key and branch path of the other trajectory; `call` and `at` are drafts of that other trajectory,
   * which must have been yielded before this one (the selected path first, parents before children).
   */
  parent?: { rootKey: string; call?: DraftEvent };
  continues?: { rootKey: string };
  branch?: { of: { rootKey: string; branchPath?: string }; at?: DraftEvent; selected: boolean; rank?: number };
  agent?: { name?: string; version?: string };
  events: DraftEvent[];
  /** Tool schemas offered to the run as a whole (those offered to one answer stand in its step). */
  tools?: ToolDef[];
  flags?: TrajectoryFlag[];
  meta?: JsonObject;
};

/** What became of a record that gave no event of its own. */
export type RecordFate =
  | { kind: 'duplicate'; of: DraftEvent }
  | { kind: 'quarantined'; reason: QuarantineReason; message?: string };

/**
 * Takes records in file order and yields trajectories when they are complete (at the latest in `end`). A record that
 * it can't read is passed to `refuse`; one whose content was already there to `duplicate`. Never throws on content.
 */
export interface AdapterRun {
  take(record: SourceRecord): Iterable<DraftTrajectory>;
  end(): Iterable<DraftTrajectory>;
}
/** A value that was put away. */
export type Stashed = { read(): Json };

export type AdapterSink = {
  refuse(record: SourceRecord, reason: QuarantineReason, message?: string): void;
  duplicate(record: SourceRecord, of: DraftEvent): void;
  /** Begins a span with the record that is being taken. */
  span(record: SourceRecord): RecordSpan;
  /** Puts bytes away until the trajectory is complete: in memory, or on disk when much is open. */
  keep(bytes: Buffer): Kept;
  /** Puts the record that is being taken away, to be read again when its session is told. */
  keepRecord(record: SourceRecord): Stashed;
  /** The same for any other value. */
  stash(value: Json): Stashed;
};

export type Adapter = {
  name: string;
  version: string;
  /** Higher wins a tie: specific products over wire formats. */
  specificity: number;
  score: Score;
  start(sink: AdapterSink): AdapterRun;
};
