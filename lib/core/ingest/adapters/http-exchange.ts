/**
 * Recorded HTTP: interactions of VCR cassettes, entries of HAR files, arrays of exchanges. The API is told from address and
 * body, its own reading is used for what was sent and answered; headers are dropped but for how long to wait.
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
import { type Body, readBody } from '../shared/http-body.ts';
import { asArray, asNumber, asObject, asText, dig, firstText, insideText } from '../shared/json-access.ts';
import type { LoggedCall } from '../shared/logged-call.ts';
import { readError } from '../shared/read-error.ts';
import { isCandidates, mergeChunks } from '../shared/read-gemini.ts';
import { readTime } from '../shared/read-time.ts';
import { type Answer, type Exchange, ThreadJoiner } from '../shared/thread-joiner.ts';
import * as messages from './anthropic-messages.ts';
import { isStreamEvent, MessageStreams } from './anthropic-stream.ts';
import * as converse from './bedrock-converse.ts';
import * as gemini from './gemini-api.ts';
import * as chat from './openai-chat.ts';
import { ChatStreams, isChunk } from './openai-chat-stream.ts';
import * as responses from './openai-responses.ts';
import { isResponseEvent, ResponseStreams } from './openai-responses-stream.ts';

export const httpExchange: Adapter = {
  name: 'http-exchange',
  version: '1',
  specificity: 60,
  score: meanScore(({ value }) => (readRecording(value) ? 1 : 0)),
  start: (sink) => new HttpRun(sink),
};

/** One exchange, whoever wrote it down. `…At` are the places of its bodies. */
type Recording = {
  url: string;
  method: string;
  status: number | undefined;
  request: Body;
  requestAt: string;
  response: Body;
  responseAt: string;
  startedAt?: string;
  latencyMs?: number;
  retryAfterMs?: number;
};

function readRecording(value: Json | undefined): Recording | undefined {
  if (!isObject(value)) return undefined;
  const request = asObject(value.request);
  const response = asObject(value.response);
  const url = request && firstText(request, 'uri', 'url');
  if (request && response && url !== undefined && (typeof request.method === 'string' || 'headers' in request)) {
    return readPair(value, request, response, url);
  }
  const path = firstText(value, 'url', 'uri', 'path');
  if (path === undefined || typeof value.method !== 'string' || !('response' in value)) return undefined;
  const status = asNumber(value.status) ?? asNumber(value.status_code);
  if (status === undefined) return undefined;
  const requestKey = ['body', 'request_body', 'requestBody', 'request'].find((key) => key in value) ?? 'body';
  return {
    url: `${asText(value.scope) ?? ''}${path}`,
    method: value.method,
    status,
    request: readBody(value[requestKey]),
    requestAt: `/${requestKey}`,
    response: value.responseIsBinary === true ? {} : readBody(value.response),
    responseAt: '/response',
    ...waitOf(value.headers ?? value.rawHeaders),
  };
}

function readPair(value: JsonObject, request: JsonObject, response: JsonObject, url: string): Recording {
  const isHar = isObject(request.postData) || isObject(response.content);
  const status =
    asNumber(dig(response, 'status', 'code')) ?? asNumber(response.status) ?? asNumber(response.status_code);
  const startedAt = readTime(value.startedDateTime ?? value.recorded_at);
  const ms = asNumber(value.time);
  const encoding = headerOf(response.headers, 'content-encoding') ?? '';
  return {
    url,
    method: asText(request.method) ?? '',
    status,
    request: readBody(
      isHar ? dig(request, 'postData', 'text') : request.body,
      headerOf(request.headers, 'content-encoding') ?? '',
    ),
    requestAt: isHar ? '/request/postData/text' : '/request/body',
    response: readBody(isHar ? response.content : response.body, encoding),
    responseAt: isHar ? '/response/content' : '/response/body',
    ...(startedAt !== undefined && { startedAt }),
    ...(ms !== undefined && ms >= 0 && { latencyMs: ms }),
    ...waitOf(response.headers),
  };
}

/** Headers are an object of texts or lists, or a list of names and values. */
function headerOf(headers: Json | undefined, name: string): string | undefined {
  for (const header of asArray(headers) ?? []) {
    const field = asObject(header);
    if (field && asText(field.name)?.toLowerCase() === name) return asText(field.value);
  }
  const fields = asObject(headers) ?? {};
  const key = Object.keys(fields).find((candidate) => candidate.toLowerCase() === name);
  const value = key === undefined ? undefined : fields[key];
  return asText(Array.isArray(value) ? value[0] : value);
}

function waitOf(headers: Json | undefined): { retryAfterMs?: number } {
  const seconds = Number(headerOf(headers, 'retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {};
}

class HttpRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly joiner: ThreadJoiner;

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.joiner = new ThreadJoiner(sink);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const recording = readRecording(record.value);
    const api = recording && apiOf(recording);
    if (!recording) this.sink.refuse(record, 'schema_mismatch', 'no request with its response');
    else if (!api) this.sink.refuse(record, 'not_a_conversation');
    else this.joiner.add(this.exchangeOf(record, recording, api));
    return [];
  }

  end(): Iterable<DraftTrajectory> {
    return this.joiner.end();
  }

  private exchangeOf(record: SourceRecord, recording: Recording, api: Api): Exchange {
    const { request, requestAt, response, responseAt, status, startedAt, latencyMs } = recording;
    const asked =
      api === 'gemini' && request.value ? { model: modelIn(recording.url), ...request.value } : request.value;
    const failed = status !== undefined && status >= 400;
    const call: LoggedCall = {
      request: asked ?? {},
      requestAt: insideText(requestAt),
      response: failed || !response.value ? undefined : response.value,
      responseAt: insideText(responseAt),
      envelope: {},
    };
    const exchange = this.read(record, call, api);
    if (failed) exchange.answers = [failure(recording)];
    else if (response.events) exchange.answers = this.assemble(record, response.events, api);
    // What the model answered is never what it was asked with.
    else if (!response.value) exchange.answers = [];
    for (const answer of exchange.answers) {
      if (answer.message && response.events) answer.message.pointer = insideText(responseAt);
      if (answer.error) answer.error.pointer = insideText(responseAt);
      for (const piece of answer.message?.pieces ?? [])
        if (response.events && 'pointer' in piece) piece.pointer = insideText(responseAt);
      answer.step = {
        ...(startedAt !== undefined && { startedAt }),
        ...(latencyMs !== undefined && { latencyMs }),
        ...answer.step,
      };
      if (answer.step.model === undefined && typeof asked?.model === 'string') answer.step.model = asked.model;
    }
    delete exchange.span;
    return exchange;
  }

  private read(record: SourceRecord, call: LoggedCall, api: Api): Exchange {
    switch (api) {
      case 'chat':
        return chat.readExchange(record, call);
      case 'messages':
        return messages.readExchange(record, call);
      case 'responses':
        return responses.readExchange(record, call);
      case 'gemini':
        return gemini.readExchange(record, call);
      case 'converse':
        return converse.readExchange(record, call);
    }
  }

  /** The events of one body are one answer. */
  private assemble(record: SourceRecord, events: readonly JsonObject[], api: Api): Answer[] {
    if (api === 'gemini')
      return gemini.readExchange(record, {
        request: {},
        requestAt: '',
        response: mergeChunks(events),
        responseAt: '',
        envelope: {},
      }).answers;
    const streams =
      api === 'messages'
        ? new MessageStreams(this.sink)
        : api === 'responses'
          ? new ResponseStreams(this.sink)
          : new ChatStreams(this.sink);
    for (const event of events) streams.take(record, event);
    if (streams instanceof ResponseStreams)
      return [...streams.end()].flatMap((stream) => responses.streamExchange(stream).answers);
    return [...streams.end()].flatMap(({ answers }) => answers);
  }
}

type Api = 'chat' | 'messages' | 'responses' | 'gemini' | 'converse';

/** Undefined for exchanges that are no call of a model: accounts, flags, telemetry, embeddings. */
function apiOf({ url, method, request, response }: Recording): Api | undefined {
  if (/^(?:GET|HEAD|OPTIONS|DELETE)$/i.test(method)) return undefined;
  const asked = request.value ?? {};
  const events = response.events ?? [];
  const path = url.split(/[?#]/)[0]!;
  if (
    /generateContent$|:streamGenerateContent/i.test(path) ||
    gemini.isRequest(asked) ||
    isCandidates(response.value ?? events[0] ?? {})
  )
    return 'gemini';
  if (/\/converse(?:-stream)?$/.test(path) || (converse.isRequest(asked) && isObject(asked.inferenceConfig)))
    return 'converse';
  if (/\/messages$/.test(path) || events.some(isStreamEvent) || response.value?.type === 'message') return 'messages';
  if (/\/responses$/.test(path) || events.some(isResponseEvent) || response.value?.object === 'response')
    return 'responses';
  if (/\/completions?$/.test(path) || events.some(isChunk) || Array.isArray(response.value?.choices)) return 'chat';
  return Array.isArray(asked.messages) && asked.messages.length > 0 ? 'chat' : undefined;
}

const modelIn = (url: string): Json => /\/models\/([^/:?]{1,200})/.exec(url)?.[1] ?? null;

function failure({ status, response, retryAfterMs }: Recording): Answer {
  const logged = response.value?.error ?? response.value ?? response.text ?? `status ${status}`;
  const read = readError(logged, 'provider', status) ?? { where: 'provider' as const, message: `status ${status}` };
  const info: ErrorInfo = {
    ...read,
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
  if (status === 429 || (status !== undefined && status >= 500)) info.retryable = true;
  return { error: { info, pointer: '' }, step: { finish: 'error' } };
}
