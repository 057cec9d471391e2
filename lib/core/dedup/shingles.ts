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

/**
 * The set of shingles, each as a 53-bit hash, ascending. At 10 million different shingles the chance that any two
 * share a hash is about 1 in 200.
 * @returns one shingle of all tokens for a text of 1 to 4 tokens, none for a text without tokens
 */
export function shinglesOf(tokens: readonly string[]): Float64Array {
  if (tokens.length === 0) return new Float64Array(0);
  const width = Math.min(SHINGLE_TOKENS, tokens.length);
  const high = new Int32Array(tokens.length);
  const low = new Int32Array(tokens.length);
  for (const [i, token] of tokens.entries()) {
    let h = 0x811c9dc5;
    let l = token.length;
    for (let j = 0; j < token.length; j++) {
      const unit = token.charCodeAt(j);
      h = Math.imul(h ^ unit, 0x01000193);
      l = Math.imul(l + unit, 0x5bd1e995);
      l ^= l >>> 13;
    }
    high[i] = h;
    low[i] = l;
  }
  const hashes = new Float64Array(tokens.length - width + 1);
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
