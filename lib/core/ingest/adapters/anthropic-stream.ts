/** Streamed messages: from `message_start` to `message_stop`, blocks by their index (docs/formats.md). */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { AdapterSink, DraftStep, RecordSpan, SourceRecord } from '../adapter.ts';
import { asId, asNumber, asObject, asText, pointerTo } from '../shared/json-access.ts';
import type { Message, Piece } from '../shared/message.ts';
import { readBlock } from '../shared/read-block.ts';
import { readError } from '../shared/read-error.ts';
import { settle } from '../shared/settled.ts';
import type { Answer, Exchange } from '../shared/thread-joiner.ts';
import { readFinish, readUsage } from '../shared/usage.ts';

const EVENTS = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'ping',
]);

export const isStreamEvent = (value: Json | undefined): boolean =>
  isObject(value) && EVENTS.has(asText(value.type) ?? '');

type Stream = {
  span: RecordSpan;
  record: SourceRecord;
  step: DraftStep;
  blocks: Map<number, JsonObject>;
  partial: Map<number, string>;
  error?: Json;
  isDone: boolean;
};

export class MessageStreams {
  private readonly sink: AdapterSink;
  private readonly streams: Stream[] = [];

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  take(record: SourceRecord, event: JsonObject): void {
    const type = asText(event.type);
    let stream = this.streams.at(-1);
    // Events carry no id: they belong to the stream that began last. A repeated start is a new answer.
    if (!stream || type === 'message_start') stream = this.open(record);
    stream.span.extend(record);
    const index = asNumber(event.index) ?? 0;
    if (type === 'message_start') this.start(stream, asObject(event.message) ?? {});
    else if (type === 'content_block_start') stream.blocks.set(index, copyOf(asObject(event.content_block) ?? {}));
    else if (type === 'content_block_delta') addDelta(stream, index, asObject(event.delta) ?? {});
    else if (type === 'message_delta') {
      const finish = readFinish(asObject(event.delta)?.stop_reason);
      if (finish) stream.step.finish = finish;
      stream.step.usage = { ...stream.step.usage, ...readUsage(event.usage) };
    } else if (type === 'message_stop') stream.isDone = true;
    else if (type === 'error') stream.error = event.error ?? event;
  }

  *end(): Generator<Exchange> {
    for (const stream of this.streams) {
      if (!stream.isDone) stream.step.finish = 'incomplete';
      const message = messageOf(stream);
      const answer: Answer = { step: stream.step };
      if (stream.error !== undefined) {
        answer.error = { info: readError(stream.error)!, pointer: '' };
        answer.step = { ...stream.step, finish: 'error' };
      }
      // What had arrived before an error belongs to the same answer.
      if (message.pieces.length > 0 || !answer.error) answer.message = message;
      yield { record: stream.record, span: stream.span.place(), messages: [], answers: [answer] };
    }
  }

  private open(record: SourceRecord): Stream {
    const stream: Stream = {
      span: this.sink.span(record),
      record,
      step: { provider: 'anthropic' },
      blocks: new Map(),
      partial: new Map(),
      isDone: false,
    };
    settle(this.streams.at(-1));
    this.streams.push(stream);
    return stream;
  }

  private start(stream: Stream, message: JsonObject): void {
    const externalId = asId(message.id);
    const model = asText(message.model);
    const usage = readUsage(message.usage);
    stream.step = {
      ...(externalId !== undefined && { externalId }),
      ...stream.step,
      ...(model !== undefined && { model }),
      ...(usage && { usage }),
    };
  }
}

function copyOf(block: JsonObject): JsonObject {
  const copy: JsonObject = Object.create(null);
  for (const key of Object.keys(block)) copy[key] = block[key]!;
  return copy;
}

function addDelta(stream: Stream, index: number, delta: JsonObject): void {
  const block = stream.blocks.get(index) ?? copyOf({ type: 'text', text: '' });
  stream.blocks.set(index, block);
  const append = (key: string, text: Json | undefined) => {
    block[key] = (asText(block[key]) ?? '') + (asText(text) ?? '');
  };
  if (delta.type === 'text_delta') append('text', delta.text);
  else if (delta.type === 'thinking_delta') append('thinking', delta.thinking);
  else if (delta.type === 'signature_delta') append('signature', delta.signature);
  else if (delta.type === 'compaction_delta') append('content', delta.content);
  else if (delta.type === 'input_json_delta')
    stream.partial.set(index, (stream.partial.get(index) ?? '') + (asText(delta.partial_json) ?? ''));
}

function messageOf(stream: Stream): Message {
  const pieces: Piece[] = [];
  for (const [index, block] of [...stream.blocks].sort(([a], [b]) => a - b)) {
    const partial = stream.partial.get(index);
    // Without content the input is the `{}` that the block began with.
    if (partial) block.input = partial;
    pieces.push(...readBlock(block, pointerTo('', 'content', index)));
  }
  return { speaker: 'assistant', pieces, pointer: '' };
}
