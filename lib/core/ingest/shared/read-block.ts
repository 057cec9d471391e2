/**
 * Content blocks in any dialect: OpenAI chat and Responses, Anthropic, Gemini, Bedrock, the AI SDK, GenAI conventions.
 * A block that no rule names keeps its value as JSON.
 */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { pick, textField } from './fields.ts';
import { asArray, asBoolean, asId, asNumber, asObject, asText, firstText, pointerTo } from './json-access.ts';
import { withoutBodies } from './media.ts';
import type { Piece, Result } from './message.ts';
import { callIdOf, readCall, readHostedCall, readServerCall } from './read-call.ts';
import { readDocumentBlock, readMedia } from './read-media.ts';
import { readReasoning, readSignature } from './read-reasoning.ts';

const piece = (part: Part): Piece => ({ type: 'part', part });

export const textPiece = (text: string): Piece[] => (text === '' ? [] : [piece({ type: 'text', text })]);

/** Text, a list of blocks, one block, or a content object of Gemini. */
export function readContent(content: Json, pointer: string): Piece[] {
  if (typeof content === 'string') return textPiece(content);
  if (Array.isArray(content)) return content.flatMap((block, index) => readBlock(block, pointerTo(pointer, index)));
  if (isObject(content) && content.type === undefined) {
    for (const key of ['parts', 'content']) {
      const inner = asArray(content[key]);
      if (inner) return inner.flatMap((block, index) => readBlock(block, pointerTo(pointer, key, index)));
    }
  }
  return content === null ? [] : readBlock(content, pointer);
}

/** What a tool brought: a text, blocks, or any value, which stays as it is. */
export function readParts(content: Json | undefined, pointer = ''): Part[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  const blocks = Array.isArray(content) ? content : [content];
  if (blocks.length === 0 || !blocks.every(isObject) || !blocks.some(isContentBlock))
    return [{ type: 'json', value: content }];
  return blocks.flatMap((block, index) =>
    readBlock(block, Array.isArray(content) ? pointerTo(pointer, index) : pointer).flatMap((read): Part[] => {
      if (read.type === 'part') return [read.part];
      return read.type === 'result' ? read.parts : [{ type: 'json', value: block }];
    }),
  );
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

/** Bedrock's blocks have one key and no type. */
const isContentBlock = (value: Json): boolean =>
  isObject(value) &&
  (typeof value.type === 'string'
    ? CONTENT_TYPES.has(value.type)
    : Object.keys(value).length === 1 && (typeof value.text === 'string' || value.json !== undefined));

export function readBlock(block: Json, pointer: string): Piece[] {
  if (typeof block === 'string') return textPiece(block);
  if (!isObject(block)) return block === null ? [] : [piece({ type: 'json', value: block })];
  const type = asText(block.type);
  const read = type === undefined ? untypedBlock(block, pointer) : typedBlock(type, block, pointer);
  return read ?? [piece({ type: 'json', value: block })];
}

/** Text in one of its wrappings: `text`, `content`, `value`, or `text: {value}` of thread messages. */
function wrappedText(block: JsonObject): string | undefined {
  const inner = asObject(block.text);
  return firstText(block, 'text', 'content', 'value', 'output_text') ?? (inner && firstText(inner, 'value'));
}

const isBlank = (block: JsonObject): boolean => block.text === '' || block.content === '';

const mediaPiece = (type: string, block: JsonObject): Piece[] | undefined => {
  const media = readMedia(type, block);
  return media && [piece(media)];
};

function typedBlock(type: string, block: JsonObject, pointer: string): Piece[] | undefined {
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'summary_text': {
      const text = wrappedText(block);
      return text === undefined ? (isBlank(block) ? [] : undefined) : textPiece(text);
    }
    case 'refusal': {
      const text = firstText(block, 'refusal', 'text', 'content');
      return text === undefined ? undefined : [piece({ type: 'refusal', text })];
    }
    case 'image_url':
    case 'input_image':
    case 'video_url':
    case 'audio_url':
    case 'image':
    case 'audio':
    case 'video':
    case 'input_audio':
    case 'output_audio':
    case 'file':
    case 'input_file':
    case 'blob':
    case 'uri':
    case 'media':
    case 'container_upload':
      return mediaPiece(type, block);
    case 'document':
    case 'search_result': {
      const part = readDocumentBlock(block);
      return part && [piece(part)];
    }
    case 'json':
      return [piece({ type: 'json', value: block.value ?? block })];
    case 'tool_use':
    case 'tool_call':
    case 'tool-call':
    case 'function':
    case 'function_call':
    case 'custom_tool_call': {
      const call = readCall(block);
      return call && [{ type: 'call', call, pointer }];
    }
    case 'server_tool_use':
    case 'server_tool_call':
    case 'mcp_tool_use': {
      const call = readServerCall(block);
      return call && [{ type: 'call', call, pointer }];
    }
    case 'compaction': {
      const text = wrappedText(block);
      const parts: Part[] = [text === undefined ? { type: 'json', value: block } : { type: 'text', text }];
      return [{ type: 'compaction', parts, pointer }];
    }
    default:
      return byFamily(type, block, pointer);
  }
}

const RESULTS =
  /(?:^|[_-])tool[_-]result$|^(?:server_)?tool_call_response$|^(?:function|custom_tool|computer|local_shell|shell|apply_patch)_call_output$/;

/** Types that a family of names tells. */
function byFamily(type: string, block: JsonObject, pointer: string): Piece[] | undefined {
  if (RESULTS.test(type)) return [resultBlock(type, block, pointer)];
  if (/reasoning|thinking/i.test(type)) return readReasoning(block);
  if (type.endsWith('TextContent')) {
    const text = wrappedText(block);
    return text === undefined ? undefined : textPiece(text);
  }
  return type.endsWith('_call') ? hostedCall(type, block, pointer) : undefined;
}

/** A call that the provider ran, with what it found when the item holds it. */
function hostedCall(type: string, block: JsonObject, pointer: string): Piece[] {
  const call = readHostedCall(block, type);
  const found = pick(block, 'output', 'results', 'outputs', 'result');
  const failure = pick(block, 'error');
  if (found === undefined && failure === undefined) return [{ type: 'call', call, pointer }];
  const status = failure !== undefined ? 'error' : block.status === 'completed' ? 'ok' : undefined;
  const { callId, name } = call;
  const result: Result = { name, ...(callId !== undefined && { callId }), ...(status !== undefined && { status }) };
  return [
    { type: 'call', call, pointer },
    { type: 'result', result, parts: readParts(found ?? failure, pointer), pointer },
  ];
}

/** Whether a result says that it failed or not; undefined when it says nothing. */
export function statusOf(value: JsonObject): Result['status'] {
  const failed = asBoolean(value.is_error) ?? asBoolean(value.isError);
  if (failed !== undefined) return failed ? 'error' : 'ok';
  if (value.status === 'error') return 'error';
  return value.status === 'success' ? 'ok' : undefined;
}

function resultBlock(type: string, block: JsonObject, pointer: string): Piece {
  const key = ['content', 'result', 'response', 'output', 'server_tool_call_response'].find(
    (candidate) => block[candidate] !== undefined,
  );
  const logged = key === undefined ? undefined : block[key];
  // The AI SDK: `output: {type: 'text' | 'json' | 'error-text' …, value}`.
  const wrapped = asObject(logged);
  const isWrapped = type === 'tool-result' && typeof wrapped?.type === 'string' && wrapped.value !== undefined;
  const content = isWrapped ? wrapped.value : logged;
  const result: Result = {};
  const callId = asId(pick(block, 'tool_use_id')) ?? callIdOf(block);
  if (callId !== undefined) result.callId = callId;
  const name = firstText(block, 'name', 'tool_name', 'toolName');
  if (name !== undefined) result.name = name;
  const errorType = errorTypeOf(content);
  const hasFailed = errorType !== undefined || (isWrapped && asText(wrapped.type)!.startsWith('error'));
  // Anthropic marks what failed and nothing else.
  const status = statusOf(block) ?? (hasFailed ? 'error' : 'tool_use_id' in block ? 'ok' : undefined);
  if (status !== undefined) result.status = status;
  if (errorType !== undefined) result.errorType = errorType;
  const code = asNumber(asObject(content)?.return_code);
  if (code !== undefined) {
    result.exitCode = code;
    if (code !== 0) result.status = 'error';
  }
  return { type: 'result', result, parts: serverParts(type, content, pointerTo(pointer, key ?? 'content')), pointer };
}

/** Results that the provider's own tools bring have their shapes: `…_error` objects, lists of pages. */
function errorTypeOf(content: Json | undefined): string | undefined {
  const value = asObject(content);
  if (!value || !asText(value.type)?.endsWith('_error')) return undefined;
  return asText(value.error_code) ?? asText(value.type);
}

function serverParts(type: string, content: Json | undefined, pointer: string): Part[] {
  if (type === 'web_search_tool_result' && Array.isArray(content)) {
    return content.map((item): Part => {
      const page = asObject(item);
      const title = asText(page?.title);
      const uri = asText(page?.url);
      if (!page || (title === undefined && uri === undefined)) return { type: 'json', value: item };
      return { type: 'document', ...(title !== undefined && { title }), ...(uri !== undefined && { uri }) };
    });
  }
  if (isObject(content) && type.endsWith('_tool_result')) return [{ type: 'json', value: withoutBodies(content) }];
  return readParts(content, pointer);
}

/** Gemini and Bedrock blocks have no type: the one key they have says what they are. */
function untypedBlock(block: JsonObject, pointer: string): Piece[] | undefined {
  const text = asText(block.text);
  if (text !== undefined) {
    if (block.thought === true) return text === '' ? [] : [piece({ type: 'reasoning', text }), ...readSignature(block)];
    return [...textPiece(text), ...readSignature(block)];
  }
  const called = asObject(pick(block, 'functionCall', 'function_call', 'toolUse'));
  if (called) {
    const call = readCall(called);
    return call && [...readSignature(block), { type: 'call', call, pointer }];
  }
  const answered = asObject(pick(block, 'functionResponse', 'function_response', 'toolResult'));
  if (answered) return [foreignResult(answered, pointer)];
  if (isObject(block.reasoningContent)) return readReasoning({ ...block.reasoningContent });
  const code = asObject(pick(block, 'executableCode', 'executable_code'));
  if (code) return [{ type: 'call', call: { name: 'code_execution', arguments: code, origin: 'server' }, pointer }];
  const ran = asObject(pick(block, 'codeExecutionResult', 'code_execution_result'));
  if (ran) {
    const status = ran.outcome === undefined || ran.outcome === 'OUTCOME_OK' ? 'ok' : 'error';
    return [{ type: 'result', result: { name: 'code_execution', status }, parts: readParts(ran.output), pointer }];
  }
  if (isObject(block.json) && Object.keys(block).length === 1) return [piece({ type: 'json', value: block.json })];
  const media = mediaPiece('', block);
  if (media && MEDIA_KEYS.some((key) => isObject(block[key]))) return media;
  const wrapped = wrappedText(block);
  return wrapped === undefined ? undefined : textPiece(wrapped);
}

const MEDIA_KEYS = ['inlineData', 'inline_data', 'fileData', 'file_data', 'image', 'document', 'video', 'audio'];

function foreignResult(value: JsonObject, pointer: string): Piece {
  const result: Result = {};
  const callId = callIdOf(value);
  if (callId !== undefined) result.callId = callId;
  const name = textField(value.name);
  if (name !== undefined) result.name = name;
  const status = statusOf(value);
  if (status !== undefined) result.status = status;
  return { type: 'result', result, parts: readParts(pick(value, 'response', 'content')), pointer };
}
