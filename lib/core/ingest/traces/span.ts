/** One entry of a trace, whatever tool wrote it: what the adapters of traces read and `tell-trace` makes a story of. */
import type { ErrorInfo, Feedback, Part } from '../../trajectory/event.ts';
import type { Json, JsonObject } from '../../trajectory/json.ts';
import type { ToolDef } from '../../trajectory/trajectory.ts';
import type { DraftStep } from '../adapter.ts';
import type { Spot } from '../shared/spot.ts';
import type { Told } from '../shared/told.ts';

export type SpanKind = 'model' | 'tool' | 'agent' | 'retrieval' | 'other';

export type Span = {
  kind: SpanKind;
  id?: string;
  parentId?: string;
  traceId?: string;
  /** Session or conversation; the trace when there is none. */
  sessionId?: string;
  userId?: string;
  name?: string;
  startedAt?: string;
  endedAt?: string;
  /** Finer than the millisecond, for the order of spans: any unit, the same in one trace. */
  order?: number;
  spot: Spot;
  /** Further records that hold the same call (a log event beside its span, an export sent twice). */
  mirrors?: Spot[];
  /** What the log holds, for spans that are no part of the conversation. */
  raw: Json;

  /** Model calls: messages in order, without the answer. */
  input?: Told[];
  output?: Told[];
  /** Further choices of the same request. */
  alternatives?: Told[][];
  tools?: ToolDef[];
  step?: Omit<DraftStep, 'inputs' | 'tools'>;

  /** Tool runs. */
  tool?: {
    callId?: string;
    name: string;
    arguments: Json | undefined;
    parts?: Part[];
    status?: 'ok' | 'error';
    errorType?: string;
    latencyMs?: number;
  };
  /** Retrievals. */
  documents?: Part[];
  query?: string;
  /** Agents: who. A hand-off names the one that takes over. */
  agent?: { name?: string; version?: string };
  handOff?: { to: string; value: Json };
  error?: ErrorInfo;
  feedback?: SpanFeedback[];
};

export type SpanFeedback = Omit<Feedback, 'target'> & { spot: Spot; ts?: string };

/** What a trace says of the whole run. */
export type TraceInfo = {
  rootKey?: string;
  externalIds?: { [kind: string]: string };
  meta?: JsonObject;
  feedback?: SpanFeedback[];
  /** Input and output of whole runs: kept only where no span tells them. */
  wholes?: { messages: Told[]; raw: Json; spot: Spot }[];
};
