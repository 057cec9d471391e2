/**
 * Gemini and Vertex: generateContent requests, responses, stream chunks, recorded `{method, response}` lines, and the
 * Interactions API. Calls often have no id: results find them by name and order.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftStep,
  type DraftTrajectory,
  meanScore,
  type RecordSpan,
  type SourceRecord,
} from '../adapter.ts';
import { asArray, asId, asNumber, asObject, asText, firstText, insideText, pointerTo } from '../shared/json-access.ts';
import { type LoggedCall, readLoggedCall, readMeta, readSession, readTiming } from '../shared/logged-call.ts';
import type { Message } from '../shared/message.ts';
import { readError } from '../shared/read-error.ts';
import {
  hasFinished,
  isCandidates,
  isContent,
  mergeChunks,
  readCandidates,
  readContents,
  readGeminiContent,
  readSteps,
} from '../shared/read-gemini.ts';
import { settle } from '../shared/settled.ts';
import { type Answer, type Exchange, ThreadJoiner } from '../shared/thread-joiner.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { readFinish, readUsage } from '../shared/usage.ts';

export const geminiApi: Adapter = {
  name: 'gemini-api',
  version: '1',
  specificity: 22,
  score: meanScore(({ value }) => sureness(value)),
  start: (sink) => new GeminiRun(sink),
};

function sureness(value: Json | undefined): number {
  if (Array.isArray(value)) {
    if (value.length === 0) return 0;
    return value.every((item) => isResponse(asObject(item) ?? {})) || value.every(isContent) ? 0.95 : 0;
  }
  if (!isObject(value)) return 0;
  if (isResponse(value) || isErrorBody(value) || isRecording(value) || isInteraction(value)) return 1;
  if (isInteractionEvent(value)) return 1;
  const call = readLoggedCall(value, isRequest);
  if (call) return 1;
  return isContent(value) && typeof value.role === 'string' ? 0.8 : 0;
}

const isResponse = (value: JsonObject): boolean =>
  (isCandidates(value) && !('choices' in value)) || isObject(value.promptFeedback) || isUsageChunk(value);
const isUsageChunk = (value: JsonObject): boolean => isObject(value.usageMetadata) && 'modelVersion' in value;
const isErrorBody = (value: JsonObject): boolean =>
  isObject(value.error) && typeof value.error.status === 'string' && 'code' in value.error;
const isRecording = (value: JsonObject): boolean =>
  /generateContent/i.test(asText(value.method) ?? '') && (isObject(value.response) || Array.isArray(value.response));
const isInteraction = (value: JsonObject): boolean =>
  value.object === 'interaction' ||
  ((Array.isArray(value.steps) || Array.isArray(value.outputs)) && 'previous_interaction_id' in value);
const isInteractionEvent = (value: JsonObject): boolean =>
  /^(?:interaction|step|content)\./.test(asText(value.event_type) ?? '');

export function isRequest(value: JsonObject): boolean {
  const { contents } = value;
  if (Array.isArray(contents))
    return contents.length > 0 && (contents.some(isContent) || contents.every((item) => typeof item === 'string'));
  return isContent(contents) || (typeof contents === 'string' && ('config' in value || 'generationConfig' in value));
}

type Stream = { record: SourceRecord; span: RecordSpan; chunks: JsonObject[]; id: string | undefined; isOver: boolean };
type Interaction = {
  record: SourceRecord;
  span: RecordSpan;
  value: JsonObject;
  steps: Map<number, JsonObject>;
  isDone: boolean;
};

class GeminiRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly joiner: ThreadJoiner;
  private readonly streams: Stream[] = [];
  private readonly interactions: Interaction[] = [];

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.joiner = new ThreadJoiner(sink);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    if (Array.isArray(value) && value.length > 0 && value.every(isContent)) this.join(contentsExchange(record, value));
    else if (Array.isArray(value) && value.length > 0 && value.every(isObject))
      this.join({ record, messages: [], answers: readCandidates(mergeChunks(value), '', {}) });
    else if (!isObject(value)) this.sink.refuse(record, 'schema_mismatch', 'neither a call nor contents');
    else if (isErrorBody(value)) this.join({ record, messages: [], answers: readCandidates(value, '', {}) });
    else if (isRecording(value)) this.join(recordedExchange(record, value));
    else if (isInteractionEvent(value)) this.takeInteractionEvent(record, value);
    else if (isInteraction(value)) this.join(interactionExchange(record, value));
    else if (isResponse(value)) this.takeResponse(record, value);
    else {
      const call = readLoggedCall(value, isRequest);
      if (call) this.join(readExchange(record, call));
      else if (isContent(value)) this.join(contentsExchange(record, [value]));
      else this.sink.refuse(record, 'schema_mismatch', 'neither a call nor contents');
    }
    return [];
  }

  *end(): Iterable<DraftTrajectory> {
    for (const { record, span, chunks } of this.streams) {
      const whole = mergeChunks(chunks);
      const answers = readCandidates(whole, '', {});
      if (!hasFinished(whole)) for (const answer of answers) answer.step.finish ??= 'incomplete';
      this.join({ record, span: span.place(), messages: [], answers });
    }
    for (const { record, span, value, steps, isDone } of this.interactions) {
      const gathered = [...steps].sort(([a], [b]) => a - b).map(([, step]) => step);
      const whole = asArray(value.steps) || asArray(value.outputs) ? value : { ...value, steps: gathered };
      const exchange = interactionExchange(record, whole);
      if (!isDone) for (const answer of exchange.answers) answer.step.finish = 'incomplete';
      this.join({ ...exchange, span: span.place() });
    }
    yield* this.joiner.end();
  }

  private join(exchange: Exchange): void {
    this.joiner.add(exchange);
  }

  /** A response alone is whole; one that ends nowhere, or shares its id with the one before, is a chunk. */
  private takeResponse(record: SourceRecord, value: JsonObject): void {
    const id = asId(value.responseId) ?? asId(value.response_id);
    const open = this.streams.at(-1);
    const goesOn = open && (id === undefined ? open.id === undefined && !open.isOver : open.id === id);
    if (goesOn) {
      open.span.extend(record);
      open.chunks.push(value);
      open.isOver ||= hasFinished(value);
    } else {
      settle(open);
      this.streams.push({ record, span: this.sink.span(record), chunks: [value], id, isOver: hasFinished(value) });
    }
  }

  private takeInteractionEvent(record: SourceRecord, event: JsonObject): void {
    const type = asText(event.event_type) ?? '';
    const named = asObject(event.interaction);
    let open = this.interactions.at(-1);
    if (!open || /^interaction\.(?:created|start)$/.test(type)) {
      open = { record, span: this.sink.span(record), value: {}, steps: new Map(), isDone: false };
      settle(this.interactions.at(-1));
      this.interactions.push(open);
    }
    open.span.extend(record);
    if (named) open.value = { ...open.value, ...named };
    if (/^interaction\.complete/.test(type)) open.isDone = true;
    const index = asNumber(event.index) ?? 0;
    if (/^(?:step|content)\.start$/.test(type)) {
      const begun = asObject(event.step) ?? asObject(event.content);
      if (begun) open.steps.set(index, { ...begun });
    } else if (/^(?:step|content)\.delta$/.test(type)) addDelta(open.steps, index, asObject(event.delta) ?? {});
  }
}

function addDelta(steps: Map<number, JsonObject>, index: number, delta: JsonObject): void {
  const type = asText(delta.type) ?? 'text';
  const step = steps.get(index) ?? {
    type: type === 'thought_summary' ? 'thought' : type === 'text' ? 'model_output' : type,
  };
  steps.set(index, step);
  const text = firstText(delta, 'text') ?? firstText(asObject(delta.content) ?? {}, 'text') ?? '';
  if (type === 'text') {
    const blocks = asArray(step.content) ?? [];
    const last = asObject(blocks.at(-1));
    const before = asText(last?.text) ?? '';
    step.content = [...blocks.slice(0, -1), { type: 'text', text: before + text }];
  } else if (type === 'thought_summary') {
    step.summary = [
      { type: 'text', text: `${firstText(asObject(asArray(step.summary)?.[0]) ?? {}, 'text') ?? ''}${text}` },
    ];
  } else if (type === 'arguments_delta' || type === 'arguments') {
    const before = asText(step.arguments) ?? '';
    step.arguments = before + (asText(delta.arguments) ?? asText(delta.partial_arguments) ?? '');
  } else for (const key of Object.keys(delta)) if (key !== 'type') step[key] = delta[key]!;
}

const TAKEN = new Set([
  'contents',
  'model',
  'config',
  'tools',
  'systemInstruction',
  'system_instruction',
  'generationConfig',
  'generation_config',
  'id',
  'error',
  'toolConfig',
  'tool_config',
  'safetySettings',
]);

export function readExchange(record: SourceRecord, call: LoggedCall): Exchange {
  const { request, response, envelope, requestAt } = call;
  const config = asObject(request.config) ?? {};
  const told = ['systemInstruction', 'system_instruction'].find((key) => request[key] !== undefined);
  const systemAt = told ? pointerTo(requestAt, told) : pointerTo(requestAt, 'config', 'system_instruction');
  const system = told ? request[told] : (config.system_instruction ?? config.systemInstruction);
  const messages = [
    ...systemMessages(system, systemAt),
    ...readContents(request.contents, pointerTo(requestAt, 'contents')),
  ];
  const offered = request.tools ?? config.tools;
  const params = asObject(request.generationConfig) ?? asObject(request.generation_config);
  const model = asText(request.model)?.replace(/^models\//, '') ?? asText(envelope.model);
  const fields: DraftStep = {
    ...(model !== undefined && { model }),
    ...(params && { params }),
    ...readTiming(envelope),
  };
  const session = readSession(envelope, request);
  const meta = readMeta(envelope, TAKEN);
  const failure = response ? undefined : readError(envelope.error);
  const answers: Answer[] = response
    ? readCandidates(response, call.responseAt, fields)
    : failure
      ? [{ error: { info: failure, pointer: '/error' }, step: { ...fields, finish: 'error' } }]
      : [];
  if (!response && messages.at(-1)?.speaker === 'assistant')
    answers.unshift({ message: messages.pop()!, step: fields });
  return {
    record,
    ...(session.key !== undefined && { sessionId: session.key }),
    ...(Object.keys(session.ids).length > 0 && { externalIds: session.ids }),
    ...(meta && { meta }),
    messages,
    answers,
    ...(offered !== undefined && { tools: readToolDefs(offered) }),
  };
}

function systemMessages(system: Json | undefined, pointer: string): Message[] {
  if (system === undefined || system === null || system === '') return [];
  const message = readGeminiContent(system, pointer, 'input');
  delete message.flags;
  delete message.role;
  return [{ ...message, speaker: 'system' }];
}

function contentsExchange(record: SourceRecord, contents: Json[]): Exchange {
  const messages = readContents(contents, '');
  const last = messages.at(-1)?.speaker === 'assistant' ? messages.pop() : undefined;
  return { record, messages, answers: last ? [{ message: last, step: {} }] : [] };
}

function recordedExchange(record: SourceRecord, value: JsonObject): Exchange {
  const chunks = Array.isArray(value.response) ? value.response.filter(isObject) : undefined;
  const response = chunks ? mergeChunks(chunks) : asObject(value.response)!;
  const answers = readCandidates(response, chunks ? insideText('/response') : '/response', readTiming(value));
  return { record, messages: [], answers };
}

function interactionExchange(record: SourceRecord, value: JsonObject): Exchange {
  const key = Array.isArray(value.steps) ? 'steps' : 'outputs';
  const messages = readSteps(value[key], pointerTo('', key), 'output');
  const asked = readSteps(value.input, '/input', 'input');
  const last = messages.at(-1)?.speaker === 'assistant' ? messages.pop() : undefined;
  const model = asText(value.model) ?? asText(value.agent);
  const externalId = asId(value.id);
  const usage = readUsage(value.usage);
  const failure = readError(value.error);
  const finish =
    value.status === 'requires_action'
      ? 'tool'
      : value.status === 'in_progress'
        ? 'incomplete'
        : readFinish(value.status);
  const after = asId(value.previous_interaction_id);
  const step: DraftStep = {
    ...(externalId !== undefined && { externalId }),
    ...(model !== undefined && { model }),
    provider: 'google',
    ...(usage && { usage }),
    ...(finish && { finish }),
  };
  const system = systemMessages(value.system_instruction, '/system_instruction');
  const answers: Answer[] = [];
  if (last || failure) {
    const said = { ...(last && { message: last }), ...(failure && { error: { info: failure, pointer: '/error' } }) };
    answers.push({ ...said, step: failure ? { ...step, finish: 'error' } : step });
  }
  return {
    record,
    ...(after !== undefined && { after }),
    messages: [...system, ...asked, ...messages],
    answers,
    ...(value.tools !== undefined && { tools: readToolDefs(value.tools) }),
  };
}
