/**
 * What an adapter is. A reader (`read-records`) cuts a source into records; `detect` picks the adapter by content; the
 * adapter turns records into drafts; `assemble` numbers, pairs and links them into trajectories and does the counting.
 * Adapters never count, hash, number or pair: they say what a record holds and where in the record it stands.
 */
import type { ErrorInfo, EventActor, EventFlag, EventKind, Feedback, Part } from '../trajectory/event.ts';
import type { Json, JsonObject } from '../trajectory/json.ts';
import type { ToolDef, TrajectoryFlag } from '../trajectory/trajectory.ts';

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

/** The smallest piece that can be read, refused or recognised as a copy by itself. */
export type SourceRecord = {
  /** From 1. */
  recordNo: number;
  /** Half open, in the unpacked bytes of the source. */
  byteStart: number;
  byteEnd: number;
  sha256: string;
  /** Parsed value; `undefined` for lines of text, whose text is in `text`. */
  value: Json | undefined;
  text?: string;
  flags: EventFlag[];
};

/** How sure an adapter is that it reads these (the first 20) records, 0 to 1. */
export type Score = (records: readonly SourceRecord[]) => number;

/** A place in a record: JSON pointer of the part that an event was made of; '' or undefined for all of it. */
export type Place = { record: SourceRecord; recordEnd?: SourceRecord; pointer?: string };

/** One event as the adapter read it. `assemble` gives it seq, id, stepId, pairing and flags that follow from order. */
export type DraftEvent = {
  kind: EventKind;
  actor: EventActor;
  role?: string;
  name?: string;
  ts?: string;
  latencyMs?: number;
  parts?: Part[];
  /** Raw arguments as logged: a string verbatim or a JSON value; `assemble` parses, repairs and checks them. */
  call?: { callId?: string; name: string; arguments: Json | undefined; origin?: 'native' | 'text' | 'server' };
  result?: { callId?: string; name?: string; status?: 'ok' | 'error'; errorType?: string; exitCode?: number };
  error?: ErrorInfo;
  /** `target`: 'trajectory', 'last_answer', or the draft that is judged. */
  feedback?: Omit<Feedback, 'target'> & { target: 'trajectory' | 'last_answer' | DraftEvent };
  injected?: true;
  copied?: true;
  confidence?: number;
  flags?: EventFlag[];
  place: Place;
  mirrors?: Place[];
  /** Drafts with the same object belong to one model answer. */
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
  branchPath?: string;
  externalIds?: { [kind: string]: string };
  /** Links are by root key and branch path of the other trajectory; `call` names the draft in the parent. */
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
export type AdapterSink = {
  refuse(record: SourceRecord, reason: QuarantineReason, message?: string): void;
  duplicate(record: SourceRecord, of: DraftEvent): void;
};

export type Adapter = {
  name: string;
  version: string;
  /** Higher wins a tie: specific products over wire formats. */
  specificity: number;
  score: Score;
  start(sink: AdapterSink): AdapterRun;
};
