/**
 * Texts as clustering needs them: their shingles, and one key a band. Most of the time goes here, and no row needs
 * another one, so threads can share it (lib/store/cluster-on-threads.ts).
 */
import { type Bands, bandKeys, signatureOf } from './minhash.ts';
import { shinglesOf } from './shingles.ts';

/** Rows one after the other, in three arrays that pass between threads without a copy. */
export type SignedRows = {
  shingles: Float64Array<ArrayBuffer>;
  /** Where each row's shingles end. */
  ends: Int32Array<ArrayBuffer>;
  /** `bands` keys a row; zeros for a row without shingles. */
  keys: Int32Array<ArrayBuffer>;
};

export function signRows(texts: readonly string[], bands: Bands): SignedRows {
  const sets = texts.map(shinglesOf);
  const shingles = new Float64Array(sets.reduce((sum, set) => sum + set.length, 0));
  const ends = new Int32Array(texts.length);
  const keys = new Int32Array(texts.length * bands.bands);
  let at = 0;
  for (const [row, set] of sets.entries()) {
    shingles.set(set, at);
    at += set.length;
    ends[row] = at;
    if (set.length > 0) keys.set(bandKeys(signatureOf(set), bands), row * bands.bands);
  }
  return { shingles, ends, keys };
}

/** One row of them; the arrays are views. */
export function signedRow(signed: SignedRows, row: number, { bands }: Bands) {
  const from = row === 0 ? 0 : signed.ends[row - 1]!;
  return {
    shingles: signed.shingles.subarray(from, signed.ends[row]!),
    keys: signed.keys.subarray(row * bands, (row + 1) * bands),
  };
}
