/**
 * Langfuse: a trace with its observations (download, API) and rows of its blob exports. Inputs, outputs and metadata are
 * JSON in strings; a generation is a step, a tool observation the result of the call that asked for it.
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
import { amountField, pick, present, textField } from '../shared/fields.ts';
import { asArray, asId, asNumber, asObject } from '../shared/json-access.ts';
import { readParts } from '../shared/read-block.ts';
import { msBetween, readTime } from '../shared/read-time.ts';
import { speakerOf } from '../shared/roles.ts';
import { Shelf, type Waiting } from '../shared/shelf.ts';
import { into, intoText, type Spot, spotOf } from '../shared/spot.ts';
import type { Told } from '../shared/told.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { unpackJson } from '../shared/unpack-json.ts';
import { readFinish } from '../shared/usage.ts';
import { isUsersScore, readThumb } from '../traces/judge-words.ts';
import { type AttributeReading, locateIn, readAttributes, readDocument, spotsOf } from '../traces/read-attributes.ts';
import { readExchange } from '../traces/read-exchange.ts';
import type { Span, SpanFeedback, SpanKind, TraceInfo } from '../traces/span.ts';
import { tellTrace } from '../traces/tell-trace.ts';

const KINDS: Record<string, SpanKind> = { GENERATION: 'model', TOOL: 'tool', AGENT: 'agent', RETRIEVER: 'retrieval' };

const isObservation = (value: JsonObject): boolean =>
  (value.traceId !== undefined || value.trace_id !== undefined) &&
  (value.parentObservationId !== undefined ||
    value.parent_observation_id !== undefined ||
    (value.startTime ?? value.start_time) !== undefined) &&
  textField(value.type) !== undefined;
const isScore = (value: JsonObject): boolean =>
  (value.traceId !== undefined || value.trace_id !== undefined) &&
  value.name !== undefined &&
  (value.dataType ?? value.data_type ?? value.source) !== undefined &&
  value.type === undefined;
const isTraceRow = (value: JsonObject): boolean =>
  value.id !== undefined &&
  value.timestamp !== undefined &&
  (value.projectId ?? value.project_id ?? value.environment) !== undefined &&
  value.type === undefined &&
  !isScore(value);

function scoreRecord({ value }: SourceRecord): number {
  if (!isObject(value)) return 0;
  if (isObject(value.trace) && Array.isArray(value.observations)) return 1;
  if (Array.isArray(value.observations) && value.timestamp !== undefined) return 1;
  if (isObservation(value) && typeof value.type === 'string' && KINDS[value.type] !== undefined) return 0.95;
  if (
    isObservation(value) &&
    ['SPAN', 'EVENT', 'CHAIN', 'EVALUATOR', 'EMBEDDING', 'GUARDRAIL'].includes(textField(value.type) ?? '')
  )
    return 0.95;
  if (isScore(value)) return 0.8;
  return isTraceRow(value) &&
    (value.bookmarked !== undefined || value.sessionId !== undefined || value.session_id !== undefined)
    ? 0.8
    : 0;
}

/** Exports write names in camel or snake case. */
const field = (object: JsonObject, camel: string): Json | undefined =>
  pick(
    object,
    camel,
    camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );

/** An observation or a trace's own row, read when its group is told. */
type Held = { kind: 'span' | 'trace'; waiting: Waiting; spot: Spot; traceId?: string; sessionId?: string };
type Score = { score: SpanFeedback; traceId?: string; observationId?: string };
type Group = { held: Held[]; scores: Score[]; rootKey?: string };

class LangfuseRun implements AdapterRun {
  private readonly shelf: Shelf;
  private readonly sessionOf = new Map<string, string>();
  private readonly held: Held[] = [];
  private readonly scores: Score[] = [];

  constructor(sink: AdapterSink) {
    this.shelf = new Shelf(sink);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    if (!isObject(value)) return [];
    const spot = spotOf(record);
    const observations = asArray(value.observations);
    if (observations && (isObject(value.trace) || value.timestamp !== undefined)) {
      const isWrapped = isObject(value.trace);
      const trace = isWrapped ? (value.trace as JsonObject) : value;
      const own = observations.filter(isObject);
      // A document of many traces would be read anew for each of them.
      const isOne = new Set(own.map(traceOf)).size <= 1;
      const whole = this.shelf.putRecord(record);
      const put = (item: Json, at: Spot) => (isOne ? whole(at.pointer) : this.shelf.putValue(item));
      this.hold('trace', trace, isWrapped ? into(spot, 'trace') : spot, put);
      for (const [i, observation] of observations.entries())
        if (isObject(observation)) this.hold('span', observation, into(spot, 'observations', i), put);
      const scores = asArray(value.scores) ?? [];
      for (const [i, score] of scores.entries()) this.takeScore(score, into(spot, 'scores', i), trace);
      if (isWrapped && scores.length === 0)
        for (const [i, score] of (asArray(trace.scores) ?? []).entries())
          this.takeScore(score, into(spot, 'trace', 'scores', i), trace);
    } else if (isScore(value) && !isObservation(value)) this.takeScore(value, spot);
    else {
      const whole = this.shelf.putRecord(record);
      this.hold(isObservation(value) ? 'span' : 'trace', value, spot, (_, at) => whole(at.pointer));
    }
    return [];
  }

  private hold(kind: Held['kind'], item: JsonObject, spot: Spot, put: (item: Json, at: Spot) => Waiting): void {
    const traceId = kind === 'span' ? traceOf(item) : asId(item.id);
    const sessionId = asId(field(item, 'sessionId'));
    this.held.push({ kind, waiting: put(item, spot), spot, ...present({ traceId, sessionId }) });
  }

  private takeScore(value: Json, spot: Spot, trace?: JsonObject): void {
    if (!isObject(value)) return;
    const score = readScore(value, spot);
    if (!score) return;
    const traceId = traceOf(value) ?? (trace && asId(trace.id));
    this.scores.push({ score, ...present({ traceId, observationId: asId(field(value, 'observationId')) }) });
  }

  *end(): Iterable<DraftTrajectory> {
    const isTrace = ({ kind }: Held) => kind === 'trace';
    for (const { traceId, sessionId } of [...this.held.filter(isTrace), ...this.held]) {
      if (traceId !== undefined && sessionId !== undefined && !this.sessionOf.has(traceId))
        this.sessionOf.set(traceId, sessionId);
    }
    const groups = new Map<string, Group>();
    const groupOf = (traceId: string | undefined, sessionId?: string): Group => {
      const key = sessionId ?? (traceId === undefined ? undefined : (this.sessionOf.get(traceId) ?? traceId)) ?? '';
      let group = groups.get(key);
      if (!group) {
        group = { held: [], scores: [], ...(key === '' ? {} : { rootKey: key }) };
        groups.set(key, group);
      }
      return group;
    };
    for (const held of this.held) if (isTrace(held)) groupOf(held.traceId).held.push(held);
    for (const held of this.held) if (!isTrace(held)) groupOf(held.traceId, held.sessionId).held.push(held);
    for (const score of this.scores) groupOf(score.traceId).scores.push(score);
    this.held.length = 0;
    for (const group of groups.values()) yield* this.tell(group);
  }

  private tell({ held, scores, rootKey }: Group): DraftTrajectory[] {
    const info: TraceInfo = rootKey === undefined ? {} : { rootKey };
    const spans: Span[] = [];
    for (const { kind, waiting, spot } of held) {
      const item = this.shelf.read(waiting);
      if (!isObject(item)) continue;
      if (kind === 'trace') addTrace(info, item, spot);
      else spans.push(readObservation(item, spot));
    }
    const byId = new Map(
      spans.toReversed().flatMap((span) => (span.id === undefined ? [] : [[span.id, span] as const])),
    );
    for (const { score, observationId } of scores) {
      const judged = (observationId === undefined ? undefined : byId.get(observationId)) ?? info;
      judged.feedback = [...(judged.feedback ?? []), score];
    }
    return tellTrace(spans, info);
  }
}

const traceOf = (value: JsonObject): string | undefined => asId(field(value, 'traceId'));

const KEPT_OF_TRACE = ['name', 'tags', 'environment', 'release', 'version', 'metadata'] as const;

function addTrace(info: TraceInfo, trace: JsonObject, spot: Spot): void {
  const [id, session, user] = [asId(trace.id), asId(field(trace, 'sessionId')), asId(field(trace, 'userId'))];
  info.externalIds = { ...info.externalIds, ...present({ trace: id, session, user }) };
  const meta: JsonObject = Object.create(null);
  for (const name of KEPT_OF_TRACE) {
    const value = name === 'metadata' ? unpackJson(trace[name]) : trace[name];
    const isEmpty =
      value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) meta[name] = value;
  }
  if (Object.keys(meta).length > 0) info.meta ??= meta;
  const messages = [
    ...readExchange(trace.input ?? undefined, into(spot, 'input'), 'input').messages,
    ...readExchange(trace.output ?? undefined, into(spot, 'output'), 'output').messages,
  ];
  const raw: JsonObject = Object.create(null);
  // The list of observations stands beside the trace; scores are events of their own.
  for (const name of Object.keys(trace)) if (name !== 'observations' && name !== 'scores') raw[name] = trace[name]!;
  info.wholes = [...(info.wholes ?? []), { messages, raw, spot }];
}

/** Who gave a score: Langfuse says where it came in, the name says whether a user did. */
function readScore(value: JsonObject, spot: Spot): SpanFeedback | undefined {
  const name = textField(value.name);
  const type = textField(field(value, 'dataType'));
  const logged = pick(value, 'value', 'stringValue', 'string_value');
  const label = textField(field(value, 'stringValue'));
  if (type === 'CORRECTION') return readCorrection(value, spot);
  const number = typeof logged === 'boolean' ? Number(logged) : asNumber(logged);
  const isBoolean = type === 'BOOLEAN';
  const scored = isBoolean
    ? number === undefined
      ? label?.toLowerCase() === 'true'
      : number !== 0
    : type === 'CATEGORICAL'
      ? (label ?? asId(logged))
      : (number ?? asId(logged));
  if (scored === undefined) return undefined;
  const source = textField(value.source)?.toUpperCase();
  const by: SpanFeedback['by'] =
    source === 'ANNOTATION' ? 'reviewer' : source === 'EVAL' ? 'judge' : isUsersScore(name) ? 'user' : 'unknown';
  const judged =
    by === 'user'
      ? readThumb(name, scored, label)
      : { signal: typeof scored === 'string' ? ('label' as const) : ('score' as const), value: scored, by };
  return present({
    ...judged,
    name,
    comment: textField(value.comment),
    ts: readTime(pick(value, 'timestamp', 'createdAt', 'created_at')),
    spot,
  });
}

/** What a person would have had the model say. */
function readCorrection(value: JsonObject, spot: Spot): SpanFeedback | undefined {
  const text = textField(pick(value, 'stringValue', 'string_value', 'longStringValue', 'long_string_value', 'value'));
  if (text === undefined) return undefined;
  const ts = readTime(pick(value, 'timestamp', 'createdAt', 'created_at'));
  const said = present({ name: textField(value.name), comment: textField(value.comment), ts });
  return { signal: 'edit', value: text, by: 'reviewer', ...said, spot };
}

function readObservation(value: JsonObject, spot: Spot): Span {
  const type = textField(value.type) ?? 'SPAN';
  const metadata = asObject(unpackJson(value.metadata)) ?? {};
  const attributes = asObject(unpackJson(metadata.attributes)) ?? metadata;
  const metaSpot = intoText(into(spot, 'metadata'));
  const reading = readAttributes(attributes, locateIn(spotsOf(attributes, metaSpot), metaSpot));
  const output = unpackJson(value.output);
  const startedAt = readTime(field(value, 'startTime'));
  const endedAt = readTime(field(value, 'endTime'));
  const kind = kindOf(type, output, reading);
  const span: Span = {
    kind,
    spot,
    raw: value,
    ...present({
      id: asId(value.id),
      parentId: asId(field(value, 'parentObservationId')),
      traceId: asId(field(value, 'traceId')),
      name: textField(value.name),
      startedAt,
      endedAt,
      userId: reading.userId,
      sessionId: asId(field(value, 'sessionId')),
      agent: reading.agent ?? (kind === 'agent' ? present({ name: textField(value.name) }) : undefined),
      error: errorOf(value),
    }),
  };
  if (kind === 'model') addModelCall(span, value, metadata, reading);
  else if (kind === 'tool') addToolRun(span, value, output, reading);
  else if (kind === 'retrieval') addRetrieval(span, value, output, reading);
  return span;
}

/** Chains of LangGraph run tools in plain spans: what they bring is a message of a tool. */
function kindOf(type: string, output: Json | undefined, reading: AttributeReading): SpanKind {
  const known = KINDS[type];
  if (known) return known;
  if (type !== 'SPAN') return 'other';
  if (
    isObject(output) &&
    typeof output.type === 'string' &&
    speakerOf(output.type) === 'tool' &&
    output.tool_call_id !== undefined
  )
    return 'tool';
  // Older versions log everything as spans; the attributes tell.
  return reading.kind === 'tool' || reading.kind === 'retrieval' || reading.kind === 'agent' ? reading.kind : 'other';
}

function errorOf(value: JsonObject): ErrorInfo | undefined {
  const message = textField(field(value, 'statusMessage'));
  if (value.level !== 'ERROR') return undefined;
  return { where: 'provider', message: message ?? 'failed' };
}

function addModelCall(span: Span, value: JsonObject, metadata: JsonObject, reading: AttributeReading): void {
  const { spot } = span;
  const input = readExchange(value.input ?? undefined, into(spot, 'input'), 'input');
  const output = readExchange(value.output ?? undefined, into(spot, 'output'), 'output');
  span.input = completes(input.messages, reading.input);
  span.output = completes(output.messages, reading.output);
  const alternatives = output.alternatives.length > 0 ? output.alternatives : reading.alternatives;
  if (alternatives) span.alternatives = alternatives;
  const found = [
    readToolDefs(metadata.tools),
    input.tools,
    output.tools,
    reading.tools ?? [],
    readToolDefs(asObject(unpackJson(field(value, 'modelParameters')))?.tools),
  ];
  span.tools = found.find((tools) => tools.length > 0) ?? [];
  const usage = asObject(field(value, 'usageDetails')) ?? asObject(value.usage) ?? {};
  const params = asObject(unpackJson(field(value, 'modelParameters')));
  const counts = present({
    in: amountField(pick(usage, 'input', 'promptTokens')),
    out: amountField(pick(usage, 'output', 'completionTokens')),
    cached: amountField(pick(usage, 'input_cached_tokens', 'prompt_details.cache_read', 'cache_read_input_tokens')),
    reasoning: amountField(pick(usage, 'output_reasoning_tokens', 'completion_details.reasoning')),
  });
  const finish = readFinish(span.output.findLast((message) => message.finish)?.finish) ?? reading.step?.finish;
  span.step = {
    ...reading.step,
    ...present({
      model: textField(value.model) ?? reading.step?.model,
      startedAt: span.startedAt,
      endedAt: span.endedAt,
      latencyMs: msBetween(span.startedAt, span.endedAt),
      ttftMs: msBetween(span.startedAt, readTime(field(value, 'completionStartTime'))) ?? reading.step?.ttftMs,
      usage: Object.keys(counts).length > 0 ? counts : reading.step?.usage,
      params: params && Object.keys(params).length > 0 ? params : reading.step?.params,
      finish,
    }),
  };
}

/** Attributes complete what is missing, or lacks the calls. */
function completes(logged: Told[], attributed: Told[] | undefined): Told[] {
  if (logged.length === 0) return attributed ?? [];
  const calls = (messages: readonly Told[]) =>
    messages.flatMap((message) => message.pieces.filter((piece) => piece.type === 'call')).length;
  return attributed && calls(attributed) > calls(logged) ? attributed : logged;
}

function addToolRun(span: Span, value: JsonObject, output: Json | undefined, reading: AttributeReading): void {
  const message = isObject(output) && output.tool_call_id !== undefined ? output : undefined;
  const content = message ? message.content : (value.output ?? undefined);
  const isEmpty = content === undefined || content === null || (isObject(output) && Object.keys(output).length === 0);
  const parts = isEmpty ? reading.tool?.parts : readParts(content as Json);
  const hasFailed = span.error !== undefined || message?.status === 'error';
  const status = hasFailed ? ('error' as const) : message?.status === 'success' ? ('ok' as const) : undefined;
  const tool: NonNullable<Span['tool']> = {
    name: reading.tool?.name ?? textField(message?.name) ?? span.name ?? 'unknown',
    arguments: unpackJson(value.input ?? undefined) ?? reading.tool?.arguments,
    ...present({
      callId: asId(message?.tool_call_id) ?? reading.tool?.callId,
      parts,
      status,
      latencyMs: msBetween(span.startedAt, span.endedAt),
    }),
  };
  if (span.error && !parts) tool.parts = [{ type: 'text', text: span.error.message }];
  span.tool = tool;
}

function addRetrieval(span: Span, value: JsonObject, output: Json | undefined, reading: AttributeReading): void {
  const listed =
    asArray(output) ?? asArray(isObject(output) ? pick(output, 'documents', 'results', 'nodes') : undefined);
  span.documents = listed ? listed.flatMap(readDocument) : (reading.documents ?? []);
  const query = unpackJson(value.input ?? undefined);
  const asked =
    typeof query === 'string'
      ? query
      : isObject(query)
        ? textField(pick(query, 'query', 'input', 'question'))
        : undefined;
  Object.assign(span, present({ query: asked ?? reading.query }));
}

export const langfuse: Adapter = {
  name: 'langfuse',
  version: '1',
  specificity: 80,
  score: meanScore(scoreRecord),
  start: (sink) => new LangfuseRun(sink),
};
