/** LangChain messages, serialised (`lc: 1`) or plain: lists of them, one a record, or below `messages`. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftStep,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { allBut, asArray, asId, asObject, asText, dig, pointerTo } from '../shared/json-access.ts';
import type { Message, Piece } from '../shared/message.ts';
import { readMessage } from '../shared/read-message.ts';
import { RowBuffer } from '../shared/row-buffer.ts';
import { SessionLog } from '../shared/session-log.ts';
import { Teller } from '../shared/teller.ts';
import { unpackJson } from '../shared/unpack-json.ts';
import { readFinish, readUsage } from '../shared/usage.ts';

export const langchain: Adapter = {
  name: 'langchain',
  version: '1',
  specificity: 36,
  score: meanScore(({ value }) => (messagesIn(value) ? 1 : plainOf(value) ? 0.95 : 0)),
  start: (sink) => new LangChainRun(sink),
};

const ROLES: { [type: string]: string } = {
  human: 'human',
  ai: 'ai',
  system: 'system',
  tool: 'tool',
  function: 'function',
  chat: 'chat',
  HumanMessage: 'human',
  AIMessage: 'ai',
  AIMessageChunk: 'ai',
  SystemMessage: 'system',
  ToolMessage: 'tool',
  FunctionMessage: 'function',
  ChatMessage: 'chat',
  HumanMessageChunk: 'human',
};
const OWN = [
  'additional_kwargs',
  'response_metadata',
  'tool_calls',
  'invalid_tool_calls',
  'usage_metadata',
  'tool_call_id',
  'example',
];

/** The fields of one message with its `type`, whatever wraps them; undefined for what is none. */
function plainOf(logged: Json | undefined): JsonObject | undefined {
  const value = asObject(unpackJson(logged));
  if (!value) return undefined;
  if (value.lc !== undefined) {
    const name = asText(asArray(value.id)?.at(-1));
    const fields = asObject(value.kwargs);
    return value.type === 'constructor' && fields && name !== undefined && name in ROLES
      ? { ...fields, type: ROLES[name]! }
      : undefined;
  }
  const type = asText(value.type);
  if (type === undefined || !Object.hasOwn(ROLES, type)) return undefined;
  // `{type, data: {…}}` is how message histories are stored.
  const data = asObject(value.data);
  if (data && 'content' in data) return { ...data, type: ROLES[type]! };
  const isOwn = 'content' in value && (OWN.some((key) => key in value) || !('uuid' in value || 'timestamp' in value));
  return isOwn && !('role' in value) ? { ...value, type: ROLES[type]! } : undefined;
}

type Found = { list: Json[]; pointer: string };

function messagesIn(value: Json | undefined): Found | undefined {
  const isList = (list: Json | undefined): list is Json[] =>
    Array.isArray(list) && list.length > 0 && list.every((item) => plainOf(item));
  if (isList(value)) return { list: value, pointer: '' };
  if (!isObject(value)) return undefined;
  const key = ['messages', 'chat_history', 'history'].find((name) => isList(value[name]));
  if (key) return { list: value[key] as Json[], pointer: pointerTo('', key) };
  const inner = dig(value, 'values', 'messages') ?? dig(value, 'channel_values', 'messages');
  return isList(inner)
    ? { list: inner, pointer: 'values' in value ? '/values/messages' : '/channel_values/messages' }
    : undefined;
}

class LangChainRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly rows: RowBuffer;
  private readonly log: SessionLog;

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.rows = new RowBuffer(sink);
    this.log = new SessionLog(sink, (records, key) => {
      const teller = new Teller(records[0]!);
      for (const record of records) {
        teller.from(record);
        tellOne(teller, plainOf(record.value)!, '');
      }
      return [{ ...(key === undefined ? { flags: ['no_id'] } : { rootKey: key }), events: teller.events }];
    });
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const found = messagesIn(record.value);
    if (found) {
      const value = asObject(record.value) ?? {};
      const teller = new Teller(record);
      for (const [index, item] of found.list.entries())
        tellOne(teller, plainOf(item)!, pointerTo(found.pointer, index));
      const thread =
        asId(value.thread_id) ??
        asId(dig(value, 'config', 'configurable', 'thread_id')) ??
        asId(dig(value, 'metadata', 'thread_id'));
      const meta = allBut(value, 'messages', 'chat_history', 'history', 'values', 'channel_values');
      return this.rows.add(record, thread, [
        {
          ...(thread !== undefined && { rootKey: thread, externalIds: { conversation: thread } }),
          events: teller.events,
          ...(meta && { meta }),
        },
      ]);
    }
    const message = plainOf(record.value);
    if (message) this.log.add(record, undefined, asId(message.id));
    else this.sink.refuse(record, 'schema_mismatch', 'no message');
    return [];
  }

  *end(): Iterable<DraftTrajectory> {
    yield* this.rows.end();
    yield* this.log.end();
  }
}

function tellOne(teller: Teller, fields: JsonObject, pointer: string): void {
  const message = readOne(fields, pointer);
  teller.message(message, message.speaker === 'assistant' ? { step: stepOf(fields) } : {});
}

function readOne(fields: JsonObject, pointer: string): Message {
  const extra = asObject(fields.additional_kwargs) ?? {};
  const role = fields.type === 'chat' ? (asText(fields.role) ?? 'user') : (fields.type as string);
  const calls = asArray(fields.tool_calls) ?? [];
  // The same calls stand in `additional_kwargs` as the provider gave them: its arguments are the raw ones.
  const logged =
    calls.length > 0
      ? calls.map((call, index) => ({ ...asObject(call), ...rawOf(asArray(extra.tool_calls)?.[index]) }))
      : (extra.tool_calls ?? []);
  const message: Message = readMessage(
    {
      ...allBut(fields, 'additional_kwargs', 'tool_calls', 'type', 'invalid_tool_calls'),
      role,
      tool_calls: logged,
      ...(calls.length === 0 && extra.function_call ? { function_call: extra.function_call } : {}),
      ...(typeof extra.reasoning_content === 'string' && { reasoning_content: extra.reasoning_content }),
    },
    pointer,
  )!;
  for (const call of asArray(fields.invalid_tool_calls) ?? []) {
    const value = asObject(call) ?? {};
    const callId = asId(value.id);
    const piece: Piece = {
      type: 'call',
      call: { ...(callId !== undefined && { callId }), name: asText(value.name) ?? '', arguments: value.args },
      pointer,
    };
    message.pieces.push(piece);
  }
  // What is wrapped or packed can't be pointed into: the message is the place.
  for (const piece of message.pieces) if ('pointer' in piece) piece.pointer = pointer;
  return message;
}

function rawOf(call: Json | undefined): JsonObject {
  const raw = asText(dig(call, 'function', 'arguments'));
  return raw === undefined ? {} : { args: raw };
}

function stepOf(fields: JsonObject): DraftStep {
  const meta = asObject(fields.response_metadata) ?? {};
  const externalId = asId(fields.id);
  const model = asText(meta.model_name) ?? asText(meta.model);
  const usage = readUsage(fields.usage_metadata ?? meta.token_usage ?? meta.usage);
  const finish = readFinish(meta.finish_reason ?? meta.stop_reason);
  return {
    ...(externalId !== undefined && { externalId }),
    ...(model !== undefined && { model }),
    ...(usage && { usage }),
    ...(finish && { finish }),
  };
}
