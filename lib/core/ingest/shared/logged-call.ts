/**
 * A logged model call in whatever envelope gateways and applications put around request and response: flat beside each
 * other, `{request, response}`, `{request_body, response_body}`, `{body, response}`, bodies as JSON inside strings.
 */
import type { Json, JsonObject } from '../../trajectory/json.ts';
import { parseJson } from '../parse-json.ts';
import { asId, asNumber, asObject, dig, insideText, pointerTo } from './json-access.ts';
import { readTime } from './read-time.ts';

export type LoggedCall = {
  request: JsonObject;
  /** JSON pointer of the request in the record; undefined when it is inside a string. */
  requestAt: string;
  response: JsonObject | undefined;
  responseAt: string;
  /** Fields of the envelope that are neither. */
  envelope: JsonObject;
};

const REQUEST_KEYS = ['request', 'request_body', 'requestBody', 'body', 'input_body', 'kwargs_request'];
const RESPONSE_KEYS = ['response', 'response_body', 'responseBody', 'completion_response', 'response_obj', 'output'];

/** @param isRequest whether an object is a request of the API in question */
export function readLoggedCall(value: JsonObject, isRequest: (object: JsonObject) => boolean): LoggedCall | undefined {
  const response = firstObject(value, RESPONSE_KEYS);
  if (isRequest(value)) {
    const envelope = without(value, response ? [response.key] : []);
    return { request: value, requestAt: '', response: response?.object, responseAt: response?.at ?? '', envelope };
  }
  const request = firstObject(value, REQUEST_KEYS);
  if (!request) return undefined;
  // Recorded HTTP puts the body one level further in.
  const body = isRequest(request.object) ? request : nested(request);
  if (!body || !isRequest(body.object)) return undefined;
  const answer = response && (asObject(response.object.body) ? nested(response) : response);
  const envelope = without(value, [request.key, ...(response ? [response.key] : [])]);
  return { request: body.object, requestAt: body.at, response: answer?.object, responseAt: answer?.at ?? '', envelope };
}

type FoundObject = { key: string; object: JsonObject; at: string };

function firstObject(value: JsonObject, keys: readonly string[], base = ''): FoundObject | undefined {
  for (const key of keys) {
    const field = value[key];
    const object = asObject(field);
    if (object) return { key, object, at: pointerTo(base, key) };
    if (typeof field === 'string' && /^\s*\{/.test(field)) {
      const reading = parseJson(field);
      const inner = reading.ok ? asObject(reading.value) : undefined;
      if (inner) return { key, object: inner, at: insideText(pointerTo(base, key)) };
    }
  }
  return undefined;
}

const nested = (found: FoundObject): FoundObject | undefined =>
  firstObject(found.object, ['body', 'json', 'content'], found.at);

function without(value: JsonObject, keys: readonly string[]): JsonObject {
  const rest: JsonObject = Object.create(null);
  for (const key of Object.keys(value)) if (!keys.includes(key)) rest[key] = value[key]!;
  return rest;
}

const SESSION_KEYS: [kind: string, keys: string[]][] = [
  ['session', ['session_id', 'sessionId', 'litellm_session_id', 'session']],
  ['conversation', ['conversation_id', 'conversationId', 'chat_id', 'thread_id', 'threadId']],
  ['trace', ['trace_id', 'traceId', 'litellm_trace_id']],
];

/** Logged ids of what the call belongs to; `key` is the one that groups. */
export function readSession(...places: (JsonObject | undefined)[]): { key?: string; ids: { [kind: string]: string } } {
  const ids: { [kind: string]: string } = {};
  let key: string | undefined;
  const spots = places.flatMap((place) =>
    place ? [place, asObject(place.metadata), asObject(dig(place, 'extra_body', 'metadata'))] : [],
  );
  for (const [kind, names] of SESSION_KEYS) {
    for (const spot of spots) {
      const id = names.map((name) => asId(spot?.[name])).find((found) => found !== undefined);
      if (id === undefined) continue;
      ids[kind] ??= id;
      key ??= id;
    }
  }
  for (const spot of spots) {
    const user = asId(spot?.user) ?? asId(spot?.user_id) ?? asId(spot?.end_user);
    if (user !== undefined) ids.user ??= user;
  }
  return { ...(key !== undefined && { key }), ids };
}

const PARAMS = new Set([
  'temperature',
  'top_p',
  'top_k',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'stop',
  'stop_sequences',
  'seed',
  'n',
  'stream',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'reasoning_effort',
  'reasoning',
  'thinking',
  'frequency_penalty',
  'presence_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'service_tier',
]);

/** Model parameters of the request and of what wrappers call it. */
export function readParams(...places: (JsonObject | undefined)[]): JsonObject | undefined {
  const params: JsonObject = Object.create(null);
  for (const place of places) {
    for (const key of Object.keys(place ?? {})) {
      const value = place![key];
      if (PARAMS.has(key) && value !== undefined && value !== null && !(key in params)) params[key] = value;
    }
  }
  return Object.keys(params).length > 0 ? params : undefined;
}

export type CallTiming = { startedAt?: string; endedAt?: string; latencyMs?: number; ttftMs?: number };

const TIMING_KEYS = new Set([
  'timestamp',
  'created_at',
  'createdAt',
  'start_time',
  'startTime',
  'started_at',
  'end_time',
  'endTime',
  'ended_at',
  'completionStartTime',
  'latency_sec',
  'latency_ms',
  'latencyMs',
  'response_ms',
  'duration_ms',
  'duration',
  'response_time',
  'time_to_first_token_ms',
]);

export function readTiming(...places: (JsonObject | undefined)[]): CallTiming {
  const first = (keys: string[]): Json | undefined => {
    for (const place of places)
      for (const key of keys) if (place?.[key] !== undefined && place[key] !== null) return place[key];
    return undefined;
  };
  const ms = asNumber(first(['latency_ms', 'latencyMs', 'response_ms', 'duration_ms']));
  const seconds = asNumber(first(['latency_sec', 'response_time', 'duration']));
  const latency = ms ?? (seconds === undefined ? undefined : seconds * 1000);
  const started = readTime(first(['start_time', 'startTime', 'started_at']));
  const ended = readTime(first(['end_time', 'endTime', 'ended_at', 'timestamp', 'created_at', 'createdAt']));
  const ttft = asNumber(first(['time_to_first_token_ms']));
  return {
    ...(started !== undefined && { startedAt: started }),
    ...(ended !== undefined && { endedAt: ended }),
    ...(latency !== undefined && latency >= 0 && { latencyMs: latency }),
    ...(ttft !== undefined && ttft >= 0 && { ttftMs: ttft }),
  };
}

/** What is left of an envelope once everything that has a place of its own is taken out. */
export function readMeta(envelope: JsonObject, taken: ReadonlySet<string>): JsonObject | undefined {
  const meta: JsonObject = Object.create(null);
  for (const key of Object.keys(envelope)) {
    const value = envelope[key];
    if (value === undefined || value === null || taken.has(key) || PARAMS.has(key) || TIMING_KEYS.has(key)) continue;
    if (SESSION_KEYS.some(([, names]) => names.includes(key))) continue;
    meta[key] = value;
  }
  return Object.keys(meta).length > 0 ? meta : undefined;
}
