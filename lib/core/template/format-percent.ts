/** `text % values`, as C's printf in Python's reading. */
import { type Align, floatDigits, isNegative, pad } from './format-number.ts';
import { escapeHtml, intText, repr, str } from './text.ts';
import {
  Dict,
  Float,
  Markup,
  PyError,
  Range,
  Tuple,
  textOf,
  typeError,
  typeName,
  Undefined,
  type Value,
  valueError,
} from './values.ts';

const CONVERSION = /%(?:\(([^()]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?(.)?/gsu;
const HAS_PRECISION = /\./;
const MAX_WIDTH = 1_000_000;

/** @param format plain or marked: a marked one escapes what is put in */
export function formatPercent(format: Value, values: Value): Value {
  const text = textOf(format)!;
  const escaped = format instanceof Markup;
  const show = (value: Value, how: (value: Value) => string) =>
    escaped ? escapeHtml(value instanceof Markup && how === str ? value : how(value)).text : how(value);
  const given = values instanceof Tuple ? values.items : [values];
  // Python takes a mapping where names are asked for, and lets it pass as "all used".
  const isMapping =
    !(values instanceof Tuple) &&
    textOf(values) === undefined &&
    (values instanceof Dict || Array.isArray(values) || values instanceof Range || values instanceof Undefined);
  let used = 0;
  let named = false;
  const next = (): Value => {
    if (used >= given.length) throw typeError('not enough arguments for format string');
    return given[used++]!;
  };
  const done = text.replace(CONVERSION, (whole, name: string | undefined, flags: string, width, precision, kind) => {
    if (kind === undefined) throw valueError('incomplete format');
    let value: Value | undefined;
    if (name !== undefined) {
      if (!isMapping) throw typeError('format requires a mapping');
      value = field(values, name);
      named = true;
    }
    const star = (part: string | undefined): number | undefined => {
      if (part === undefined) return undefined;
      if (part !== '*') return checked(Number(part));
      const number = next();
      if (typeof number === 'boolean') return number ? 1 : 0;
      if (typeof number !== 'number') throw typeError('* wants int');
      return checked(number);
    };
    let wide = star(width);
    const left = flags.includes('-') || (wide ?? 0) < 0;
    wide = Math.abs(wide ?? 0);
    let places = star(precision);
    if (places === undefined && HAS_PRECISION.test(whole.slice(whole.indexOf(')') + 1))) places = 0;
    if (kind === '%') {
      return '%';
    }
    value ??= next();
    const zero = flags.includes('0') && !left;
    const align: Align = left ? '<' : '>';
    if (kind === 's' || kind === 'r' || kind === 'a') {
      let shown = show(value, kind === 's' ? str : kind === 'r' ? repr : asciiRepr);
      if (places !== undefined) shown = [...shown].slice(0, Math.max(0, places)).join('');
      return pad('', shown, wide, ' ', align);
    }
    if (kind === 'c') return pad('', character(value), wide, ' ', align);
    const { sign, prefix, digits } = numberParts(value, kind, Math.max(0, places ?? -1), places, flags);
    const lead = (sign ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + prefix;
    return zero ? pad(lead, digits, wide, '0', '=') : pad('', lead + digits, wide, ' ', align);
  });
  if (!named && !isMapping && used < given.length)
    throw typeError('not all arguments converted during string formatting');
  return escaped ? new Markup(done) : done;
}

function checked(width: number): number {
  if (Math.abs(width) > MAX_WIDTH) throw new PyError('Limit', 'a width grew beyond the limit');
  return width;
}

function field(values: Value, name: string): Value {
  if (values instanceof Undefined) throw values.fail();
  if (!(values instanceof Dict)) throw typeError('indices must be integers, not str');
  const value = values.get(name);
  if (value === undefined) throw new PyError('KeyError', 'no such key for the format string');
  return value;
}

export const asciiRepr = (value: Value): string =>
  repr(value).replace(/[\u0080-\u{10ffff}]/gu, (char) => {
    const hex = char.codePointAt(0)!.toString(16);
    if (hex.length <= 2) return `\\x${hex}`;
    return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  });

function character(value: Value): string {
  const text = textOf(value);
  if (text !== undefined) {
    if ([...text].length !== 1) throw typeError('%c requires int or char');
    return text;
  }
  if (typeof value === 'boolean') return String.fromCodePoint(value ? 1 : 0);
  if (typeof value !== 'number') throw typeError('%c requires int or char');
  if (value < 0 || value > 0x10ffff) throw new PyError('OverflowError', '%c arg not in range');
  return String.fromCodePoint(value);
}

function wholeNumber(value: Value, kind: string): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Float && 'diu'.includes(kind)) {
    if (Number.isNaN(value.value)) throw valueError('cannot convert float NaN to integer');
    if (!Number.isFinite(value.value)) throw new PyError('OverflowError', 'cannot convert float infinity to integer');
    return BigInt(Math.trunc(value.value));
  }
  if (value instanceof Undefined && 'diu'.includes(kind)) throw value.fail();
  throw typeError(`%${kind} format: a number is required, not ${typeName(value)}`);
}

function numberParts(value: Value, kind: string, least: number, places: number | undefined, flags: string) {
  if ('diuoxX'.includes(kind)) {
    const number = wholeNumber(value, kind);
    const sign = number < 0;
    const size = sign ? -number : number;
    let digits = kind === 'o' ? size.toString(8) : 'xX'.includes(kind) ? size.toString(16) : intText(size);
    digits = digits.padStart(least, '0');
    let prefix = flags.includes('#') && kind === 'o' ? '0o' : flags.includes('#') && 'xX'.includes(kind) ? '0x' : '';
    if (kind === 'X') {
      digits = digits.toUpperCase();
      prefix = prefix.toUpperCase();
    }
    return { sign, prefix, digits };
  }
  const lower = kind.toLowerCase();
  if (lower !== 'e' && lower !== 'f' && lower !== 'g') throw valueError('unsupported format character');
  const double = asDouble(value);
  const digits = floatDigits(double, lower, places ?? 6, flags.includes('#'));
  return {
    sign: isNegative(double),
    prefix: '',
    digits: kind === lower ? digits : digits.toUpperCase(),
  };
}

function asDouble(value: Value): number {
  if (value instanceof Float) return value.value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') {
    const double = Number(value);
    if (!Number.isFinite(double)) throw new PyError('OverflowError', 'int too large to convert to float');
    return double;
  }
  if (value instanceof Undefined) throw value.fail();
  throw typeError(`must be real number, not ${typeName(value)}`);
}
