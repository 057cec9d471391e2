/** `int(text, base)` and `float(text)` as Python reads them: any script's digits, underscores between digits. */
import { trim } from './text.ts';
import { digitValue, isDecimal } from './unicode.ts';
import { int, valueError } from './values.ts';

/** Digits of other scripts as ASCII ones. */
function plainDigits(text: string): string {
  if (!/[^\0-\u007f]/.test(text)) return text;
  return [...text].map((char) => (isDecimal(char) ? String(digitValue(char)) : char)).join('');
}

const PREFIXES: Record<string, number> = { '0b': 2, '0o': 8, '0x': 16 };

export function parseInteger(text: string, base: number): number | bigint {
  const bad = () => valueError('invalid literal for int()');
  if (base !== 0 && (base < 2 || base > 36)) throw valueError('int() base must be >= 2 and <= 36, or 0');
  let digits = plainDigits(trim(text)).toLowerCase();
  const negative = digits.startsWith('-');
  if (negative || digits.startsWith('+')) digits = digits.slice(1);
  const prefixed = PREFIXES[digits.slice(0, 2)];
  let radix = base;
  if (prefixed !== undefined && (base === 0 || base === prefixed)) {
    radix = prefixed;
    digits = digits.slice(2).replace(/^_(?=[0-9a-z])/, '');
  } else if (base === 0) {
    radix = 10;
    if (/^0[0_]*[1-9]/.test(digits)) throw bad();
  }
  if (!/^[0-9a-z]+(?:_[0-9a-z]+)*$/.test(digits)) throw bad();
  digits = digits.replaceAll('_', '');
  if (digits.length > 4300 && (radix & (radix - 1)) !== 0)
    throw valueError('Exceeds the limit for integer string conversion');
  let value = 0n;
  const wide = BigInt(radix);
  for (const char of digits) {
    const digit = Number.parseInt(char, 36);
    if (digit >= radix) throw bad();
    value = value * wide + BigInt(digit);
  }
  return int(negative ? -value : value);
}

const DECIMAL = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const WORD = /^([+-]?)(inf|infinity|nan)$/i;

export function parseDouble(text: string): number {
  const plain = plainDigits(trim(text));
  const word = WORD.exec(plain);
  if (word) {
    const size = word[2]!.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
    return word[1] === '-' ? -size : size;
  }
  if (!DECIMAL.test(plain)) throw valueError('could not convert string to float');
  return Number(plain.replaceAll('_', ''));
}
