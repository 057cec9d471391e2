/** How far two texts are apart: edits over the longer one's length. */

/** Texts longer than this (code points) are compared by words: exact to a word, and a hundred times faster. */
const BY_WORDS_FROM = 4_000;

/**
 * Normalised Levenshtein distance.
 * @param most above this share the answer may be 1: counting stops once it is out of reach
 * @returns 0 for equal texts, 1 when nothing is kept
 */
export function editShare(a: string, b: string, most = 1): number {
  if (a === b) return 0;
  const long = Math.max(a.length, b.length) > BY_WORDS_FROM;
  const cut = (text: string): string[] => (long ? (text.match(/\s+|[^\s]+/gu) ?? []) : [...text]);
  const [x, y] = [cut(a), cut(b)];
  const longer = Math.max(x.length, y.length);
  const limit = Math.floor(most * longer);
  const distance = levenshtein(x, y, limit);
  return distance > limit ? 1 : distance / longer;
}

/** Edits between two sequences, or limit + 1 when there are more: only a band around the diagonal is filled. */
function levenshtein(x: readonly string[], y: readonly string[], limit: number): number {
  if (Math.abs(x.length - y.length) > limit) return limit + 1;
  let row = Int32Array.from({ length: y.length + 1 }, (_, j) => j);
  for (let i = 1; i <= x.length; i++) {
    const next = new Int32Array(y.length + 1).fill(limit + 1);
    if (i <= limit) next[0] = i;
    let least = next[0]!;
    const from = Math.max(1, i - limit);
    const to = Math.min(y.length, i + limit);
    for (let j = from; j <= to; j++) {
      const change = row[j - 1]! + (x[i - 1] === y[j - 1] ? 0 : 1);
      next[j] = Math.min(change, row[j]! + 1, next[j - 1]! + 1, limit + 1);
      if (next[j]! < least) least = next[j]!;
    }
    if (least > limit) return limit + 1;
    // Cells right of the band count as out of reach in the next row.
    if (to < y.length) next[to + 1] = limit + 1;
    row = next;
  }
  return row[y.length]!;
}
