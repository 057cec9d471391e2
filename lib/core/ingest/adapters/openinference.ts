/**
 * Flat OpenInference spans (Phoenix JSON, a data frame's rows): one a record, a list of them, or an object of lists.
 * Attributes are dotted or nested; they read as in OTLP.
 */
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
import { numberField, pick, present, textField } from '../shared/fields.ts';
import { asArray, asId, asObject } from '../shared/json-access.ts';
import { msBetween, readTime } from '../shared/read-time.ts';
import { into, type Spot, spotOf } from '../shared/spot.ts';
import { locateIn, readAttributes, readSessionId, spotsOf } from '../traces/read-attributes.ts';
import type { Span, SpanFeedback } from '../traces/span.ts';
import { SpanGroups } from '../traces/span-groups.ts';

const contextOf = (value: JsonObject): JsonObject =>
  asObject(value.context) ??
  present({
    span_id: value['context.span_id'] ?? value.span_id,
    trace_id: value['context.trace_id'] ?? value.trace_id,
  });

const kindName = (value: JsonObject): string | undefined =>
  textField(value.span_kind) ??
  textField(value['attributes.openinference.span.kind']) ??
  textField(attributesOf(value)['openinference.span.kind']) ??
  textField(asObject(asObject(asObject(attributesOf(value).openinference)?.span)?.kind as Json));

/** A data frame's rows have `attributes.llm.…` columns instead of an object. */
function attributesOf(value: JsonObject): JsonObject {
  const held = asObject(value.attributes);
  if (held) return held;
  const columns: JsonObject = Object.create(null);
  for (const key of Object.keys(value)) if (key.startsWith('attributes.')) columns[key.slice(11)] = value[key]!;
  return columns;
}

const isSpan = (value: Json | undefined): value is JsonObject => {
  if (!isObject(value) || value.resourceSpans !== undefined) return false;
  const { span_id: id } = contextOf(value);
  return (
    asId(id) !== undefined &&
    (kindName(value) !== undefined ||
      Object.keys(attributesOf(value)).some((key) => key.startsWith('llm') || key.startsWith('openinference')))
  );
};

/** The spans in a record: itself, its items, or the items of its lists. */
function* spansIn(value: Json | undefined, spot: Spot): Generator<{ value: JsonObject; spot: Spot }> {
  if (isSpan(value)) yield { value, spot };
  else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) if (isSpan(item)) yield { value: item, spot: into(spot, i) };
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      const list = asArray(value[key]);
      if (list) yield* spansIn(list, into(spot, key));
    }
  }
}

function scoreRecord(record: SourceRecord): number {
  const { value } = record;
  if (isSpan(value)) return 1;
  if (!isObject(value)) return 0;
  const lists = Object.values(value).filter(Array.isArray);
  return lists.length > 0 && lists.every((list) => list.length > 0 && list.every(isSpan)) ? 1 : 0;
}

class OpenInferenceRun implements AdapterRun {
  private readonly groups: SpanGroups;

  constructor(sink: AdapterSink) {
    this.groups = new SpanGroups(sink, readSpan);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const found = [...spansIn(record.value, spotOf(record))].map(({ value, spot }) => {
      const { span_id: id, trace_id: traceId } = contextOf(value);
      const sessionId = readSessionId(attributesOf(value));
      return { item: value, spot, ...present({ id: asId(id), traceId: asId(traceId), sessionId }) };
    });
    this.groups.take(record, found);
    return [];
  }

  end(): Iterable<DraftTrajectory> {
    return this.groups.tell();
  }
}

function readSpan(value: JsonObject, spot: Spot): Span {
  const context = contextOf(value);
  const attributes = attributesOf(value);
  const kind = kindName(value);
  const named: JsonObject = kind === undefined ? attributes : { ...attributes, 'openinference.span.kind': kind };
  const at = isObject(value.attributes) ? into(spot, 'attributes') : spot;
  const reading = readAttributes(named, locateIn(spotsOf(attributes, at), spot));
  const startedAt = readTime(value.start_time ?? undefined);
  const endedAt = readTime(value.end_time ?? undefined);
  const latencyMs = msBetween(startedAt, endedAt);
  const error = errorOf(value);
  const span: Span = {
    ...reading,
    kind: reading.kind ?? 'other',
    spot,
    raw: value,
    ...present({
      id: asId(context.span_id),
      parentId: asId(value.parent_id ?? undefined),
      traceId: asId(context.trace_id),
      name: textField(value.name),
      startedAt,
      endedAt,
      error,
    }),
  };
  if (span.kind === 'agent') span.agent ??= present({ name: span.name });
  if (span.kind === 'model') span.step = { ...span.step, ...present({ startedAt, endedAt, latencyMs }) };
  if (span.kind === 'tool') {
    const tool = span.tool ?? { name: span.name ?? 'unknown', arguments: undefined };
    span.tool = { ...tool, ...present({ latencyMs }) };
    if (error)
      span.tool = { ...span.tool, status: 'error', parts: tool.parts ?? [{ type: 'text', text: error.message }] };
  }
  const feedback = readAnnotations(value, spot);
  if (feedback.length > 0) span.feedback = feedback;
  return span;
}

function errorOf(value: JsonObject): ErrorInfo | undefined {
  if (textField(value.status_code)?.toUpperCase() !== 'ERROR') return undefined;
  const exception = (asArray(value.events) ?? [])
    .flatMap((event) => (isObject(event) && event.name === 'exception' ? [asObject(event.attributes) ?? {}] : []))
    .at(-1);
  const nested = asObject(exception?.exception);
  const said = textField(exception?.['exception.message']) ?? textField(nested?.message);
  const type = textField(exception?.['exception.type']) ?? textField(nested?.type);
  return { where: 'provider', message: textField(value.status_message) ?? said ?? 'failed', ...present({ type }) };
}

/** Phoenix's annotations: `{name, annotator_kind: HUMAN | LLM | CODE, result: {score, label, explanation}}`. */
function readAnnotations(value: JsonObject, spot: Spot): SpanFeedback[] {
  const key = ['annotations', 'span_annotations'].find((name) => Array.isArray(value[name]));
  return (asArray(key === undefined ? undefined : value[key]) ?? []).flatMap((item, i): SpanFeedback[] => {
    if (!isObject(item)) return [];
    const result = asObject(item.result) ?? item;
    const score = numberField(result.score);
    const label = textField(result.label);
    if (score === undefined && label === undefined) return [];
    const annotator = textField(pick(item, 'annotator_kind', 'source'))?.toUpperCase();
    return [
      {
        signal: score === undefined ? 'label' : 'score',
        value: score ?? label!,
        by: annotator === 'HUMAN' ? 'reviewer' : annotator === 'LLM' ? 'judge' : 'unknown',
        spot: into(spot, key!, i),
        ...present({
          name: textField(item.name),
          comment: textField(result.explanation),
          ts: readTime(item.created_at ?? undefined),
        }),
      },
    ];
  });
}

export const openinference: Adapter = {
  name: 'openinference',
  version: '1',
  specificity: 72,
  score: meanScore(scoreRecord),
  start: (sink) => new OpenInferenceRun(sink),
};
