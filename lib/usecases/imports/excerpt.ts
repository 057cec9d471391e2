import { parseJson } from '#lib/core/ingest/parse-json.ts';
import { EMPTY_DICTIONARY } from '#lib/core/pii/dictionary.ts';
import { redactJson } from '#lib/core/pii/redact-json.ts';
import { isObject, type Json, type JsonObject, stringify } from '#lib/core/trajectory/json.ts';
import { redactWords } from '../redact-words.ts';

const EXCERPT_CHARACTERS = 240;

/**
 * The start of a refused record with everything masked that either tier finds; control characters as a dot. A cut text
 * may end inside a value that is then not recognised, so more is scanned than is shown.
 */
export function excerptOf(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8')
    .decode(bytes.subarray(0, EXCERPT_CHARACTERS * 16))
    .replaceAll('\u0000', '\ufffd');
  const shown = [...redactWords(text)].slice(0, EXCERPT_CHARACTERS).join('');
  return shown.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
}

/** Of a record that may be mapped: so much is scanned, and so much is kept. */
const SAMPLE_SCANNED_BYTES = 64 * 1024;
const SAMPLE_CHARACTERS = 16_000;
const LEAF_CHARACTERS = 300;
const LIST_ITEMS = 20;

/**
 * A record with everything masked that either tier finds, for drawing up a mapping: its fields as they are, long texts
 * and lists cut after masking. Undefined for what is too large to be scanned whole.
 */
export function sampleOf(bytes: Uint8Array): string | null {
  const config = {
    dictionary: EMPTY_DICTIONARY,
    keyOf: (type: string, normalised: string) => `${type}:${normalised}`,
  };
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, SAMPLE_SCANNED_BYTES)).replaceAll('\u0000', '\ufffd');
  const reading = bytes.byteLength <= SAMPLE_SCANNED_BYTES ? parseJson(text) : undefined;
  if (reading?.ok && typeof reading.value === 'object' && reading.value !== null) {
    const sample = stringify(shorten(redactJson(reading.value, config).value));
    return sample.length <= SAMPLE_CHARACTERS ? sample : null;
  }
  // JSON that is cut or broken: nothing to bind fields on, and no transcript.
  if (/^\s*(?:\{|\[\s*[[{"])/.test(text)) return null;
  // The last line may be cut, and a value in it with it: it is scanned and not kept.
  const masked = redactWords(text).slice(0, SAMPLE_CHARACTERS);
  const end = masked.lastIndexOf('\n');
  return bytes.byteLength > SAMPLE_SCANNED_BYTES || masked.length === SAMPLE_CHARACTERS
    ? masked.slice(0, Math.max(0, end))
    : masked;
}

function shorten(value: Json): Json {
  if (typeof value === 'string') {
    const characters = [...value];
    return characters.length <= LEAF_CHARACTERS ? value : `${characters.slice(0, LEAF_CHARACTERS).join('')}…`;
  }
  if (Array.isArray(value)) return value.slice(0, LIST_ITEMS).map(shorten);
  if (!isObject(value)) return value;
  const shorter: JsonObject = Object.create(null);
  for (const key of Object.keys(value)) shorter[key] = shorten(value[key]!);
  return shorter;
}
