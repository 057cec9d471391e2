/** Opik: traces and their spans, one a record. A thread of traces is one conversation. */
import type { ErrorInfo } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { present, textField } from '../shared/fields.ts';
import { allBut, asArray, asId, asNumber, asObject, dig } from '../shared/json-access.ts';
import { readParts } from '../shared/read-block.ts';
import { msBetween, readTime } from '../shared/read-time.ts';
import { into, type Spot, spotOf } from '../shared/spot.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { readFinish, readUsage } from '../shared/usage.ts';
import { isUsersScore, readThumb } from '../traces/judge-words.ts';
import { readExchange } from '../traces/read-exchange.ts';
import type { Span, SpanFeedback, SpanKind, TraceInfo } from '../traces/span.ts';
import { tellTrace } from '../traces/tell-trace.ts';

export const opik: Adapter = {
  name: 'opik',
  version: '1',
  specificity: 78,
  score: meanScore(({ value }) => (isSpan(value) || isTrace(value) ? 1 : 0)),
  start: (sink) => new OpikRun(sink),
};

const KINDS: { [type: string]: SpanKind } = { llm: 'model', tool: 'tool', general: 'other', guardrail: 'other' };
const isProjects = (value: JsonObject): boolean => 'project_id' in value || 'project_name' in value;

const isSpan = (value: Json | undefined): boolean =>
  isObject(value) &&
  typeof value.trace_id === 'string' &&
  KINDS[textField(value.type) ?? ''] !== undefined &&
  (isProjects(value) || 'parent_span_id' in value || 'feedback_scores' in value);
const isTrace = (value: Json | undefined): boolean =>
  isObject(value) &&
  typeof value.id === 'string' &&
  value.trace_id === undefined &&
  ('input' in value || 'output' in value) &&
  ((isProjects(value) && ('feedback_scores' in value || 'thread_id' in value || 'start_time' in value)) ||
    ('thread_id' in value && 'feedback_scores' in value));

class OpikRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly traces = new Map<string, { value: JsonObject; spot: Spot }>();
  private readonly spans: Span[] = [];

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    const spot = spotOf(record);
    if (isSpan(value)) this.spans.push(readSpan(value as JsonObject, spot));
    else if (isTrace(value)) {
      const trace = value as JsonObject;
      this.traces.set(trace.id as string, { value: trace, spot });
      for (const [index, span] of (asArray(trace.spans) ?? []).entries())
        if (isObject(span)) this.spans.push(readSpan({ trace_id: trace.id!, ...span }, into(spot, 'spans', index)));
    } else this.sink.refuse(record, 'schema_mismatch', 'neither a trace nor a span');
    return [];
  }

  *end(): Iterable<DraftTrajectory> {
    const groups = new Map<string, { spans: Span[]; info: TraceInfo }>();
    const groupOf = (traceId: string) => {
      const trace = this.traces.get(traceId);
      const key = asId(trace?.value.thread_id) ?? traceId;
      const group = groups.get(key) ?? { spans: [], info: { rootKey: key, externalIds: {} } };
      groups.set(key, group);
      return group;
    };
    for (const [id, { value, spot }] of this.traces) addTrace(groupOf(id).info, value, spot);
    for (const span of this.spans) groupOf(span.traceId ?? '').spans.push(span);
    for (const { spans, info } of groups.values()) yield* tellTrace(spans, info);
  }
}

function addTrace(info: TraceInfo, value: JsonObject, spot: Spot): void {
  const thread = asId(value.thread_id);
  info.externalIds = { ...info.externalIds, ...present({ trace: asId(value.id), conversation: thread }) };
  const meta = allBut(value, 'id', 'input', 'output', 'spans', 'thread_id', 'feedback_scores');
  if (meta) info.meta ??= meta;
  const messages = [
    ...readExchange(value.input ?? undefined, into(spot, 'input'), 'input').messages,
    ...readExchange(value.output ?? undefined, into(spot, 'output'), 'output').messages,
  ];
  info.wholes = [...(info.wholes ?? []), { messages, raw: allBut(value, 'spans', 'feedback_scores') ?? value, spot }];
  info.feedback = [...(info.feedback ?? []), ...readScores(value, spot)];
}

function readScores(value: JsonObject, spot: Spot): SpanFeedback[] {
  return (asArray(value.feedback_scores) ?? []).flatMap((item, index): SpanFeedback[] => {
    const score = asObject(item) ?? {};
    const given = asNumber(score.value);
    if (given === undefined) return [];
    const name = textField(score.name);
    const label = textField(score.category_name);
    const by = score.source === 'online_scoring' ? 'judge' : score.source === 'ui' ? 'reviewer' : 'unknown';
    const told =
      isUsersScore(name) && by === 'unknown'
        ? readThumb(name, given, label)
        : {
            signal: label ? ('label' as const) : ('score' as const),
            value: label ?? given,
            by: by as SpanFeedback['by'],
          };
    return [
      { ...told, ...present({ name, comment: textField(score.reason) }), spot: into(spot, 'feedback_scores', index) },
    ];
  });
}

function errorOf(value: JsonObject, where: ErrorInfo['where']): ErrorInfo | undefined {
  const info = asObject(value.error_info);
  if (!info) return undefined;
  const type = textField(info.exception_type);
  return {
    where,
    ...(type !== undefined && { type }),
    message: textField(info.message) ?? textField(info.traceback) ?? type ?? '',
  };
}

function readSpan(value: JsonObject, spot: Spot): Span {
  const kind = KINDS[textField(value.type) ?? ''] ?? 'other';
  const startedAt = readTime(value.start_time);
  const endedAt = readTime(value.end_time);
  const span: Span = {
    kind,
    spot,
    raw: value,
    ...present({
      id: asId(value.id),
      parentId: asId(value.parent_span_id),
      traceId: asId(value.trace_id),
      name: textField(value.name),
      startedAt,
      endedAt,
      error: errorOf(value, kind === 'tool' ? 'tool' : 'provider'),
    }),
  };
  const feedback = readScores(value, spot);
  if (feedback.length > 0) span.feedback = feedback;
  if (kind === 'model') {
    const input = readExchange(value.input ?? undefined, into(spot, 'input'), 'input');
    const output = readExchange(value.output ?? undefined, into(spot, 'output'), 'output');
    span.input = input.messages;
    span.output = output.messages;
    const offered = [input.tools, readToolDefs(dig(value, 'metadata', 'tools'))].find((tools) => tools.length > 0);
    if (offered) span.tools = offered;
    span.step = present({
      model: textField(value.model),
      provider: textField(value.provider),
      startedAt,
      endedAt,
      latencyMs: msBetween(startedAt, endedAt),
      usage: readUsage(value.usage),
      finish: readFinish(output.messages.findLast((message) => message.finish)?.finish),
    });
  } else if (kind === 'tool') {
    const brought = asObject(value.output);
    const parts = readParts(
      brought && Object.keys(brought).length === 1
        ? (brought.output ?? brought.result ?? brought)
        : (value.output ?? undefined),
    );
    span.tool = {
      name: span.name ?? 'unknown',
      arguments: value.input ?? undefined,
      parts: parts.length === 0 && span.error ? [{ type: 'text', text: span.error.message }] : parts,
      ...present({ status: span.error ? ('error' as const) : undefined, latencyMs: msBetween(startedAt, endedAt) }),
    };
  }
  return span;
}
