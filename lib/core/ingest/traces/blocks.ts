/**
 * One block of a message's content, in any dialect: OpenAI chat and Responses, Anthropic, Gemini, Bedrock, Vercel AI SDK,
 * GenAI conventions. A block that no rule names keeps its value as `json`, flagged.
 */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject, stringify } from '../../trajectory/json.ts';
import { asArray, asId, asObject, asText } from '../shared/json-access.ts';
import { modalityOf } from '../shared/media.ts';
import { pick, textField } from './fields.ts';
import { mediaPart, opaquePart, type Piece, type ResultPiece } from './piece.ts';
import { into, type Spot } from './spot.ts';

const part = (made: Part, spot: Spot): Piece => ({ kind: 'part', part: made, spot });
const unknown = (value: Json, spot: Spot): Piece => ({
  kind: 'part',
  part: { type: 'json', value },
  flags: ['unknown_item'],
  spot,
});

/** Text in one of its wrappings: `text`, `content`, `value`, or `text: { value }` of thread messages. */
function wrappedText(block: JsonObject): string | undefined {
  for (const key of ['text', 'content', 'value', 'output_text']) {
    const value = block[key];
    if (typeof value === 'string') return value;
    if (isObject(value) && typeof value.value === 'string') return value.value;
  }
  return undefined;
}

function reasoningPieces(block: JsonObject, spot: Spot): Piece[] {
  const pieces: Piece[] = [];
  const say = (text: string | undefined, at: Spot) => {
    if (text) pieces.push(part({ type: 'reasoning', text }, at));
  };
  const inner = asObject(block.reasoningText) ?? asObject(asObject(block.reasoningContent)?.reasoningText) ?? block;
  const summary = asArray(block.summary) ?? [];
  for (const item of summary) say(isObject(item) ? wrappedText(item) : asText(item), spot);
  for (const item of asArray(block.content) ?? []) say(isObject(item) ? wrappedText(item) : asText(item), spot);
  say(asText(inner.thinking) ?? asText(inner.reasoning) ?? wrappedText(inner), spot);
  const sealed = pick(inner, 'signature', 'encrypted_content', 'data', 'protectedData', 'redactedContent', 'encrypted');
  if (typeof sealed === 'string' && sealed) {
    pieces.push({ kind: 'part', part: opaquePart(sealed), flags: ['opaque_reasoning'], spot });
  }
  return pieces;
}

function mediaPiece(block: JsonObject, type: string, spot: Spot): Piece {
  const source =
    [
      block.source,
      block.image_url,
      block.input_audio,
      block.audio,
      block.file,
      block.image,
      block.inlineData,
      block.inline_data,
      block.fileData,
      block.file_data,
      block.document,
    ]
      .map(asObject)
      .find((value) => value !== undefined) ?? block;
  const given = {
    mime:
      asText(pick(source, 'media_type', 'mime_type', 'mimeType', 'mediaType')) ??
      asText(pick(block, 'mime_type', 'mimeType', 'mediaType')),
    name: asText(pick(block, 'filename', 'title', 'name')) ?? asText(pick(source, 'filename', 'file_name', 'name')),
  };
  const named = /image|audio|video/.exec(type)?.[0] as 'image' | 'audio' | 'video' | undefined;
  const asked = asText(block.modality);
  const modality =
    named ?? (asked === 'image' || asked === 'audio' || asked === 'video' ? asked : modalityOf(given.mime));
  const uri = [
    source.url,
    source.uri,
    source.file_uri,
    source.fileUri,
    block.image_url,
    block.file_url,
    block.url,
    block.image,
  ].find((value) => typeof value === 'string') as string | undefined;
  if (uri) return part(mediaPart(uri, { ...given, modality }, true), spot);
  const data = [source.data, source.file_data, source.bytes, block.data, block.content].find(
    (value) => typeof value === 'string',
  ) as string | undefined;
  if (data) return part(mediaPart(data, { ...given, modality }, false), spot);
  const held: Part = { type: 'media', modality };
  if (given.mime) held.mime = given.mime;
  if (given.name) held.name = given.name;
  const id = asId(pick(source, 'file_id', 'fileId', 'id'));
  if (id) held.uri = id;
  return part(held, spot);
}

/** Documents of Anthropic: text is kept as text, anything else is media. */
function documentPiece(block: JsonObject, spot: Spot): Piece {
  const source = asObject(block.source);
  const text = source ? asText(source.data) : asText(block.text);
  if (text !== undefined && (!source || source.type === 'text')) {
    const held: Part = { type: 'document', text };
    const title = asText(block.title) ?? asText(block.name);
    if (title) held.title = title;
    return part(held, spot);
  }
  return mediaPiece(block, 'file', spot);
}

/** What a tool brought: a text, blocks, or any value. */
export function resultParts(content: Json | undefined, spot: Spot): Part[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (Array.isArray(content) && content.length > 0 && content.every(isBlock)) {
    return content.flatMap((item, i) =>
      readBlock(item, into(spot, i)).flatMap((piece) =>
        piece.kind === 'part'
          ? [piece.part]
          : piece.kind === 'result'
            ? piece.parts
            : [{ type: 'json' as const, value: item }],
      ),
    );
  }
  return [{ type: 'json', value: content }];
}

const CONTENT_TYPES = new Set([
  'text',
  'input_text',
  'output_text',
  'image',
  'image_url',
  'input_image',
  'document',
  'resource',
  'audio',
  'file',
  'search_result',
  'web_search_result',
  'tool_reference',
  'json',
]);
const isBlock = (value: Json): boolean =>
  isObject(value) &&
  ((typeof value.type === 'string' && CONTENT_TYPES.has(value.type)) ||
    // Bedrock: `{text}`, `{json}`
    (Object.keys(value).length === 1 && (typeof value.text === 'string' || value.json !== undefined)));

function result(
  block: JsonObject,
  content: Json | undefined,
  spot: Spot,
  more: Partial<ResultPiece> = {},
): ResultPiece {
  const made: ResultPiece = { kind: 'result', parts: resultParts(content, spot), spot, ...more };
  const callId = asId(pick(block, 'tool_use_id', 'tool_call_id', 'toolCallId', 'toolUseId', 'call_id', 'id'));
  const name = textField(pick(block, 'toolName', 'tool_name', 'name'));
  if (callId !== undefined) made.callId = callId;
  if (name !== undefined) made.name = name;
  if (block.is_error === true || block.isError === true || block.status === 'error') made.status = 'error';
  else if (block.is_error === false || block.isError === false || block.status === 'success') made.status = 'ok';
  return made;
}

/** Results of tools that the provider ran itself: an error is a content block of a type that ends so. */
function serverResult(block: JsonObject, spot: Spot): ResultPiece {
  const content = block.content;
  const failure =
    isObject(content) && typeof content.type === 'string' && content.type.endsWith('_error') ? content : undefined;
  const made = result(block, content, spot);
  if (failure) {
    made.status = 'error';
    const code = textField(failure.error_code);
    if (code) made.errorType = code;
  }
  return made;
}

/** The AI SDK's `output: { type: 'text' | 'json' | 'error-text' | …, value }`, or a bare `result`. */
function sdkResult(block: JsonObject, spot: Spot): ResultPiece {
  const output = asObject(block.output);
  const type = output ? asText(output.type) : undefined;
  if (!output || type === undefined || output.value === undefined) {
    return result(block, pick(block, 'output', 'result'), spot);
  }
  const made = result(block, output.value, spot);
  if (type.startsWith('error')) made.status = 'error';
  return made;
}

function call(block: JsonObject, given: Json | undefined, spot: Spot, origin?: 'server'): Piece {
  const name = textField(pick(block, 'name', 'toolName', 'tool_name')) ?? 'unknown';
  const callId = asId(pick(block, 'call_id', 'toolCallId', 'tool_call_id', 'toolUseId', 'id'));
  return {
    kind: 'call',
    name,
    arguments: given,
    spot,
    ...(callId === undefined ? {} : { callId }),
    ...(origin ? { origin } : {}),
  };
}

/** Calls as OpenAI lists them beside the content, also without the `function` wrapping. */
export function readToolCall(value: Json, spot: Spot): Piece[] {
  if (!isObject(value)) return [];
  const inner = asObject(value.function) ?? asObject(value.custom) ?? value;
  const name = textField(pick(inner, 'name', 'toolName', 'tool_name', 'tool'));
  if (name === undefined) return [unknown(value, spot)];
  const callId = asId(pick(value, 'call_id', 'toolCallId', 'tool_call_id', 'id')) ?? asId(inner.id);
  const given = pick(inner, 'arguments', 'args', 'input', 'parameters');
  return [{ kind: 'call', name, arguments: given, spot, ...(callId === undefined ? {} : { callId }) }];
}

/** Blocks without a type are told by the one key they have (Gemini, Bedrock). */
function readUntyped(block: JsonObject, spot: Spot): Piece[] {
  const called = asObject(pick(block, 'functionCall', 'function_call', 'toolUse'));
  if (called) {
    const pieces = [call(called, pick(called, 'args', 'input', 'arguments'), spot)];
    const sealed = pick(block, 'thoughtSignature', 'thought_signature');
    if (typeof sealed === 'string')
      pieces.push({ kind: 'part', part: opaquePart(sealed), flags: ['opaque_reasoning'], spot });
    return pieces;
  }
  const answered = asObject(pick(block, 'functionResponse', 'function_response', 'toolResult'));
  if (answered) {
    const made = result(answered, pick(answered, 'response', 'content'), spot);
    return [made];
  }
  if (block.reasoningContent !== undefined) return reasoningPieces(block, spot);
  if (pick(block, 'inlineData', 'inline_data', 'fileData', 'file_data', 'image', 'document') !== undefined)
    return [mediaPiece(block, 'file', spot)];
  const code = asObject(pick(block, 'executableCode', 'executable_code'));
  if (code) return [{ kind: 'call', name: 'code_execution', arguments: code, origin: 'server', spot }];
  const ran = asObject(pick(block, 'codeExecutionResult', 'code_execution_result'));
  if (ran) {
    const status = ran.outcome === undefined || ran.outcome === 'OUTCOME_OK' ? 'ok' : 'error';
    return [{ kind: 'result', name: 'code_execution', status, parts: resultParts(ran.output, spot), spot }];
  }
  const text = wrappedText(block);
  if (text === undefined) return [unknown(block, spot)];
  const pieces: Piece[] =
    text === '' ? [] : [part(block.thought === true ? { type: 'reasoning', text } : { type: 'text', text }, spot)];
  const sealed = pick(block, 'thoughtSignature', 'thought_signature');
  if (typeof sealed === 'string')
    pieces.push({ kind: 'part', part: opaquePart(sealed), flags: ['opaque_reasoning'], spot });
  return pieces;
}

export function readBlock(value: Json, spot: Spot): Piece[] {
  if (value === null || value === '') return [];
  if (typeof value === 'string') return [part({ type: 'text', text: value }, spot)];
  if (!isObject(value)) return [unknown(value, spot)];
  const type = textField(value.type);
  if (type === undefined) return readUntyped(value, spot);
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'summary_text': {
      const text = wrappedText(value);
      if (text === undefined) return [unknown(value, spot)];
      return text === '' ? [] : [part({ type: 'text', text }, spot)];
    }
    case 'thinking':
    case 'redacted_thinking':
    case 'reasoning':
    case 'reasoning_text':
      return reasoningPieces(value, spot);
    case 'refusal':
      return [part({ type: 'refusal', text: asText(value.refusal) ?? wrappedText(value) ?? '' }, spot)];
    case 'image':
    case 'image_url':
    case 'input_image':
    case 'audio':
    case 'input_audio':
    case 'output_audio':
    case 'video':
    case 'video_url':
    case 'file':
    case 'input_file':
    case 'blob':
    case 'uri':
    case 'media':
    case 'container_upload':
      return [mediaPiece(value, type, spot)];
    case 'document':
      return [documentPiece(value, spot)];
    case 'tool_use':
      return [call(value, value.input, spot)];
    case 'server_tool_use':
    case 'mcp_tool_use':
      return [call(value, value.input, spot, 'server')];
    case 'tool-call':
      return [call(value, pick(value, 'input', 'args', 'arguments'), spot)];
    case 'tool_call':
    case 'function_call':
    case 'custom_tool_call':
      return isObject(value.function)
        ? readToolCall(value, spot)
        : [call(value, pick(value, 'arguments', 'input', 'args'), spot)];
    case 'function':
      return readToolCall(value, spot);
    case 'server_tool_call': {
      const inner = asObject(value.server_tool_call) ?? value;
      return [call({ ...inner, ...value }, pick(inner, 'arguments', 'input'), spot, 'server')];
    }
    case 'tool_result':
      return [result(value, value.content, spot)];
    case 'tool-result':
      return [sdkResult(value, spot)];
    case 'tool_call_response':
    case 'server_tool_call_response':
      return [result(value, pick(value, 'result', 'response', 'server_tool_call_response', 'content'), spot)];
    case 'function_call_output':
    case 'custom_tool_call_output':
      return [result(value, value.output, spot)];
    case 'json':
      return [part({ type: 'json', value: value.value ?? value }, spot)];
    default:
      return readByName(value, type, spot);
  }
}

/** Types that a family of names tells: provider-run results, reasoning of frameworks, calls of hosted tools. */
function readByName(value: JsonObject, type: string, spot: Spot): Piece[] {
  if (type.endsWith('_tool_result')) return [serverResult(value, spot)];
  if (/reasoning|thinking/i.test(type)) return reasoningPieces(value, spot);
  if (/\btext\b|TextContent$/i.test(type)) {
    const text = wrappedText(value);
    if (text) return [part({ type: 'text', text }, spot)];
  }
  if (type.endsWith('_call')) return hostedCall(value, type, spot);
  return [unknown(value, spot)];
}

/** `web_search_call` and the like: a call that the provider ran, with what it found when the item holds it. */
function hostedCall(value: JsonObject, type: string, spot: Spot): Piece[] {
  const callId = asId(pick(value, 'call_id', 'id'));
  const name = textField(value.name) ?? type.replace(/_call$/, '');
  const given = pick(value, 'action', 'arguments', 'queries', 'code', 'input') ?? {};
  const pieces: Piece[] = [
    { kind: 'call', name, arguments: given, origin: 'server', spot, ...(callId ? { callId } : {}) },
  ];
  const found = pick(value, 'output', 'results', 'outputs', 'result');
  const failure = value.error;
  if (found !== undefined || (failure !== undefined && failure !== null)) {
    const parts = resultParts(found ?? failure, spot);
    const status =
      failure !== undefined && failure !== null ? 'error' : value.status === 'completed' ? 'ok' : undefined;
    pieces.push({ kind: 'result', name, parts, spot, ...(callId ? { callId } : {}), ...(status ? { status } : {}) });
  }
  return pieces;
}

/** Arguments as one comparable text, whether they were logged as a string or a value. */
export const argumentsText = (value: Json | undefined): string =>
  value === undefined || value === null || value === '' ? '{}' : typeof value === 'string' ? value : stringify(value);
