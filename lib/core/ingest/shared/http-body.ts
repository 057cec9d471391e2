/** Bodies of recorded HTTP, however they were written down: text, JSON, base64, gzip or brotli, server-sent events. */
import { brotliDecompressSync, constants, gunzipSync } from 'node:zlib';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { parseJson, sanitise } from '../parse-json.ts';
import { asArray, asObject, asText } from './json-access.ts';

/** What a body may grow to when it is unpacked: that of a record. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Longer ones are not looked at again with each line. */
const LONG_EVENT = 64 * 1024;

export type Body = { value?: JsonObject; events?: JsonObject[]; text?: string };

/** @param logged text, JSON, or an object that says how it holds the bytes (VCR, HAR) */
export function readBody(logged: Json | undefined, encoding = ''): Body {
  if (logged === undefined || logged === null || logged === '') return {};
  if (isObject(logged)) {
    if (typeof logged['!!binary'] === 'string') return fromBytes(Buffer.from(logged['!!binary'], 'base64'), encoding);
    const base64 = asText(logged.base64_string);
    if (base64 !== undefined) return fromBytes(Buffer.from(base64, 'base64'), encoding);
    if (logged.string !== undefined) return readBody(logged.string, encoding);
    if (
      typeof logged.text === 'string' &&
      (Object.keys(logged).length === 1 || ['mimeType', 'encoding', 'size'].some((key) => key in logged))
    )
      return logged.encoding === 'base64'
        ? fromBytes(Buffer.from(logged.text, 'base64'), encoding)
        : fromText(logged.text);
    return { value: logged };
  }
  if (Array.isArray(logged)) {
    // A stream that was written down chunk by chunk.
    if (logged.every((chunk) => typeof chunk === 'string')) return fromText(logged.join(''));
    const events = logged.filter(isObject);
    return events.length > 0 ? { events } : {};
  }
  return typeof logged === 'string' ? fromText(logged) : {};
}

function fromBytes(bytes: Buffer, encoding: string): Body {
  try {
    const limit = { maxOutputLength: MOST_BYTES, finishFlush: constants.Z_SYNC_FLUSH };
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return fromText(gunzipSync(bytes, limit).toString('utf8'));
    if (/\bbr\b/.test(encoding))
      return fromText(brotliDecompressSync(bytes, { maxOutputLength: MOST_BYTES }).toString('utf8'));
  } catch {
    return {};
  }
  return fromText(bytes.toString('utf8'));
}

function fromText(text: string): Body {
  const plain = sanitise(text);
  const reading = parseJson(plain.trim());
  if (reading.ok) {
    const value = asObject(reading.value);
    const events = asArray(reading.value)?.filter(isObject);
    return value ? { value, text: plain } : events && events.length > 0 ? { events, text: plain } : { text: plain };
  }
  const events = sentEvents(plain);
  return events.length > 0 ? { events, text: plain } : { text: plain };
}

/** The values of `data:` lines; lines that belong to one event are joined. */
function sentEvents(text: string): JsonObject[] {
  if (!/^(?:data|event|id|:)/m.test(text)) return [];
  const events: JsonObject[] = [];
  let data = '';
  const flush = () => {
    const reading = data === '' ? undefined : parseJson(data);
    const value = reading?.ok ? asObject(reading.value) : undefined;
    if (value) events.push(value);
    data = '';
  };
  for (const line of text.split(/\r?\n/)) {
    if (line === '') flush();
    else if (line.startsWith('data:')) {
      if (data !== '' && data.length < LONG_EVENT && parseJson(data).ok) flush();
      data += (data === '' ? '' : '\n') + line.slice(5).replace(/^ /, '');
    } else if (line.startsWith('event:')) flush();
  }
  flush();
  return events;
}
