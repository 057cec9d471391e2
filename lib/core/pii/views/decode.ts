/**
 * `decode`: text inside base64, base64url, hex, quoted-printable, also packed with gzip or zlib. What holds many bits a
 * character and opens as nothing is a blob; data URIs are blobs too, their text is read all the same.
 */
import { classChanges, entropyOf } from '../entropy.ts';
import { hasAny, maskOf } from '../traits.ts';
import { fromBase64, fromHex, MAX_DECODED_BYTES, opensAsTextOrPacked, textOf, unpack } from './bytes.ts';
import { type Change, type Extent, type View, viewsAround } from './view.ts';

const DATA_URI = /data:[a-z0-9.+-]{1,40}\/[a-z0-9.+-]{1,60}(?:;[a-z0-9-]+(?:=[\w.-]+)?){0,4},[A-Za-z0-9+/_=%.-]+/gi;
const EQUALS = maskOf('=');
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
  if (parent.traits.longest < 12) return { views: quotedViews(parent), blobs: [] };
  const changes: Change[] = [];
  const blobs: Extent[] = [];
  if (text.includes('data:'))
    for (const match of text.matchAll(DATA_URI)) blobs.push({ start: match.index, end: match.index + match[0].length });
  for (const at of tokensIn(text)) {
    const token = text.slice(at.start, at.end);
    const opened = openToken(token);
    if (opened !== undefined) changes.push({ ...at, text: opened });
    else if (isBlob(token, text, at.start)) blobs.push(at);
  }
  const views = viewsAround(parent, changes, 'decode');
  return { views: [...views, ...quotedViews(parent)], blobs };
}

/** 1 lower, 2 upper, 4 digit, 8 sign of either alphabet. */
const KIND = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  if (code >= 0x61 && code <= 0x7a) KIND[code] = 1;
  else if (code >= 0x41 && code <= 0x5a) KIND[code] = 2;
  else if (code >= 0x30 && code <= 0x39) KIND[code] = 4;
  else if ('+/-_'.includes(String.fromCharCode(code))) KIND[code] = 8;
}
const MIN_TOKEN = 12;
const LINE_WIDTHS: readonly number[] = [60, 64, 70, 72, 76];

/**
 * Runs of the alphabets of base64 and hex, with their padding. Words are left out: a token shows a digit, or letters of
 * both cases. Lines of one width that follow one another are one token.
 */
function tokensIn(text: string): Extent[] {
  const tokens: Extent[] = [];
  for (let i = 0; i < text.length; i++) {
    const start = i;
    let kinds = 0;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const kind = code < 128 ? KIND[code]! : 0;
      if (kind === 0) break;
      kinds |= kind;
    }
    if (i - start < MIN_TOKEN || !((kinds & 4) !== 0 || (kinds & 3) === 3)) continue;
    let end = i;
    while (end < text.length && end - i < 2 && text.charCodeAt(end) === 0x3d) end++;
    i = end;
    const last = tokens.at(-1);
    const isNextLine =
      last !== undefined && start - last.end <= 2 && text[start - 1] === '\n' && text[last.end - 1] !== '=';
    if (isNextLine && LINE_WIDTHS.includes(widthOfLine(text, last.end))) last.end = end;
    else tokens.push({ start, end });
  }
  return tokens;
}

/** Characters between the line's start and `end`; too wide ones count as one width. */
function widthOfLine(text: string, end: number): number {
  let width = 0;
  while (width <= 80 && width < end && text[end - width - 1] !== '\n') width++;
  return width;
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
  if (looksLikeWords(token) || !opensAsTextOrPacked(token)) return undefined;
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
  if (!hasAny(parent.traits, EQUALS)) return [];
  const changes: Change[] = [];
  for (const match of parent.text.matchAll(QUOTED)) {
    const hex = match[0].replace(/=\r?\n/, '').replaceAll('=', '');
    const read = hex === '' ? '' : textOf(fromHex(hex.toLowerCase()));
    if (read !== undefined) changes.push({ start: match.index, end: match.index + match[0].length, text: read });
  }
  return viewsAround(parent, changes, 'decode');
}
