/** `text.format(…)`: replacement fields with attributes, items, conversions and format specs. */
import { type Align, type FloatKind, floatDigits, group, isNegative, pad, reprDigits } from './format-number.ts';
import { asciiRepr } from './format-percent.ts';
import { escapeHtml, intText, repr, str } from './text.ts';
import {
  Float,
  type Keywords,
  Markup,
  PyError,
  textOf,
  typeError,
  typeName,
  Undefined,
  type Value,
  valueError,
} from './values.ts';

export type Lookups = {
  attribute: (value: Value, name: string) => Value;
  item: (value: Value, key: Value) => Value;
};

const MAX_WIDTH = 1_000_000;

/** @param marked the format is marked as safe: what is put in gets escaped */
export function formatFields(
  format: string,
  args: Value[],
  keywords: Keywords | null,
  lookups: Lookups,
  marked: boolean,
): string {
  let automatic: number | undefined = 0;
  const argument = (name: string): Value => {
    if (name === '' || /^[0-9]+$/.test(name)) {
      if (name === '') {
        if (automatic === undefined) throw valueError('cannot switch from manual to automatic field numbering');
        name = String(automatic++);
      } else {
        if (automatic) throw valueError('cannot switch from automatic to manual field numbering');
        automatic = undefined;
      }
      const value = args[Number(name)];
      if (value === undefined) throw new PyError('IndexError', 'replacement index out of range');
      return value;
    }
    const value = keywords?.get(name);
    if (value === undefined) throw new PyError('KeyError', 'no such key for the format string');
    return value;
  };
  const fill = (text: string, depth: number): string => {
    if (depth < 0) throw valueError('Max string recursion exceeded');
    let out = '';
    for (const part of parseFields(text)) {
      out += part.literal;
      if (part.field === undefined) continue;
      let value = resolve(part.field, argument, lookups);
      if (part.conversion === 's') value = value instanceof Markup ? str(value) : str(value);
      else if (part.conversion === 'r') value = repr(value);
      else if (part.conversion === 'a') value = asciiRepr(value);
      else if (part.conversion !== undefined) throw valueError('unknown conversion specifier');
      const spec = fill(part.spec, depth - 1);
      out += marked ? formatMarked(value, spec) : formatValue(value, spec);
    }
    return out;
  };
  return fill(format, 2);
}

function formatMarked(value: Value, spec: string): string {
  if (value instanceof Markup) {
    if (spec !== '') throw valueError('Unsupported format specification for Markup.');
    return value.text;
  }
  return escapeHtml(formatValue(value, spec)).text;
}

type Part = { literal: string; field?: string; conversion?: string; spec: string };

function* parseFields(text: string): Generator<Part> {
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '{' || char === '}') {
      if (text[at + 1] === char) {
        literal += char;
        at += 2;
        continue;
      }
      if (char === '}') throw valueError("Single '}' encountered in format string");
      const end = closing(text, at);
      yield { literal, ...splitField(text.slice(at + 1, end)) };
      literal = '';
      at = end + 1;
      continue;
    }
    literal += char;
    at++;
  }
  if (literal !== '') yield { literal, spec: '' };
}

function closing(text: string, open: number): number {
  let depth = 0;
  let bracket = false;
  let inSpec = false;
  for (let at = open; at < text.length; at++) {
    const char = text[at];
    // In a name, what stands in square brackets is a key.
    if (char === '[' && !inSpec && depth === 1) bracket = true;
    else if (char === ']' && bracket) bracket = false;
    else if (bracket) continue;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at;
    else if (char === ':' && depth === 1) inSpec = true;
  }
  throw valueError(open === text.length - 1 ? "Single '{' encountered in format string" : "expected '}'");
}

function splitField(inner: string): Omit<Part, 'literal'> & { field: string } {
  let bracket = false;
  for (let at = 0; at < inner.length; at++) {
    const char = inner[at]!;
    if (char === '[') bracket = true;
    else if (char === ']') bracket = false;
    else if (char === '{' && !bracket) throw valueError("unexpected '{' in field name");
    else if (!bracket && char === '!') {
      const conversion = inner[at + 1];
      if (conversion === undefined) throw valueError('end of string while looking for conversion specifier');
      if (at + 2 < inner.length && inner[at + 2] !== ':') throw valueError("expected ':' after conversion specifier");
      return { field: inner.slice(0, at), conversion, spec: inner.slice(at + 3) };
    } else if (!bracket && char === ':') return { field: inner.slice(0, at), spec: inner.slice(at + 1) };
  }
  return { field: inner, spec: '' };
}

function resolve(field: string, argument: (name: string) => Value, lookups: Lookups): Value {
  const first = /^[^.[]*/.exec(field)![0];
  let value = argument(first);
  let at = first.length;
  while (at < field.length) {
    if (field[at] === '.') {
      const name = /^[^.[]*/.exec(field.slice(at + 1))![0];
      if (name === '') throw valueError('Empty attribute in format string');
      value = lookups.attribute(value, name);
      at += 1 + name.length;
    } else if (field[at] === '[') {
      const end = field.indexOf(']', at);
      if (end < 0) throw valueError("Missing ']' in format string");
      const key = field.slice(at + 1, end);
      if (key === '') throw valueError('Empty attribute in format string');
      value = lookups.item(value, /^[0-9]+$/.test(key) ? Number(key) : key);
      at = end + 1;
    } else throw valueError("Only '.' or '[' may follow ']' in format field specifier");
  }
  return value;
}

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?(.)?$/su;

type Spec = {
  fill: string | undefined;
  align: Align | undefined;
  sign: string;
  alternate: boolean;
  zero: boolean;
  width: number;
  grouping: string | undefined;
  precision: number | undefined;
  kind: string | undefined;
};

function parseSpec(text: string, value: Value): Spec {
  const match = SPEC.exec(text);
  if (!match) throw valueError(`Invalid format specifier for object of type '${typeName(value)}'`);
  const [, fill, align, sign, z, hash, zero, width, grouping, precision, kind] = match;
  if (z !== undefined) throw valueError('the z option is not known here');
  if (Number(width ?? 0) > MAX_WIDTH || Number(precision ?? 0) > MAX_WIDTH) {
    throw new PyError('Limit', 'a width grew beyond the limit');
  }
  return {
    fill,
    align: align as Align | undefined,
    sign: sign ?? '-',
    alternate: hash !== undefined,
    zero: zero !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    kind,
  };
}

/** `format(value, spec)`. */
export function formatValue(value: Value, spec: string): string {
  if (spec === '') return str(value);
  if (textOf(value) !== undefined) return formatText(textOf(value)!, parseSpec(spec, value));
  if (typeof value === 'boolean') return formatInt(value ? 1 : 0, parseSpec(spec, value));
  if (typeof value === 'number' || typeof value === 'bigint') return formatInt(value, parseSpec(spec, value));
  if (value instanceof Float) return formatFloat(value.value, parseSpec(spec, value));
  if (value instanceof Undefined) throw typeError('unsupported format string passed to Undefined.__format__');
  throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`);
}

function formatText(text: string, spec: Spec): string {
  if (spec.kind !== undefined && spec.kind !== 's') throw valueError('Unknown format code for object of type str');
  if (spec.sign !== '-') throw valueError('Sign not allowed in string format specifier');
  if (spec.alternate) throw valueError('Alternate form (#) not allowed in string format specifier');
  if (spec.align === '=') throw valueError("'=' alignment not allowed in string format specifier");
  if (spec.grouping) throw valueError("Cannot specify a separator with 's'.");
  const shown = spec.precision === undefined ? text : [...text].slice(0, spec.precision).join('');
  return pad('', shown, spec.width, spec.fill ?? (spec.zero ? '0' : ' '), spec.align ?? '<');
}

const leadOf = (negative: boolean, sign: string) => (negative ? '-' : sign === '-' ? '' : sign);

/** With zero padding the separators go on into the zeros. */
function padNumber(lead: string, digits: string, spec: Spec, size: number): string {
  const zeros = spec.zero && spec.align === undefined;
  const fill = spec.fill ?? (spec.zero ? '0' : ' ');
  const align: Align = spec.align ?? (zeros ? '=' : '>');
  if (!spec.grouping) return pad(lead, digits, spec.width, fill, align);
  let grouped = group(digits, spec.grouping, size);
  if (fill === '0' && align === '=') {
    let longer = digits;
    while (lead.length + grouped.length < spec.width) {
      longer = `0${longer}`;
      grouped = group(longer, spec.grouping, size);
    }
    return lead + grouped;
  }
  return pad(lead, grouped, spec.width, fill, align);
}

const RADIX: Record<string, [number, string]> = { b: [2, '0b'], o: [8, '0o'], x: [16, '0x'], X: [16, '0X'] };

function formatInt(value: number | bigint, spec: Spec): string {
  const kind = spec.kind ?? 'd';
  if ('eEfFgG%'.includes(kind)) return formatFloat(Number(value), spec);
  if (spec.precision !== undefined) throw valueError('Precision not allowed in integer format specifier');
  if (kind === 'c') {
    if (spec.sign !== '-') throw valueError("Sign not allowed with integer format specifier 'c'");
    if (spec.alternate) throw valueError("Alternate form (#) not allowed with integer format specifier 'c'");
    if (spec.grouping) throw valueError("Cannot specify a separator with 'c'.");
    if (value < 0 || value > 0x10ffff) throw new PyError('OverflowError', '%c arg not in range(0x110000)');
    const char = String.fromCodePoint(Number(value));
    return pad('', char, spec.width, spec.fill ?? (spec.zero ? '0' : ' '), spec.align ?? (spec.zero ? '=' : '>'));
  }
  const radix = RADIX[kind];
  if (!radix && kind !== 'd' && kind !== 'n') throw valueError(`Unknown format code for object of type 'int'`);
  if (spec.grouping === ',' && radix) throw valueError("Cannot specify ',' with this format code");
  if (spec.grouping && kind === 'n') throw valueError("Cannot specify a separator with 'n'.");
  const size = value < 0 ? -value : value;
  const written = radix ? size.toString(radix[0]) : intText(size);
  const digits = kind === 'X' ? written.toUpperCase() : written;
  const lead = leadOf(value < 0, spec.sign) + (spec.alternate && radix ? radix[1] : '');
  return padNumber(lead, digits, spec, radix ? 4 : 3);
}

function formatFloat(x: number, spec: Spec): string {
  const kind = spec.kind;
  if (kind !== undefined && !'eEfFgGn%'.includes(kind)) {
    throw valueError("Unknown format code for object of type 'float'");
  }
  if (spec.grouping && kind === 'n') throw valueError("Cannot specify a separator with 'n'.");
  let digits: string;
  if (kind === undefined) digits = spec.precision === undefined ? reprForm(x, spec) : generalWithPoint(x, spec);
  else if (kind === '%') digits = `${floatDigits(x * 100, 'f', spec.precision ?? 6, spec.alternate)}%`;
  else {
    const lower = kind === 'n' ? 'g' : (kind.toLowerCase() as FloatKind);
    digits = floatDigits(x, lower, spec.precision ?? 6, spec.alternate);
    if (kind !== 'n' && kind !== lower) digits = digits.toUpperCase();
  }
  const negative = isNegative(x);
  return padNumber(leadOf(negative, spec.sign), digits, spec, 3);
}

const reprForm = (x: number, spec: Spec): string => {
  const digits = reprDigits(x);
  return spec.alternate && !digits.includes('.') ? digits.replace(/(?=e|$)/, '.') : digits;
};

/** Without a kind but with a precision: like `g`, with at least one digit behind the point. */
function generalWithPoint(x: number, spec: Spec): string {
  const digits = floatDigits(x, 'g', Math.max(1, spec.precision ?? 6), spec.alternate);
  if (!Number.isFinite(x)) return digits;
  const exponent =
    x === 0 ? 0 : Number(/e([+-]\d+)$/.exec(floatDigits(x, 'e', Math.max(1, spec.precision!) - 1, false))![1]);
  if (exponent >= -4 && exponent < Math.max(1, spec.precision!) - 1 && !digits.includes('.')) return `${digits}.0`;
  // One digit less is left before the point than `g` would take.
  if (exponent === Math.max(1, spec.precision!) - 1 && !digits.includes('e')) {
    return floatDigits(x, 'e', Math.max(1, spec.precision!) - 1, spec.alternate).replace(/\.?0+(?=e)/, '');
  }
  return digits;
}
