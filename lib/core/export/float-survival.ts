/**
 * Which number literals come out of a trainer's loader as they went in. `datasets` writes `Json` columns with pandas'
 * ujson and reads them back: decimals go through two roundings of its own. Formulas after observed behaviour of
 * pandas 3.0.6, equal on 400,000 numbers; checked again with 3.1.1 (see float-survival.test.ts).
 */

/** 1, 0.1, … 1e-15 as doubles, each the literal (0.1 * 0.1 would not be 0.01). */
const POWERS = Array.from({ length: 16 }, (_, n) => Number(`1e-${n}`));

const LITERAL = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

/** How ujson reads a literal. */
export function ujsonRead(literal: string): number {
  const match = LITERAL.exec(literal);
  if (!match) return Number.NaN;
  const [, sign, whole, fraction = '', exponent] = match;
  const digits = fraction.slice(0, POWERS.length - 1);
  let value = 0;
  for (const digit of whole!) value = value * 10 + Number(digit);
  let part = 0;
  for (const digit of digits) part = part * 10 + Number(digit);
  value = value + part * POWERS[digits.length]!;
  if (sign) value = -value;
  return exponent === undefined ? value : value * 10 ** Number(exponent);
}

/** C's `%.10g`. */
function formatG10(x: number): string {
  const [mantissa, exponent] = x.toExponential(9).split('e');
  const trimmed = (digits: string) => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);
  const power = Number(exponent);
  if (power < -4 || power >= 10) {
    const sign = power < 0 ? '-' : '+';
    return `${trimmed(mantissa!)}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  return trimmed(x.toFixed(9 - power));
}

/** How ujson writes a double with its default of 10 decimals. */
export function ujsonWrite(x: number): string {
  const size = Math.abs(x);
  if (size > 1e16 - 1 || (size > 0 && size < 1e-15)) return formatG10(x);
  let whole = Math.trunc(size);
  const scaled = (size - whole) * 1e10;
  let fraction = Math.trunc(scaled);
  const rest = scaled - fraction;
  if (rest > 0.5 || (rest === 0.5 && (fraction === 0 || fraction % 2 === 1))) fraction++;
  if (fraction >= 1e10) {
    fraction = 0;
    whole++;
  }
  const decimals = String(fraction).padStart(10, '0').replace(/0+$/, '');
  return `${x < 0 ? '-' : ''}${whole}.${decimals === '' ? '0' : decimals}`;
}

/** @param literal a JSON number with a fraction or an exponent */
export function floatSurvives(literal: string): boolean {
  const means = Number(literal);
  if (!Number.isFinite(means) || Object.is(means, -0)) return false;
  const loaded = ujsonRead(literal);
  return Number.isFinite(loaded) && ujsonRead(ujsonWrite(loaded)) === means;
}

/** A number that JSON readers take for a float. */
export const isFloatLiteral = (literal: string): boolean => /[.eE]/.test(literal);

/** Beyond this a double can't tell neighbours apart, and many readers hold integers as doubles. */
export const isSafeInteger = (literal: string): boolean => Number.isSafeInteger(Number(literal));
