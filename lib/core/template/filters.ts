/** Jinja's filters over values and texts; those over sequences stand in `sequence-filters.ts`. */
import { bind, double, index, indexOr, text } from './arguments.ts';
import { divide, MAX_TEXT, multiply, power, tooLarge } from './arithmetic.ts';
import { numeric } from './compare.ts';
import { roundFloat } from './float-digits.ts';
import { formatPercent } from './format-percent.ts';
import { attribute } from './lookups.ts';
import { parseDouble, parseInteger } from './parse-number.ts';
import { pretty } from './pretty.ts';
import type { Run } from './run.ts';
import { escapeHtml, str } from './text.ts';
import { callMarked, capitalize, padText, replaceText, splitLines, TEXT_METHODS } from './text-methods.ts';
import { DEFAULT_STYLE, toJson } from './to-json.ts';
import { unescapeHtml } from './unescape-html.ts';
import { titleForm } from './unicode.ts';
import {
  countPoints,
  Dict,
  Float,
  int,
  isTrue,
  itemsOf,
  type Keywords,
  length,
  Markup,
  PyError,
  Tuple,
  textOf,
  toList,
  typeError,
  typeName,
  Undefined,
  type Value,
  valueError,
} from './values.ts';

export type Filter = (run: Run, value: Value, args: Value[], keywords: Keywords | null) => Value;

/** A filter with named parameters, as Python's `def` has them. */
export function named(
  names: readonly string[],
  required: number,
  apply: (run: Run, value: Value, ...rest: (Value | undefined)[]) => Value,
): Filter {
  return (run, value, args, keywords) => {
    if (args.length === 0 && keywords === null && required === 0) return apply(run, value);
    return apply(run, value, ...bind('filter', names, required, args, keywords));
  };
}

/** Applies a method of `str` to `soft_str(value)`, marked or not. */
function viaMethod(name: string): (value: Value, args: Value[]) => Value {
  const method = TEXT_METHODS.get(name)!;
  return (value, args) =>
    value instanceof Markup ? callMarked(name, method, value, args, null) : method(str(value), args, null);
}

const strip = viaMethod('strip');
const keepMark = (value: Value, changed: string): Value => (value instanceof Markup ? new Markup(changed) : changed);

function toInt(value: Value, otherwise: Value, base: number): Value {
  try {
    const source = textOf(value);
    if (source !== undefined) return parseInteger(source, base);
    return truncate(value);
  } catch (thrown) {
    if (!(thrown instanceof PyError) || !['TypeError', 'ValueError'].includes(thrown.kind)) throw thrown;
    try {
      const source = textOf(value);
      return truncate(new Float(source === undefined ? double(value) : parseDouble(source)));
    } catch (again) {
      if (again instanceof PyError && ['TypeError', 'ValueError', 'OverflowError'].includes(again.kind))
        return otherwise;
      throw again;
    }
  }
}

function truncate(value: Value): Value {
  if (value instanceof Float) {
    if (Number.isNaN(value.value)) throw valueError('cannot convert float NaN to integer');
    if (!Number.isFinite(value.value)) throw new PyError('OverflowError', 'cannot convert float infinity to integer');
    return int(BigInt(Math.trunc(value.value)));
  }
  const number = numeric(value);
  if (number !== undefined) return number;
  if (value instanceof Undefined) throw value.fail();
  throw typeError(`int() argument must be a string or a real number, not '${typeName(value)}'`);
}

function round(value: Value, precision: Value, method: Value): Value {
  const kind = textOf(method);
  if (kind !== 'common' && kind !== 'ceil' && kind !== 'floor') {
    throw new PyError('FilterArgumentError', 'method must be common, ceil or floor');
  }
  if (kind === 'common') {
    const number = numeric(value);
    if (number === undefined) throw typeError(`type ${typeName(value)} doesn't define __round__ method`);
    if (value instanceof Float) {
      return precision === null
        ? truncate(new Float(roundFloat(value.value, 0)))
        : new Float(roundFloat(value.value, index(precision)));
    }
    return precision === null ? number : roundInt(number, index(precision));
  }
  const scale = power(10, precision);
  const scaled = multiply(value, scale);
  const x = double(scaled);
  if (!Number.isFinite(x))
    throw new PyError(Number.isNaN(x) ? 'ValueError' : 'OverflowError', 'cannot convert float to integer');
  const whole = scaled instanceof Float ? int(BigInt(kind === 'ceil' ? Math.ceil(x) : Math.floor(x))) : scaled;
  return divide(whole, scale);
}

/** To tens, hundreds …, half to even. */
function roundInt(value: number | bigint, places: number): Value {
  if (places >= 0) return value;
  const scale = 10n ** BigInt(Math.min(-places, 5000));
  const wide = BigInt(value);
  const rest = ((wide % scale) + scale) % scale;
  const floor = wide - rest;
  const up = rest * 2n > scale || (rest * 2n === scale && (floor / scale) % 2n !== 0n);
  return int(up ? floor + scale : floor);
}

function indent(value: Value, width: Value = 4, first: Value = false, blank: Value = false): Value {
  const source = textOf(value);
  if (source === undefined) {
    if (value instanceof Undefined) throw value.fail();
    throw typeError(`unsupported operand type(s) for +=: '${typeName(value)}' and 'str'`);
  }
  const by = textOf(width) ?? ' '.repeat(Math.max(0, Math.min(MAX_TEXT, index(width))));
  const lines = splitLines(`${source}\n`);
  let out: string;
  if (isTrue(blank)) out = lines.join(`\n${by}`);
  else out = lines.map((line, at) => (at > 0 && line !== '' ? by + line : line)).join('\n');
  if (isTrue(first)) out = by + out;
  if (out.length > MAX_TEXT) throw tooLarge();
  return keepMark(value, out);
}

function truncateText(
  value: Value,
  size: Value = 255,
  kill: Value = false,
  end: Value = '...',
  leeway: Value = null,
): Value {
  const limit = index(size);
  const tail = text(end);
  const slack = leeway === null ? 5 : index(leeway);
  if (limit < countPoints(tail) || slack < 0)
    throw new PyError('AssertionError', 'the length is less than that of the end');
  if (length(value) <= limit + slack) return value;
  const source = text(value);
  const kept = [...source].slice(0, limit - countPoints(tail)).join('');
  if (isTrue(kill)) return keepMark(value, kept + tail);
  const cut = kept.lastIndexOf(' ');
  return keepMark(value, (cut < 0 ? kept : kept.slice(0, cut)) + tail);
}

const SIZES = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];

function fileSize(value: Value, binary: Value = false): Value {
  const source = textOf(value);
  const bytes = source === undefined ? double(value) : parseDouble(source);
  const base = isTrue(binary) ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${str(truncate(new Float(bytes)))} Bytes`;
  const names = isTrue(binary) ? SIZES.map((name) => `${name[0]!.toUpperCase()}iB`) : SIZES;
  let at = 0;
  while (at < names.length - 1 && bytes >= base ** (at + 2)) at++;
  return `${str(formatPercent('%.1f', new Float((base * bytes) / base ** (at + 2))))} ${names[at]}`;
}

function quote(value: Value, forQuery: boolean): string {
  const source = str(value);
  const safe = forQuery ? /[^A-Za-z0-9_.~ -]/gu : /[^A-Za-z0-9_.~/-]/gu;
  const quoted = source.replace(safe, (char) =>
    [...Buffer.from(char)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
  return forQuery ? quoted.replaceAll(' ', '+') : quoted;
}

function urlEncode(_run: Run, value: Value): Value {
  if (textOf(value) !== undefined || (!itemsOf(value) && !('source' in Object(value)))) return quote(value, false);
  const pairs = value instanceof Dict ? value.entries() : toList(value).map((pair) => toList(pair));
  return pairs
    .map((pair) => {
      if (pair.length !== 2) throw valueError('not a pair');
      return `${quote(pair[0]!, true)}=${quote(pair[1]!, true)}`;
    })
    .join('&');
}

function xmlAttributes(_run: Run, value: Value, autospace: Value = true): Value {
  if (!(value instanceof Dict)) throw typeError(`'${typeName(value)}' object has no attribute 'items'`);
  const parts = value
    .entries()
    .filter(([, field]) => field !== null && !(field instanceof Undefined))
    .map(([key, field]) => {
      if (/[\t-\r />=]/.test(text(key))) throw valueError('Invalid character in attribute name');
      return `${escapeHtml(key).text}="${escapeHtml(field).text}"`;
    });
  return (isTrue(autospace) && parts.length > 0 ? ' ' : '') + parts.join(' ');
}

function stripTags(_run: Run, value: Value): Value {
  let source = str(value);
  const parts: string[] = [];
  let at = 0;
  for (let start = source.indexOf('<'); start >= 0; start = source.indexOf('<', at)) {
    const comment = source.startsWith('<!--', start);
    const end = comment ? source.indexOf('-->', start + 4) : source.indexOf('>', start);
    if (end < 0) break;
    parts.push(source.slice(at, start));
    at = end + (comment ? 3 : 1);
  }
  if (at > 0) source = parts.join('') + source.slice(at);
  const words = TEXT_METHODS.get('split')!(source, [], null) as string[];
  return unescapeHtml(words.join(' '));
}

const WORD_STARTS = /([-\s({[<\u001c-\u001f\u0085]+)/;

function titleWords(_run: Run, value: Value): Value {
  return str(value)
    .split(WORD_STARTS)
    .filter((part) => part !== '')
    .map((part) => {
      const [first = ''] = part;
      return (first === part[0] ? first.toUpperCase() : titleForm(first)) + part.slice(first.length).toLowerCase();
    })
    .join('');
}

function json(_run: Run, value: Value, ...rest: (Value | undefined)[]): Value {
  if (rest.length === 0) return toJson(value);
  const [ascii = false, indentBy = null, separators = null, sort = false] = rest;
  const pair = separators === null || (!isTrue(separators) && separators === null) ? null : toList(separators);
  if (pair && pair.length !== 2) throw valueError('separators are two');
  return toJson(value, {
    ensureAscii: isTrue(ascii),
    indent: indentBy === null ? null : (textOf(indentBy) ?? ' '.repeat(Math.max(0, Math.min(1000, index(indentBy))))),
    itemSeparator: pair ? text(pair[0]!) : indentBy === null ? DEFAULT_STYLE.itemSeparator : ',',
    keySeparator: pair ? text(pair[1]!) : DEFAULT_STYLE.keySeparator,
    sortKeys: isTrue(sort),
  });
}

const soft = (value: Value): Value => (value instanceof Markup ? value : str(value));

export const VALUE_FILTERS: Record<string, Filter> = {
  abs: named([], 0, (_run, value) => {
    if (value instanceof Float) return new Float(Math.abs(value.value));
    const number = numeric(value);
    if (number === undefined) throw typeError(`bad operand type for abs(): '${typeName(value)}'`);
    return number < 0 ? int(-BigInt(number)) : number;
  }),
  attr: named(['name'], 1, (_run, value, name) => {
    const wanted = textOf(name!);
    // A dict's keys are no attributes: only the type's own names count.
    if (wanted === undefined || value instanceof Undefined) return attributeOnly(value, str(name!));
    return attributeOnly(value, wanted);
  }),
  capitalize: named([], 0, (_run, value) => keepMark(value, capitalize(str(value)))),
  center: named(['width'], 0, (_run, value, width) =>
    keepMark(value, padText(str(value), indexOr(width, 80), ' ', 'both')),
  ),
  count: named([], 0, (_run, value) => length(value)),
  d: named(['default_value', 'boolean'], 0, otherwise),
  default: named(['default_value', 'boolean'], 0, otherwise),
  e: named([], 0, (_run, value) => escapeHtml(value)),
  escape: named([], 0, (_run, value) => escapeHtml(value)),
  filesizeformat: named(['binary'], 0, (_run, value, binary) => fileSize(value, binary)),
  float: named(['default'], 0, (_run, value, instead = new Float(0)) => {
    try {
      const source = textOf(value);
      return new Float(source === undefined ? double(value) : parseDouble(source));
    } catch (thrown) {
      if (thrown instanceof PyError && ['TypeError', 'ValueError'].includes(thrown.kind)) return instead;
      throw thrown;
    }
  }),
  forceescape: named([], 0, (_run, value) => escapeHtml(str(value))),
  format: (_run, value, args, keywords) => {
    if (args.length > 0 && keywords && keywords.size > 0) {
      throw new PyError('FilterArgumentError', "can't handle positional and keyword arguments at the same time");
    }
    const fields = keywords && keywords.size > 0 ? Dict.of(keywords) : new Tuple(args);
    return formatPercent(soft(value), fields);
  },
  indent: named(['width', 'first', 'blank'], 0, (_run, value, width, first, blank) =>
    indent(value, width, first, blank),
  ),
  int: named(['default', 'base'], 0, (_run, value, instead = 0, base = 10) => toInt(value, instead, index(base))),
  length: named([], 0, (_run, value) => length(value)),
  lower: named([], 0, (_run, value) => keepMark(value, str(value).toLowerCase())),
  pprint: named([], 0, (_run, value) => pretty(value)),
  replace: named(['old', 'new', 'count'], 2, (_run, value, from, to, count = null) =>
    replaceText(str(value), str(from!), str(to!), count === null ? -1 : index(count)),
  ),
  round: named(['precision', 'method'], 0, (_run, value, precision = 0, method = 'common') =>
    round(value, precision, method),
  ),
  safe: named([], 0, (_run, value) => new Markup(str(value))),
  string: named([], 0, (_run, value) => soft(value)),
  striptags: named([], 0, stripTags),
  title: named([], 0, titleWords),
  tojson: named(['ensure_ascii', 'indent', 'separators', 'sort_keys'], 0, json),
  trim: named(['chars'], 0, (_run, value, chars = null) => strip(value, [chars])),
  truncate: named(['length', 'killwords', 'end', 'leeway'], 0, (_run, value, size, kill, end, leeway) =>
    truncateText(value, size, kill, end, leeway),
  ),
  upper: named([], 0, (_run, value) => keepMark(value, str(value).toUpperCase())),
  urlencode: named([], 0, urlEncode),
  wordcount: named([], 0, (_run, value) => (str(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  xmlattr: named(['autospace'], 0, xmlAttributes),
};

function otherwise(_run: Run, value: Value, instead: Value = '', boolean: Value = false): Value {
  return value instanceof Undefined || (isTrue(boolean) && !isTrue(value)) ? instead : value;
}

/** `value|attr(name)`: the attribute, never the item. */
function attributeOnly(value: Value, name: string): Value {
  if (value instanceof Undefined) throw value.fail();
  if (value instanceof Dict && value.has(name) && !(attribute(new Dict(), name) instanceof Undefined)) {
    return attribute(value, name);
  }
  if (value instanceof Dict)
    return attribute(new Dict(), name) instanceof Undefined
      ? new Undefined('no such attribute')
      : attribute(value, name);
  return attribute(value, name);
}
