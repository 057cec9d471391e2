/** A value as Python prints it: strings in either quotes, `None`, `True`, lists, tuples, dicts, `Name(field=…)` calls. */
import type { Json, JsonObject } from '../../trajectory/json.ts';
import { sanitise } from '../parse-json.ts';

const MAX_DEPTH = 64;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_][A-Za-z0-9_.]*/y;
const FIELD = /\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*/y;
const BLANK = /\s*/y;
const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
};
const HEX_LENGTH: Record<string, number> = { x: 2, u: 4, U: 8 };

/** @returns the value and the index behind it, or `undefined` when no literal stands there */
export function readPythonLiteral(text: string, from: number, depth = 0): { value: Json; end: number } | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const at = skipBlanks(text, from);
  const char = text[at];
  if (char === "'" || char === '"') return readString(text, at);
  if (char === '[' || char === '(') return readList(text, at + 1, char === '[' ? ']' : ')', depth);
  if (char === '{') return readDict(text, at + 1, depth);
  NUMBER.lastIndex = at;
  const number = NUMBER.exec(text);
  if (number) return { value: Number(number[0]), end: NUMBER.lastIndex };
  WORD.lastIndex = at;
  const word = WORD.exec(text);
  if (!word) return undefined;
  const end = at + word[0].length;
  if (word[0] === 'None') return { value: null, end };
  if (word[0] === 'True' || word[0] === 'False') return { value: word[0] === 'True', end };
  if (text[end] === '(') return readCall(text, end + 1, depth);
  return { value: word[0], end };
}

function skipBlanks(text: string, from: number): number {
  BLANK.lastIndex = from;
  BLANK.exec(text);
  return BLANK.lastIndex;
}

function readString(text: string, from: number): { value: string; end: number } | undefined {
  const quote = text[from]!;
  let value = '';
  let at = from + 1;
  while (at < text.length) {
    const char = text[at]!;
    if (char === quote) return { value: sanitise(value), end: at + 1 };
    if (char !== '\\') {
      value += char;
      at++;
      continue;
    }
    const next = text[at + 1] ?? '';
    const length = HEX_LENGTH[next];
    const code = length === undefined ? Number.NaN : Number.parseInt(text.slice(at + 2, at + 2 + length), 16);
    if (length !== undefined && code <= 0x10ffff) {
      value += String.fromCodePoint(code);
      at += 2 + length;
    } else {
      value += ESCAPES[next] ?? `\\${next}`;
      at += 2;
    }
  }
  return undefined;
}

function readList(
  text: string,
  from: number,
  close: string,
  depth: number,
): { value: Json[]; end: number } | undefined {
  const value: Json[] = [];
  let at = skipBlanks(text, from);
  while (text[at] !== close) {
    const item = readPythonLiteral(text, at, depth + 1);
    if (!item) return undefined;
    value.push(item.value);
    at = skipBlanks(text, item.end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text[at] !== close) return undefined;
  }
  return { value, end: at + 1 };
}

function readDict(text: string, from: number, depth: number): { value: JsonObject; end: number } | undefined {
  const value: JsonObject = Object.create(null);
  let at = skipBlanks(text, from);
  while (text[at] !== '}') {
    const key = readPythonLiteral(text, at, depth + 1);
    if (!key) return undefined;
    at = skipBlanks(text, key.end);
    if (text[at] !== ':') return undefined;
    const item = readPythonLiteral(text, at + 1, depth + 1);
    if (!item) return undefined;
    value[String(key.value)] = item.value;
    at = skipBlanks(text, item.end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text[at] !== '}') return undefined;
  }
  return { value, end: at + 1 };
}

/** `Function(name='x', arguments='{}')`: its fields as an object. */
function readCall(text: string, from: number, depth: number): { value: JsonObject; end: number } | undefined {
  const value: JsonObject = Object.create(null);
  let at = skipBlanks(text, from);
  while (text[at] !== ')') {
    FIELD.lastIndex = at;
    const field = FIELD.exec(text);
    const item = readPythonLiteral(text, field ? FIELD.lastIndex : at, depth + 1);
    if (!item) return undefined;
    if (field) value[field[1]!] = item.value;
    at = skipBlanks(text, item.end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text[at] !== ')') return undefined;
  }
  return { value, end: at + 1 };
}
