/**
 * From a text to the set that near-duplicates are judged by: normalised tokens, five in a row. The steps and their
 * order are a contract (docs/exports.md, "Near-duplicates"): another tool must come to the same clusters.
 */

const PLACEHOLDER = /\[([A-Z][A-Z0-9_]*)_[0-9]+\]/g;
const DIGITS = /\p{Nd}+/gu;
/** Scripts written without blanks: each code point is a token. Everything else: runs of letters, marks, numbers, _. */
const TOKEN =
  /[\u2E80-\u9FFF\uF900-\uFAFF\u{20000}-\u{3FFFF}\u0E00-\u0EFF]|[[\p{L}\p{M}\p{N}_]--[\u2E80-\u9FFF\uF900-\uFAFF\u{20000}-\u{3FFFF}\u0E00-\u0EFF]]+/gv;

/** Placeholders by type alone, NFKC, lower case, every number alike. */
export const normalise = (text: string): string =>
  text.replace(PLACEHOLDER, ' ph_$1 ').normalize('NFKC').toLowerCase().replace(DIGITS, '0');

/** Normalised tokens of a text, in order. */
export const tokensOf = (text: string): string[] => normalise(text).match(TOKEN) ?? [];

export const SHINGLE_TOKENS = 5;

/** What a UTF-16 unit is to the scanner: between tokens, part of one, a token of its own, a digit, half of a pair. */
const GAP = 0;
const WORD = 1;
const ALONE = 2;
const DIGIT = 3;
const HALF = 4;

/** Class of every UTF-16 unit, from the same patterns as `tokensOf`; 64 kB, made once when first asked for. */
let classes: Uint8Array | undefined;
function classOfUnits(): Uint8Array {
  if (classes) return classes;
  classes = new Uint8Array(0x10000);
  for (let unit = 0; unit < 0x10000; unit++) {
    if (unit >= 0xd800 && unit <= 0xdfff) classes[unit] = HALF;
    else classes[unit] = classOf(String.fromCharCode(unit));
  }
  return classes;
}

const IS_DIGIT = /^\p{Nd}$/u;
const IS_ALONE = /^[\u2E80-\u9FFF\uF900-\uFAFF\u{20000}-\u{3FFFF}\u0E00-\u0EFF]$/u;
const IS_WORD = /^[\p{L}\p{M}\p{N}_]$/u;
function classOf(char: string): number {
  if (IS_DIGIT.test(char)) return DIGIT;
  if (IS_ALONE.test(char)) return ALONE;
  return IS_WORD.test(char) ? WORD : GAP;
}

const ZERO = 0x30;
/** Two hashes of one token each, in order; grown as texts need it, so that a million rows allocate nothing here. */
let high = new Int32Array(1_024);
let low = new Int32Array(1_024);

/** What `tokensOf` would list, as hashes in `high` and `low`. @returns how many tokens there are */
function hashTokens(text: string): number {
  const kinds = classOfUnits();
  const isAscii = !/[^\x00-\x7f]/.test(text);
  const bare = text.includes('[') ? text.replace(PLACEHOLDER, ' ph_$1 ') : text;
  const folded = isAscii ? bare.toLowerCase() : bare.normalize('NFKC').toLowerCase();
  if (high.length < folded.length) {
    high = new Int32Array(folded.length * 2);
    low = new Int32Array(folded.length * 2);
  }
  let count = 0;
  let h = 0x811c9dc5 | 0;
  let l = 0;
  let length = 0;
  let wasDigit = false;
  const put = (unit: number): void => {
    h = Math.imul(h ^ unit, 0x01000193);
    l = Math.imul(l + unit, 0x5bd1e995);
    l ^= l >>> 13;
    length++;
  };
  const end = (): void => {
    if (length === 0) return;
    high[count] = h;
    low[count++] = l;
    h = 0x811c9dc5 | 0;
    l = 0;
    length = 0;
  };
  for (let i = 0; i < folded.length; i++) {
    const unit = folded.charCodeAt(i);
    let kind = kinds[unit]!;
    let second = 0;
    if (kind === HALF) {
      const char = String.fromCodePoint(folded.codePointAt(i)!);
      kind = classOf(char);
      if (char.length === 2) second = folded.charCodeAt(++i);
    }
    if (kind === DIGIT) {
      // A digit of a script written without blanks became an ASCII zero before tokens were cut.
      if (!wasDigit) put(ZERO);
    } else if (kind === WORD) {
      put(unit);
      if (second) put(second);
    } else {
      end();
      if (kind === ALONE) {
        put(unit);
        if (second) put(second);
        end();
      }
    }
    wasDigit = kind === DIGIT;
  }
  end();
  return count;
}

/**
 * The set of shingles of a text, each as a 53-bit hash, ascending. At 10 million different shingles the chance that any
 * two share a hash is about 1 in 200.
 * @returns one shingle of all tokens for a text of 1 to 4 tokens, none for a text without tokens
 */
export function shinglesOf(text: string): Float64Array {
  const tokens = hashTokens(text);
  if (tokens === 0) return new Float64Array(0);
  const width = Math.min(SHINGLE_TOKENS, tokens);
  const hashes = new Float64Array(tokens - width + 1);
  for (let i = 0; i < hashes.length; i++) {
    // The width goes in first, so that a short text is not taken for a part of a long one.
    let h = Math.imul(width, 0x9e3779b1);
    let l = width;
    for (let j = i; j < i + width; j++) {
      h = Math.imul((h << 13) | (h >>> 19), 5) + high[j]!;
      h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
      l = Math.imul((l << 15) | (l >>> 17), 9) ^ low[j]!;
      l = Math.imul(l ^ (l >>> 15), 0xc2b2ae35);
    }
    h ^= h >>> 13;
    hashes[i] = (h >>> 0) * 0x200000 + (l >>> 11);
  }
  hashes.sort();
  let kept = 0;
  for (let i = 0; i < hashes.length; i++) {
    if (i === 0 || hashes[i] !== hashes[i - 1]) hashes[kept++] = hashes[i]!;
  }
  return kept === hashes.length ? hashes : hashes.slice(0, kept);
}

/**
 * Exact Jaccard similarity of two ascending sets. Two empty sets have nothing in common: 0.
 * @param least below this the answer may be 0: counting stops once it is out of reach
 */
export function jaccard(a: Float64Array, b: Float64Array, least = 0): number {
  const needed = (least / (1 + least)) * (a.length + b.length) - 1e-9;
  let common = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (common + Math.min(a.length - i, b.length - j) < needed) return 0;
    const [x, y] = [a[i]!, b[j]!];
    if (x === y) {
      common++;
      i++;
      j++;
    } else if (x < y) i++;
    else j++;
  }
  return common === 0 ? 0 : common / (a.length + b.length - common);
}
