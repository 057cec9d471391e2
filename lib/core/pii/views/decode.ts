/**
 * `decode`: text inside base64, base64url, hex, quoted-printable, also packed with gzip or zlib. What holds many bits a
 * character and opens as nothing is a blob; data URIs are blobs too, their text is read all the same.
 */
import { classChanges, entropyOf } from '../entropy.ts';
import { fromBase64, fromHex, MAX_DECODED_BYTES, textOf, unpack } from './bytes.ts';
import { type Change, type Extent, type View, viewsAround } from './view.ts';

const DATA_URI = /data:[a-z0-9.+-]{1,40}\/[a-z0-9.+-]{1,60}(?:;[a-z0-9-]+(?:=[\w.-]+)?){0,4},[A-Za-z0-9+/_=%.-]+/gi;
/** Lines of MIME or PEM width count as one token. */
const TOKEN = /(?:[A-Za-z0-9+/]{60,76}\r?\n){1,20000}[A-Za-z0-9+/]{1,76}={0,2}|[A-Za-z0-9+/_-]{12,}={0,2}/g;
const QUOTED = /(?:=[0-9A-F]{2})+|=\r?\n/g;
const HEX = /^(?:0x)?(?:[0-9a-f]{2}){8,}$|^(?:0x)?(?:[0-9A-F]{2}){8,}$/;
const MIN_BLOB_CHARS = 24;
const MIN_BLOB_BITS = 4.5;
/** Ids that model providers give to calls and answers, and digests: machine-made, no one's. */
const MACHINE_ID =
  /(?:^|[^a-zA-Z])(?:call|toolu|chatcmpl|cmpl|msg|resp|run|thread|asst|fc|req|gen|file|batch|step|rs|item|sha(?:1|224|256|384|512))[-_:=]?$/i;

export type Decoded = { views: View[]; blobs: Extent[] };

export function decodeViews(parent: View): Decoded {
  const { text } = parent;
  const changes: Change[] = [];
  const blobs: Extent[] = [];
  if (text.includes('data:'))
    for (const match of text.matchAll(DATA_URI)) blobs.push({ start: match.index, end: match.index + match[0].length });
  for (const match of text.matchAll(TOKEN)) {
    const token = match[0];
    const at = { start: match.index, end: match.index + token.length };
    const opened = openToken(token);
    if (opened !== undefined) changes.push({ ...at, text: opened });
    else if (isBlob(token, text, match.index)) blobs.push(at);
  }
  const views = viewsAround(parent, changes, 'decode');
  return { views: [...views, ...quotedViews(parent)], blobs };
}

/** Text behind a token, or behind the part of it that follows a path's slashes (`/u/bWFyYQ…`). */
function openToken(token: string): string | undefined {
  if (HEX.test(token)) return textOf(fromHex(token.startsWith('0x') ? token.slice(2) : token));
  if (token.length * 0.75 > MAX_DECODED_BYTES) return undefined;
  const whole = openBase64(token);
  if (whole !== undefined || !token.includes('/')) return whole;
  let found = false;
  const parts = token.split('/').map((part) => {
    const opened = part.length >= 12 ? openBase64(part) : undefined;
    if (opened !== undefined) found = true;
    return opened ?? part;
  });
  return found ? parts.join('/') : undefined;
}

function openBase64(token: string): string | undefined {
  if (looksLikeWords(token)) return undefined;
  const bytes = fromBase64(token);
  if (bytes.length < 8) return undefined;
  const packed = unpack(bytes);
  return textOf(packed ?? bytes);
}

/** Identifiers and paths seldom decode to text, and decoding them all would cost more than reading them. */
const looksLikeWords = (token: string): boolean =>
  token.length < 16 && /^(?:[a-z]+|[A-Z]+|[A-Z]?[a-z]+[-_/][a-z]+)$/.test(token);

function isBlob(token: string, text: string, start: number): boolean {
  if (token.length < MIN_BLOB_CHARS || !/[a-z]/.test(token) || !/[A-Z]/.test(token) || !/[0-9]/.test(token))
    return false;
  if (
    MACHINE_ID.test(text.slice(Math.max(0, start - 12), start)) ||
    MACHINE_ID.test(token.slice(0, token.search(/[-_]/) + 1))
  )
    return false;
  // a path is judged by its longest part
  const longest = /[+=]/.test(token) ? token : token.split('/').reduce((a, b) => (b.length > a.length ? b : a));
  if (longest.length < MIN_BLOB_CHARS) return false;
  const sample = longest.slice(0, 4096);
  return classChanges(sample) >= 0.35 && entropyOf(sample) >= MIN_BLOB_BITS;
}

function quotedViews(parent: View): View[] {
  if (!parent.text.includes('=')) return [];
  const changes: Change[] = [];
  for (const match of parent.text.matchAll(QUOTED)) {
    const hex = match[0].replace(/=\r?\n/, '').replaceAll('=', '');
    const read = hex === '' ? '' : textOf(fromHex(hex.toLowerCase()));
    if (read !== undefined) changes.push({ start: match.index, end: match.index + match[0].length, text: read });
  }
  return viewsAround(parent, changes, 'decode');
}
