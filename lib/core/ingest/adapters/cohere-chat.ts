/** Cohere's chat (v2): requests with their answers, answers alone, streams of one event a record. */
import type { Part } from '../../trajectory/event.ts';
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
import { asArray, asId, asNumber, asObject, asText, dig, firstText, pointerTo } from '../shared/json-access.ts';
import { readLoggedCall, readMeta, readParams, readSession, readTiming } from '../shared/logged-call.ts';
import { readError } from '../shared/read-error.ts';
import { isMessage, readMessage, readMessages } from '../shared/read-message.ts';
import { settle } from '../shared/settled.ts';
import { type Answer, ThreadJoiner } from '../shared/thread-joiner.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { readFinish, readUsage } from '../shared/usage.ts';

export const cohereChat: Adapter = {
  name: 'cohere-chat',
  version: '1',
  specificity: 23,
  score: meanScore(({ value }) => sureness(value)),
  start: (sink) => new CohereRun(sink),
};

const EVENT =
  /^(?:message-start|message-end|content-(?:start|delta|end)|tool-plan-delta|tool-call-(?:start|delta|end)|citation-(?:start|end))$/;
const isEvent = (value: JsonObject): boolean =>
  EVENT.test(asText(value.type) ?? '') && ('delta' in value || 'index' in value || 'id' in value);

/** The answer is one message at the top, beside a reason in capitals. */
const isResponse = (value: JsonObject): boolean =>
  isObject(value.message) &&
  (Array.isArray(value.message.content) || Array.isArray(value.message.tool_calls) || 'tool_plan' in value.message) &&
  typeof value.finish_reason === 'string' &&
  !('choices' in value);
const isRequest = (value: JsonObject): boolean =>
  Array.isArray(value.messages) && value.messages.length > 0 && value.messages.every(isMessage);

function sureness(value: Json | undefined): number {
  if (!isObject(value)) return 0;
  if (isResponse(value) || isEvent(value)) return 1;
  return isResponse(readLoggedCall(value, isRequest)?.response ?? {}) ? 1 : 0;
}

type Stream = {
  record: SourceRecord;
  span: RecordSpan;
  id?: string;
  blocks: Map<number, JsonObject>;
  calls: Map<number, JsonObject>;
  plan: string;
  citations: Json[];
  end?: JsonObject;
};

class CohereRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly joiner: ThreadJoiner;
  private readonly streams: Stream[] = [];

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.joiner = new ThreadJoiner(sink);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const value = asObject(record.value);
    const call = value && !isResponse(value) && !isEvent(value) ? readLoggedCall(value, isRequest) : undefined;
    if (value && isEvent(value)) this.takeEvent(record, value);
    else if (value && isResponse(value))
      this.joiner.add({ record, messages: [], answers: [readAnswer(value, '', {})] });
    else if (call?.response) {
      const { request, envelope } = call;
      const params = readParams(request);
      const model = asText(request.model);
      const session = readSession(envelope, request);
      const meta = readMeta(envelope, new Set(['messages', 'model', 'tools', 'id', 'documents']));
      const answer = readAnswer(call.response, call.responseAt, {
        ...(model !== undefined && { model }),
        ...(params && { params }),
        ...readTiming(envelope),
      });
      const messages = readMessages(asArray(request.messages) ?? [], pointerTo(call.requestAt, 'messages'));
      this.joiner.add({
        record,
        ...(session.key !== undefined && { sessionId: session.key }),
        ...(Object.keys(session.ids).length > 0 && { externalIds: session.ids }),
        ...(meta && { meta }),
        messages,
        answers: [answer],
        ...(request.tools !== undefined && { tools: readToolDefs(request.tools) }),
      });
    } else this.sink.refuse(record, 'schema_mismatch', 'neither an answer nor an event');
    return [];
  }

  *end(): Iterable<DraftTrajectory> {
    for (const stream of this.streams) {
      const inOrder = (pieces: Map<number, JsonObject>) =>
        [...pieces].sort(([a], [b]) => a - b).map(([, piece]) => piece);
      const message: JsonObject = {
        role: 'assistant',
        content: inOrder(stream.blocks),
        tool_calls: inOrder(stream.calls),
        citations: stream.citations,
      };
      if (stream.plan !== '') message.tool_plan = stream.plan;
      const answer = readAnswer({ ...stream.end, message, ...(stream.id !== undefined && { id: stream.id }) }, '', {});
      if (!stream.end) answer.step.finish = 'incomplete';
      this.joiner.add({ record: stream.record, span: stream.span.place(), messages: [], answers: [answer] });
    }
    yield* this.joiner.end();
  }

  private takeEvent(record: SourceRecord, event: JsonObject): void {
    const type = asText(event.type);
    let stream = this.streams.at(-1);
    if (!stream || type === 'message-start') {
      const id = asId(event.id);
      stream = {
        record,
        span: this.sink.span(record),
        ...(id !== undefined && { id }),
        blocks: new Map(),
        calls: new Map(),
        plan: '',
        citations: [],
      };
      settle(this.streams.at(-1));
      this.streams.push(stream);
    }
    stream.span.extend(record);
    const index = asNumber(event.index) ?? 0;
    const delta = asObject(event.delta) ?? {};
    const message = asObject(delta.message) ?? {};
    if (type === 'content-start') stream.blocks.set(index, { ...asObject(message.content) });
    else if (type === 'content-delta') {
      const block = stream.blocks.get(index) ?? { type: 'text' };
      const said = asObject(message.content) ?? {};
      for (const key of ['text', 'thinking']) {
        const text = asText(said[key]);
        if (text !== undefined) block[key] = (asText(block[key]) ?? '') + text;
      }
      stream.blocks.set(index, block);
    } else if (type === 'tool-plan-delta') stream.plan += asText(message.tool_plan) ?? '';
    else if (type === 'tool-call-start') stream.calls.set(index, { ...asObject(message.tool_calls) });
    else if (type === 'tool-call-delta') {
      const call = stream.calls.get(index) ?? {};
      const known = asObject(call.function) ?? {};
      const more = asText(dig(message, 'tool_calls', 'function', 'arguments')) ?? '';
      stream.calls.set(index, { ...call, function: { ...known, arguments: (asText(known.arguments) ?? '') + more } });
    } else if (type === 'citation-start') stream.citations.push(message.citations ?? null);
    else if (type === 'message-end') stream.end = delta;
  }
}

function readAnswer(response: JsonObject, at: string, fields: DraftStep): Answer {
  const logged = asObject(response.message) ?? {};
  const pointer = pointerTo(at, 'message');
  const message = readMessage({ ...logged, role: 'assistant' }, pointer, { side: 'output' })!;
  for (const piece of message.pieces) {
    // A call without arguments is logged as the word.
    if (piece.type === 'call' && piece.call.arguments === 'null') piece.call.arguments = null;
  }
  const sources = (asArray(logged.citations) ?? [])
    .flatMap((citation) => asArray(asObject(citation)?.sources) ?? [])
    .flatMap(readSource);
  if (sources.length > 0)
    message.pieces.unshift({ type: 'retrieval', parts: sources, pointer: pointerTo(pointer, 'citations') });
  const externalId = asId(response.id);
  const usage = readUsage(dig(response, 'usage', 'tokens') ?? response.usage);
  const reason = asText(response.finish_reason);
  const finish = reason === 'ERROR' ? 'error' : readFinish(reason);
  const step: DraftStep = {
    ...(externalId !== undefined && { externalId }),
    ...fields,
    provider: 'cohere',
    ...(usage && { usage }),
    ...(finish && { finish }),
  };
  const failure =
    finish === 'error' && message.pieces.length === 0
      ? readError(response.error ?? 'the answer ended with an error')
      : undefined;
  return failure ? { error: { info: failure, pointer: at }, step } : { message, step };
}

function readSource(source: Json): Part[] {
  const value = asObject(source);
  if (!value) return [];
  const id = asId(value.id);
  const document = asObject(value.document) ?? asObject(value.tool_output) ?? {};
  const title = firstText(document, 'title');
  const text = firstText(document, 'text', 'snippet', 'content');
  const uri = firstText(document, 'url', 'uri');
  return [
    {
      type: 'document',
      ...(id !== undefined && { id }),
      ...(title !== undefined && { title }),
      ...(uri !== undefined && { uri }),
      ...(text !== undefined && { text }),
    },
  ];
}
