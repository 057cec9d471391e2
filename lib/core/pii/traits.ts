/**
 * What a text is made of, read once: most rules and views can tell from it that they have nothing to look for. One pass
 * costs about as much as one pattern does.
 */
import { scanTriggers } from './triggers.ts';

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
  /** Triggers of the whole text, and of each of its blocks. */
  bits: number;
  blocks: Uint32Array;
  text: string;
  lower: string;
};

const BIT = new Int32Array(128);
for (const [i, char] of [...MARKS].entries()) if (char.charCodeAt(0) < 128) BIT[char.charCodeAt(0)] = 1 << i;
export const traitsOf = (text: string): Traits => new ReadTraits(text);

class ReadTraits implements Traits {
  readonly text: string;
  readonly bits: number;
  readonly blocks: Uint32Array;
  readonly digits: number;
  readonly cluster: number;
  readonly longest: number;
  readonly singles: number;
  readonly hasLines: boolean;
  readonly hasNonAscii: boolean;
  readonly marks: number;
  private known: string | undefined;

  constructor(text: string) {
    const scan = scanTriggers(text, BIT);
    this.text = text;
    this.bits = scan.bits;
    this.blocks = scan.blocks;
    this.digits = scan.digits;
    this.cluster = scan.cluster;
    this.longest = scan.longest;
    this.singles = scan.singles;
    this.hasLines = scan.hasLines;
    this.hasNonAscii = scan.hasNonAscii;
    this.marks = scan.marks;
  }

  get lower(): string {
    this.known ??= this.text.toLowerCase();
    return this.known;
  }
}

/** Traits of a stretch of a text: what was counted stays as it was for the whole, which is never too little. */
export function traitsWithin(whole: Traits, text: string): Traits {
  const { digits, longest, cluster, singles, hasLines, hasNonAscii, marks, bits, blocks } = whole;
  let known: string | undefined;
  return {
    digits,
    longest,
    cluster,
    singles,
    hasLines,
    hasNonAscii,
    marks,
    bits,
    blocks,
    text,
    get lower() {
      known ??= text.toLowerCase();
      return known;
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
