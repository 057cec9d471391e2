/** The OpenAI Agents SDK: exported traces and spans, snapshots of a run (`RunState`), results of a run. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { pick, present, textField } from '../shared/fields.ts';
import { allBut, asId, asObject, dig } from '../shared/json-access.ts';
import { readParts } from '../shared/read-block.ts';
import { readError } from '../shared/read-error.ts';
import { msBetween, readTime } from '../shared/read-time.ts';
import { into, type Spot, spotOf } from '../shared/spot.ts';
import { unpackJson } from '../shared/unpack-json.ts';
import { readUsage } from '../shared/usage.ts';
import { readExchange } from '../traces/read-exchange.ts';
import type { Span, SpanKind, TraceInfo } from '../traces/span.ts';
import { tellTrace } from '../traces/tell-trace.ts';
import { isRunResult, isRunState, tellRunResult, tellRunState } from './openai-agents-run.ts';

export const openaiAgents: Adapter = {
  name: 'openai-agents',
  version: '1',
  specificity: 82,
  score: meanScore(({ value }) =>
    isSpan(value) || isTrace(value) || isBatch(value) || isRunState(value) || isRunResult(value) ? 1 : 0,
  ),
  start: (sink) => new AgentsRun(sink),
};

const isSpan = (value: Json | undefined): boolean =>
  isObject(value) && isObject(value.span_data) && typeof value.span_data.type === 'string';
const isTrace = (value: Json | undefined): boolean =>
  isObject(value) && (value.object === 'trace' || ('workflow_name' in value && !('span_data' in value)));
const isBatch = (value: Json | undefined): boolean =>
  isObject(value) &&
  Array.isArray(value.data) &&
  value.data.length > 0 &&
  value.data.every((item) => isSpan(item) || isTrace(item));

class AgentsRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly traces = new Map<string, { value: JsonObject; spot: Spot }>();
  private readonly spans: Span[] = [];

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  *take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    const spot = spotOf(record);
    if (isSpan(value) || isTrace(value)) this.takeOne(value as JsonObject, spot);
    else if (isBatch(value)) {
      for (const [index, item] of ((value as JsonObject).data as Json[]).entries())
        this.takeOne(item as JsonObject, into(spot, 'data', index));
    } else if (isRunState(value)) {
      const told = tellRunState(value as JsonObject, record);
      if (told) yield told;
      else this.sink.refuse(record, 'schema_mismatch', 'a run state of another version, or without its agent');
    } else if (isRunResult(value)) yield tellRunResult(value as JsonObject, record);
    else this.sink.refuse(record, 'schema_mismatch', 'neither a trace nor a span nor a run');
  }

  private takeOne(value: JsonObject, spot: Spot): void {
    if (isSpan(value)) this.spans.push(readSpan(value, spot));
    else this.traces.set(asId(value.id) ?? asId(value.trace_id) ?? '', { value, spot });
  }

  *end(): Iterable<DraftTrajectory> {
    const groups = new Map<string, { spans: Span[]; info: TraceInfo }>();
    const groupOf = (traceId: string) => {
      const key = asId(this.traces.get(traceId)?.value.group_id) ?? traceId;
      const group = groups.get(key) ?? { spans: [], info: { externalIds: {}, ...(key !== '' && { rootKey: key }) } };
      groups.set(key, group);
      return group;
    };
    for (const [id, { value, spot }] of this.traces) {
      const { info, spans } = groupOf(id);
      info.externalIds = {
        ...info.externalIds,
        ...present({ trace: id === '' ? undefined : id, conversation: asId(value.group_id) }),
      };
      info.meta ??= allBut(value, 'id', 'object', 'group_id') ?? {};
      spans.push({
        kind: 'other',
        spot,
        raw: value,
        ...present({ traceId: id, name: textField(value.workflow_name) }),
      });
    }
    for (const span of this.spans) groupOf(span.traceId ?? '').spans.push(span);
    for (const { spans, info } of groups.values()) yield* tellTrace(spans, info);
  }
}

const KINDS: { [type: string]: SpanKind } = { generation: 'model', function: 'tool', agent: 'agent' };

function readSpan(value: JsonObject, spot: Spot): Span {
  const data = asObject(value.span_data)!;
  const type = textField(data.type)!;
  const kind = KINDS[type] ?? 'other';
  const startedAt = readTime(value.started_at);
  const endedAt = readTime(value.ended_at);
  const at = into(spot, 'span_data');
  const failure = readError(value.error, kind === 'tool' ? 'tool' : kind === 'model' ? 'provider' : 'app');
  const stopped =
    type === 'guardrail' && data.triggered === true
      ? { where: 'guardrail' as const, message: textField(data.name) ?? 'guardrail' }
      : undefined;
  const span: Span = {
    kind,
    spot,
    raw: value,
    ...present({
      id: asId(value.id),
      parentId: asId(value.parent_id),
      traceId: asId(value.trace_id),
      name: textField(data.name),
      startedAt,
      endedAt,
      error: failure ?? stopped,
      agent: kind === 'agent' ? present({ name: textField(data.name) }) : undefined,
    }),
  };
  if (type === 'handoff') {
    const to = textField(data.to_agent);
    if (to !== undefined) span.handOff = { to, value: data };
  } else if (kind === 'model') {
    span.input = readExchange(data.input ?? undefined, into(at, 'input'), 'input').messages;
    span.output = readExchange(data.output ?? undefined, into(at, 'output'), 'output').messages;
    span.step = present({
      model: textField(data.model),
      params: asObject(data.model_config),
      startedAt,
      endedAt,
      latencyMs: msBetween(startedAt, endedAt),
      usage: readUsage(data.usage),
    });
  } else if (kind === 'tool') {
    const parts = readParts(pick(data, 'output'));
    span.tool = {
      name: span.name ?? 'unknown',
      arguments: unpackJson(data.input ?? undefined),
      parts: parts.length === 0 && span.error ? [{ type: 'text', text: span.error.message }] : parts,
      ...present({
        status: span.error ? ('error' as const) : undefined,
        callId: asId(dig(data, 'call_id')),
        latencyMs: msBetween(startedAt, endedAt),
      }),
    };
  }
  return span;
}
