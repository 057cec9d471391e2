/**
 * One message in whatever shape a provider or library gave it: OpenAI, Anthropic, Gemini, Bedrock, GenAI parts, LangChain
 * (plain or serialised), items of the Responses API.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { workedOut } from '../item-memo.ts';
import { pick, textField } from './fields.ts';
import { asId, asObject, asText, insideText, pointerTo } from './json-access.ts';
import { hashBase64 } from './media.ts';
import type { Message, Piece, Result } from './message.ts';
import { readBlock, readContent, readParts, statusOf, textPiece } from './read-block.ts';
import { callFields, isListedCall, readCall } from './read-call.ts';
import { reasoningFields } from './read-reasoning.ts';
import { readTime } from './read-time.ts';
import { readRole, type Speaker, speakerOf } from './roles.ts';
import { unpackJson } from './unpack-json.ts';

export type ReadOptions = {
  /** Where a message without a role stands. */
  side?: 'input' | 'output';
  /** Calls of roles that are no words for a speaker: a role that equals an offered or called tool's name is its result. */
  toolNames?: ReadonlySet<string>;
  /** Written by a tracing tool: an answer's text that is nothing but JSON of calls is those calls. */
  isTraced?: boolean;
};

const BODY_KEYS = [
  'content',
  'parts',
  'tool_calls',
  'function_call',
  'text',
  'value',
  'message',
  'toolCalls',
  'refusal',
];

/** Does it look like a message: a role, together with content under one of the usual names? */
export function isMessage(value: Json | undefined): boolean {
  if (!isObject(value) || typeof value.role !== 'string') return false;
  return 'audio' in value || BODY_KEYS.some((key) => key in value);
}

/** Items of the Responses API that are no messages. */
const ITEM_TYPES = /^(?:reasoning|compaction|item_reference|mcp_list_tools|mcp_approval_\w+|\w+_call|\w+_call_output)$/;

/** Could it be a message: a role under any name, a LangChain type or class, an item of the Responses API? */
export function isMessageLike(value: Json | undefined): value is JsonObject {
  if (!isObject(value)) return false;
  if (value.lc !== undefined && Array.isArray(value.id)) return true;
  if (typeof value.type === 'string') {
    if (ITEM_TYPES.test(value.type)) return true;
    if (isObject(value.data) && speakerOf(value.type)) return true;
  }
  return wordOf(value) !== undefined && [...BODY_KEYS, 'reasoning'].some((key) => value[key] !== undefined);
}

/** What the log calls the one who speaks. */
function wordOf(fields: JsonObject): string | undefined {
  const word =
    textField(fields.role) ??
    textField(fields.from) ??
    textField(fields.sender) ??
    textField(fields.author) ??
    textField(asObject(fields.author)?.role);
  if (word !== undefined) return word;
  return typeof fields.type === 'string' && speakerOf(fields.type) ? fields.type : undefined;
}

/** `{lc: 1, type: 'constructor', id: ['langchain', 'schema', 'messages', 'AIMessage'], kwargs}`: its class and fields. */
function unwrapSerialised(value: JsonObject, pointer: string): { word?: string; fields: JsonObject; at: string } {
  if (value.lc !== undefined && Array.isArray(value.id)) {
    const name = value.id.at(-1);
    const fields = asObject(value.kwargs) ?? {};
    return { fields, at: pointerTo(pointer, 'kwargs'), ...(typeof name === 'string' && { word: name }) };
  }
  // LangChain's older dump: `{type: 'human', data: {content}}`.
  const data = asObject(value.data);
  if (data && value.content === undefined && typeof value.type === 'string' && value.role === undefined)
    return { word: value.type, fields: data, at: pointerTo(pointer, 'data') };
  return { fields: value, at: pointer };
}

/** Every item of a list of messages; text alone is a message of the side's speaker. */
export function readMessages(list: readonly Json[], pointer: string, options: ReadOptions = {}): Message[] {
  return list.flatMap((item, index) => readRepeated(item, pointerTo(pointer, index), options) ?? []);
}

/**
 * `readMessage` for items of lists that logs repeat: the same item at the same place gives the same message, which is not
 * to be changed.
 */
export function readRepeated(value: JsonObject, pointer: string, options?: ReadOptions): Message;
export function readRepeated(value: Json, pointer: string, options?: ReadOptions): Message | undefined;
export function readRepeated(value: Json, pointer: string, options: ReadOptions = {}): Message | undefined {
  const isTools = isObject(value) && typeof value.role === 'string' && options.toolNames?.has(value.role) === true;
  const what = `${options.side ?? ''} ${options.isTraced ? 'traced' : ''} ${isTools ? 'tool' : ''} ${pointer}`;
  return workedOut(value, what, () => readMessage(value, pointer, options));
}

/** @returns undefined for what is no message at all (null, a number) */
export function readMessage(value: JsonObject, pointer: string, options?: ReadOptions): Message;
export function readMessage(value: Json, pointer: string, options?: ReadOptions): Message | undefined;
export function readMessage(value: Json, pointer: string, options: ReadOptions = {}): Message | undefined {
  if (typeof value === 'string') {
    const { speaker } = readRole(undefined, options.side);
    return { speaker, pieces: textPiece(value), pointer, flags: ['role_inferred'] };
  }
  if (!isObject(value)) return undefined;
  const { fields, at, ...named } = unwrapSerialised(value, pointer);
  const word = named.word ?? wordOf(fields);
  const type = textField(fields.type);
  if (word === undefined && type !== undefined && ITEM_TYPES.test(type)) {
    const speaker: Speaker = type.endsWith('_output') ? 'tool' : 'assistant';
    return { speaker, pieces: readBlock(fields, at), pointer };
  }
  const isToolName = word !== undefined && options.toolNames?.has(word) === true;
  const found = isToolName ? { speaker: 'tool' as const, role: word, isInferred: false } : readRole(word, options.side);
  const message: Message = { speaker: found.speaker, pieces: [], pointer, ...headOf(fields) };
  if (found.role !== undefined) message.role = found.role;
  if (found.isInferred) message.flags = ['role_inferred'];
  const name = textField(fields.name);
  if (message.speaker === 'tool') {
    message.pieces = toolPieces(fields, at, name ?? (isToolName ? word : undefined));
    return message;
  }
  if (name !== undefined) message.name = name;
  const content = listedInText(fields, at, message.speaker, options) ?? contentPieces(fields, at);
  const refusal = asText(fields.refusal);
  message.pieces = [
    ...reasoningFields(fields),
    ...content,
    ...(refusal ? [{ type: 'part' as const, part: { type: 'refusal' as const, text: refusal } }] : []),
    ...audioPieces(fields.audio),
  ];
  // Anthropic and LangChain may hold a call both as a block and in the list: the block wins.
  const called = new Set(content.flatMap((piece) => (piece.type === 'call' ? [keyOf(piece)] : [])));
  message.pieces.push(...callFields(fields, at).filter((piece) => piece.type !== 'call' || !called.has(keyOf(piece))));
  return message;
}

const keyOf = ({ call }: Extract<Piece, { type: 'call' }>): string => call.callId ?? call.name;

function headOf(fields: JsonObject): Pick<Message, 'id' | 'ts' | 'finish'> {
  const id = asId(fields.id ?? undefined);
  const ts = readTime(pick(fields, 'timestamp', 'created_at', 'createdAt', 'ts'));
  const finish = textField(pick(fields, 'finish_reason', 'finishReason', 'stop_reason'));
  return { ...(id !== undefined && { id }), ...(ts !== undefined && { ts }), ...(finish !== undefined && { finish }) };
}

const CONTENT_KEYS = ['content', 'parts', 'text', 'value', 'message', 'output'];

/** The content of a message or result under whichever of the usual names it has. */
const contentOf = (fields: JsonObject): [key: string, content: Json | undefined] => {
  const key = CONTENT_KEYS.find((name) => fields[name] !== undefined && fields[name] !== null);
  return [key ?? 'content', key === undefined ? undefined : fields[key]];
};

function contentPieces(fields: JsonObject, pointer: string): Piece[] {
  const [key, content] = contentOf(fields);
  return content === undefined ? [] : readContent(content, pointerTo(pointer, key));
}

function listedInText(
  fields: JsonObject,
  pointer: string,
  speaker: Speaker,
  options: ReadOptions,
): Piece[] | undefined {
  const [key, text] = contentOf(fields);
  if (!options.isTraced || speaker !== 'assistant' || typeof text !== 'string') return undefined;
  if (!text.trimStart().startsWith('[') || !/"function"|"toolName"|"tool_call/.test(text)) return undefined;
  const held = unpackJson(text);
  if (!Array.isArray(held) || held.length === 0 || !held.every(isListedCall)) return undefined;
  const at = insideText(pointerTo(pointer, key));
  return held.flatMap((item): Piece[] => {
    const call = readCall(item);
    return call ? [{ type: 'call', call, pointer: at }] : [];
  });
}

/** A message of a tool: one result, unless its blocks are results themselves (AI SDK, GenAI, Gemini); their ids win. */
function toolPieces(fields: JsonObject, pointer: string, name: string | undefined): Piece[] {
  const result: Result = {};
  const callId = asId(pick(fields, 'tool_call_id', 'tool_use_id', 'toolCallId', 'call_id'));
  if (callId !== undefined) result.callId = callId;
  const tool = name ?? textField(pick(fields, 'tool_name', 'toolName'));
  if (tool !== undefined) result.name = tool;
  const status = statusOf(fields);
  if (status !== undefined) result.status = status;
  const [key, content] = contentOf(fields);
  const at = pointerTo(pointer, key);
  if (isObject(content) || Array.isArray(content)) {
    const inner = readContent(content, at);
    const results = inner.filter((piece) => piece.type === 'result');
    if (results.length === 1)
      return inner.map((piece) =>
        piece.type === 'result' ? { ...piece, result: { ...result, ...piece.result } } : piece,
      );
    if (results.length > 1) return inner;
  }
  return [{ type: 'result', result, parts: readParts(content, at), pointer }];
}

function audioPieces(audio: Json | undefined): Piece[] {
  const value = asObject(audio);
  if (!value) return [];
  const pieces: Piece[] = [];
  const transcript = asText(value.transcript);
  if (transcript) pieces.push(...textPiece(transcript));
  const data = asText(value.data);
  const id = asText(value.id);
  if (data) pieces.push({ type: 'part', part: { type: 'media', modality: 'audio', ...hashBase64(data) } });
  else if (id) pieces.push({ type: 'part', part: { type: 'media', modality: 'audio', uri: id } });
  return pieces;
}

/** Text beside the messages that was given before them: a string, blocks, a content object, JSON of these in a string. */
export function readSystem(system: Json | undefined, pointer: string): Message[] {
  const value = unpackJson(system);
  if (value === undefined || value === null || value === '') return [];
  const at = typeof system === 'string' && typeof value !== 'string' ? insideText(pointer) : pointer;
  const pieces = readContent(value, at);
  return pieces.length > 0 ? [{ speaker: 'system', pieces, pointer: at }] : [];
}
