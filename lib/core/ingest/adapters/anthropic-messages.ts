/** The Messages API: requests, responses, logged pairs of them, error bodies, streams as SSE or one event a line. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { ToolDef } from '../../trajectory/trajectory.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftStep,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { asArray, asId, asObject, asText, pointerTo } from '../shared/json-access.ts';
import {
  type LoggedCall,
  readLoggedCall,
  readMeta,
  readParams,
  readSession,
  readTiming,
} from '../shared/logged-call.ts';
import type { Message } from '../shared/message.ts';
import { readContent } from '../shared/read-block.ts';
import { readError } from '../shared/read-error.ts';
import { isMessage, readMessage, readMessages } from '../shared/read-message.ts';
import { type Answer, type Exchange, ThreadJoiner } from '../shared/thread-joiner.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { readFinish, readUsage } from '../shared/usage.ts';
import { isStreamEvent, MessageStreams } from './anthropic-stream.ts';

export const anthropicMessages: Adapter = {
  name: 'anthropic-messages',
  version: '1',
  specificity: 22,
  score: meanScore(({ value }) => sureness(value)),
  start: (sink) => new MessagesRun(sink),
};

const OWN_BLOCKS = new Set([
  'tool_use',
  'tool_result',
  'thinking',
  'redacted_thinking',
  'server_tool_use',
  'mcp_tool_use',
  'document',
]);

function sureness(value: Json | undefined): number {
  if (Array.isArray(value)) return value.length > 0 && value.every(isMessage) && hasOwnBlocks(value) ? 0.96 : 0;
  if (!isObject(value)) return 0;
  if (isResponse(value) || isStreamEvent(value) || isErrorBody(value)) return 1;
  const call = readLoggedCall(value, isRequest);
  if (call) {
    if (call.response && (isResponse(call.response) || isErrorBody(call.response))) return 1;
    return call.response && 'choices' in call.response ? 0 : isSure(call.request) ? 0.97 : 0.5;
  }
  return isMessage(value) && hasOwnBlocks([value]) ? 0.7 : 0;
}

function isRequest(value: JsonObject): boolean {
  const messages = asArray(value.messages);
  if (!messages || messages.length === 0 || !messages.every(isMessage)) return false;
  if ('chosen' in value || 'rejected' in value) return false;
  return isSure(value) || isResponse(asObject(value.response) ?? {});
}

/** What a request of another API never has. */
function isSure(value: JsonObject): boolean {
  const messages = asArray(value.messages) ?? [];
  if (hasOwnBlocks(messages)) return true;
  const tool = asObject(asArray(value.tools)?.[0]);
  if (tool && 'input_schema' in tool) return true;
  const hasSystem = typeof value.system === 'string' || Array.isArray(value.system);
  return (hasSystem && 'max_tokens' in value) || 'anthropic_version' in value;
}

function hasOwnBlocks(messages: readonly Json[]): boolean {
  return messages.some((message) =>
    asArray(asObject(message)?.content)?.some((block) => OWN_BLOCKS.has(asText(asObject(block)?.type) ?? '')),
  );
}

const isResponse = (value: JsonObject): boolean =>
  value.type === 'message' && Array.isArray(value.content) && value.role === 'assistant';
const isErrorBody = (value: JsonObject): boolean =>
  value.type === 'error' && isObject(value.error) && !('sequence_number' in value);

class MessagesRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly joiner: ThreadJoiner;
  private readonly streams: MessageStreams;

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.joiner = new ThreadJoiner(sink);
    this.streams = new MessageStreams(sink);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    if (Array.isArray(value) && value.length > 0 && value.every(isMessage)) {
      this.joiner.add(rowExchange(record, readMessages(value, ''), undefined, {}));
    } else if (!isObject(value)) this.sink.refuse(record, 'schema_mismatch', 'neither a call nor messages');
    else if (isStreamEvent(value)) this.streams.take(record, value);
    else if (isResponse(value) || isErrorBody(value)) this.joiner.add(responseExchange(record, value));
    else {
      const call = readLoggedCall(
        value,
        (object) => Array.isArray(object.messages) && object.messages.length > 0 && object.messages.every(isMessage),
      );
      const message = call || !isMessage(value) ? undefined : readMessage(value, '');
      if (call) this.joiner.add(readExchange(record, call));
      else if (message) this.joiner.add(rowExchange(record, [message], undefined, {}));
      else this.sink.refuse(record, 'schema_mismatch', 'neither a call nor messages');
    }
    return [];
  }

  *end(): Iterable<DraftTrajectory> {
    for (const exchange of this.streams.end()) this.joiner.add(exchange);
    yield* this.joiner.end();
  }
}

const REQUEST_FIELDS = new Set([
  'messages',
  'system',
  'tools',
  'model',
  'id',
  'error',
  'metadata',
  'anthropic_version',
]);

export function readExchange(record: SourceRecord, call: LoggedCall): Exchange {
  const { request, response, envelope, requestAt } = call;
  const system = systemMessage(request.system, pointerTo(requestAt, 'system'));
  const messages = [...system, ...readMessages(asArray(request.messages) ?? [], pointerTo(requestAt, 'messages'))];
  const tools = 'tools' in request ? readToolDefs(request.tools) : undefined;
  const session = readSession(envelope, request);
  const params = readParams(request);
  const model = asText(request.model);
  const fields: DraftStep = {
    ...(model !== undefined && { model }),
    provider: 'anthropic',
    ...(params && { params }),
    ...readTiming(envelope),
  };
  const rest = envelope === request || envelope.messages !== undefined ? withoutResponse(request) : envelope;
  const meta = readMeta(rest, REQUEST_FIELDS);
  const base = {
    ...(session.key !== undefined && { sessionId: session.key }),
    ...(Object.keys(session.ids).length > 0 && { externalIds: session.ids }),
    ...(meta && { meta }),
  };
  const failure = response ? undefined : readError(envelope.error);
  let exchange: Exchange;
  if (response)
    exchange = {
      record,
      messages,
      answers: [readAnswer(response, call.responseAt, fields)],
      ...(tools && { tools }),
      ...base,
    };
  else if (failure) {
    const answers: Answer[] = [{ error: { info: failure, pointer: '/error' }, step: { ...fields, finish: 'error' } }];
    exchange = { record, messages, answers, ...(tools && { tools }), ...base };
  } else exchange = rowExchange(record, messages, tools, fields, base);
  return exchange;
}

function systemMessage(system: Json | undefined, pointer: string): Message[] {
  if (system === undefined || system === null || system === '') return [];
  const pieces = readContent(system, pointer);
  return pieces.length > 0 ? [{ speaker: 'system', pieces, pointer }] : [];
}

/** When the model spoke last, that is its answer. */
function rowExchange(
  record: SourceRecord,
  messages: Message[],
  tools: ToolDef[] | undefined,
  fields: DraftStep,
  base: Partial<Exchange> = {},
): Exchange {
  const last = messages.at(-1);
  const answers: Answer[] = last?.speaker === 'assistant' ? [{ message: last, step: fields }] : [];
  return {
    record,
    ...base,
    messages: answers.length > 0 ? messages.slice(0, -1) : messages,
    answers,
    ...(tools && { tools }),
  };
}

function responseExchange(record: SourceRecord, value: JsonObject): Exchange {
  return { record, messages: [], answers: [readAnswer(value, '', { provider: 'anthropic' })] };
}

/** @param response a message, or an error body */
export function readAnswer(response: JsonObject, at: string, fields: DraftStep): Answer {
  if (!Array.isArray(response.content)) {
    const info = readError(response.error ?? response) ?? { where: 'provider' as const, message: '' };
    const place = response.error === undefined ? at : pointerTo(at, 'error');
    return { error: { info, pointer: place }, step: { ...fields, finish: 'error' } };
  }
  const message: Message = {
    speaker: 'assistant',
    pieces: readContent(response.content, pointerTo(at, 'content')),
    pointer: at,
  };
  const refusal = asText(asObject(response.stop_details)?.explanation);
  if (response.stop_reason === 'refusal' && refusal) {
    message.pieces.push({ type: 'part', part: { type: 'refusal', text: refusal } });
  }
  return { message, step: { ...stepOf(response), ...fields, ...withModel(response, fields) } };
}

const withModel = (response: JsonObject, fields: DraftStep): DraftStep => {
  const model = asText(response.model) ?? fields.model;
  return model === undefined ? {} : { model };
};

export function stepOf(response: JsonObject): DraftStep {
  const externalId = asId(response.id);
  const usage = readUsage(response.usage);
  const finish = readFinish(response.stop_reason);
  return { ...(externalId !== undefined && { externalId }), ...(usage && { usage }), ...(finish && { finish }) };
}

function withoutResponse(value: JsonObject): JsonObject {
  const rest: JsonObject = Object.create(null);
  for (const key of Object.keys(value)) if (key !== 'response') rest[key] = value[key]!;
  return rest;
}
