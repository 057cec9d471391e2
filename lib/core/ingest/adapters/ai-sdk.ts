/** The AI SDK: UI messages (alone, in lists, or as a chat), and the stream of parts that a server sends to the screen. */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftEvent,
  type DraftStep,
  type DraftTrajectory,
  meanScore,
  type RecordSpan,
  type SourceRecord,
} from '../adapter.ts';
import { allBut, asArray, asId, asObject, asText, dig, firstText, pointerTo } from '../shared/json-access.ts';
import { mediaFrom } from '../shared/media.ts';
import { readTime } from '../shared/read-time.ts';
import { RowBuffer } from '../shared/row-buffer.ts';
import { SessionLog } from '../shared/session-log.ts';
import { settle } from '../shared/settled.ts';
import { Teller } from '../shared/teller.ts';
import { readFinish, readUsage } from '../shared/usage.ts';
import { isStreamPart, UiStream } from './ai-sdk-stream.ts';

export const aiSdk: Adapter = {
  name: 'ai-sdk',
  version: '1',
  specificity: 34,
  score: meanScore(({ value }) => (messagesIn(value) || isStreamPart(value) ? 1 : isUiMessage(value) ? 0.98 : 0)),
  start: (sink) => new AiSdkRun(sink),
};

const PART = /^(?:text|reasoning|tool-.{1,200}|dynamic-tool|file|source-url|source-document|data-.{1,200}|step-start)$/;
const MARKED = /^(?:tool-.{1,200}|dynamic-tool|source-url|source-document|data-.{1,200}|step-start)$/;

const isPart = (part: Json): boolean => isObject(part) && PART.test(asText(part.type) ?? '');
/** Text and files alone are also what other formats have; the message's own id tells then. */
function isUiMessage(value: Json | undefined): boolean {
  if (!isObject(value) || !/^(?:user|assistant|system)$/.test(asText(value.role) ?? '')) return false;
  const parts = asArray(value.parts) ?? [{}];
  return (
    parts.every(isPart) && ('id' in value || parts.some((part) => MARKED.test(asText(asObject(part)?.type) ?? '')))
  );
}

function messagesIn(value: Json | undefined): { list: Json[]; pointer: string } | undefined {
  if (Array.isArray(value))
    return value.length > 0 && value.every(isUiMessage) ? { list: value, pointer: '' } : undefined;
  const list = asArray(asObject(value)?.messages);
  return list && list.length > 0 && list.every(isUiMessage) ? { list, pointer: '/messages' } : undefined;
}

class AiSdkRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly rows: RowBuffer;
  private readonly log: SessionLog;
  private readonly streams: { record: SourceRecord; span: RecordSpan; stream: UiStream }[] = [];

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.rows = new RowBuffer(sink);
    this.log = new SessionLog(sink, (records) => {
      const teller = new Teller(records[0]!);
      for (const record of records) {
        teller.from(record);
        tellUiMessage(teller, asObject(record.value) ?? {}, '');
      }
      return [{ flags: ['no_id'], events: teller.events }];
    });
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    const found = messagesIn(value);
    if (found) {
      const teller = new Teller(record);
      for (const [index, item] of found.list.entries())
        tellUiMessage(teller, asObject(item) ?? {}, pointerTo(found.pointer, index));
      const fields = asObject(value) ?? {};
      const id = asId(fields.chatId) ?? asId(fields.id);
      const meta = allBut(fields, 'messages', 'id', 'chatId');
      return this.rows.add(record, id, [
        {
          ...(id !== undefined && { rootKey: id, externalIds: { conversation: id } }),
          events: teller.events,
          ...(meta && { meta }),
        },
      ]);
    }
    if (isStreamPart(value)) this.takePart(record, value as JsonObject);
    else if (isUiMessage(value)) this.log.add(record, undefined, asId((value as JsonObject).id));
    else this.sink.refuse(record, 'schema_mismatch', 'neither messages nor a part of a stream');
    return [];
  }

  private takePart(record: SourceRecord, part: JsonObject): void {
    const open = this.streams.at(-1);
    if (!open || part.type === 'start' || open.stream.isOver) {
      const stream = new UiStream();
      stream.take(part);
      settle(open);
      this.streams.push({ record, span: this.sink.span(record), stream });
      return;
    }
    open.span.extend(record);
    open.stream.take(part);
  }

  *end(): Iterable<DraftTrajectory> {
    yield* this.rows.end();
    yield* this.log.end();
    for (const { record, span, stream } of this.streams) {
      const teller = new Teller(record);
      tellUiMessage(teller, stream.message(), '');
      const { failure } = stream;
      if (failure) teller.error(failure, '');
      const place = span.place();
      const usage = readUsage(stream.usage);
      const finish = readFinish(stream.finishReason);
      for (const event of teller.events) {
        event.place = place;
        if (usage && event.step) event.step.usage = usage;
        if (event.step && !stream.isOver) event.step.finish = 'incomplete';
        else if (event.step && finish) event.step.finish = finish;
      }
      if (teller.events.length === 0) teller.tell({ kind: 'meta', actor: 'app', parts: [], place });
      yield { events: teller.events };
    }
  }
}

function tellUiMessage(teller: Teller, message: JsonObject, pointer: string): void {
  const ts = readTime(
    message.createdAt ?? dig(message, 'metadata', 'createdAt') ?? dig(message, 'metadata', 'timestamp'),
  );
  const time = ts === undefined ? {} : { ts };
  const parts = asArray(message.parts) ?? [];
  if (message.role !== 'assistant') {
    const said = parts.flatMap((part) => partOf(asObject(part) ?? {}) ?? []);
    teller.say(message.role === 'system' ? 'system' : 'user', said, pointer, time);
    return;
  }
  const model = asText(dig(message, 'metadata', 'model'));
  const externalId = asId(message.id);
  let step: DraftStep | undefined;
  let content: DraftEvent | undefined;
  const results: (() => void)[] = [];
  const settle = () => {
    for (const tell of results.splice(0)) tell();
    content = undefined;
  };
  const before = teller.events.length;
  for (const [index, item] of parts.entries()) {
    const part = asObject(item) ?? {};
    const at = pointerTo(pointer, 'parts', index);
    const type = asText(part.type) ?? '';
    if (type === 'step-start') {
      settle();
      step = undefined;
      continue;
    }
    // The first answer has the message's id; the next ones of the same message have none of their own.
    step ??= {
      ...(externalId !== undefined && teller.events.length === before && { externalId }),
      ...(model !== undefined && { model }),
    };
    const shown = partOf(part);
    if (type.startsWith('tool-') || type === 'dynamic-tool') {
      content = undefined;
      tellTool(teller, part, at, { ...time, step }, results);
    } else if (type.startsWith('source-'))
      teller.tell({ kind: 'retrieval', actor: 'tool', parts: [sourceOf(part)], place: teller.place(at) });
    else if (type.startsWith('data-') || !shown) teller.meta(part, at);
    else if (content) content.parts!.push(...shown);
    else content = teller.say('assistant', shown, pointer, { ...time, step });
  }
  settle();
  if (teller.events.length === before) teller.say('assistant', [], pointer, time);
}

/** Call and result are one part: apart, the results after all calls of the step. */
function tellTool(
  teller: Teller,
  part: JsonObject,
  at: string,
  more: Partial<DraftEvent>,
  results: (() => void)[],
): void {
  const name =
    part.type === 'dynamic-tool' ? (asText(part.toolName) ?? '') : (asText(part.type) ?? '').slice('tool-'.length);
  const callId = asId(part.toolCallId);
  const id = callId === undefined ? {} : { callId };
  const origin = part.providerExecuted === true ? { origin: 'server' as const } : {};
  const isCut = part.state === 'input-streaming';
  const call = teller.call({ ...id, name, arguments: part.input ?? part.rawInput, ...origin }, at, {
    ...more,
    ...(isCut && { flags: ['incomplete'] }),
  });
  if (part.state === 'output-available')
    results.push(() => teller.result({ ...id, name, status: 'ok' }, part.output, at));
  else if (part.state === 'output-error')
    results.push(() => teller.result({ ...id, name, status: 'error' }, asText(part.errorText) ?? '', at));
  else if (part.state === 'output-denied')
    results.push(() => teller.result({ ...id, name, status: 'error', errorType: 'denied' }, '', at));
  const approved = dig(part, 'approval', 'approved');
  if (typeof approved === 'boolean') {
    const comment = asText(dig(part, 'approval', 'reason'));
    results.push(() =>
      teller.feedback(
        { target: call, signal: approved ? 'accept' : 'reject', value: true, by: 'user', ...(comment && { comment }) },
        at,
      ),
    );
  }
}

function partOf(part: JsonObject): Part[] | undefined {
  const text = asText(part.text) ?? '';
  if (part.type === 'text') return text === '' ? [] : [{ type: 'text', text }];
  if (part.type === 'reasoning') return text === '' ? [] : [{ type: 'reasoning', text }];
  const url = asText(part.url);
  if (part.type !== 'file' || url === undefined) return undefined;
  const name = asText(part.filename);
  return [{ ...mediaFrom(url, undefined, asText(part.mediaType)), ...(name && { name }) }];
}

function sourceOf(part: JsonObject): Part {
  const id = asId(part.sourceId);
  const title = firstText(part, 'title', 'filename');
  const uri = asText(part.url);
  return { type: 'document', ...(id !== undefined && { id }), ...(title && { title }), ...(uri && { uri }) };
}
