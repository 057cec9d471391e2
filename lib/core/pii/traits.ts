/**
 * What a text is made of, read once: most rules and views can tell from it that they have nothing to look for. One pass
 * costs about as much as one pattern does.
 */
const MARKS = '@=:/\\$%&<*`~+|#-_."\'°[({';

export type Traits = {
  digits: number;
  /** Characters of the longest stretch without a blank. */
  longest: number;
  /** Most digits in a row with at most three other characters between two of them. */
  cluster: number;
  /** Most single letters or digits in a row with one or two other characters between them. */
  singles: number;
  hasLines: boolean;
  hasNonAscii: boolean;
  /** Which of `MARKS` occur; ask with `hasAny`. */
  marks: number;
  text: string;
  lower: string;
};

const BIT = new Int32Array(128);
for (const [i, char] of [...MARKS].entries()) if (char.charCodeAt(0) < 128) BIT[char.charCodeAt(0)] = 1 << i;
/** 1 digit, 2 letter, 4 blank. */
const KIND = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  if (code >= 0x30 && code <= 0x39) KIND[code] = 1;
  else if ((code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)) KIND[code] = 2;
  else if (code <= 0x20) KIND[code] = 4;
}

export function traitsOf(text: string): Traits {
  let digits = 0;
  let marks = 0;
  let longest = 0;
  let lastBlank = -1;
  let hasLines = false;
  let hasNonAscii = false;
  let wordLength = 0;
  let lastSingle = -9;
  let singles = 0;
  let run = 0;
  let lastDigit = -9;
  let chain = 0;
  let cluster = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0x20;
    if (code >= 128) {
      hasNonAscii = true;
      wordLength++;
      continue;
    }
    const kind = KIND[code]!;
    if (kind === 1 || kind === 2) {
      if (kind === 1) {
        digits++;
        chain = i - lastDigit <= 4 ? chain + 1 : 1;
        lastDigit = i;
        if (chain > cluster) cluster = chain;
      }
      wordLength++;
      continue;
    }
    if (wordLength === 1) {
      run = i - 1 - lastSingle <= 3 ? run + 1 : 1;
      lastSingle = i - 1;
      if (run > singles) singles = run;
    }
    wordLength = 0;
    if (kind === 4) {
      if (i - lastBlank - 1 > longest) longest = i - lastBlank - 1;
      lastBlank = i;
      if (code === 0x0a) hasLines = true;
    } else marks |= BIT[code]!;
  }
  let lower: string | undefined;
  return {
    digits,
    cluster,
    longest,
    singles,
    hasLines,
    hasNonAscii,
    marks,
    text,
    get lower() {
      lower ??= text.toLowerCase();
      return lower;
    },
  };
}

/** Whether one of these characters (of `MARKS`) stands in the text. */
export const hasAny = (traits: Traits, mask: number): boolean => (traits.marks & mask) !== 0;

export function maskOf(chars: string): number {
  let mask = 0;
  for (const char of chars) {
    const bit = BIT[char.charCodeAt(0)] ?? 0;
    if (bit === 0) throw new RangeError('a character that no text is asked for');
    mask |= bit;
  }
  return mask;
}
