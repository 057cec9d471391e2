/** Bedrock's Converse: requests, responses, logged pairs (also its own invocation log), streams of one event a record. */
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
import { asArray, asId, asNumber, asObject, asText, dig, pointerTo } from '../shared/json-access.ts';
import { type LoggedCall, readLoggedCall, readMeta, readSession, readTiming } from '../shared/logged-call.ts';
import type { Message } from '../shared/message.ts';
import { readContent } from '../shared/read-block.ts';
import { readError } from '../shared/read-error.ts';
import { readMessages } from '../shared/read-message.ts';
import { settle } from '../shared/settled.ts';
import { type Answer, type Exchange, ThreadJoiner } from '../shared/thread-joiner.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { readFinish, readUsage } from '../shared/usage.ts';

export const bedrockConverse: Adapter = {
  name: 'bedrock-converse',
  version: '1',
  specificity: 23,
  score: meanScore(({ value }) => (isKnown(value) ? 1 : 0)),
  start: (sink) => new ConverseRun(sink),
};

const BLOCKS = [
  'text',
  'toolUse',
  'toolResult',
  'reasoningContent',
  'image',
  'document',
  'video',
  'guardContent',
  'cachePoint',
  'citationsContent',
];
const EVENTS = [
  'messageStart',
  'contentBlockStart',
  'contentBlockDelta',
  'contentBlockStop',
  'messageStop',
  'metadata',
];
const FAILURES = [
  'internalServerException',
  'modelStreamErrorException',
  'validationException',
  'throttlingException',
  'serviceUnavailableException',
];

const isBlock = (block: Json): boolean =>
  isObject(block) && typeof block.type !== 'string' && BLOCKS.some((key) => key in block);
const isTurn = (value: Json): boolean =>
  isObject(value) &&
  (value.role === 'user' || value.role === 'assistant') &&
  Array.isArray(value.content) &&
  value.content.every(isBlock);
const isResponse = (value: JsonObject): boolean => isTurn(dig(value, 'output', 'message') ?? null);
const isEvent = (value: JsonObject): boolean => {
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0 || !isObject(value[name])) return false;
  if (name === 'metadata') return isObject(dig(value, 'metadata', 'usage'));
  return EVENTS.includes(name) || FAILURES.includes(name);
};
const isLog = (value: JsonObject): boolean =>
  value.schemaType === 'ModelInvocationLog' && isRequest(bodyOf(value, 'input') ?? {});
const bodyOf = (value: JsonObject, side: 'input' | 'output'): JsonObject | undefined =>
  asObject(dig(value, side, `${side}BodyJson`));

export const isRequest = (value: JsonObject): boolean =>
  Array.isArray(value.messages) &&
  value.messages.length > 0 &&
  value.messages.every(isTurn) &&
  (isObject(value.toolConfig) ||
    isObject(value.inferenceConfig) ||
    'modelId' in value ||
    (asArray(value.system) ?? []).every(isBlock));

const isKnown = (value: Json | undefined): boolean =>
  isObject(value) &&
  (isResponse(value) || isEvent(value) || isLog(value) || readLoggedCall(value, isRequest) !== undefined);

type Stream = {
  record: SourceRecord;
  span: RecordSpan;
  blocks: Map<number, JsonObject>;
  end: JsonObject;
  isDone: boolean;
  error?: Json;
};

class ConverseRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly joiner: ThreadJoiner;
  private readonly streams: Stream[] = [];

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.joiner = new ThreadJoiner(sink);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const value = asObject(record.value);
    const call = value && !isResponse(value) ? callOf(value) : undefined;
    if (!value) this.sink.refuse(record, 'schema_mismatch', 'neither a call nor an event');
    else if (isEvent(value)) this.takeEvent(record, value);
    else if (call) this.joiner.add(readExchange(record, call));
    else if (isResponse(value)) this.joiner.add({ record, messages: [], answers: [readAnswer(value, '', {})] });
    else this.sink.refuse(record, 'schema_mismatch', 'neither a call nor an event');
    return [];
  }

  *end(): Iterable<DraftTrajectory> {
    for (const { record, span, blocks, end, isDone, error } of this.streams) {
      const content = [...blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
      const answer = readAnswer({ ...end, output: { message: { role: 'assistant', content } } }, '', {});
      if (!isDone && error === undefined) answer.step.finish = 'incomplete';
      if (error !== undefined) {
        answer.error = { info: readError(error)!, pointer: '' };
        answer.step.finish = 'error';
        if (content.length === 0) delete answer.message;
      }
      this.joiner.add({ record, span: span.place(), messages: [], answers: [answer] });
    }
    yield* this.joiner.end();
  }

  private takeEvent(record: SourceRecord, event: JsonObject): void {
    const name = Object.keys(event)[0]!;
    const body = asObject(event[name])!;
    let stream = this.streams.at(-1);
    if (!stream || name === 'messageStart') {
      stream = { record, span: this.sink.span(record), blocks: new Map(), end: {}, isDone: false };
      settle(this.streams.at(-1));
      this.streams.push(stream);
    }
    stream.span.extend(record);
    const index = asNumber(body.contentBlockIndex) ?? 0;
    if (name === 'contentBlockStart') stream.blocks.set(index, { ...asObject(body.start) });
    else if (name === 'contentBlockDelta') addDelta(stream.blocks, index, asObject(body.delta) ?? {});
    else if (name === 'messageStop') {
      stream.end = { ...stream.end, ...body };
      stream.isDone = true;
    } else if (name === 'metadata') stream.end = { ...stream.end, ...body };
    else if (FAILURES.includes(name)) stream.error = { type: name, ...body };
  }
}

function addDelta(blocks: Map<number, JsonObject>, index: number, delta: JsonObject): void {
  const block = blocks.get(index) ?? {};
  blocks.set(index, block);
  const append = (into: JsonObject, key: string, text: Json | undefined) => {
    if (typeof text === 'string') into[key] = (asText(into[key]) ?? '') + text;
  };
  append(block, 'text', delta.text);
  const input = asText(dig(delta, 'toolUse', 'input'));
  if (input !== undefined) {
    const use = { ...asObject(block.toolUse) };
    append(use, 'input', input);
    block.toolUse = use;
  }
  const thought = asObject(delta.reasoningContent);
  if (thought) {
    const known = { ...asObject(dig(block, 'reasoningContent', 'reasoningText')) };
    append(known, 'text', thought.text);
    append(known, 'signature', thought.signature);
    block.reasoningContent = { reasoningText: known };
  }
}

function callOf(value: JsonObject): LoggedCall | undefined {
  if (!isLog(value)) return readLoggedCall(value, isRequest);
  const { input: _, output: __, ...envelope } = value;
  return {
    request: bodyOf(value, 'input')!,
    requestAt: '/input/inputBodyJson',
    response: bodyOf(value, 'output'),
    responseAt: '/output/outputBodyJson',
    envelope,
  };
}

const TAKEN = new Set(['messages', 'system', 'toolConfig', 'inferenceConfig', 'modelId', 'error', 'id']);

export function readExchange(
  record: SourceRecord,
  { request, response, envelope, requestAt, responseAt }: LoggedCall,
): Exchange {
  const system: Message[] = Array.isArray(request.system)
    ? [
        {
          speaker: 'system',
          pieces: readContent(request.system, pointerTo(requestAt, 'system')),
          pointer: pointerTo(requestAt, 'system'),
        },
      ]
    : [];
  const messages = [...system, ...readMessages(asArray(request.messages) ?? [], pointerTo(requestAt, 'messages'))];
  const model = asText(request.modelId) ?? asText(envelope.modelId);
  const params = asObject(request.inferenceConfig);
  const fields: DraftStep = {
    ...(model !== undefined && { model }),
    ...(params && { params }),
    ...readTiming(envelope),
  };
  const session = readSession(envelope, request);
  const meta = readMeta(envelope, TAKEN);
  const failure = response ? readError(isResponse(response) ? null : response) : readError(envelope.error);
  const answers: Answer[] = failure
    ? [{ error: { info: failure, pointer: response ? responseAt : '/error' }, step: { ...fields, finish: 'error' } }]
    : response
      ? [readAnswer(response, responseAt, fields)]
      : [];
  if (answers.length === 0 && messages.at(-1)?.speaker === 'assistant')
    answers.push({ message: messages.pop()!, step: fields });
  const offered = dig(request, 'toolConfig', 'tools');
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

export function readAnswer(response: JsonObject, at: string, fields: DraftStep): Answer {
  const content = dig(response, 'output', 'message', 'content') ?? [];
  const pointer = pointerTo(at, 'output', 'message');
  const message: Message = {
    speaker: 'assistant',
    pieces: readContent(content, pointerTo(pointer, 'content')),
    pointer,
  };
  const usage = readUsage(response.usage);
  const finish = readFinish(response.stopReason);
  const latency = asNumber(dig(response, 'metrics', 'latencyMs'));
  const externalId = asId(dig(response, 'ResponseMetadata', 'RequestId'));
  return {
    message,
    step: {
      ...(externalId !== undefined && { externalId }),
      ...fields,
      provider: 'aws',
      ...(usage && { usage }),
      ...(finish && { finish }),
      ...(latency !== undefined && latency >= 0 && { latencyMs: latency }),
    },
  };
}
