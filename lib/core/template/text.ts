/** `str()` and `repr()` of every value, and what Python's text functions mean by white space. */
import { REPR_ESCAPED } from './unicode.ts';
import {
  Callable,
  Dict,
  DictView,
  Float,
  Iter,
  Markup,
  Namespace,
  Native,
  Range,
  Tuple,
  typeName,
  Undefined,
  type Value,
  valueError,
} from './values.ts';

/** What `str.strip()`, `str.split()` and `\s` take; not U+FEFF, U+200B or U+180E. */
export const SPACE_CLASS =
  '\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const SPACE = new RegExp(`[${SPACE_CLASS}]`);

export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  return SPACE.test(String.fromCharCode(code));
}

export function trimStart(text: string): string {
  let from = 0;
  while (from < text.length && isSpace(text.charCodeAt(from))) from++;
  return from === 0 ? text : text.slice(from);
}

export function trimEnd(text: string): string {
  let to = text.length;
  while (to > 0 && isSpace(text.charCodeAt(to - 1))) to--;
  return to === text.length ? text : text.slice(0, to);
}

export const trim = (text: string): string => trimEnd(trimStart(text));

/** Python's repr of a double: the shortest digits, exponent form below 1e-4 and from 1e16 on. */
export function floatText(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  if (Object.is(x, -0)) return '-0.0';
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [mantissa, exponent] = x.toExponential().split('e');
    const power = Number(exponent);
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  const written = String(x);
  return written.includes('.') ? written : `${written}.0`;
}

/** Python refuses to print longer ones. */
const MAX_DIGITS = 4300;

export function intText(value: number | bigint): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  const text = String(value);
  if (text.length > MAX_DIGITS + 1) throw valueError('an int of more than 4300 digits can not be printed');
  return text;
}

const NAMED_ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeForRepr(char: string): string {
  const named = NAMED_ESCAPES[char];
  if (named) return named;
  const code = char.codePointAt(0)!;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

const PLAIN = /^[ !#-&(-[\]-~]*$/;

export function reprText(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(REPR_ESCAPED, escapeForRepr);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

/** `str(value)`. */
export function str(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) return '';
  if (value instanceof Markup) return value.text;
  return repr(value);
}

/** `repr(value)`; objects whose repr holds an address in Python get one without it. */
export function repr(value: Value): string {
  if (typeof value === 'string') return reprText(value);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' || typeof value === 'bigint') return intText(value);
  if (value instanceof Float) return floatText(value.value);
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  if (value instanceof Tuple) return `(${value.items.map(repr).join(', ')}${value.items.length === 1 ? ',' : ''})`;
  if (value instanceof Dict) {
    return `{${value
      .entries()
      .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
      .join(', ')}}`;
  }
  if (value instanceof DictView) return `dict_${value.what}([${value.items().map(repr).join(', ')}])`;
  if (value instanceof Undefined) return 'Undefined';
  if (value instanceof Markup) return `Markup(${reprText(value.text)})`;
  if (value instanceof Range) {
    const { start, stop, step } = value;
    return step === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`;
  }
  if (value instanceof Namespace) return `<Namespace ${repr(value.attributes)}>`;
  if (value instanceof Native) return value.repr();
  if (value instanceof Callable) return reprOfCallable(value);
  return `<${value instanceof Iter ? value.name : typeName(value)} object>`;
}

function reprOfCallable(value: Callable): string {
  if (value.kind === 'type') return `<class '${value.name}'>`;
  if (value.kind === 'macro') return value.name === '' ? '<Macro anonymous>' : `<Macro ${reprText(value.name)}>`;
  return `<function ${value.name}>`;
}

const HTML_ESCAPES: Record<string, string> = { '&': '&amp;', '>': '&gt;', '<': '&lt;', "'": '&#39;', '"': '&#34;' };

/** MarkupSafe's `escape`: marked text as it is, all else escaped and marked. */
export function escapeHtml(value: Value): Markup {
  if (value instanceof Markup) return value;
  return new Markup(str(value).replace(/[&<>'"]/g, (char) => HTML_ESCAPES[char]!));
}
