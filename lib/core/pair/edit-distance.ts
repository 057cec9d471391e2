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
  const codes = new Map<string, number>();
  const coded = (pieces: readonly string[]) =>
    Int32Array.from(pieces, (piece) => {
      const known = codes.get(piece) ?? codes.size;
      codes.set(piece, known);
      return known;
    });
  const [x, y] = [coded(cut(a)), coded(cut(b))];
  const longer = Math.max(x.length, y.length);
  const limit = Math.floor(most * longer);
  const distance = levenshtein(x, y, limit);
  return distance > limit ? 1 : distance / longer;
}

/** Edits between two sequences, or limit + 1 when there are more: only a band around the diagonal is filled. */
function levenshtein(x: Int32Array, y: Int32Array, limit: number): number {
  let start = 0;
  while (start < x.length && start < y.length && x[start] === y[start]) start++;
  let [xEnd, yEnd] = [x.length, y.length];
  while (xEnd > start && yEnd > start && x[xEnd - 1] === y[yEnd - 1]) {
    xEnd--;
    yEnd--;
  }
  const [rows, columns] = [xEnd - start, yEnd - start];
  const far = limit + 1;
  if (Math.abs(rows - columns) > limit) return far;
  let row = new Int32Array(columns + 1);
  let next = new Int32Array(columns + 1);
  for (let j = 0; j <= columns; j++) row[j] = Math.min(j, far);
  for (let i = 1; i <= rows; i++) {
    const from = Math.max(1, i - limit);
    const to = Math.min(columns, i + limit);
    const piece = x[start + i - 1];
    let left = from === 1 && i <= limit ? i : far;
    let least = left;
    next[from - 1] = left;
    for (let j = from; j <= to; j++) {
      const change = row[j - 1]! + (piece === y[start + j - 1] ? 0 : 1);
      const up = row[j]! + 1;
      left = left + 1 < change ? left + 1 : change;
      if (up < left) left = up;
      if (left > far) left = far;
      next[j] = left;
      if (left < least) least = left;
    }
    if (least > limit) return far;
    // Cells right of the band count as out of reach in the next row.
    if (to < columns) next[to + 1] = far;
    [row, next] = [next, row];
  }
  return row[columns]!;
}
