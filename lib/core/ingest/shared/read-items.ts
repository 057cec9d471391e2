/**
 * Items of the Responses API, as requests, answers, conversations, Codex sessions and run states hold them. What follows
 * one after another from the model is one answer; an item's `id` is not its `call_id`.
 */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { parseJson } from '../parse-json.ts';
import { asArray, asId, asNumber, asObject, asText, dig, firstText, pointerTo } from './json-access.ts';
import { hashBase64, mediaFrom, opaque } from './media.ts';
import type { Message, Piece } from './message.ts';
import { readParts } from './read-block.ts';
import { readMessage } from './read-message.ts';
import { readTime } from './read-time.ts';

const ITEM_TYPES = new Set([
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'web_search_call',
  'file_search_call',
  'code_interpreter_call',
  'computer_call',
  'computer_call_output',
  'image_generation_call',
  'local_shell_call',
  'local_shell_call_output',
  'shell_call',
  'shell_call_output',
  'apply_patch_call',
  'apply_patch_call_output',
  'mcp_list_tools',
  'mcp_call',
  'mcp_approval_request',
  'mcp_approval_response',
  'item_reference',
  'compaction',
]);

export const isItem = (value: Json | undefined): boolean => isObject(value) && ITEM_TYPES.has(asText(value.type) ?? '');

/** Text is the user's; a list of items is read in order, what the model said in a row as one message. */
export function readItems(items: Json | undefined, pointer: string): Message[] {
  if (typeof items === 'string') {
    return [{ speaker: 'user', pieces: [{ type: 'part', part: { type: 'text', text: items } }], pointer }];
  }
  const messages: Message[] = [];
  for (const [index, item] of (asArray(items) ?? []).entries()) {
    const message = readItem(item, pointerTo(pointer, index));
    const last = messages.at(-1);
    if (!message) continue;
    if (last && message.speaker === 'assistant' && last.speaker === 'assistant') last.pieces.push(...message.pieces);
    else messages.push(message);
  }
  return messages;
}

/** The items of one answer as one message of the model. */
export function readOutput(items: Json | undefined, pointer: string): Message {
  const pieces = (asArray(items) ?? []).flatMap(
    (item, index) => readItem(item, pointerTo(pointer, index))?.pieces ?? [],
  );
  return { speaker: 'assistant', pieces, pointer };
}

export function readItem(item: Json, pointer: string): Message | undefined {
  if (!isObject(item)) return typeof item === 'string' ? readMessage(item, pointer) : undefined;
  const type = asText(item.type);
  if (type === 'message' || (type === undefined && typeof item.role === 'string')) return readMessage(item, pointer);
  const isOutput = type?.endsWith('_output') === true;
  const message: Message = {
    speaker: isOutput ? 'tool' : 'assistant',
    pieces: isOutput ? [outputPiece(item, pointer)] : piecesOf(type, item, pointer),
    pointer,
  };
  const ts = readTime(item.created_at ?? item.timestamp);
  if (ts !== undefined) message.ts = ts;
  return message;
}

function outputPiece(item: JsonObject, pointer: string): Piece {
  const callId = asId(item.call_id) ?? asId(item.id);
  const name = asText(item.name);
  const { content, exitCode } = readOutputContent(item.output ?? item.outputs ?? item.content);
  return {
    type: 'result',
    result: {
      ...(callId !== undefined && { callId }),
      ...(name !== undefined && { name }),
      ...(exitCode !== undefined && { exitCode }),
      ...(item.status === 'failed' && { status: 'error' as const }),
    },
    parts: readParts(content, pointerTo(pointer, 'output')),
    pointer,
  };
}

/** Shells answer with the text and its exit code side by side, as an object or as JSON in a string. */
function readOutputContent(output: Json | undefined): { content: Json | undefined; exitCode?: number } {
  const wrapped = typeof output === 'string' && /^\s*\{"output"/.test(output) ? parsed(output) : asObject(output);
  const code = asNumber(dig(wrapped, 'metadata', 'exit_code')) ?? asNumber(wrapped?.exit_code);
  if (wrapped && code !== undefined && wrapped.output !== undefined) return { content: wrapped.output, exitCode: code };
  return { content: output };
}

function parsed(text: string): JsonObject | undefined {
  const reading = parseJson(text);
  return reading.ok ? asObject(reading.value) : undefined;
}

function piecesOf(type: string | undefined, item: JsonObject, pointer: string): Piece[] {
  const name = asText(item.name);
  const callId = asId(item.call_id) ?? asId(item.id);
  const id = callId === undefined ? {} : { callId };
  switch (type) {
    case 'reasoning':
      return reasoning(item);
    case 'function_call':
      if (name === undefined) break;
      return [{ type: 'call', call: { ...id, name, arguments: item.arguments }, pointer, ...cutOff(item) }];
    case 'custom_tool_call': {
      if (name === undefined) break;
      const input = asText(item.input) ?? '';
      return [{ type: 'call', call: { ...id, name, arguments: { input }, raw: input }, pointer, ...cutOff(item) }];
    }
    case 'local_shell_call':
    case 'shell_call':
    case 'apply_patch_call':
    case 'computer_call': {
      const called = type.replace(/_call$/, '');
      const asked = item.action ?? item.operation ?? item.actions ?? {};
      return [{ type: 'call', call: { ...id, name: called, arguments: asked }, pointer }];
    }
    case 'mcp_list_tools':
    case 'mcp_approval_request':
    case 'mcp_approval_response':
    case 'item_reference':
      return [{ type: 'meta', value: item, pointer }];
    case 'compaction':
    case 'compaction_summary':
      return [{ type: 'compaction', parts: compacted(item), pointer }];
    default:
      if (type?.endsWith('_call')) return serverCall(type, item, pointer);
  }
  return [{ type: 'unknown', value: item, pointer }];
}

const cutOff = (item: JsonObject) => (item.status === 'incomplete' ? { flags: ['incomplete' as const] } : {});

function reasoning(item: JsonObject): Piece[] {
  const texts = [...(asArray(item.content) ?? []), ...(asArray(item.summary) ?? [])]
    .map((block) => (typeof block === 'string' ? block : firstText(asObject(block) ?? {}, 'text')))
    .filter((text) => text !== undefined && text !== '');
  // The content is the whole thought; a summary beside it says the same shorter.
  const pieces: Piece[] = texts.map((text) => ({ type: 'part', part: { type: 'reasoning', text: text! } }));
  const hidden = asText(item.encrypted_content);
  if (hidden) pieces.push({ type: 'part', part: { type: 'reasoning', opaque: opaque(hidden) } });
  return pieces;
}

function compacted(item: JsonObject): Part[] {
  const text = firstText(item, 'summary', 'text', 'content');
  const hidden = asText(item.encrypted_content);
  return [
    ...(text === undefined ? [] : [{ type: 'text' as const, text }]),
    ...(hidden ? [{ type: 'reasoning' as const, opaque: opaque(hidden) }] : []),
  ];
}

const KEPT_BACK = new Set([
  'type',
  'id',
  'call_id',
  'status',
  'output',
  'outputs',
  'results',
  'result',
  'error',
  'name',
]);

/** A call that the provider ran itself: its result stands in the same item. */
function serverCall(type: string, item: JsonObject, pointer: string): Piece[] {
  const name = type === 'mcp_call' ? (asText(item.name) ?? 'mcp') : type.replace(/_call$/, '');
  const callId = asId(item.id);
  const asked: JsonObject = Object.create(null);
  for (const key of Object.keys(item)) if (!KEPT_BACK.has(key) && item[key] !== null) asked[key] = item[key]!;
  const call = {
    ...(callId !== undefined && { callId }),
    name,
    arguments: type === 'mcp_call' ? item.arguments : (item.action ?? asked),
    origin: 'server' as const,
  };
  const pieces: Piece[] = [{ type: 'call', call, pointer }];
  const failure = item.error !== undefined && item.error !== null && item.error !== '';
  const parts = failure ? readParts(item.error) : serverResult(item);
  if (parts.length > 0 || item.status === 'failed') {
    const isBad = failure || item.status === 'failed';
    const result = {
      ...(callId !== undefined && { callId }),
      name,
      status: isBad ? ('error' as const) : ('ok' as const),
    };
    pieces.push({ type: 'result', result, parts, pointer });
  }
  return pieces;
}

function serverResult(item: JsonObject): Part[] {
  const image = asText(item.result);
  if (item.type === 'image_generation_call' && image) {
    if (image.startsWith('data:')) return [mediaFrom(image, 'image')];
    return [{ type: 'media', modality: 'image', ...hashBase64(image) }];
  }
  const found = asArray(item.results) ?? asArray(dig(item, 'action', 'sources'));
  if (found && item.type !== 'code_interpreter_call') return found.map(readFound);
  const output = item.output ?? item.outputs ?? item.results ?? item.result;
  return (Array.isArray(output) ? output : [output]).flatMap((piece) => {
    const logs = asText(dig(piece, 'logs'));
    const url = asText(dig(piece, 'url'));
    if (logs !== undefined) return readParts(logs);
    return url === undefined ? readParts(piece) : [mediaFrom(url, 'image')];
  });
}

function readFound(found: Json): Part {
  const page = asObject(found);
  const title = page && firstText(page, 'title', 'filename');
  const uri = page && firstText(page, 'url', 'uri');
  const text = page && firstText(page, 'text', 'snippet');
  const id = page && asId(page.file_id);
  const score = page && asNumber(page.score);
  if (!title && !uri && !text && !id) return { type: 'json', value: found };
  return {
    type: 'document',
    ...(id !== undefined && { id }),
    ...(title !== undefined && { title }),
    ...(uri !== undefined && { uri }),
    ...(text !== undefined && { text }),
    ...(score !== undefined && { score }),
  };
}
