/**
 * One event of a trajectory: the shape that every adapter writes and everything else reads
 * (docs/formats.md). Optional fields are left out when unknown, never null.
 */
import type { Json } from './json.ts';

export const EVENT_KINDS = [
  'system',
  'user',
  'assistant',
  'tool_call',
  'tool_result',
  'error',
  'feedback',
  'retrieval',
  'compaction',
  'subagent',
  'meta',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
export type EventActor = 'human' | 'model' | 'tool' | 'app' | 'evaluator';

export type Part =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text?: string; opaque?: { sha256: string; bytes: number } }
  | {
      type: 'media';
      modality: 'image' | 'audio' | 'video' | 'file';
      mime?: string;
      sha256?: string;
      bytes?: number;
      uri?: string;
      name?: string;
    }
  | { type: 'document'; id?: string; title?: string; uri?: string; text?: string; score?: number }
  | { type: 'json'; value: Json }
  | { type: 'refusal'; text: string };

export type Repair = 'double_encoded' | 'trailing_comma' | 'single_quotes' | 'python_literal';

export type ToolCall = {
  callId?: string;
  name: string;
  /** The logged string, verbatim; compact JSON when the log holds a value. */
  argumentsRaw: string;
  arguments?: Json;
  parseError?: string;
  repaired?: Repair;
  toolSha?: string;
  schemaValid?: boolean;
  origin: 'native' | 'text' | 'server';
};
export type ToolResult = {
  callId?: string;
  forEventId?: string;
  name?: string;
  status: 'ok' | 'error' | 'unknown';
  errorType?: string;
  exitCode?: number;
};
export type ErrorInfo = {
  where: 'provider' | 'tool' | 'app' | 'guardrail' | 'transport';
  type?: string;
  code?: string;
  status?: number;
  message: string;
  retryable?: boolean;
  retryAfterMs?: number;
};
export type Feedback = {
  /** Event id, or the whole trajectory. */
  target: string;
  signal: 'thumb' | 'score' | 'rank' | 'label' | 'edit' | 'text' | 'accept' | 'reject';
  name?: string;
  value: number | string | boolean;
  scale?: [number, number];
  by: 'user' | 'reviewer' | 'judge' | 'verifier' | 'unknown';
  comment?: string;
};
/** Where it was logged: records count from 1, bytes are half open in the unpacked source, `sha256` is of those bytes. */
export type RawRef = {
  recordNo: number;
  recordEnd?: number;
  byteStart: number;
  byteEnd: number;
  pointer?: string;
  sha256: string;
};

type EventBase = {
  /** Trajectory id + ':' + seq. */
  id: string;
  seq: number;
  actor: EventActor;
  role?: string;
  name?: string;
  stepId?: string;
  ts?: string;
  tsSource: 'log' | 'inferred' | 'none';
  latencyMs?: number;
  parts: Part[];
  attempt?: number;
  retryOf?: string;
  copied?: true;
  injected?: true;
  repeats?: number;
  raw: RawRef;
  mirrors?: RawRef[];
  /** 1 when the log says it outright, below 1 when the mapping is a guess. */
  confidence: number;
  flags: EventFlag[];
};

export type LogEvent = EventBase &
  (
    | { kind: 'system' | 'user' | 'assistant' | 'retrieval' | 'compaction' | 'subagent' | 'meta' }
    | { kind: 'tool_call'; toolCall: ToolCall }
    | { kind: 'tool_result'; toolResult: ToolResult }
    | { kind: 'error'; error: ErrorInfo }
    | { kind: 'feedback'; feedback: Feedback }
  );

export const EVENT_FLAGS = [
  'ansi',
  'clock_skew',
  'duplicate_keys',
  'empty_assistant',
  'incomplete',
  'invalid_utf8',
  'missing_result',
  'opaque_reasoning',
  'orphan_result',
  'out_of_order',
  'redacted_by_source',
  'repaired_arguments',
  'repeated_result',
  'reused_call_id',
  'role_inferred',
  'sanitised',
  'schema_invalid',
  'status_inferred',
  'superseded',
  'text_tool_call',
  'truncated_by_source',
  'unknown_item',
  'unparsable_arguments',
] as const;
export type EventFlag = (typeof EVENT_FLAGS)[number];
