/**
 * One message in whatever shape a library gave it: OpenAI, Anthropic, Gemini, GenAI parts, LangChain (plain or
 * serialised), items of the Responses API.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { asArray, asId, asObject } from '../shared/json-access.ts';
import { readTime } from '../shared/read-time.ts';
import { readBlock, readToolCall, resultParts } from './blocks.ts';
import { pick, textField } from './fields.ts';
import type { Message, Piece, ResultPiece } from './piece.ts';
import { isPlainRole, type Side, sideOf } from './roles.ts';
import { into, intoText, type Spot } from './spot.ts';
import { unpackJson } from './unpack-json.ts';

/** `{lc: 1, type: 'constructor', id: ['langchain', 'schema', 'messages', 'AIMessage'], kwargs}` → its class and fields. */
function unwrapSerialised(value: JsonObject): { role?: string; fields: JsonObject } {
  if (value.lc !== undefined && Array.isArray(value.id)) {
    const name = value.id.at(-1);
    return { fields: asObject(value.kwargs) ?? {}, ...(typeof name === 'string' ? { role: name } : {}) };
  }
  // LangChain's older dump: `{type: 'human', data: {content}}`.
  const data = asObject(value.data);
  if (data && value.content === undefined && typeof value.type === 'string') return { role: value.type, fields: data };
  return { fields: value };
}

const ITEM_TYPES =
  /^(?:function_call|function_call_output|custom_tool_call|custom_tool_call_output|reasoning|compaction|item_reference|mcp_list_tools|mcp_approval_\w+|\w+_call|\w+_call_output)$/;

const roleOf = (fields: JsonObject): string | undefined => {
  const role = textField(fields.role) ?? textField(fields.from) ?? textField(fields.sender) ?? textField(fields.author);
  if (role !== undefined) return role;
  const author = asObject(fields.author);
  if (author) return textField(author.role);
  return typeof fields.type === 'string' && sideOf(fields.type) ? fields.type : undefined;
};

/** Could this be a message? A role, a LangChain type or class, or an item of the Responses API. */
export function isMessage(value: Json | undefined): value is JsonObject {
  if (!isObject(value)) return false;
  if (value.lc !== undefined && Array.isArray(value.id)) return true;
  if (typeof value.type === 'string' && ITEM_TYPES.test(value.type)) return true;
  if (isObject(value.data) && typeof value.type === 'string' && sideOf(value.type)) return true;
  const has = (name: string) => value[name] !== undefined;
  const holds = [
    'content',
    'parts',
    'tool_calls',
    'text',
    'value',
    'message',
    'function_call',
    'reasoning',
    'refusal',
    'toolCalls',
  ].some(has);
  return roleOf(value) !== undefined && holds;
}

const sideOfItem = (type: string): Side => (type.endsWith('_output') ? 'tool' : 'assistant');

function contentPieces(content: Json | undefined, side: Side, spot: Spot): Piece[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return textPieces(content, side, spot);
  if (Array.isArray(content)) return content.flatMap((block, i) => readBlock(block, into(spot, i)));
  if (!isObject(content)) return readBlock(content, spot);
  const parts = asArray(content.parts);
  if (parts) return parts.flatMap((block, i) => readBlock(block, into(spot, 'parts', i)));
  const inner = asArray(content.content);
  if (inner && content.type === undefined)
    return inner.flatMap((block, i) => readBlock(block, into(spot, 'content', i)));
  return readBlock(content, spot);
}

/** An answer whose text is nothing but JSON of calls is those calls. Other text stays as it was logged. */
function textPieces(text: string, side: Side, spot: Spot): Piece[] {
  if (side === 'assistant' && text.trimStart().startsWith('[') && /"function"|"toolName"|"tool_call/.test(text)) {
    const held = unpackJson(text);
    if (Array.isArray(held) && held.length > 0 && held.every(isListedCall)) {
      return held.flatMap((call) => readToolCall(call, intoText(spot)));
    }
  }
  return [{ kind: 'part', part: { type: 'text', text }, spot }];
}

/** `{id, type: 'function', function: {name, arguments}}`, `{toolCallId, toolName, input}`. */
export const isListedCall = (value: Json): boolean =>
  isObject(value) &&
  ((isObject(value.function) && typeof value.function.name === 'string' && value.function.parameters === undefined) ||
    (typeof value.toolName === 'string' && (value.input !== undefined || value.args !== undefined)));

/** Calls beside the content; the same call in two places (`additional_kwargs`) is read once. */
function listedCalls(fields: JsonObject, spot: Spot): Piece[] {
  const kwargs = asObject(fields.additional_kwargs);
  const places: [Json | undefined, Spot][] = [
    [fields.tool_calls ?? fields.toolCalls, into(spot, fields.tool_calls === undefined ? 'toolCalls' : 'tool_calls')],
    [kwargs?.tool_calls, into(spot, 'additional_kwargs', 'tool_calls')],
  ];
  const pieces: Piece[] = [];
  for (const [value, at] of places) {
    const calls = unpackJson(value);
    const inside = typeof value === 'string' ? intoText(at) : at;
    if (!Array.isArray(calls) || calls.length === 0) continue;
    pieces.push(...calls.flatMap((call, i) => readToolCall(call, into(inside, i))));
    break;
  }
  const single = fields.function_call ?? kwargs?.function_call;
  if (pieces.length === 0 && isObject(single)) pieces.push(...readToolCall(single, into(spot, 'function_call')));
  const broken = asArray(fields.invalid_tool_calls) ?? [];
  pieces.push(...broken.flatMap((call, i) => readToolCall(call, into(spot, 'invalid_tool_calls', i))));
  return pieces;
}

function reasoningBeside(fields: JsonObject, spot: Spot): Piece[] {
  const kwargs = asObject(fields.additional_kwargs);
  for (const name of ['reasoning_content', 'reasoning', 'thinking'] as const) {
    const value = fields[name] ?? kwargs?.[name];
    const at = into(spot, name);
    if (typeof value === 'string' && value !== '')
      return [{ kind: 'part', part: { type: 'reasoning', text: value }, spot: at }];
    if (isObject(value)) return readBlock({ type: 'reasoning', ...value }, at);
    if (Array.isArray(value))
      return value.flatMap((block, i) =>
        readBlock(isObject(block) ? { type: 'reasoning', ...block } : block, into(at, i)),
      );
  }
  return [];
}

/** A message of a tool: one result, unless its blocks are results themselves (AI SDK, GenAI, Anthropic). */
function toolPieces(fields: JsonObject, spot: Spot): Piece[] {
  const key = ['content', 'parts', 'text', 'value', 'output'].find(
    (name) => fields[name] !== undefined && fields[name] !== null,
  );
  const content = key === undefined ? undefined : fields[key];
  const at = key === undefined ? spot : into(spot, key);
  if (Array.isArray(content) || isObject(content)) {
    const pieces = contentPieces(content, 'tool', at);
    if (pieces.some((piece) => piece.kind === 'result')) return pieces;
  }
  const made: ResultPiece = { kind: 'result', parts: resultParts(content, at), spot };
  const callId = asId(pick(fields, 'tool_call_id', 'toolCallId', 'tool_use_id', 'call_id'));
  const name = textField(pick(fields, 'name', 'tool_name', 'toolName'));
  if (callId !== undefined) made.callId = callId;
  if (name !== undefined) made.name = name;
  if (fields.status === 'error' || fields.is_error === true) made.status = 'error';
  else if (fields.status === 'success' || fields.is_error === false) made.status = 'ok';
  return [made];
}

/**
 * @param side who speaks when the log does not say: the user in an input, the model in an output
 */
export function readMessage(value: JsonObject, spot: Spot, side: 'user' | 'assistant'): Message {
  const { role: className, fields } = unwrapSerialised(value);
  const at = fields === value ? spot : into(spot, value.kwargs === fields ? 'kwargs' : 'data');
  const type = textField(fields.type);
  if (className === undefined && roleOf(fields) === undefined && type !== undefined && ITEM_TYPES.test(type)) {
    const message: Message = { side: sideOfItem(type), pieces: readBlock(fields, at), flags: [], spot };
    return message;
  }
  const logged = className ?? roleOf(fields);
  const known = logged === undefined ? undefined : sideOf(logged);
  const speaker: Side = known ?? (logged === undefined ? side : 'user');
  const message: Message = { side: speaker, pieces: [], flags: [], spot };
  if (known === undefined) {
    message.isRoleInferred = true;
    message.flags.push('role_inferred');
  }
  if (logged !== undefined && !isPlainRole(logged, speaker)) message.role = logged;
  const name = speaker === 'tool' ? undefined : textField(fields.name);
  if (name !== undefined) message.name = name;
  const id = asId(fields.id);
  if (id !== undefined) message.id = id;
  const ts = readTime(pick(fields, 'timestamp', 'created_at', 'createdAt', 'ts'));
  if (ts !== undefined) message.ts = ts;
  const finish = textField(pick(fields, 'finish_reason', 'finishReason', 'stop_reason'));
  if (finish !== undefined) message.finish = finish;

  if (speaker === 'tool') {
    message.pieces = toolPieces(fields, at);
    return message;
  }
  const key = ['content', 'parts', 'text', 'value', 'message'].find(
    (field) => fields[field] !== undefined && fields[field] !== null,
  );
  const content = key === undefined ? undefined : fields[key];
  const pieces = [...reasoningBeside(fields, at), ...contentPieces(content, speaker, into(at, key ?? 'content'))];
  if (typeof fields.refusal === 'string' && fields.refusal) {
    pieces.push({ kind: 'part', part: { type: 'refusal', text: fields.refusal }, spot: into(at, 'refusal') });
  }
  // Anthropic and LangChain may hold a call both as a block and in the list: the block wins.
  const called = new Set(pieces.flatMap((piece) => (piece.kind === 'call' ? [piece.callId ?? piece.name] : [])));
  if (speaker === 'assistant') {
    pieces.push(
      ...listedCalls(fields, at).filter((piece) => piece.kind !== 'call' || !called.has(piece.callId ?? piece.name)),
    );
  }
  message.pieces = pieces;
  return message;
}
