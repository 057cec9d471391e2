/** What stands instead of a value: `[TYPE_n]` in texts and keys, `9000…0n` in numbers. */
import { type PiiType, PLACEHOLDER } from './taxonomy.ts';

export const placeholderOf = (type: PiiType, n: number): string => `[${type}_${n}]`;

/** A bracket token that the text holds already; UTF-16 offsets, half open. */
export type FoundPlaceholder = { start: number; end: number; type: PiiType; n: number; text: string };

export function findPlaceholders(text: string): FoundPlaceholder[] {
  if (!text.includes('_')) return [];
  const found: FoundPlaceholder[] = [];
  for (const match of text.matchAll(PLACEHOLDER)) {
    const start = match.index;
    found.push({ start, end: start + match[0].length, type: match[1] as PiiType, n: Number(match[2]), text: match[0] });
  }
  return found;
}

export const isPlaceholder = (text: string): boolean => {
  const found = findPlaceholders(text);
  return found.length === 1 && found[0]!.start === 0 && found[0]!.end === text.length;
};

/**
 * The number that stands for entity n: a nine, zeros, then n, with sign, point and exponent where the literal had
 * them, so type and count of digits stay. Has the literal no room for n, the number's last digits stand.
 */
export function maskNumber(literal: string, n: number): string {
  const mantissa = literal.split(/[eE]/)[0]!;
  const digits = mantissa.replaceAll(/\D/g, '').length;
  const masked =
    digits === 1
      ? '9'
      : `9${String(n)
          .padStart(digits - 1, '0')
          .slice(-(digits - 1))}`;
  let i = 0;
  return mantissa.replaceAll(/\d/g, () => masked[i++]!) + literal.slice(mantissa.length);
}

/** The n of a number that `maskNumber` made; undefined for any other. Short numbers say nothing. */
export function maskedNumber(literal: string): number | undefined {
  const digits = literal.split(/[eE]/)[0]!.replaceAll(/\D/g, '');
  if (digits.length < 5) return undefined;
  const match = /^90+([1-9]\d*)$/.exec(digits);
  return match === null ? undefined : Number(match[1]);
}
