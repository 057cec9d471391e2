/**
 * Chat Completions and everything that speaks it: requests, responses, logged pairs of any gateway, rows and bare lists of
 * messages, single messages, legacy functions, text completions, error bodies, streamed chunks.
 */
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
import { asArray, asId, asObject, asText, dig, pointerTo } from '../shared/json-access.ts';
import {
  type LoggedCall,
  readLoggedCall,
  readMeta,
  readParams,
  readSession,
  readTiming,
} from '../shared/logged-call.ts';
import type { Message } from '../shared/message.ts';
import { MessageLog } from '../shared/message-log.ts';
import { readError } from '../shared/read-error.ts';
import { isMessage, readMessage, readMessages } from '../shared/read-message.ts';
import { readTime } from '../shared/read-time.ts';
import { type Answer, type Exchange, ThreadJoiner } from '../shared/thread-joiner.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { readFinish, readUsage } from '../shared/usage.ts';
import { ChatStreams, isChunk } from './openai-chat-stream.ts';

export const openaiChat: Adapter = {
  name: 'openai-chat',
  version: '1',
  specificity: 20,
  score: meanScore(({ value }) => sureness(value)),
  start: (sink) => new ChatRun(sink),
};

const ENVELOPES = new Set([
  'list',
  'embedding',
  'moderation',
  'image',
  'transcription',
  'file',
  'model',
  'fine_tuning.job',
  'batch',
]);

/** Blocks that only another API has: the messages are not these then. */
const FOREIGN_BLOCKS = new Set([
  'tool_use',
  'tool_result',
  'thinking',
  'redacted_thinking',
  'server_tool_use',
  'document',
]);

function sureness(value: Json | undefined): number {
  if (Array.isArray(value)) return value.length > 0 && value.every(isMessage) ? messagesSureness(value) : 0;
  if (!isObject(value)) return 0;
  if (isChunk(value) || isCompletion(value)) return 1;
  const call = readLoggedCall(value, isRequest);
  if (call) {
    const response = call.response && (isCompletion(call.response) || isErrorBody(call.response));
    return response ? 1 : messagesSureness(asArray(call.request.messages) ?? []);
  }
  if (isErrorBody(value)) return 0.7;
  if (isMessage(value)) return 0.6 * messagesSureness([value]);
  return 0;
}

function messagesSureness(messages: readonly Json[]): number {
  const blocks = messages.flatMap((message) => asArray(asObject(message)?.content) ?? []);
  if (blocks.some((block) => FOREIGN_BLOCKS.has(asText(asObject(block)?.type) ?? ''))) return 0.3;
  const isChat = messages.some((message) => {
    const fields = asObject(message) ?? {};
    return (
      'tool_calls' in fields ||
      'tool_call_id' in fields ||
      'function_call' in fields ||
      fields.role === 'system' ||
      fields.role === 'tool'
    );
  });
  return isChat ? 0.95 : 0.9;
}

/** A list of messages, or a prompt with the parameters of a text completion. */
function isRequest(value: JsonObject): boolean {
  const messages = value.messages;
  if (Array.isArray(messages))
    return messages.length > 0 && messages.every((item) => isMessage(item)) && !isForeign(value);
  const hasPrompt = typeof value.prompt === 'string' || Array.isArray(value.prompt);
  return (
    hasPrompt &&
    'model' in value &&
    ('max_tokens' in value || 'temperature' in value || isCompletion(asObject(value.response) ?? {}))
  );
}

/** Marks of formats that also hold a list of messages. */
function isForeign(value: JsonObject): boolean {
  if (typeof value.label === 'boolean' || 'chosen' in value || 'rejected' in value) return true;
  const firstTool = asObject(asArray(value.tools)?.[0]);
  return 'system' in value || (firstTool !== undefined && 'input_schema' in firstTool);
}

function isCompletion(value: JsonObject): boolean {
  const object = asText(value.object);
  if (object === 'chat.completion' || object === 'text_completion') return true;
  const choice = asObject(asArray(value.choices)?.[0]);
  return choice !== undefined && (isObject(choice.message) || typeof choice.text === 'string');
}

function isErrorBody(value: JsonObject): boolean {
  const error = asObject(value.error);
  return (
    error !== undefined &&
    value.type !== 'error' &&
    typeof error.message === 'string' &&
    !('status' in error) &&
    !('choices' in value)
  );
}

class ChatRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly joiner: ThreadJoiner;
  private readonly log: MessageLog;
  private readonly streams: ChatStreams;

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.joiner = new ThreadJoiner(sink);
    this.log = new MessageLog(sink);
    this.streams = new ChatStreams(sink);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    this.read(record);
    return [];
  }

  private read(record: SourceRecord): void {
    const { value } = record;
    if (Array.isArray(value) && value.length > 0 && value.every(isMessage)) {
      this.joiner.add(rowExchange(record, readMessages(value, ''), undefined, {}));
      return;
    }
    if (!isObject(value)) {
      this.sink.refuse(record, 'schema_mismatch', 'neither a call nor messages');
      return;
    }
    if (isChunk(value)) {
      this.streams.take(record, value);
      return;
    }
    const call = isCompletion(value) ? undefined : readLoggedCall(value, isRequest);
    if (call) this.joiner.add(readExchange(record, call));
    else if (isCompletion(value) || isErrorBody(value)) this.joiner.add(responseExchange(record, value));
    else if (isMessage(value)) this.addMessage(record, value);
    else {
      const isKnown = ENVELOPES.has(asText(value.object) ?? '');
      if (isKnown) this.sink.refuse(record, 'not_a_conversation');
      else this.sink.refuse(record, 'schema_mismatch', 'neither a call nor messages');
    }
  }

  *end(): Iterable<DraftTrajectory> {
    for (const exchange of this.streams.end()) this.joiner.add(exchange);
    yield* this.joiner.end();
    yield* this.log.end();
  }

  private addMessage(record: SourceRecord, value: JsonObject): void {
    const message = readMessage(value, '');
    if (!message) this.sink.refuse(record, 'schema_mismatch', 'a message without content');
    else this.log.add(record, message, readSession(value).key, asId(value.id));
  }
}

const REQUEST_FIELDS = new Set([
  'messages',
  'tools',
  'functions',
  'model',
  'id',
  'prompt',
  'raw_messages',
  'raw_response',
  'error',
  'user',
  'object',
  'created',
  'function_call',
  'kwargs',
]);

export function readExchange(record: SourceRecord, call: LoggedCall): Exchange {
  const { request, response, envelope } = call;
  const tools = readToolDefs(
    request.tools ?? request.functions ?? dig(request, 'kwargs', 'tools') ?? dig(envelope, 'kwargs', 'tools'),
  );
  const names = new Set(tools.map((tool) => tool.name));
  const at = call.requestAt;
  const messages = Array.isArray(request.messages)
    ? readMessages(request.messages, pointerTo(at, 'messages'), { toolNames: names })
    : promptMessages(request.prompt, pointerTo(at, 'prompt'));
  const session = readSession(envelope, call.request, asObject(envelope.kwargs));
  const timing = readTiming(envelope, request);
  const model = asText(request.model) ?? asText(envelope.model);
  const params = readParams(
    request,
    asObject(envelope.kwargs),
    asObject(envelope.model_parameters),
    asObject(envelope.optional_params),
  );
  const fields: DraftStep = { ...(model !== undefined && { model }), ...(params && { params }), ...timing };
  const offered = 'tools' in request || 'functions' in request ? tools : tools.length > 0 ? tools : undefined;
  const meta = readMeta(envelope === request ? without(request, 'response') : envelope, REQUEST_FIELDS);
  const base = {
    ...(session.key !== undefined && { sessionId: session.key }),
    ...(Object.keys(session.ids).length > 0 && { externalIds: session.ids }),
    ...(meta && { meta }),
  };
  if (response) {
    const answers = readAnswers(response, call.responseAt, fields);
    if (isObject(envelope.raw_response) && answers[0]) answers[0].mirrors = ['/raw_response'];
    return { record, messages, answers, ...(offered && { tools: offered }), ...base };
  }
  const failure = readError(envelope.error ?? envelope.exception ?? envelope.error_str);
  if (failure && !('choices' in envelope)) {
    const key = ['error', 'exception', 'error_str'].find((name) => envelope[name] !== undefined)!;
    const answers: Answer[] = [
      { error: { info: failure, pointer: pointerTo('', key) }, step: { ...fields, finish: 'error' } },
    ];
    return { record, messages, answers, ...(offered && { tools: offered }), ...base };
  }
  return rowExchange(record, messages, offered, fields, base);
}

/** A row of messages: when the model spoke last, that is its answer to the others. */
function rowExchange(
  record: SourceRecord,
  messages: Message[],
  tools: ToolDef[] | undefined,
  fields: DraftStep,
  base: Partial<Exchange> = {},
): Exchange {
  const last = messages.at(-1);
  const isAnswered = last?.speaker === 'assistant';
  const answers: Answer[] = isAnswered ? [{ message: last, step: fields }] : [];
  return { record, ...base, messages: isAnswered ? messages.slice(0, -1) : messages, answers, ...(tools && { tools }) };
}

function responseExchange(record: SourceRecord, value: JsonObject): Exchange {
  const session = readSession(value);
  return {
    record,
    ...(session.key !== undefined && { sessionId: session.key }),
    ...(Object.keys(session.ids).length > 0 && { externalIds: session.ids }),
    messages: [],
    answers: readAnswers(value, '', readTiming(without(value, 'created_at'))),
  };
}

/** The choices of a response in the order of their index, or its error. */
export function readAnswers(response: JsonObject, at: string, fields: DraftStep): Answer[] {
  const failure =
    isObject(response.error) || typeof response.error === 'string' ? readError(response.error) : undefined;
  const choices = asArray(response.choices) ?? [];
  if (failure && choices.length === 0) {
    return [{ error: { info: failure, pointer: pointerTo(at, 'error') }, step: { ...fields, finish: 'error' } }];
  }
  const externalId = asId(response.id);
  const model = asText(response.model) ?? fields.model;
  const usage = readUsage(response.usage);
  const created = readTime(response.created);
  return choices
    .map((choice, position) => ({ choice: asObject(choice) ?? {}, position }))
    .sort((a, b) => indexOf(a) - indexOf(b))
    .map(({ choice, position }) => {
      const place = pointerTo(at, 'choices', position);
      const message = readChoice(choice, place);
      if (message) message.speaker = 'assistant';
      const finish = readFinish(choice.finish_reason);
      if (message && created !== undefined) message.ts = created;
      return {
        ...(message && { message }),
        step: {
          ...(externalId !== undefined && { externalId }),
          ...fields,
          ...(model !== undefined && { model }),
          ...(usage && { usage }),
          ...(finish && { finish }),
        },
      };
    });
}

/** Chat answers hold a message, completions a text; a choice with neither is read as empty, at its own place. */
function readChoice(choice: JsonObject, place: string): Message | undefined {
  if (isObject(choice.message)) return readMessage(choice.message, pointerTo(place, 'message'), { side: 'output' });
  const text = asText(choice.text);
  const message = readMessage(text ?? '', text === undefined ? place : pointerTo(place, 'text'), { side: 'output' });
  if (message) delete message.flags;
  return message;
}

const indexOf = ({ choice, position }: { choice: JsonObject; position: number }): number =>
  typeof choice.index === 'number' ? choice.index : position;

function promptMessages(prompt: Json | undefined, at: string): Message[] {
  const prompts = Array.isArray(prompt) ? prompt : [prompt];
  return prompts.flatMap((text, index): Message[] => {
    if (typeof text !== 'string') return [];
    const pointer = Array.isArray(prompt) ? pointerTo(at, index) : at;
    return [{ speaker: 'user', pieces: [{ type: 'part', part: { type: 'text', text } }], pointer }];
  });
}

function without(value: JsonObject, ...keys: string[]): JsonObject {
  const rest: JsonObject = Object.create(null);
  for (const key of Object.keys(value)) if (!keys.includes(key)) rest[key] = value[key]!;
  return rest;
}
