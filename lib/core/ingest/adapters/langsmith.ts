/**
 * LangSmith: runs of an export or the API, batches of its ingest endpoint, feedback rows. The post and the patch of one run
 * are one; a correction is an edit.
 */
import type { ErrorInfo } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject, stringify } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { pick, present, textField } from '../shared/fields.ts';
import { asArray, asId, asNumber, asObject, dig } from '../shared/json-access.ts';
import { readParts } from '../shared/read-block.ts';
import { msBetween, readTime } from '../shared/read-time.ts';
import { into, type Spot, spotOf } from '../shared/spot.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { unpackJson } from '../shared/unpack-json.ts';
import { readFinish, readUsage } from '../shared/usage.ts';
import { isUsersScore, readThumb } from '../traces/judge-words.ts';
import { readDocument } from '../traces/read-attributes.ts';
import { readExchange } from '../traces/read-exchange.ts';
import type { Span, SpanFeedback, SpanKind } from '../traces/span.ts';
import { tellSpans } from '../traces/span-groups.ts';

export const langsmith: Adapter = {
  name: 'langsmith',
  version: '1',
  specificity: 80,
  score: meanScore(({ value }) => (isBatch(value) || isRun(value) ? 1 : isFeedback(value) ? 0.9 : 0)),
  start: (sink) => new LangSmithRun(sink),
};

const isRun = (value: Json | undefined): boolean =>
  isObject(value) &&
  typeof value.run_type === 'string' &&
  ('dotted_order' in value || 'trace_id' in value || 'inputs' in value);
const isPatch = (value: Json | undefined): boolean =>
  isObject(value) && ('dotted_order' in value || 'trace_id' in value) && ('outputs' in value || 'end_time' in value);
const isBatch = (value: Json | undefined): boolean => {
  if (!isObject(value)) return false;
  const posted = asArray(value.post) ?? [];
  const patched = asArray(value.patch) ?? [];
  return (
    posted.length + patched.length > 0 && posted.every(isRun) && patched.every((run) => isRun(run) || isPatch(run))
  );
};
const isFeedback = (value: Json | undefined): boolean =>
  isObject(value) &&
  typeof value.run_id === 'string' &&
  typeof value.key === 'string' &&
  ('score' in value || 'value' in value || 'correction' in value);

/** One run as far as it is known; its parts may have come in several records. */
type Run = { value: JsonObject; spots: { [field: string]: Spot }; spot: Spot; mirrors: Spot[] };

class LangSmithRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly runs = new Map<string, Run>();
  private readonly feedback: { value: JsonObject; spot: Spot }[] = [];
  private nameless = 0;

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    const spot = spotOf(record);
    if (isFeedback(value)) this.feedback.push({ value: value as JsonObject, spot });
    else if (isRun(value) || isPatch(value)) this.takeRun(value as JsonObject, spot);
    else if (isObject(value) && (Array.isArray(value.post) || Array.isArray(value.patch))) {
      for (const list of ['post', 'patch'])
        for (const [index, run] of (asArray(value[list]) ?? []).entries())
          if (isObject(run)) this.takeRun(run, into(spot, list, index));
    } else this.sink.refuse(record, 'schema_mismatch', 'neither a run nor a batch of them');
    return [];
  }

  private takeRun(value: JsonObject, spot: Spot): void {
    const key = asId(value.id) ?? idIn(value.dotted_order) ?? `run ${this.nameless++}`;
    const known = this.runs.get(key);
    const run: Run = known ?? { value: Object.create(null), spots: {}, spot, mirrors: [] };
    if (known) run.mirrors.push(spot);
    else run.value.id = key;
    for (const field of Object.keys(value)) {
      if (value[field] === null || value[field] === undefined) continue;
      run.value[field] = value[field]!;
      run.spots[field] = spot;
    }
    this.runs.set(key, run);
  }

  *end(): Iterable<DraftTrajectory> {
    const spans = new Map<string, Span>();
    for (const [id, run] of this.runs) spans.set(id, readRun(run));
    const loose: Span[] = [];
    for (const { value, spot } of this.feedback) {
      const told = readFeedback(value, spot);
      const span = spans.get(asId(value.run_id) ?? '');
      if (!told) continue;
      if (span) span.feedback = [...(span.feedback ?? []), told];
      else
        loose.push({
          kind: 'other',
          spot,
          raw: value,
          feedback: [told],
          ...present({ traceId: asId(value.trace_id) ?? asId(value.run_id) }),
        });
    }
    yield* tellSpans([...loose, ...spans.values()]);
  }
}

/** The last step of a dotted order ends with the run's own id. */
const idIn = (order: Json | undefined): string | undefined =>
  typeof order === 'string' ? /Z([0-9a-f-]{8,})$/.exec(order)?.[1] : undefined;

const KINDS: { [type: string]: SpanKind } = { llm: 'model', tool: 'tool', retriever: 'retrieval' };

function readRun({ value, spots, spot, mirrors }: Run): Span {
  const metadata = asObject(dig(value, 'extra', 'metadata')) ?? {};
  const startedAt = readTime(value.start_time);
  const endedAt = readTime(value.end_time);
  const type = textField(value.run_type) ?? '';
  const failure = textField(value.error);
  const error: ErrorInfo | undefined =
    failure === undefined ? undefined : { where: type === 'tool' ? 'tool' : 'provider', message: failure };
  const order = asNumber(orderOf(value.dotted_order));
  const span: Span = {
    kind: KINDS[type] ?? 'other',
    spot,
    raw: value,
    ...(mirrors.length > 0 && { mirrors }),
    ...present({
      id: asId(value.id),
      parentId: asId(value.parent_run_id),
      traceId: asId(value.trace_id),
      sessionId: asId(pick(metadata, 'session_id', 'thread_id', 'conversation_id')),
      userId: asId(metadata.user_id),
      name: textField(value.name),
      startedAt,
      endedAt,
      order,
      error,
    }),
  };
  const inputsAt = into(spots.inputs ?? spot, 'inputs');
  const outputsAt = into(spots.outputs ?? spot, 'outputs');
  if (span.kind === 'model') addCall(span, value, metadata, inputsAt, outputsAt);
  else if (span.kind === 'tool') addTool(span, value);
  else if (span.kind === 'retrieval') {
    const found = asArray(pick(asObject(value.outputs) ?? {}, 'documents', 'output')) ?? asArray(value.outputs) ?? [];
    span.documents = found.flatMap(readDocument);
    Object.assign(
      span,
      present({ query: textField(pick(asObject(value.inputs) ?? {}, 'query', 'input', 'question')) }),
    );
  }
  const stats = asObject(value.feedback_stats) ?? {};
  for (const name of Object.keys(stats)) {
    const score = asNumber(dig(stats[name], 'avg')) ?? asNumber(stats[name]);
    if (score !== undefined)
      span.feedback = [
        ...(span.feedback ?? []),
        { ...judged(name, score), name, spot: into(spots.feedback_stats ?? spot, 'feedback_stats', name) },
      ];
  }
  return span;
}

/** Digits of the last step's time: finer than the millisecond. */
function orderOf(order: Json | undefined): number | undefined {
  const digits = typeof order === 'string' ? /(\d{8})T(\d{12})Z[^.]*$/.exec(order) : null;
  return digits ? Number(digits[1]!.slice(2)) * 1e10 + Number(digits[2]!.slice(0, 10)) : undefined;
}

function addCall(span: Span, value: JsonObject, metadata: JsonObject, inputsAt: Spot, outputsAt: Spot): void {
  const outputs = asObject(value.outputs) ?? {};
  const params = asObject(dig(value, 'extra', 'invocation_params')) ?? {};
  const input = readExchange(value.inputs ?? undefined, inputsAt, 'input');
  const output = readExchange(value.outputs ?? undefined, outputsAt, 'output');
  span.input = input.messages;
  span.output = output.messages;
  if (output.alternatives.length > 0) span.alternatives = output.alternatives;
  const offered = [readToolDefs(params.tools), input.tools, readToolDefs(params.functions)].find(
    (tools) => tools.length > 0,
  );
  if (offered) span.tools = offered;
  const usage = readUsage(outputs.usage_metadata ?? outputs.usage ?? dig(outputs, 'llm_output', 'token_usage'));
  const details = asObject(dig(outputs, 'usage_metadata', 'input_token_details'));
  const cached = asNumber(details?.cache_read);
  const reasoning = asNumber(dig(outputs, 'usage_metadata', 'output_token_details', 'reasoning'));
  const first = asArray(value.events)?.find((event) => asObject(event)?.name === 'new_token');
  const finish = readFinish(span.output.findLast((message) => message.finish)?.finish);
  const { tools: _, functions: __, model: ___, ...settings } = params;
  span.step = present({
    model:
      textField(outputs.model) ?? textField(metadata.ls_model_name) ?? textField(pick(params, 'model', 'model_name')),
    provider: textField(metadata.ls_provider),
    startedAt: span.startedAt,
    endedAt: span.endedAt,
    latencyMs: msBetween(span.startedAt, span.endedAt),
    ttftMs: msBetween(span.startedAt, readTime(dig(first, 'time'))),
    usage: usage && {
      ...usage,
      ...present({ cached: usage.cached ?? cached, reasoning: usage.reasoning ?? reasoning }),
    },
    params: Object.keys(settings).length > 0 ? settings : undefined,
    finish,
  });
}

function addTool(span: Span, value: JsonObject): void {
  const inputs = asObject(value.inputs) ?? {};
  const outputs = asObject(value.outputs);
  const brought = outputs && 'output' in outputs ? outputs.output : (value.outputs ?? undefined);
  const message = asObject(brought);
  const isMessage = message !== undefined && ('tool_call_id' in message || message.type === 'tool');
  const asked = unpackJson(Object.keys(inputs).length === 1 && 'input' in inputs ? inputs.input : inputs);
  const failed = span.error !== undefined || (isMessage && message.status === 'error');
  const parts = isMessage ? readParts(message.content) : readParts(brought);
  span.tool = {
    name: span.name ?? 'unknown',
    arguments: asked,
    parts: parts.length === 0 && span.error ? [{ type: 'text', text: span.error.message }] : parts,
    ...present({
      callId: isMessage ? asId(message.tool_call_id) : undefined,
      status: failed ? ('error' as const) : undefined,
      latencyMs: msBetween(span.startedAt, span.endedAt),
    }),
  };
}

const judged = (name: string, value: number | string | boolean): Pick<SpanFeedback, 'signal' | 'value' | 'by'> =>
  isUsersScore(name)
    ? readThumb(name, value)
    : { signal: typeof value === 'string' ? 'label' : 'score', value, by: 'unknown' };

function readFeedback(value: JsonObject, spot: Spot): SpanFeedback | undefined {
  const name = textField(value.key);
  const source = textField(dig(value, 'feedback_source', 'type'));
  const common = present({ name, comment: textField(value.comment), ts: readTime(value.created_at) });
  const correction = value.correction;
  if (correction !== undefined && correction !== null) {
    const fields = asObject(correction) ?? {};
    const text =
      textField(correction) ?? textField(pick(fields, 'output', 'content', 'answer', 'text')) ?? stringify(correction);
    return {
      signal: 'edit',
      value: text,
      by: source === 'app' ? 'reviewer' : 'unknown',
      ...common,
      spot: into(spot, 'correction'),
    };
  }
  const logged = value.score ?? value.value;
  const given = typeof logged === 'boolean' ? logged : (asNumber(logged) ?? textField(logged));
  if (given === undefined) return undefined;
  const told = judged(name ?? '', given);
  const by = told.by !== 'unknown' ? told.by : source === 'model' ? 'judge' : source === 'app' ? 'reviewer' : 'unknown';
  return { ...told, by, ...common, spot };
}
