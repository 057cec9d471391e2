/** Images, audio, files and documents in the blocks of any provider: kept by hash, size and address (docs/formats.md). */
import type { Part } from '../../trajectory/event.ts';
import { sha256 } from '../../trajectory/hash.ts';
import type { Json, JsonObject } from '../../trajectory/json.ts';
import { asArray, asId, asObject, asText, firstText } from './json-access.ts';
import { hashBase64, mediaFrom, modalityOf } from './media.ts';

/** Where the body or address stands, when it is not in the block itself. */
const HOLDERS = [
  'source',
  'image_url',
  'video_url',
  'audio_url',
  'input_audio',
  'audio',
  'file',
  'image',
  'video',
  'document',
  'inlineData',
  'inline_data',
  'fileData',
  'file_data',
];
const MIME_KEYS = ['media_type', 'mime_type', 'mimeType', 'mediaType'];
const NAME_KEYS = ['filename', 'file_name', 'name', 'title'];

const BASE64 = /^[A-Za-z0-9+/\r\n_-]+={0,2}\s*$/;

/** Base64 as the bytes that it stands for, anything else as it is. */
const hashBody = (body: string) =>
  BASE64.test(body) ? hashBase64(body) : { sha256: sha256(body), bytes: Buffer.byteLength(body) };

/** @returns undefined when the block holds neither a body nor an address */
export function readMedia(type: string, block: JsonObject): Extract<Part, { type: 'media' }> | undefined {
  const key = HOLDERS.find((name) => asObject(block[name]) !== undefined);
  const holder = (key === undefined ? undefined : asObject(block[key])) ?? block;
  // Bedrock: `{image: {format, source: {bytes}}}`.
  const source = asObject(holder.source) ?? holder;
  const asked = firstText(block, 'modality');
  const named = /image|audio|video/.exec(`${type} ${key ?? ''}`)?.[0] ?? asked;
  const kind = named === 'image' || named === 'audio' || named === 'video' || named === 'file' ? named : undefined;
  const format = firstText(source, 'format') ?? firstText(holder, 'format');
  const mime =
    firstText(source, ...MIME_KEYS) ??
    firstText(block, ...MIME_KEYS) ??
    (format !== undefined && kind !== undefined && kind !== 'file' ? `${kind}/${format}` : undefined);
  const name = firstText(source, ...NAME_KEYS) ?? firstText(holder, ...NAME_KEYS) ?? firstText(block, ...NAME_KEYS);
  const nameField = name === undefined ? {} : { name };
  const body = firstText(source, 'data', 'file_data', 'bytes', 'content');
  if (body !== undefined && !body.startsWith('data:')) {
    const mimeField = mime === undefined ? {} : { mime };
    return { type: 'media', modality: kind ?? modalityOf(mime), ...mimeField, ...hashBody(body), ...nameField };
  }
  const address =
    body ??
    firstText(source, 'url', 'uri', 'file_uri', 'fileUri', 'file_id', 'fileId') ??
    firstText(
      block,
      'image_url',
      'file_url',
      'url',
      'uri',
      'file_id',
      'video_url',
      'audio_url',
      'image',
      'audio',
      'video',
    ) ??
    (source === block ? undefined : asId(source.id));
  return address === undefined ? undefined : { ...mediaFrom(address, kind, mime), ...nameField };
}

/** Documents: text is kept as text, anything else is media. */
export function readDocumentBlock(block: JsonObject): Part | undefined {
  const source = asObject(block.source);
  const title = firstText(block, 'title', 'name');
  if (source && (source.type === 'base64' || source.type === 'file')) {
    const media = readMedia('file', block);
    if (media) return title === undefined ? media : { ...media, name: title };
  }
  const text =
    firstText(source ?? {}, 'data', 'text') ?? innerText(source?.content ?? block.content) ?? firstText(block, 'text');
  const uri = firstText(source ?? {}, 'url') ?? asText(block.source) ?? asText(block.url);
  const id = asId(block.id);
  if (text === undefined && uri === undefined && id === undefined) return readMedia('file', block);
  return {
    type: 'document',
    ...(id !== undefined && { id }),
    ...(title !== undefined && { title }),
    ...(uri !== undefined && { uri }),
    ...(text !== undefined && { text }),
  };
}

function innerText(content: Json | undefined): string | undefined {
  if (typeof content === 'string') return content;
  const texts = (asArray(content) ?? []).flatMap((block) => firstText(asObject(block) ?? {}, 'text') ?? []);
  return texts.length > 0 ? texts.join('\n') : undefined;
}
