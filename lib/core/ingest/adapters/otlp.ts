/**
 * OTLP/JSON: traces and logs, one document or one a line, with GenAI attributes in any dialect (docs/formats.md) or none.
 * Spans of one conversation or trace are told together, in whatever order and over however many records they come; what
 * holds no conversation is kept as meta.
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
import { numberField, present, textField } from '../shared/fields.ts';
import { asArray, asId, asObject } from '../shared/json-access.ts';
import { msBetween, readTime } from '../shared/read-time.ts';
import { into, intoText, type Spot, spotOf } from '../shared/spot.ts';
import { readTold, type Told } from '../shared/told.ts';
import { unpackJson } from '../shared/unpack-json.ts';
import {
  type AttributeReading,
  locateIn,
  NAMES_SESSION,
  readAttributes,
  readSessionId,
} from '../traces/read-attributes.ts';
import type { Span } from '../traces/span.ts';
import { type FoundSpan, SpanGroups } from '../traces/span-groups.ts';

const scoreRecord = ({ value }: SourceRecord): number =>
  isObject(value) && [value.resourceSpans, value.resourceLogs, value.scopeSpans, value.scopeLogs].some(Array.isArray)
    ? 1
    : 0;

/** `{stringValue}`, `{intValue: "7"}`, `{kvlistValue}` … as plain JSON. Integers stay numbers where a double holds them. */
export function readAnyValue(value: Json | undefined): Json {
  if (!isObject(value)) return value ?? null;
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.doubleValue !== undefined) return value.doubleValue;
  if (value.bytesValue !== undefined) return value.bytesValue;
  if (value.intValue !== undefined) {
    const number = numberField(value.intValue);
    return number !== undefined && Number.isSafeInteger(number) ? number : value.intValue;
  }
  if (isObject(value.arrayValue)) return (asArray(value.arrayValue.values) ?? []).map(readAnyValue);
  if (isObject(value.kvlistValue)) return readKeyValues(value.kvlistValue.values);
  return null;
}

export function readKeyValues(values: Json | undefined): JsonObject {
  const object: JsonObject = Object.create(null);
  for (const pair of asArray(values) ?? []) {
    if (isObject(pair) && typeof pair.key === 'string') object[pair.key] = readAnyValue(pair.value);
  }
  return object;
}

/** Attributes with the place of each; what is inside an AnyValue is pointed at by its attribute. */
function readSpots(values: Json | undefined, spot: Spot): Map<string, Spot> {
  const spots = new Map<string, Spot>();
  for (const [i, pair] of (asArray(values) ?? []).entries()) {
    if (isObject(pair) && typeof pair.key === 'string') spots.set(pair.key, intoText(into(spot, i)));
  }
  return spots;
}

type Scoped = { item: JsonObject; spot: Spot };

/** Items of `resource*[].scope*[].items[]`, with or without the resource around them. */
function* itemsOf(value: JsonObject, spot: Spot, resource: string, scope: string, item: string): Generator<Scoped> {
  const resources = asArray(value[resource]) ?? (Array.isArray(value[scope]) ? [value] : []);
  for (const [i, one] of resources.entries()) {
    if (!isObject(one)) continue;
    const at = one === value ? spot : into(spot, resource, i);
    for (const [j, inner] of (asArray(one[scope]) ?? []).entries()) {
      if (!isObject(inner)) continue;
      for (const [k, found] of (asArray(inner[item]) ?? []).entries()) {
        if (isObject(found)) yield { item: found, spot: into(at, scope, j, item, k) };
      }
    }
  }
}

class OtlpRun implements AdapterRun {
  private readonly groups: SpanGroups;

  constructor(sink: AdapterSink) {
    this.groups = new SpanGroups(sink, readFound);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    if (!isObject(value)) return [];
    const spot = spotOf(record);
    const found: FoundSpan[] = [];
    for (const { item, spot: at } of itemsOf(value, spot, 'resourceSpans', 'scopeSpans', 'spans'))
      found.push({ item, spot: at, ...idsOf(item) });
    for (const { item, spot: at } of itemsOf(value, spot, 'resourceLogs', 'scopeLogs', 'logRecords'))
      found.push({ item, spot: at, isLog: true, ...idsOf(item) });
    // A batch without an item is a record all the same.
    if (found.length === 0) found.push({ item: value, spot });
    this.groups.take(record, found);
    return [];
  }

  end(): Iterable<DraftTrajectory> {
    return this.groups.tell();
  }
}

const isBatch = (item: JsonObject): boolean => scoreRecord({ value: item } as SourceRecord) > 0;

function readFound(item: JsonObject, spot: Spot, isLog: boolean): Span {
  if (isLog) return readLog(item, spot);
  return isBatch(item) ? { kind: 'other', spot, raw: item } : readSpan(item, spot);
}

/** Where a span or log record belongs, without reading what it says. */
function idsOf(item: JsonObject): Pick<FoundSpan, 'id' | 'traceId' | 'sessionId'> {
  const named = (asArray(item.attributes) ?? []).filter(
    (pair) => isObject(pair) && typeof pair.key === 'string' && NAMES_SESSION.test(pair.key),
  );
  const body = asObject(item.body === undefined ? undefined : readAnyValue(item.body)) ?? {};
  const inBody = Object.keys(body).some((key) => key.startsWith('gen_ai.')) ? body : {};
  return present({
    id: spanId(item.spanId),
    traceId: spanId(item.traceId),
    sessionId: readSessionId({ ...inBody, ...readKeyValues(named) }),
  });
}

const ZERO_ID = /^0*$/;
const spanId = (value: Json | undefined): string | undefined => {
  const id = asId(value);
  return id === undefined || ZERO_ID.test(id) ? undefined : id;
};

function readSpan(item: JsonObject, spot: Spot): Span {
  const attributes = readKeyValues(item.attributes);
  const startedAt = readTime(item.startTimeUnixNano);
  const endedAt = readTime(item.endTimeUnixNano);
  const error = errorOf(item, attributes);
  return toSpan(readAttributes(attributes, locateIn(readSpots(item.attributes, into(spot, 'attributes')), spot)), {
    spot,
    raw: item,
    ...present({
      id: spanId(item.spanId),
      parentId: spanId(item.parentSpanId),
      traceId: spanId(item.traceId),
      name: textField(item.name),
      startedAt,
      endedAt,
      order: orderOf(item.startTimeUnixNano),
      error,
    }),
    messages: readSpanEvents(item, spot),
  });
}

/** Nanoseconds lose their last digits in a double; microseconds of this century do not. */
function orderOf(nanos: Json | undefined): number | undefined {
  const digits = asId(nanos);
  return digits !== undefined && /^\d{4,25}$/.test(digits) ? Number(digits.slice(0, -3)) : undefined;
}

type Loose = Omit<Span, 'kind'> & { messages?: EventMessages };

/** A span from what its attributes say and what its events add. */
function toSpan(reading: AttributeReading, { messages, ...base }: Loose): Span {
  const kind =
    reading.kind ?? (messages && (messages.input.length > 0 || messages.output.length > 0) ? 'model' : 'other');
  const span: Span = { ...reading, ...base, kind };
  if (kind === 'model') {
    const input = reading.input ?? messages?.input;
    const output = reading.output ?? messages?.output;
    Object.assign(span, present({ input, output }));
    const [, ...others] = messages && !reading.output ? messages.choices : [];
    if (others.length > 0) {
      span.output = messages!.choices.slice(0, 1);
      span.alternatives = others.map((choice) => [choice]);
    }
    span.step = {
      ...reading.step,
      ...present({
        startedAt: span.startedAt,
        endedAt: span.endedAt,
        latencyMs: msBetween(span.startedAt, span.endedAt),
      }),
    };
  } else if (kind === 'tool') {
    const latencyMs = msBetween(span.startedAt, span.endedAt);
    const tool = reading.tool ?? {
      name: span.name?.replace(/^execute_tool\s+/, '') ?? 'unknown',
      arguments: undefined,
    };
    span.tool = { ...tool, ...present({ latencyMs }) };
    if (span.error) {
      span.tool = {
        ...span.tool,
        status: 'error',
        parts: span.tool.parts ?? [{ type: 'text', text: span.error.message }],
      };
      if (span.error.type) span.tool.errorType = span.error.type;
    }
  }
  return span;
}

/** Status ERROR (2), `error.type`, or an exception event. */
function errorOf(item: JsonObject, attributes: JsonObject): ErrorInfo | undefined {
  const status = asObject(item.status) ?? {};
  const hasFailed = status.code === 2 || status.code === 'STATUS_CODE_ERROR' || status.code === 'ERROR';
  const type = textField(attributes['error.type']);
  const exception = (asArray(item.events) ?? [])
    .flatMap((event) => (isObject(event) && event.name === 'exception' ? [readKeyValues(event.attributes)] : []))
    .at(-1);
  if (!hasFailed && type === undefined) return undefined;
  const message =
    textField(status.message) ??
    textField(exception?.['exception.message']) ??
    textField(attributes['error.message']) ??
    type ??
    'failed';
  const named = type ?? textField(exception?.['exception.type']);
  const logged = attributes['http.response.status_code'];
  const code = numberField(logged ?? (type !== undefined && /^[45]\d\d$/.test(type) ? type : undefined));
  return {
    where: 'provider',
    message,
    ...present({ type: named, status: code !== undefined && Number.isInteger(code) ? code : undefined }),
  };
}

// --- messages logged as events -------------------------------------------------------------------------------------

type EventMessages = { input: Told[]; output: Told[]; choices: Told[] };
const EVENT_ROLES: Record<string, string> = {
  'gen_ai.system.message': 'system',
  'gen_ai.user.message': 'user',
  'gen_ai.assistant.message': 'assistant',
  'gen_ai.tool.message': 'tool',
};

/** Conventions up to v1.36: each message is an event, of the span or in the log. */
function readEventMessage(
  name: string,
  body: JsonObject,
  spot: Spot,
): { message: Told; isChoice: boolean } | undefined {
  const inText = intoText(spot);
  if (name === 'gen_ai.choice') {
    const held = unpackJson(body.message);
    const inner = isObject(held) ? held : body;
    const content = isObject(held) ? held.content : (body.content ?? (typeof held === 'string' ? held : null));
    const message = readTold(
      { ...inner, role: textField(inner.role) ?? 'assistant', content: content ?? null },
      inText,
      'output',
    );
    const finish = textField(body.finish_reason);
    if (finish) message.finish = finish;
    return { message, isChoice: true };
  }
  const role = EVENT_ROLES[name];
  if (role === undefined) return undefined;
  const fields: JsonObject = { ...body, role: textField(body.role) ?? role };
  if (role === 'tool' && fields.tool_call_id === undefined) fields.tool_call_id = body.id ?? null;
  return { message: readTold(fields, inText, 'input'), isChoice: false };
}

function readSpanEvents(item: JsonObject, spot: Spot): EventMessages {
  const messages: EventMessages = { input: [], output: [], choices: [] };
  for (const [i, event] of (asArray(item.events) ?? []).entries()) {
    if (!isObject(event) || typeof event.name !== 'string') continue;
    const at = into(spot, 'events', i);
    const attributes = readKeyValues(event.attributes);
    const read = readEventMessage(event.name, attributes, at) ?? readEventContent(event.name, attributes, at);
    if (!read) continue;
    if (read.isChoice) messages.choices.push(read.message);
    else messages.input.push(read.message);
  }
  messages.output = messages.choices.slice(0, 1);
  return messages;
}

/** Older still: `gen_ai.content.prompt` and `.completion` events that hold everything as JSON. */
function readEventContent(
  name: string,
  attributes: JsonObject,
  spot: Spot,
): { message: Told; isChoice: boolean } | undefined {
  const isPrompt = name === 'gen_ai.content.prompt';
  if (!isPrompt && name !== 'gen_ai.content.completion') return undefined;
  const held = unpackJson(attributes[isPrompt ? 'gen_ai.prompt' : 'gen_ai.completion']);
  const list = Array.isArray(held) ? held : [held ?? null];
  const first = list.find(isObject);
  if (!first) return undefined;
  const [role, side] = isPrompt ? (['user', 'input'] as const) : (['assistant', 'output'] as const);
  return { message: readTold({ role, ...first }, intoText(spot), side), isChoice: !isPrompt };
}

/** A log record as a span: of its own, or an addition to the span that it names. */
function readLog(item: JsonObject, spot: Spot): Span {
  const attributes = readKeyValues(item.attributes);
  const body = readAnyValue(item.body);
  const name =
    textField(item.eventName) ?? textField(attributes['event.name']) ?? textField(asObject(body)?.['event.name']);
  const spots = readSpots(item.attributes, into(spot, 'attributes'));
  // Newer SDKs put what belongs in attributes into the body.
  const inBody = isObject(body) && Object.keys(body).some((key) => key.startsWith('gen_ai.')) ? body : {};
  const reading = readAttributes({ ...inBody, ...attributes }, locateIn(spots, spot));
  const time = item.timeUnixNano ?? item.observedTimeUnixNano;
  const event =
    name === undefined ? undefined : readEventMessage(name, isObject(body) ? body : attributes, into(spot, 'body'));
  const messages: EventMessages = { input: [], output: [], choices: [] };
  if (event?.isChoice) {
    messages.output = [event.message];
    messages.choices = [event.message];
  } else if (event) messages.input = [event.message];
  const isEvaluation = reading.feedback !== undefined;
  const base: Loose = {
    spot,
    raw: item,
    ...present({
      id: spanId(item.spanId),
      traceId: spanId(item.traceId),
      name,
      startedAt: readTime(time),
      order: orderOf(time),
    }),
    messages,
  };
  if (isEvaluation) {
    const ts = present({ ts: readTime(time) });
    return {
      ...base,
      ...present({ sessionId: reading.sessionId }),
      kind: 'other',
      feedback: reading.feedback!.map((one) => ({ ...one, ...ts })),
    };
  }
  const span = toSpan(reading, base);
  return span;
}

export const otlp: Adapter = {
  name: 'otlp',
  version: '1',
  specificity: 70,
  score: meanScore(scoreRecord),
  start: (sink) => new OtlpRun(sink),
};
