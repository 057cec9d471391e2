/** Messages of the OpenAI, Anthropic, Gemini, Bedrock and GenAI shapes. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { asArray, asBoolean, asId, asObject, asText, firstText, pointerTo } from './json-access.ts';
import { hashBase64, opaque } from './media.ts';
import type { Message, Piece, Result } from './message.ts';
import { readBlock, readCall, readContent, readParts, textPiece } from './read-block.ts';
import { readTime } from './read-time.ts';
import { readRole } from './roles.ts';

export type ReadOptions = {
  /** Where a message without a role stands. */
  side?: 'input' | 'output';
  /** Calls of roles that are no words for a speaker: a role that equals an offered or called tool's name is its result. */
  toolNames?: ReadonlySet<string>;
};

/** Does it look like a message: a role, or content under one of the usual names together with a role-like field? */
export function isMessage(value: Json | undefined): boolean {
  if (!isObject(value)) return false;
  if (typeof value.role !== 'string') return false;
  return [
    'content',
    'parts',
    'tool_calls',
    'function_call',
    'text',
    'value',
    'message',
    'toolCalls',
    'refusal',
    'audio',
  ].some((key) => key in value);
}

/** Every item of a list of messages; text alone is a message of the side's speaker. */
export function readMessages(list: readonly Json[], pointer: string, options: ReadOptions = {}): Message[] {
  return list.flatMap((item, index) => readMessage(item, pointerTo(pointer, index), options) ?? []);
}

/** @returns undefined for what is no message at all (null, a number) */
export function readMessage(value: Json, pointer: string, options: ReadOptions = {}): Message | undefined {
  if (typeof value === 'string') {
    const { speaker } = readRole(undefined, options.side);
    return { speaker, pieces: textPiece(value), pointer, flags: ['role_inferred'] };
  }
  if (!isObject(value)) return undefined;
  const word = asText(value.role);
  const isToolName = word !== undefined && options.toolNames?.has(word) === true;
  const found = isToolName ? { speaker: 'tool' as const, role: word, isInferred: false } : readRole(word, options.side);
  const message: Message = { speaker: found.speaker, pieces: [], pointer };
  if (found.role !== undefined) message.role = found.role;
  if (found.isInferred) message.flags = ['role_inferred'];
  const ts = readTime(value.timestamp ?? value.created_at ?? value.createdAt ?? value.ts);
  if (ts !== undefined) message.ts = ts;
  const name = asText(value.name);
  if (message.speaker === 'tool') {
    message.pieces.push(toolMessage(value, pointer, name ?? (isToolName ? word : undefined)));
    return message;
  }
  if (name !== undefined && name !== '') message.name = name;
  message.pieces.push(...reasoningFields(value), ...contentPieces(value, pointer, 'content'));
  const refusal = asText(value.refusal);
  if (refusal) message.pieces.push({ type: 'part', part: { type: 'refusal', text: refusal } });
  message.pieces.push(...audioPiece(value.audio), ...callFields(value, pointer));
  return message;
}

const CONTENT_KEYS = ['content', 'parts', 'text', 'value', 'message'];

/** The content of a message or result under whichever of the usual names it has. */
function contentPieces(value: JsonObject, pointer: string, preferred: string): Piece[] {
  for (const key of [preferred, ...CONTENT_KEYS]) {
    const content = value[key];
    if (content === undefined || content === null) continue;
    return readContent(content, pointerTo(pointer, key));
  }
  return [];
}

function toolMessage(value: JsonObject, pointer: string, name: string | undefined): Piece {
  const result: Result = {};
  const callId = asId(value.tool_call_id) ?? asId(value.tool_use_id) ?? asId(value.toolCallId) ?? asId(value.call_id);
  if (callId !== undefined) result.callId = callId;
  const tool = name ?? asText(value.tool_name);
  if (tool !== undefined && tool !== '') result.name = tool;
  const isError = asBoolean(value.is_error) ?? asBoolean(value.isError);
  if (isError !== undefined) result.status = isError ? 'error' : 'ok';
  else if (value.status === 'error' || value.status === 'success')
    result.status = value.status === 'error' ? 'error' : 'ok';
  const key = CONTENT_KEYS.find((candidate) => value[candidate] !== undefined && value[candidate] !== null);
  const content = key === undefined ? undefined : value[key];
  // Results inside the list (GenAI, Gemini) are what the message is; their own ids win.
  if (Array.isArray(content)) {
    const inner = content.flatMap((block, index) => readBlock(block, pointerTo(pointer, key!, index)));
    const results = inner.filter((piece) => piece.type === 'result');
    if (results.length === 1 && inner.length === 1) {
      const only = results[0]!;
      return { ...only, result: { ...result, ...only.result } };
    }
  }
  return { type: 'result', result, parts: readParts(content, pointerTo(pointer, key ?? 'content')), pointer };
}

function reasoningFields(value: JsonObject): Piece[] {
  const pieces: Piece[] = [];
  const text = firstText(value, 'reasoning_content', 'reasoning', 'thinking', 'tool_plan');
  if (text !== undefined) pieces.push({ type: 'part', part: { type: 'reasoning', text } });
  for (const block of asArray(value.thinking_blocks) ?? []) {
    const signature = asText(asObject(block)?.signature) ?? asText(asObject(block)?.data);
    if (signature) pieces.push({ type: 'part', part: { type: 'reasoning', opaque: opaque(signature) } });
  }
  for (const detail of asArray(value.reasoning_details) ?? []) {
    const data = asText(asObject(detail)?.data);
    if (data) pieces.push({ type: 'part', part: { type: 'reasoning', opaque: opaque(data) } });
  }
  return pieces;
}

function audioPiece(audio: Json | undefined): Piece[] {
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

/** `tool_calls`, `toolCalls`, `function_call` beside the content. */
function callFields(value: JsonObject, pointer: string): Piece[] {
  const pieces: Piece[] = [];
  for (const key of ['tool_calls', 'toolCalls']) {
    for (const [index, item] of (asArray(value[key]) ?? []).entries()) {
      const call = readCall(item);
      const at = pointerTo(pointer, key, index);
      if (call) pieces.push({ type: 'call', call, pointer: at });
      else if (isObject(item)) pieces.push({ type: 'unknown', value: item, pointer: at });
    }
  }
  const legacy = asObject(value.function_call);
  const called = legacy && readCall(legacy);
  if (called && pieces.length === 0)
    pieces.push({ type: 'call', call: called, pointer: pointerTo(pointer, 'function_call') });
  return pieces;
}
