/** Streamed chat completions: chunks of one id become one answer for each choice (docs/formats.md). */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { AdapterSink, DraftStep, Place, RecordSpan, SourceRecord } from '../adapter.ts';
import { asArray, asId, asNumber, asObject, asText } from '../shared/json-access.ts';
import type { Message, Piece } from '../shared/message.ts';
import { readError } from '../shared/read-error.ts';
import { readTime } from '../shared/read-time.ts';
import type { Answer, Exchange } from '../shared/thread-joiner.ts';
import { readFinish, readUsage } from '../shared/usage.ts';

export function isChunk(value: Json | undefined): boolean {
  if (!isObject(value)) return false;
  if (value.object === 'chat.completion.chunk') return true;
  const choices = asArray(value.choices);
  if (!choices) return false;
  return (
    choices.length > 0 &&
    choices.every((choice) => isObject(asObject(choice)?.delta) && !('message' in asObject(choice)!))
  );
}

type Fragments = { id?: string; name: string; arguments: string };
type Choice = {
  reasoning: string;
  text: string;
  refusal: string;
  calls: Map<number, Fragments>;
  finish: string | undefined;
};
type Stream = {
  span: RecordSpan;
  record: SourceRecord;
  step: DraftStep;
  ts: string | undefined;
  choices: Map<number, Choice>;
  error: Json | undefined;
  place?: Place;
};

/** Streams at once; of more, the oldest finished one is taken as it is. */
const MAX_OPEN = 256;

const isFinished = ({ choices }: Stream): boolean =>
  choices.size > 0 && [...choices.values()].every(({ finish }) => finish !== undefined);

export class ChatStreams {
  private readonly sink: AdapterSink;
  private readonly streams = new Map<string, Stream>();
  private readonly all: Stream[] = [];
  /** Open spans cost a hash each over everything that is read. */
  private readonly unsettled: Stream[] = [];
  private latest = '';

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  take(record: SourceRecord, chunk: JsonObject): void {
    // Some gateways send a first or last chunk without an id.
    const id = asId(chunk.id) ?? this.latest;
    this.latest = id;
    const known = this.streams.get(id);
    // What still comes for a settled stream lies outside its place: it is an answer of its own, so nothing is lost.
    const stream = known && !known.place ? known : this.open(id, record, chunk);
    stream.span.extend(record);
    const model = asText(chunk.model);
    if (model !== undefined && model !== '') stream.step.model = model;
    const usage = readUsage(chunk.usage);
    if (usage) stream.step.usage = usage;
    stream.ts ??= readTime(chunk.created);
    if (chunk.error !== undefined && chunk.error !== null) stream.error = chunk.error;
    for (const item of asArray(chunk.choices) ?? []) addDelta(stream, asObject(item) ?? {});
  }

  /** One exchange without a question for each stream, in the order they began. */
  *end(): Generator<Exchange> {
    for (const stream of this.all) {
      const choices = [...stream.choices].sort(([a], [b]) => a - b);
      const answers = choices.map(([, choice]) => answerOf(choice, stream));
      if (stream.error !== undefined) {
        const error = { info: readError(stream.error)!, pointer: '' };
        // What had arrived before it belongs to the same answer.
        const [first] = answers;
        if (first) Object.assign(first, { error, step: { ...first.step, finish: 'error' } });
        else answers.push({ error, step: { ...stream.step, finish: 'error' } });
      } else if (answers.length === 0) {
        answers.push({
          message: { speaker: 'assistant', pieces: [], pointer: '' },
          step: { ...stream.step, finish: 'incomplete' },
        });
      }
      yield { record: stream.record, span: stream.place ?? stream.span.place(), messages: [], answers };
    }
  }

  private open(id: string, record: SourceRecord, chunk: JsonObject): Stream {
    const externalId = asId(chunk.id);
    const stream: Stream = {
      span: this.sink.span(record),
      record,
      step: externalId === undefined ? {} : { externalId },
      ts: undefined,
      choices: new Map(),
      error: undefined,
    };
    this.streams.set(id, stream);
    this.all.push(stream);
    this.unsettled.push(stream);
    while (this.unsettled.length > MAX_OPEN) {
      const finished = this.unsettled.findIndex(isFinished);
      const [oldest] = this.unsettled.splice(Math.max(0, finished), 1);
      oldest!.place = oldest!.span.place();
    }
    return stream;
  }
}

function addDelta(stream: Stream, item: JsonObject): void {
  const index = asNumber(item.index) ?? 0;
  const choice: Choice = stream.choices.get(index) ?? {
    reasoning: '',
    text: '',
    refusal: '',
    calls: new Map(),
    finish: undefined,
  };
  stream.choices.set(index, choice);
  choice.finish = asText(item.finish_reason) ?? choice.finish;
  const delta = asObject(item.delta) ?? {};
  choice.text += asText(delta.content) ?? asText(item.text) ?? '';
  choice.reasoning += asText(delta.reasoning_content) ?? asText(delta.reasoning) ?? '';
  choice.refusal += asText(delta.refusal) ?? '';
  const legacy = asObject(delta.function_call);
  const calls = asArray(delta.tool_calls) ?? (legacy ? [{ function: legacy }] : []);
  for (const [position, value] of calls.entries()) {
    const call = asObject(value);
    const inner = asObject(call?.function) ?? asObject(call?.custom);
    if (!call) continue;
    const at = asNumber(call.index) ?? position;
    const known: Fragments = choice.calls.get(at) ?? { name: '', arguments: '' };
    choice.calls.set(at, known);
    const callId = asId(call.id);
    if (callId !== undefined) known.id ??= callId;
    if (known.name === '') known.name = asText(inner?.name) ?? '';
    known.arguments += asText(inner?.arguments) ?? asText(inner?.input) ?? '';
  }
}

function answerOf(choice: Choice, stream: Stream): Answer {
  const pieces: Piece[] = [];
  if (choice.reasoning !== '') pieces.push({ type: 'part', part: { type: 'reasoning', text: choice.reasoning } });
  if (choice.text !== '') pieces.push({ type: 'part', part: { type: 'text', text: choice.text } });
  if (choice.refusal !== '') pieces.push({ type: 'part', part: { type: 'refusal', text: choice.refusal } });
  for (const [, call] of [...choice.calls].sort(([a], [b]) => a - b)) {
    const callId = call.id === undefined ? {} : { callId: call.id };
    pieces.push({ type: 'call', call: { ...callId, name: call.name, arguments: call.arguments }, pointer: '' });
  }
  const message: Message = { speaker: 'assistant', pieces, pointer: '' };
  if (stream.ts !== undefined) message.ts = stream.ts;
  const finish = choice.finish === undefined ? 'incomplete' : readFinish(choice.finish);
  return { message, step: { ...stream.step, ...(finish && { finish }) } };
}
