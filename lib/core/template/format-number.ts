/** What `%` formatting and format specs share: digits of ints and floats, and how sign, grouping and padding go. */
import { exponentDigits, fixedDigits, generalDigits } from './float-digits.ts';
import { floatText } from './text.ts';
import { countPoints } from './values.ts';

export type FloatKind = 'e' | 'f' | 'g';

/** Unsigned digits of a float, lower case. `keepPoint`: the `#` flag. */
export function floatDigits(x: number, kind: FloatKind, precision: number, keepPoint: boolean): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return 'inf';
  let digits: string;
  if (kind === 'f') digits = fixedDigits(x, precision);
  else if (kind === 'e') digits = exponentDigits(x, precision);
  else digits = generalDigits(x, precision, keepPoint);
  return keepPoint && !digits.includes('.') ? digits.replace(/(?=e|$)/, '.') : digits;
}

/** The digits that `repr` shows, for a spec without a kind. */
export const reprDigits = (x: number): string => floatText(Math.abs(x));

export const isNegative = (x: number): boolean => x < 0 || Object.is(x, -0);

export function group(digits: string, separator: string, size = 3): string {
  const [, whole, rest] = /^([0-9a-fA-F]*)(.*)$/s.exec(digits)!;
  const parts: string[] = [];
  for (let end = whole!.length; end > 0; end -= size) parts.unshift(whole!.slice(Math.max(0, end - size), end));
  return parts.join(separator) + rest;
}

export type Align = '<' | '>' | '^' | '=';

/** @param lead sign and prefix: with `=` the fill goes behind it */
export function pad(lead: string, text: string, width: number, fill: string, align: Align): string {
  const missing = width - countPoints(lead) - countPoints(text);
  if (missing <= 0) return lead + text;
  if (align === '=') return lead + fill.repeat(missing) + text;
  if (align === '<') return lead + text + fill.repeat(missing);
  if (align === '>') return fill.repeat(missing) + lead + text;
  const left = Math.floor(missing / 2);
  return fill.repeat(left) + lead + text + fill.repeat(missing - left);
}
