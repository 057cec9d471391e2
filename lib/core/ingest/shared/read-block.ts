/** Content blocks of the OpenAI, Anthropic, Gemini, Bedrock and GenAI shapes. */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { asArray, asBoolean, asId, asNumber, asObject, asText, firstText, pointerTo } from './json-access.ts';
import { hashBase64, mediaFrom, modalityOf, opaque, withoutBodies } from './media.ts';
import type { Call, Piece, Result } from './message.ts';

export const textPiece = (text: string): Piece[] =>
  text === '' ? [] : [{ type: 'part', part: { type: 'text', text } }];

/** Text, a list of blocks, or one block. */
export function readContent(content: Json, pointer: string): Piece[] {
  if (typeof content === 'string') return textPiece(content);
  if (Array.isArray(content)) return content.flatMap((block, index) => readBlock(block, pointerTo(pointer, index)));
  return content === null ? [] : readBlock(content, pointer);
}

/** The parts of a result's content; calls inside it stay JSON. */
export function readParts(content: Json | undefined, pointer = ''): Part[] {
  if (content === undefined || content === null) return [];
  if (isObject(content) && typeof content.type !== 'string' && typeof content.text !== 'string')
    return [{ type: 'json', value: content }];
  return readContent(content, pointer).map((piece): Part => {
    if (piece.type === 'part') return piece.part;
    return { type: 'json', value: piece.type === 'unknown' ? piece.value : (content as Json) };
  });
}

/** One call in the shape of OpenAI (new, legacy, custom), LangChain, Gemini, Bedrock, Anthropic or the AI SDK. */
export function readCall(item: Json): Call | undefined {
  const value = asObject(item);
  if (!value) return undefined;
  const inner = asObject(value.function) ?? asObject(value.custom) ?? value;
  const name = firstText(inner, 'name', 'toolName', 'tool_name') ?? firstText(value, 'name') ?? asText(value.function);
  if (name === undefined) return undefined;
  const logged = ['arguments', 'args', 'input', 'parameters']
    .map((key) => inner[key])
    .find((found) => found !== undefined);
  const call: Call = { name, arguments: logged };
  const callId =
    asId(value.id) ??
    asId(value.call_id) ??
    asId(value.tool_call_id) ??
    asId(value.toolCallId) ??
    asId(value.toolUseId);
  if (callId !== undefined) call.callId = callId;
  return call;
}

/** One content block of any of the shapes; what no rule names keeps its value as JSON. */
export function readBlock(block: Json, pointer: string): Piece[] {
  if (typeof block === 'string') return textPiece(block);
  if (!isObject(block)) return block === null ? [] : [{ type: 'part', part: { type: 'json', value: block } }];
  const type = asText(block.type);
  const typed = type === undefined ? untypedBlock(block, pointer) : typedBlock(type, block, pointer);
  return typed ?? [{ type: 'part', part: { type: 'json', value: block } }];
}

function typedBlock(type: string, block: JsonObject, pointer: string): Piece[] | undefined {
  const body = firstText(block, 'text', 'content', 'value');
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'summary_text':
      return body === undefined
        ? asText(block.text) === '' || asText(block.content) === ''
          ? []
          : undefined
        : textPiece(body);
    case 'refusal': {
      const text = firstText(block, 'refusal', 'text');
      return text === undefined ? undefined : [{ type: 'part', part: { type: 'refusal', text } }];
    }
    case 'thinking':
    case 'reasoning':
    case 'redacted_thinking':
    case 'encrypted_reasoning':
      return reasoningBlock(block);
    case 'image_url':
    case 'input_image':
    case 'video_url':
    case 'audio_url':
    case 'image':
    case 'audio':
    case 'video':
    case 'input_audio':
    case 'file':
    case 'input_file':
    case 'blob':
    case 'uri':
    case 'container_upload':
      return mediaBlock(type, block);
    case 'document':
    case 'search_result':
      return documentBlock(block);
    case 'tool_use':
    case 'tool_call':
    case 'tool-call':
    case 'function':
    case 'function_call':
    case 'server_tool_use':
    case 'server_tool_call':
    case 'mcp_tool_use': {
      const call = readCall(block);
      if (!call) return undefined;
      if (type === 'function_call') call.callId = asId(block.call_id) ?? call.callId;
      return [{ type: 'call', call: /^(?:server|mcp)_/.test(type) ? { ...call, origin: 'server' } : call, pointer }];
    }
    case 'compaction':
      return [
        {
          type: 'compaction',
          parts: body === undefined ? [{ type: 'json', value: block }] : [{ type: 'text', text: body }],
          pointer,
        },
      ];
    default:
      if (
        /(?:^|[_-])tool[_-]result$|^tool_call_response$|^server_tool_call_response$|^function_call_output$/.test(type)
      )
        return [resultBlock(type, block, pointer)];
      if (/TextReasoningContent$/.test(type)) return reasoningBlock(block);
      return undefined;
  }
}

function reasoningBlock(block: JsonObject): Piece[] | undefined {
  const pieces: Piece[] = [];
  const text = firstText(block, 'thinking', 'text', 'content', 'reasoning');
  const summary = (asArray(block.summary) ?? []).flatMap((item) => firstText(asObject(item) ?? {}, 'text') ?? []);
  for (const said of text === undefined ? summary : [text])
    pieces.push({ type: 'part', part: { type: 'reasoning', text: said } });
  const hidden = firstText(block, 'signature', 'data', 'encrypted_content', 'protectedData', 'thoughtSignature');
  if (hidden) pieces.push({ type: 'part', part: { type: 'reasoning', opaque: opaque(hidden) } });
  if (pieces.length > 0) return pieces;
  return ['thinking', 'text', 'content'].some((key) => block[key] === '') ? [] : undefined;
}

function mediaBlock(type: string, block: JsonObject): Piece[] | undefined {
  const modality =
    (['image', 'audio', 'video'] as const).find((kind) => type.includes(kind)) ??
    (asText(block.modality) as 'image' | undefined);
  const source =
    asObject(block.source) ??
    asObject(block.image_url) ??
    asObject(block.video_url) ??
    asObject(block.audio_url) ??
    asObject(block.input_audio) ??
    asObject(block.file) ??
    block;
  const mime =
    firstText(source, 'media_type', 'mime_type', 'mimeType') ?? firstText(block, 'mime_type', 'mimeType', 'media_type');
  const name = firstText(source, 'filename', 'name', 'title');
  const named = name === undefined ? {} : { name };
  const format = asText(source.format);
  const body = firstText(source, 'data', 'file_data', 'content');
  const kind = modality && ['image', 'audio', 'video', 'file'].includes(modality) ? modality : undefined;
  if (body !== undefined) {
    if (body.startsWith('data:')) return [{ type: 'part', part: { ...mediaFrom(body, kind, mime), ...named } }];
    const type = mime ?? (format && `${kind ?? 'audio'}/${format}`);
    return [
      {
        type: 'part',
        part: {
          type: 'media',
          modality: kind ?? modalityOf(type),
          ...(type !== undefined && { mime: type }),
          ...hashBase64(body),
          ...named,
        },
      },
    ];
  }
  const address =
    firstText(source, 'url', 'uri', 'file_id', 'fileUri') ??
    firstText(block, 'image_url', 'url', 'uri', 'file_id', 'video_url', 'audio_url', 'image', 'audio', 'video');
  if (address === undefined) return undefined;
  return [{ type: 'part', part: { ...mediaFrom(address, kind, mime), ...named } }];
}

function documentBlock(block: JsonObject): Piece[] | undefined {
  const source = asObject(block.source);
  const title = asText(block.title);
  const titled = title === undefined ? {} : { title };
  if (source && (source.type === 'base64' || source.type === 'file')) {
    const media = mediaBlock('file', block);
    const part = media?.[0];
    if (part?.type === 'part' && part.part.type === 'media')
      return [{ type: 'part', part: { ...part.part, ...(title !== undefined && { name: title }) } }];
  }
  const text =
    firstText(source ?? {}, 'data', 'text') ?? innerText(source?.content ?? block.content) ?? firstText(block, 'text');
  const uri = firstText(source ?? {}, 'url') ?? asText(block.source) ?? asText(block.url);
  const id = asId(block.id);
  if (text === undefined && uri === undefined && id === undefined) return undefined;
  return [
    {
      type: 'part',
      part: {
        type: 'document',
        ...(id !== undefined && { id }),
        ...titled,
        ...(uri !== undefined && { uri }),
        ...(text !== undefined && { text }),
      },
    },
  ];
}

function innerText(content: Json | undefined): string | undefined {
  if (typeof content === 'string') return content;
  const texts = (asArray(content) ?? []).flatMap((block) => firstText(asObject(block) ?? {}, 'text') ?? []);
  return texts.length > 0 ? texts.join('\n') : undefined;
}

function resultBlock(type: string, block: JsonObject, pointer: string): Piece {
  const result: Result = {};
  const callId =
    asId(block.tool_use_id) ??
    asId(block.tool_call_id) ??
    asId(block.toolCallId) ??
    asId(block.call_id) ??
    asId(block.id);
  if (callId !== undefined) result.callId = callId;
  const name = firstText(block, 'name', 'tool_name', 'toolName');
  if (name !== undefined) result.name = name;
  const key = ['content', 'result', 'response', 'output'].find((candidate) => block[candidate] !== undefined);
  const content = key === undefined ? undefined : block[key];
  const isAnthropic = 'tool_use_id' in block;
  const failed = asBoolean(block.is_error) ?? asBoolean(block.isError) ?? errorTypeOf(content) !== undefined;
  if (isAnthropic || failed) result.status = failed ? 'error' : 'ok';
  const errorType = errorTypeOf(content);
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
  if (isObject(content)) {
    return [{ type: 'json', value: withoutBodies(content) }];
  }
  return readParts(content, pointer);
}

/** Gemini and Bedrock blocks have no type: the one key they have says what they are. */
function untypedBlock(block: JsonObject, pointer: string): Piece[] | undefined {
  const text = asText(block.text);
  if (text !== undefined) {
    if (block.thought === true) return text === '' ? [] : [{ type: 'part', part: { type: 'reasoning', text } }];
    return [...textPiece(text), ...signature(block)];
  }
  const called = asObject(block.functionCall) ?? asObject(block.function_call) ?? asObject(block.toolUse);
  if (called) {
    const call = readCall(called);
    return call && [...signature(block), { type: 'call', call, pointer }];
  }
  const answered = asObject(block.functionResponse) ?? asObject(block.function_response) ?? asObject(block.toolResult);
  if (answered) return [foreignResult(answered, pointer)];
  const inline =
    asObject(block.inlineData) ?? asObject(block.inline_data) ?? asObject(block.fileData) ?? asObject(block.file_data);
  if (inline) {
    const body = asText(inline.data);
    const mime = firstText(inline, 'mimeType', 'mime_type');
    const typed = mime === undefined ? {} : { mime };
    if (body !== undefined)
      return [{ type: 'part', part: { type: 'media', modality: modalityOf(mime), ...typed, ...hashBase64(body) } }];
    const uri = firstText(inline, 'fileUri', 'file_uri');
    return uri === undefined
      ? undefined
      : [{ type: 'part', part: { type: 'media', modality: modalityOf(mime), ...typed, uri } }];
  }
  const reasoned = asObject(block.reasoningContent);
  if (reasoned)
    return reasoningBlock(asObject(reasoned.reasoningText) ?? { data: asText(reasoned.redactedContent) ?? '' });
  const code = asObject(block.executableCode) ?? asObject(block.executable_code);
  if (code) return [{ type: 'call', call: { name: 'code_execution', arguments: code, origin: 'server' }, pointer }];
  const ran = asObject(block.codeExecutionResult) ?? asObject(block.code_execution_result);
  if (ran) {
    const status = asText(ran.outcome) === 'OUTCOME_OK' ? 'ok' : 'error';
    return [{ type: 'result', result: { name: 'code_execution', status }, parts: readParts(ran.output), pointer }];
  }
  return isObject(block.image) || isObject(block.document)
    ? undefined
    : firstText(block, 'content', 'value') !== undefined
      ? textPiece(firstText(block, 'content', 'value')!)
      : undefined;
}

function signature(block: JsonObject): Piece[] {
  const hidden = firstText(block, 'thoughtSignature', 'thought_signature');
  return hidden ? [{ type: 'part', part: { type: 'reasoning', opaque: opaque(hidden) } }] : [];
}

function foreignResult(value: JsonObject, pointer: string): Piece {
  const result: Result = {};
  const callId = asId(value.id) ?? asId(value.toolUseId);
  if (callId !== undefined) result.callId = callId;
  const name = asText(value.name);
  if (name !== undefined) result.name = name;
  if (value.status === 'error' || value.status === 'success') result.status = value.status === 'error' ? 'error' : 'ok';
  return { type: 'result', result, parts: readParts(value.response ?? value.content), pointer };
}
