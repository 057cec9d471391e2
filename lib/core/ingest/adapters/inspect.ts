/**
 * Inspect: evaluation logs as JSON, and samples of them (the members of an `.eval`). A sample is a trajectory; its
 * messages are the talk, its events say the same with times, and are the source where messages are missing.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type DraftEvent,
  type DraftStep,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { documentsAtOnce, mismatch } from '../shared/documents.ts';
import { allBut, asArray, asId, asNumber, asObject, asText, dig, pointerTo } from '../shared/json-access.ts';
import { readError } from '../shared/read-error.ts';
import { readMessage } from '../shared/read-message.ts';
import { readTime } from '../shared/read-time.ts';
import { Teller } from '../shared/teller.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { readFinish, readUsage } from '../shared/usage.ts';

export const inspect: Adapter = {
  name: 'inspect',
  version: '1',
  specificity: 90,
  score: meanScore(({ value }) => (isLog(value) || isSample(value) || isHeader(value) || isEvents(value) ? 1 : 0)),
  start: documentsAtOnce((value, record) => {
    if (isSample(value)) return [tellSample(value as JsonObject, '', record, undefined)];
    if (isEvents(value)) return [tellSample(value as JsonObject, '', record, undefined)];
    if (isLog(value)) return tellLog(value as JsonObject, record);
    return isHeader(value) ? [] : mismatch('neither a log nor a sample');
  }),
};

const isHeader = (value: Json | undefined): boolean =>
  isObject(value) &&
  isObject(value.eval) &&
  (typeof value.status === 'string' || 'plan' in value) &&
  ('version' in value || 'results' in value);
const isLog = (value: Json | undefined): boolean => isHeader(value) && isObject(value) && Array.isArray(value.samples);
const isSample = (value: Json | undefined): boolean =>
  isObject(value) &&
  'epoch' in value &&
  'input' in value &&
  'target' in value &&
  (Array.isArray(value.messages) || Array.isArray(value.events));
const isEvents = (value: Json | undefined): boolean =>
  isObject(value) &&
  Array.isArray(value.events) &&
  value.events.length > 0 &&
  value.events.every((event) => isObject(event) && typeof event.event === 'string');

function tellLog(log: JsonObject, record: SourceRecord): DraftTrajectory[] {
  const run = asId(dig(log, 'eval', 'run_id'));
  return (asArray(log.samples) ?? []).flatMap((sample, index) =>
    isObject(sample)
      ? [tellSample(sample, pointerTo('/samples', index), record, { run, info: allBut(log, 'samples', 'reductions') })]
      : [],
  );
}

type Log = { run: string | undefined; info: JsonObject | undefined };

function tellSample(sample: JsonObject, pointer: string, record: SourceRecord, log: Log | undefined): DraftTrajectory {
  const teller = new Teller(record);
  const attachments = asObject(sample.attachments) ?? {};
  const resolve = (value: Json): Json => resolved(value, attachments);
  const events = (asArray(sample.events) ?? asArray(dig(sample, 'transcript', 'events')) ?? []).map(
    (event) => asObject(event) ?? {},
  );
  const calls = modelEvents(events, sample);
  const messages = asArray(sample.messages) ?? [];
  if (messages.length > 0) {
    const used = new Set<JsonObject>();
    for (const [index, item] of messages.entries())
      tellMessage(teller, asObject(resolve(item)) ?? {}, pointerTo(pointer, 'messages', index), calls, used);
    timed(teller.events, events);
  } else tellEvents(teller, events, sample, pointer, resolve);
  const failure = readError(sample.error, 'app');
  if (failure) teller.error(failure, pointerTo(pointer, 'error'));
  const limit = asText(dig(sample, 'limit', 'type'));
  if (limit !== undefined)
    teller.error({ where: 'app', type: limit, message: `limit: ${limit}` }, pointerTo(pointer, 'limit'));
  tellScores(teller, sample, pointer);
  if (teller.events.length === 0) teller.meta(allBut(sample, 'attachments') ?? sample, pointer);
  const tools = calls.flatMap((event) => readToolDefs(resolve(event.tools ?? null)));
  const id = asId(sample.uuid);
  const external = { ...(log?.run !== undefined && { run: log.run }), ...sampleId(sample) };
  const meta = allBut(
    sample,
    'messages',
    'events',
    'transcript',
    'attachments',
    'scores',
    'error',
    'limit',
    'uuid',
    'message_pool',
    'output',
    'events_data',
    'call_pool',
  );
  return {
    ...(id !== undefined && { rootKey: id }),
    ...(Object.keys(external).length > 0 && { externalIds: external }),
    events: teller.events,
    ...(tools.length > 0 && { tools: [...new Map(tools.map((tool) => [tool.sha, tool])).values()] }),
    ...((meta || log?.info) && { meta: { ...meta, ...(log?.info && { log: log.info }) } }),
  };
}

function sampleId(sample: JsonObject): { sample?: string } {
  const id = asId(sample.id);
  const epoch = asNumber(sample.epoch);
  return id === undefined ? {} : { sample: epoch === undefined ? id : `${id} epoch ${epoch}` };
}

/** `attachment://HASH` and, in older logs, `tc://HASH` stand for a text that is kept once. */
function resolved(value: Json, attachments: JsonObject): Json {
  if (typeof value === 'string') {
    const hash = /^(?:attachment|tc):\/\/([0-9a-f]{16,64})$/.exec(value)?.[1];
    return hash === undefined ? value : (attachments[hash] ?? value);
  }
  if (Array.isArray(value)) return value.map((item) => resolved(item, attachments));
  if (!isObject(value)) return value;
  const copy: JsonObject = Object.create(null);
  for (const key of Object.keys(value)) copy[key] = resolved(value[key]!, attachments);
  return copy;
}

/** Model calls with their inputs, which may be places in a pool of messages. */
function modelEvents(events: readonly JsonObject[], sample: JsonObject): JsonObject[] {
  const pool = asArray(sample.message_pool) ?? asArray(dig(sample, 'events_data', 'messages')) ?? [];
  return events
    .filter(({ event }) => event === 'model')
    .map((event) => {
      const refs = asArray(event.input_refs);
      if (!refs || Array.isArray(event.input)) return event;
      const input = refs.flatMap((ref): Json[] => {
        const range = asArray(ref);
        const [from, to] = range ? [asNumber(range[0]), asNumber(range[1])] : [asNumber(ref), undefined];
        return from === undefined ? [] : pool.slice(from, to ?? from + 1);
      });
      return { ...event, input };
    });
}

function tellMessage(
  teller: Teller,
  item: JsonObject,
  pointer: string,
  calls: readonly JsonObject[],
  used: Set<JsonObject>,
): DraftEvent[] {
  if (item.role === 'tool') return [tellResult(teller, item, pointer)];
  const message = readMessage(withCalls(item), pointer)!;
  if (message.speaker !== 'assistant') return teller.message(message);
  const id = asId(item.id);
  const call = calls.find((event) => !used.has(event) && isAnswerOf(event, item, id));
  if (call) used.add(call);
  const model = asText(item.model) ?? asText(call?.model);
  return teller.message(message, { step: { ...stepOf(call), ...(model !== undefined && { model }) } });
}

const isAnswerOf = (event: JsonObject, message: JsonObject, id: string | undefined): boolean => {
  const answer = asObject(dig(asArray(dig(event, 'output', 'choices'))?.[0], 'message'));
  if (!answer) return false;
  return id !== undefined && answer.id !== undefined
    ? asId(answer.id) === id
    : asText(answer.content) === asText(message.content);
};

function stepOf(call: JsonObject | undefined): DraftStep {
  if (!call) return {};
  const output = asObject(call.output) ?? {};
  const externalId = asId(call.uuid);
  const usage = readUsage(output.usage);
  const finish = readFinish(dig(asArray(output.choices)?.[0], 'stop_reason'));
  const startedAt = readTime(call.timestamp);
  const endedAt = readTime(call.completed);
  const seconds = asNumber(output.time);
  return {
    ...(externalId !== undefined && { externalId }),
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(seconds !== undefined && seconds >= 0 && { latencyMs: seconds * 1000 }),
    ...(usage && { usage }),
    ...(finish && { finish }),
  };
}

/** Calls name their tool in `function`; one that could not be parsed says why. */
function withCalls(item: JsonObject): JsonObject {
  const calls = asArray(item.tool_calls);
  if (!calls) return item;
  return {
    ...item,
    tool_calls: calls.map((call) => {
      const value = asObject(call) ?? {};
      return typeof value.function === 'string'
        ? { id: value.id ?? null, name: value.function, arguments: value.arguments ?? {} }
        : value;
    }),
  };
}

function tellResult(teller: Teller, item: JsonObject, pointer: string): DraftEvent {
  const callId = asId(item.tool_call_id);
  const name = asText(item.function);
  const error = asObject(item.error);
  const type = error && asText(error.type);
  const said = error && asText(error.message);
  const told = teller.result(
    {
      ...(callId !== undefined && { callId }),
      ...(name !== undefined && { name }),
      status: error ? 'error' : 'ok',
      ...(type !== undefined && { errorType: type }),
    },
    item.content,
    pointer,
  );
  if (said && (told.parts ?? []).length === 0) told.parts = [{ type: 'text', text: said }];
  return told;
}

/** Tool events know when a call began and how long it took. */
function timed(told: readonly DraftEvent[], events: readonly JsonObject[]): void {
  for (const event of events) {
    if (event.event !== 'tool') continue;
    const id = asId(event.id);
    const result = told.find((draft) => draft.result && id !== undefined && draft.result.callId === id);
    const [from, to] = [readTime(event.timestamp), readTime(event.completed)];
    if (!result || from === undefined || to === undefined) continue;
    const ms = Date.parse(to) - Date.parse(from);
    if (ms >= 0) result.latencyMs = ms;
    result.ts ??= to;
  }
}

/** Without messages the model's calls are the talk: each brings what was new in its input, and its answer. */
function tellEvents(
  teller: Teller,
  events: readonly JsonObject[],
  sample: JsonObject,
  pointer: string,
  resolve: (value: Json) => Json,
): void {
  const calls = new Map(modelEvents(events, sample).map((call, index) => [index, call]));
  let next = 0;
  let known = 0;
  for (const [index, event] of events.entries()) {
    const at = pointerTo(pointer, 'events', index);
    if (event.event === 'model') {
      const call = calls.get(next++)!;
      const input = asArray(call.input) ?? [];
      for (const item of input.slice(known)) tellMessage(teller, asObject(resolve(item)) ?? {}, at, [], new Set());
      const answer = asObject(dig(asArray(dig(call, 'output', 'choices'))?.[0], 'message'));
      if (answer) {
        const message = readMessage(
          withCalls(asObject(resolve(answer))!),
          pointerTo(at, 'output', 'choices', 0, 'message'),
          { side: 'output' },
        )!;
        message.speaker = 'assistant';
        const model = asText(call.model);
        teller.message(message, { step: { ...stepOf(call), ...(model !== undefined && { model }) } });
      }
      known = input.length + (answer ? 1 : 0);
    } else if (event.event === 'error') {
      const failure = readError(event.error, 'app');
      if (failure) teller.error(failure, at);
    } else if (
      event.event === 'tool' &&
      !teller.events.some(({ call }) => call?.callId !== undefined && call.callId === asId(event.id))
    )
      tellToolEvent(teller, asObject(resolve(event))!, at);
    else if (event.event !== 'tool') teller.meta(resolve(event), at);
  }
}

/** A tool that ran although no call of it was logged. */
function tellToolEvent(teller: Teller, event: JsonObject, at: string): void {
  const callId = asId(event.id);
  const id = callId === undefined ? {} : { callId };
  const name = asText(event.function) ?? '';
  teller.call({ ...id, name, arguments: event.arguments }, at);
  if (event.result !== undefined || event.error)
    tellResult(
      teller,
      { tool_call_id: callId ?? null, function: name, content: event.result ?? null, error: event.error ?? null },
      at,
    );
}

/** `C`, `I`, `P`, `N`, numbers and what else scorers give, as verdicts on the run. */
function tellScores(teller: Teller, sample: JsonObject, pointer: string): void {
  const scores = asObject(sample.scores) ?? {};
  for (const name of Object.keys(scores)) {
    const score = asObject(scores[name]) ?? { value: scores[name]! };
    const at = pointerTo(pointer, 'scores', name);
    const comment = asText(score.explanation);
    const values = isObject(score.value)
      ? Object.keys(score.value).map((key) => [`${name}.${key}`, (score.value as JsonObject)[key]!] as const)
      : [[name, score.value ?? null] as const];
    for (const [label, value] of values) {
      const number = asNumber(value);
      const given = number ?? (typeof value === 'string' || typeof value === 'boolean' ? value : undefined);
      if (given === undefined) continue;
      teller.feedback(
        {
          target: 'trajectory',
          signal: typeof given === 'number' ? 'score' : 'label',
          name: label,
          value: given,
          by: 'verifier',
          ...(comment && { comment }),
        },
        at,
      );
    }
  }
}
