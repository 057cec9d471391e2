/** Streams of the Responses API: from `response.created` to its end, items by their index; the finished ones win. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { AdapterSink, RecordSpan, SourceRecord } from '../adapter.ts';
import { asArray, asId, asNumber, asObject, asText } from '../shared/json-access.ts';
import { settle } from '../shared/settled.ts';

export const isResponseEvent = (value: Json | undefined): boolean => {
  const type = isObject(value) ? asText(value.type) : undefined;
  return (
    type !== undefined &&
    (type.startsWith('response.') || (type === 'error' && 'sequence_number' in (value as JsonObject)))
  );
};

type Stream = {
  record: SourceRecord;
  span: RecordSpan;
  response: JsonObject;
  items: Map<number, JsonObject>;
  done: Set<number>;
  isEnded: boolean;
  error?: Json;
};

/** A stream put together: the response as it would have come in one piece. */
export type Assembled = { record: SourceRecord; span: RecordSpan; response: JsonObject; isCut: boolean; error?: Json };

export class ResponseStreams {
  private readonly sink: AdapterSink;
  private readonly streams: Stream[] = [];
  private readonly byId = new Map<Json, Stream>();

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  take(record: SourceRecord, event: JsonObject): void {
    const stream = this.streamOf(record, event);
    stream.span.extend(record);
    const type = asText(event.type) ?? '';
    const response = asObject(event.response);
    if (response) stream.response = { ...stream.response, ...response };
    if (/^response\.(?:completed|failed|incomplete|cancelled|done)$/.test(type)) stream.isEnded = true;
    else if (type === 'error') stream.error = event.error ?? event;
    else if (type === 'response.output_item.done') {
      const item = asObject(event.item);
      const index = asNumber(event.output_index) ?? stream.items.size;
      if (item) stream.items.set(index, item);
      stream.done.add(index);
    } else if (type === 'response.output_item.added') {
      const item = asObject(event.item);
      if (item) stream.items.set(asNumber(event.output_index) ?? stream.items.size, { ...item });
    } else if (type.endsWith('.delta')) addDelta(stream, type, event);
    if (stream.isEnded) settle(stream);
  }

  *end(): Generator<Assembled> {
    for (const { record, span, response, items, isEnded, error } of this.streams) {
      const held = asArray(response.output) ?? [];
      const gathered = [...items].sort(([a], [b]) => a - b).map(([, item]) => item);
      const output = isEnded && held.length >= gathered.length ? held : gathered;
      yield {
        record,
        span,
        response: { ...response, output },
        isCut: !isEnded && error === undefined,
        ...(error !== undefined && { error }),
      };
    }
  }

  /** Events name their response at its start and end; those between belong to the latest one. */
  private streamOf(record: SourceRecord, event: JsonObject): Stream {
    const id = asId(asObject(event.response)?.id) ?? asId(event.response_id);
    const known = id === undefined ? this.streams.at(-1) : this.byId.get(id);
    if (known && !known.isEnded) return known;
    const stream: Stream = {
      record,
      span: this.sink.span(record),
      response: id === undefined ? {} : { id },
      items: new Map(),
      done: new Set(),
      isEnded: false,
    };
    this.streams.push(stream);
    if (id !== undefined) this.byId.set(id, stream);
    return stream;
  }
}

/** Pieces of an item that has not come whole. */
function addDelta(stream: Stream, type: string, event: JsonObject): void {
  const index = asNumber(event.output_index) ?? 0;
  const delta = asText(event.delta);
  if (delta === undefined || stream.done.has(index)) return;
  const item: JsonObject = stream.items.get(index) ?? { type: 'message', role: 'assistant', content: [] };
  stream.items.set(index, item);
  const append = (key: string) => {
    item[key] = (asText(item[key]) ?? '') + delta;
  };
  if (type.includes('function_call_arguments') || type.includes('mcp_call_arguments')) append('arguments');
  else if (type.includes('custom_tool_call_input')) append('input');
  else if (type.includes('code_interpreter_call_code')) append('code');
  else if (type.includes('reasoning_summary'))
    block(item, 'summary', event.summary_index, 'summary_text', 'text', delta);
  else if (type.includes('reasoning')) block(item, 'content', event.content_index, 'reasoning_text', 'text', delta);
  else if (type.includes('refusal')) block(item, 'content', event.content_index, 'refusal', 'refusal', delta);
  else if (type.includes('output_text')) block(item, 'content', event.content_index, 'output_text', 'text', delta);
}

function block(item: JsonObject, list: string, at: Json | undefined, type: string, key: string, delta: string): void {
  const blocks = [...(asArray(item[list]) ?? [])];
  const index = Math.min(asNumber(at) ?? 0, blocks.length);
  const known = asObject(blocks[index]) ?? { type };
  blocks[index] = { ...known, [key]: (asText(known[key]) ?? '') + delta };
  item[list] = blocks;
}
