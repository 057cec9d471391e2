/** What a source is made of, told from its first bytes alone; names and extensions decide nothing. */
import { readHeader } from './csv-columns.ts';
import { isBlank, ValueCutter } from './cut-values.ts';
import { parseJson } from './parse-json.ts';

export type Container =
  | 'empty'
  | 'json-lines'
  | 'array'
  | 'values'
  | 'recording'
  | 'events'
  | 'yaml'
  | 'csv'
  | 'lines'
  | 'binary'
  | 'unsupported';

/** An array on one line is told from JSON Lines of arrays by its end, so this much is looked at before it is cut up. */
export const PEEK_BYTES = 8 * 1024 * 1024;
const PEEK_LINES = 20;

/**
 * @param held UTF-8 bytes from the start of the source, its byte order mark taken off
 * @param isAll whether the source ends here
 * @returns undefined when more bytes are needed to tell
 */
export function sniffContainer(held: Buffer, isAll: boolean): Container | undefined {
  const enough = isAll || held.length >= PEEK_BYTES;
  const magic = sniffMagic(held);
  if (magic) return magic;
  let first = 0;
  while (first < held.length && isBlank(held[first])) first++;
  if (first === held.length) return enough ? (isAll ? 'empty' : 'lines') : undefined;
  const opens = held[first] === 0x7b || held[first] === 0x5b;
  if (!opens && looksBinary(held.subarray(0, 4096))) return 'binary';

  const lines = headLines(held, first, isAll);
  if (!enough && lines.length < PEEK_LINES) return undefined;
  if (opens && recordingLead(held) !== undefined) return 'recording';
  const complete = lines.map((line) => isJsonLine(held.subarray(line.start, line.end)));
  if (complete[0] && lines.length > 1) return 'json-lines';
  const whole = opens ? sniffValues(held, first, isAll) : 'no';
  if (whole === 'one' || whole === 'cut') {
    if (complete.length > 1 && mostly(complete)) return 'json-lines';
    return held[first] === 0x5b ? 'array' : 'values';
  }
  if (whole === 'several') return 'values';
  if (lines.length > 1 && mostly(complete)) return 'json-lines';
  const text = held.subarray(first, Math.min(held.length, first + 4096)).toString();
  if (opens) {
    if (BRACKETED_LABEL.test(text)) return 'lines';
    return held[first] === 0x5b ? 'array' : 'values';
  }
  if (lines.some((line) => SERVER_SENT.test(held.toString('utf8', line.start, Math.min(line.end, line.start + 16))))) {
    const fields = lines.filter((line) =>
      SERVER_SENT_FIELD.test(held.toString('utf8', line.start, Math.min(line.end, line.start + 16))),
    );
    if (2 * fields.length > lines.length) return 'events';
  }
  if (looksLikeYaml(text.split(/\r?\n/).filter((line) => line.trim() !== ''))) return 'yaml';
  const [header] = lines;
  const names = header && held.toString('utf8', header.start, Math.min(header.end, header.start + 20_001));
  if (names !== undefined && readHeader(names.replace(/\r$/, ''))) return 'csv';
  if (isAll && lines.length === 1 && parseJson(held.toString('utf8', first)).ok) return 'values';
  return 'lines';
}

/** `interactions` or `log.entries` at the top, with a request in the first item. */
const RECORDING = /^\s{0,100}\{(?:"log"\s{0,100}:\s{0,100}\{)?/;

/**
 * A recording of HTTP (VCR as JSON, HAR): its exchanges are records, not the document.
 * @returns how many bytes stand before the list of exchanges
 */
export function recordingLead(held: Buffer): number | undefined {
  const head = held.toString('latin1', 0, Math.min(held.length, 1024 * 1024));
  if (!RECORDING.test(head)) return undefined;
  const list = /"(?:interactions|entries)"\s{0,100}:\s{0,100}\[\s{0,1000}\{/g;
  for (let found = list.exec(head); found; found = list.exec(head)) {
    const lead = found.index + found[0].lastIndexOf('[');
    if (depthAt(head, lead) > 2) continue;
    if (/"request"\s{0,100}:/.test(head.slice(lead, lead + 8192))) return lead;
  }
  return undefined;
}

/** How many brackets are open before `end`. */
function depthAt(head: string, end: number): number {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < end; at++) {
    const char = head[at];
    if (inString) {
      if (char === '\\') at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
  }
  return depth;
}

/** A key alone with what belongs to it below, a list of such, or the mark of a document in front. */
function looksLikeYaml(lines: readonly string[]): boolean {
  const said = lines.filter((line) => !/^\s*#/.test(line));
  const [first = '', second = ''] = /^(?:---|%YAML)/.test(said[0] ?? '') ? said.slice(1) : said;
  const isMarked = /^(?:---|%YAML)/.test(said[0] ?? '');
  if (isMarked && /^(?:- )?[\w"'-]{1,60}:(?:\s|$)/.test(first)) return true;
  if (/^interactions:\s*$/.test(first)) return true;
  if (/^[\w"'-]{1,60}:\s*$/.test(first))
    return /^(?:\s+[\w"'-]{1,60}:(?:\s|$)|\s*- [\w"'-]{1,60}:(?:\s|$))/.test(second);
  return /^- [\w"'-]{1,60}:(?:\s|$)/.test(first) && /^ {2,20}(?:- )?[\w"'-]{1,60}:(?:\s|$)/.test(second);
}

const SERVER_SENT = /^data:/;
const SERVER_SENT_FIELD = /^(?:data|event|id|retry)?:/;
/** `[12:31] <nick> …`, `[2026-03-01 09:00] User: …`: text, although it opens like an array. */
const BRACKETED_LABEL = /^\[[^\]"{}[\n]{1,60}\]/;

const mostly = (complete: boolean[]): boolean => 2 * complete.filter(Boolean).length >= complete.length;

type LineSpan = { start: number; end: number };

/** The first lines that are not blank; the last one only when its end is known. */
function headLines(held: Buffer, first: number, isAll: boolean): LineSpan[] {
  const lines: LineSpan[] = [];
  let at = first;
  while (at < held.length && lines.length < PEEK_LINES) {
    let end = held.indexOf(0x0a, at);
    if (end < 0) {
      if (!isAll) break;
      end = held.length;
    }
    let start = at;
    while (start < end && isBlank(held[start])) start++;
    if (start < end) lines.push({ start, end });
    at = end + 1;
  }
  return lines;
}

function isJsonLine(line: Buffer): boolean {
  if (line[0] !== 0x7b && line[0] !== 0x5b) return false;
  const reading = parseJson(line.toString('utf8'));
  return reading.ok || reading.reason === 'too_deep';
}

/** Is it one value, several clean ones, one that goes on behind what is held, or none? */
function sniffValues(held: Buffer, first: number, isAll: boolean): 'one' | 'several' | 'cut' | 'no' {
  let at = first;
  let values = 0;
  while (values < PEEK_LINES) {
    if (held[at] !== 0x7b && held[at] !== 0x5b) return 'no';
    const found = new ValueCutter().find(held, at, isAll);
    if (found === undefined) {
      if (values > 0) return 'several';
      if (!isAll) return 'cut';
      const reading = parseJson(held.toString('utf8', at));
      return !reading.ok && reading.atEnd ? 'cut' : 'no';
    }
    if (found.broken) return 'no';
    const reading = parseJson(held.toString('utf8', at, at + found.length));
    if (!reading.ok && reading.reason === 'bad_json') return 'no';
    values++;
    at += found.length;
    while (at < held.length && isBlank(held[at])) at++;
    if (at === held.length) return values === 1 ? 'one' : 'several';
  }
  return 'several';
}

const MAGIC: [name: Container, bytes: number[] | string][] = [
  ['unsupported', 'SQLite format 3\0'],
  ['unsupported', 'PAR1'],
  ['unsupported', 'Obj\x01'],
  ['unsupported', '7z\xbc\xaf\x27\x1c'],
  ['unsupported', '\xfd7zXZ\0'],
  ['unsupported', 'Rar!\x1a\x07'],
  ['unsupported', 'ARROW1'],
  ['binary', '%PDF-'],
  ['binary', '\x89PNG\r\n'],
  ['binary', '\xff\xd8\xff'],
  ['binary', 'GIF8'],
  ['binary', '\x7fELF'],
];

function sniffMagic(held: Buffer): Container | undefined {
  for (const [name, bytes] of MAGIC) {
    const magic = Buffer.from(bytes as string, 'latin1');
    if (held.length >= magic.length && held.subarray(0, magic.length).equals(magic)) return name;
  }
  return undefined;
}

/** More than one byte in ten that no text holds. Single zero bytes and single broken characters are sanitised instead. */
function looksBinary(head: Buffer): boolean {
  let odd = 0;
  for (const byte of head)
    if ((byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27) || byte === 0x7f) odd++;
  const replaced = head.toString('utf8').split('\uFFFD').length - 1;
  return odd + Math.max(0, replaced - 4) > head.length / 10;
}
