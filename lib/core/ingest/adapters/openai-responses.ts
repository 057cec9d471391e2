/**
 * The Responses API and what speaks it: requests, responses, logged pairs, event streams, items one a line, lists of
 * conversation items. A history by reference (`previous_response_id`) is joined like a repeated one.
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
import { readError } from '../shared/read-error.ts';
import { isItem, readItems, readOutput } from '../shared/read-items.ts';
import { readTime } from '../shared/read-time.ts';
import { SessionLog } from '../shared/session-log.ts';
import { Teller } from '../shared/teller.ts';
import { type Answer, type Exchange, ThreadJoiner } from '../shared/thread-joiner.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { readFinish, readUsage } from '../shared/usage.ts';
import { type Assembled, isResponseEvent, ResponseStreams } from './openai-responses-stream.ts';

export const openaiResponses: Adapter = {
  name: 'openai-responses',
  version: '1',
  specificity: 24,
  score: meanScore(({ value }) => sureness(value)),
  start: (sink) => new ResponsesRun(sink),
};

function sureness(value: Json | undefined): number {
  if (Array.isArray(value)) return value.length > 0 && value.every(isTurn) && value.some(isItem) ? 0.95 : 0;
  if (!isObject(value)) return 0;
  if (isResponse(value) || isResponseEvent(value) || isItemList(value) || isConversation(value)) return 1;
  const call = readLoggedCall(value, isRequest);
  if (call) return isResponse(call.response ?? {}) || hasItems(call.request) ? 1 : 0.7;
  return isItem(value) ? 0.9 : 0;
}

const isTurn = (value: Json): boolean => isItem(value) || (isObject(value) && typeof value.role === 'string');
const isResponse = (value: JsonObject): boolean =>
  value.object === 'response' || (Array.isArray(value.output) && value.output.length > 0 && value.output.every(isItem));
const isConversation = (value: JsonObject): boolean => value.object === 'conversation';
const isItemList = (value: JsonObject): boolean =>
  Array.isArray(value.data) && value.data.length > 0 && value.data.every(isItem);
const hasItems = (request: JsonObject): boolean =>
  Array.isArray(request.input) || 'instructions' in request || 'previous_response_id' in request;

/** `input` and `model` alone are also what embeddings and moderations are asked with. */
export function isRequest(value: JsonObject): boolean {
  const { input, model } = value;
  const isInput = typeof input === 'string' || (Array.isArray(input) && input.every(isTurn));
  return isInput && typeof model === 'string' && !/embed|moderation|tts|rerank/i.test(model) && !('messages' in value);
}

class ResponsesRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly joiner: ThreadJoiner;
  private readonly streams: ResponseStreams;
  private readonly items: SessionLog;
  /** What an answer was instructed with: those that go on from it repeat it. */
  private readonly instructed = new Map<string, string>();

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.joiner = new ThreadJoiner(sink);
    this.streams = new ResponseStreams(sink);
    this.items = new SessionLog(sink, tellItems);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    if (Array.isArray(value) && value.length > 0 && value.every(isTurn)) {
      this.join(listExchange(record, value, ''));
    } else if (!isObject(value)) this.sink.refuse(record, 'schema_mismatch', 'neither a call nor items');
    else if (isResponseEvent(value)) this.streams.take(record, value);
    else if (isItemList(value)) this.join(listExchange(record, value.data as Json[], '/data'));
    else {
      const call = isResponse(value) ? undefined : readLoggedCall(value, isRequest);
      if (call) this.join(readExchange(record, call));
      else if (isResponse(value)) this.join(responseExchange(record, value));
      else if (isItem(value) || isConversation(value))
        this.items.add(record, asId(value.conversation_id), asId(value.id));
      else this.sink.refuse(record, 'schema_mismatch', 'neither a call nor items');
    }
    return [];
  }

  *end(): Iterable<DraftTrajectory> {
    for (const stream of this.streams.end()) this.join(streamExchange(stream));
    yield* this.joiner.end();
    yield* this.items.end();
  }

  private join(exchange: Exchange): void {
    const first = exchange.messages[0];
    const told = first?.speaker === 'system' ? textOf(first) : undefined;
    if (exchange.after !== undefined && told !== undefined && this.instructed.get(exchange.after) === told)
      exchange.messages.shift();
    const id = exchange.answers[0]?.step.externalId;
    if (id !== undefined && told !== undefined) this.instructed.set(id, told);
    this.joiner.add(exchange);
  }
}

const textOf = ({ pieces }: Message): string =>
  pieces.map((piece) => (piece.type === 'part' && piece.part.type === 'text' ? piece.part.text : '')).join('\n');

const TAKEN = new Set([
  'input',
  'instructions',
  'tools',
  'model',
  'id',
  'object',
  'output',
  'error',
  'usage',
  'status',
  'previous_response_id',
  'conversation',
  'incomplete_details',
]);

/** @param request what was asked; of a response alone, the response that repeats part of it */
function readRequest(request: JsonObject, at: string): Pick<Exchange, 'messages' | 'tools' | 'after' | 'sessionId'> {
  const told = request.instructions;
  const system: Message[] =
    typeof told === 'string' && told !== ''
      ? [
          {
            speaker: 'system',
            pieces: [{ type: 'part', part: { type: 'text', text: told } }],
            pointer: pointerTo(at, 'instructions'),
          },
        ]
      : readItems(told, pointerTo(at, 'instructions'));
  const after = asId(request.previous_response_id);
  const sessionId = asId(dig(request, 'conversation', 'id')) ?? asId(request.conversation);
  return {
    messages: [...system, ...readItems(request.input, pointerTo(at, 'input'))],
    ...(Array.isArray(request.tools) && { tools: offeredTools(request) }),
    ...(after !== undefined && { after }),
    ...(sessionId !== undefined && { sessionId }),
  };
}

/** A server of tools is no tool: those that it listed are. */
function offeredTools(request: JsonObject): ToolDef[] {
  const listed = [...(asArray(request.output) ?? []), ...(asArray(request.input) ?? [])].filter(
    (item) => asObject(item)?.type === 'mcp_list_tools',
  );
  const named = (asArray(request.tools) ?? []).filter((tool) => asObject(tool)?.type !== 'mcp');
  return readToolDefs([...named, ...listed.map((item) => asObject(item)!.tools ?? null)]);
}

export function readExchange(record: SourceRecord, call: LoggedCall): Exchange {
  const { request, response, envelope } = call;
  const session = readSession(envelope, request);
  const params = readParams(request);
  const model = asText(request.model);
  const fields: DraftStep = {
    ...(model !== undefined && { model }),
    ...(params && { params }),
    ...readTiming(envelope),
  };
  const meta = readMeta(envelope, TAKEN);
  const asked = readRequest(request, call.requestAt);
  const failure = response ? undefined : readError(envelope.error);
  const exchange: Exchange = {
    record,
    ...(session.key !== undefined && { sessionId: session.key }),
    ...(Object.keys(session.ids).length > 0 && { externalIds: session.ids }),
    ...(meta && { meta }),
    ...asked,
    answers: response
      ? readAnswers(response, call.responseAt, fields)
      : failure
        ? [{ error: { info: failure, pointer: '/error' }, step: { ...fields, finish: 'error' } }]
        : [],
  };
  return exchange;
}

/** A response repeats what it was asked with. */
function responseExchange(record: SourceRecord, response: JsonObject): Exchange {
  const params = readParams(response);
  return { record, ...readRequest(response, ''), answers: readAnswers(response, '', params ? { params } : {}) };
}

export function streamExchange({ record, span, response, isCut, error }: Assembled): Exchange {
  const answers = readAnswers(response, '', {});
  const answer = answers[0]!;
  if (isCut) answer.step.finish = 'incomplete';
  if (error !== undefined && !answer.error) {
    answer.error = { info: readError(error)!, pointer: '' };
    answer.step.finish = 'error';
    if (answer.message?.pieces.length === 0) delete answer.message;
  }
  return { record, span: span.place(), ...readRequest(response, ''), answers };
}

/** Items in order: when the model spoke last, that is its answer. */
function listExchange(record: SourceRecord, items: readonly Json[], at: string): Exchange {
  const messages = readItems(items as Json[], at);
  const last = messages.at(-1)?.speaker === 'assistant' ? messages.pop() : undefined;
  return { record, messages, answers: last ? [{ message: last, step: {} }] : [] };
}

/** What a response says, and why it failed when it did: both when text had come before. */
export function readAnswers(response: JsonObject, at: string, fields: DraftStep): Answer[] {
  const externalId = asId(response.id);
  const model = asText(response.model) ?? fields.model;
  const usage = readUsage(response.usage);
  const startedAt = readTime(response.created_at);
  const endedAt = readTime(response.completed_at);
  const finish = finishOf(response);
  const step: DraftStep = {
    ...(externalId !== undefined && { externalId }),
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...fields,
    ...(model !== undefined && { model }),
    ...(usage && { usage }),
    ...(finish && { finish }),
  };
  const message = readOutput(response.output, 'output' in response ? pointerTo(at, 'output') : at);
  if (!Array.isArray(response.output) && typeof response.output_text === 'string')
    message.pieces.push({ type: 'part', part: { type: 'text', text: response.output_text } });
  const failure = readError(response.error);
  if (!failure) return [{ message, step }];
  // What had been said before it failed belongs to the same answer.
  const error = { info: failure, pointer: pointerTo(at, 'error') };
  return [{ ...(message.pieces.length > 0 && { message }), error, step: { ...step, finish: 'error' } }];
}

function finishOf(response: JsonObject): DraftStep['finish'] | undefined {
  const reason = asText(dig(response, 'incomplete_details', 'reason'));
  if (reason !== undefined) return readFinish(reason) ?? 'incomplete';
  if (response.status === 'failed') return 'error';
  if (response.status === 'incomplete' || response.status === 'in_progress') return 'incomplete';
  const called = asArray(response.output)?.some((item) =>
    /^(?:function|custom_tool|local_shell|shell|computer)_call$/.test(asText(asObject(item)?.type) ?? ''),
  );
  return called ? 'tool' : readFinish(response.status);
}

function* tellItems(records: { value: Json; recordNo: number }[], key: string | undefined): Generator<DraftTrajectory> {
  const teller = new Teller(records[0] as SourceRecord);
  let step: DraftStep | undefined;
  for (const record of records) {
    teller.from(record as SourceRecord);
    const item = asObject(record.value) ?? {};
    if (!isItem(item)) teller.meta(item, '');
    for (const message of isItem(item) ? readItems([item], '') : []) {
      const fix = (pointer: string) => pointer.replace(/^\/0/, '');
      message.pointer = fix(message.pointer);
      for (const piece of message.pieces) if ('pointer' in piece) piece.pointer = fix(piece.pointer);
      step = message.speaker === 'assistant' ? (step ?? {}) : undefined;
      teller.message(message, step ? { step } : {});
    }
  }
  yield {
    ...(key === undefined ? { flags: ['no_id'] } : { rootKey: key, externalIds: { conversation: key } }),
    events: teller.events,
  };
}
