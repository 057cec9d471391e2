/** `+ - * / // % **` of Python's values, sandboxed: what would grow beyond the limits is refused. */
import { numeric } from './compare.ts';
import { formatPercent } from './format-percent.ts';
import { escapeHtml } from './text.ts';
import { Float, int, Markup, PyError, Tuple, textOf, typeError, typeName, Undefined, type Value } from './values.ts';

/** Longest text (UTF-16 units), longest list and largest int (bits) that a template may make. */
export const MAX_TEXT = 1 << 27;
const MAX_ITEMS = 10_000_000;
const MAX_BITS = 1_000_000;

export const tooLarge = () => new PyError('Limit', 'a value grew beyond the limit');

function failed(operator: string, a: Value, b: Value): PyError {
  if (a instanceof Undefined) return a.fail();
  if (b instanceof Undefined) return b.fail();
  return typeError(`unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`);
}

type Operands = { float: true; a: number; b: number } | { float: false; a: bigint; b: bigint };

/** Both as floats when one is, else as bigints; undefined when one is no number. */
function operands(a: Value, b: Value): Operands | undefined {
  const left = numeric(a);
  const right = numeric(b);
  if (left === undefined || right === undefined) return undefined;
  if (a instanceof Float || b instanceof Float) return { float: true, a: toDouble(left), b: toDouble(right) };
  return { float: false, a: BigInt(left), b: BigInt(right) };
}

function toDouble(value: number | bigint): number {
  const double = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(double)) {
    throw new PyError('OverflowError', 'int too large to convert to float');
  }
  return double;
}

const divisionByZero = () => new PyError('ZeroDivisionError', 'division by zero');

export function add(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    return Number.isSafeInteger(sum) ? sum : int(BigInt(a) + BigInt(b));
  }
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length + b.length > MAX_TEXT) throw tooLarge();
    return a + b;
  }
  const both = operands(a, b);
  if (both) return both.float ? new Float(both.a + both.b) : int(both.a + both.b);
  if (a instanceof Markup || b instanceof Markup) {
    if (textOf(a) !== undefined && textOf(b) !== undefined) return new Markup(escapeHtml(a).text + escapeHtml(b).text);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length + b.length > MAX_ITEMS) throw tooLarge();
    return a.concat(b);
  }
  if (a instanceof Tuple && b instanceof Tuple) return new Tuple(a.items.concat(b.items));
  throw failed('+', a, b);
}

export function subtract(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  const both = operands(a, b);
  if (!both) throw failed('-', a, b);
  return both.float ? new Float(both.a - both.b) : int(both.a - both.b);
}

const bitsOf = (value: bigint): number => value.toString(16).length * 4;

export function multiply(a: Value, b: Value): Value {
  const both = operands(a, b);
  if (both) {
    if (both.float) return new Float(both.a * both.b);
    if (bitsOf(both.a) + bitsOf(both.b) > MAX_BITS) throw tooLarge();
    return int(both.a * both.b);
  }
  const repeated = repeat(a, b) ?? repeat(b, a);
  if (repeated === undefined) throw failed('*', a, b);
  return repeated;
}

/** A text, list or tuple so many times; undefined when it is none, or the count no int. */
function repeat(value: Value, times: Value): Value | undefined {
  if (times instanceof Float) return undefined;
  const count = numeric(times);
  if (count === undefined) return undefined;
  const often = count > 0 ? Number(count) : 0;
  const text = textOf(value);
  if (text !== undefined) {
    if (text.length * often > MAX_TEXT) throw tooLarge();
    const grown = text === '' ? '' : text.repeat(often);
    return value instanceof Markup ? new Markup(grown) : grown;
  }
  const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : undefined;
  if (!items) return undefined;
  if (items.length * often > MAX_ITEMS) throw tooLarge();
  const list = items.length === 0 ? [] : Array.from({ length: often }, () => items).flat();
  return Array.isArray(value) ? list : new Tuple(list);
}

export function divide(a: Value, b: Value): Value {
  const both = operands(a, b);
  if (!both) throw failed('/', a, b);
  // biome-ignore lint/suspicious/noDoubleEquals: 0 and 0n alike
  if (both.b == 0) throw divisionByZero();
  if (both.float) return new Float(both.a / both.b);
  const quotient = Number(both.a) / Number(both.b);
  if (!Number.isFinite(quotient)) return new Float(divideLarge(both.a, both.b));
  return new Float(quotient);
}

/** Of ints beyond the doubles: by scaling both down. */
function divideLarge(a: bigint, b: bigint): number {
  const shift = BigInt(Math.max(0, Math.min(bitsOf(a), bitsOf(b)) - 128));
  const quotient = Number(a >> shift) / Number(b >> shift);
  if (!Number.isFinite(quotient)) throw new PyError('OverflowError', 'integer division result too large for a float');
  return quotient;
}

const floorDivision = (a: bigint, b: bigint): bigint => (a - modulo(a, b)) / b;

function modulo(a: bigint, b: bigint): bigint {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

function floatModulo(a: number, b: number): number {
  if (!Number.isFinite(a) || Number.isNaN(b)) return Number.NaN;
  if (!Number.isFinite(b)) return a === 0 || a < 0 === b < 0 ? a : b;
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

export function floorDivide(a: Value, b: Value): Value {
  const both = operands(a, b);
  if (!both) throw failed('//', a, b);
  // biome-ignore lint/suspicious/noDoubleEquals: 0 and 0n alike
  if (both.b == 0) throw divisionByZero();
  if (!both.float) return int(floorDivision(both.a, both.b));
  const rest = floatModulo(both.a, both.b);
  const whole = (both.a - rest) / both.b;
  if (whole === 0) return new Float(both.a / both.b < 0 || Object.is(both.a / both.b, -0) ? -0 : 0);
  const floor = Math.floor(whole);
  return new Float(whole - floor > 0.5 ? floor + 1 : floor);
}

export function remainder(a: Value, b: Value): Value {
  if (typeof a === 'string' || a instanceof Markup) return formatPercent(a, b);
  const both = operands(a, b);
  if (!both) throw failed('%', a, b);
  // biome-ignore lint/suspicious/noDoubleEquals: 0 and 0n alike
  if (both.b == 0) throw divisionByZero();
  return both.float ? new Float(floatModulo(both.a, both.b)) : int(modulo(both.a, both.b));
}

export function power(a: Value, b: Value): Value {
  const both = operands(a, b);
  if (!both) throw failed('** or pow()', a, b);
  if (!both.float && both.b >= 0n) {
    if (bitsOf(both.a) * Number(both.b) > MAX_BITS * 4) throw tooLarge();
    return int(both.a ** both.b);
  }
  const base = Number(both.a);
  const exponent = Number(both.b);
  if (base === 0 && exponent < 0) throw divisionByZero();
  if (base < 0 && !Number.isInteger(exponent)) throw new PyError('Limit', 'complex numbers are not known here');
  // Python follows C here, JavaScript says NaN.
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return new Float(1);
  const raised = base ** exponent;
  if (!Number.isFinite(raised) && Number.isFinite(base) && Number.isFinite(exponent)) {
    throw new PyError('OverflowError', 'result too large');
  }
  return new Float(raised);
}

export function negate(value: Value): Value {
  if (value instanceof Float) return new Float(-value.value);
  const number = numeric(value);
  if (number === undefined) {
    if (value instanceof Undefined) throw value.fail();
    throw typeError(`bad operand type for unary -: '${typeName(value)}'`);
  }
  return int(-BigInt(number));
}

export function positive(value: Value): Value {
  if (value instanceof Float) return value;
  const number = numeric(value);
  if (number === undefined) {
    if (value instanceof Undefined) throw value.fail();
    throw typeError(`bad operand type for unary +: '${typeName(value)}'`);
  }
  return number;
}
