/**
 * How many different things a sample holds: the Vendi score of its texts, the exponential of the entropy of the
 * eigenvalues of their similarity matrix. n copies score 1, n texts without a common word score n.
 * @see Friedman and Dieng (2023), "The Vendi Score", TMLR; kernel: cosine of TF-IDF vectors
 */

/** More rows would cost cubically: 400 take about a quarter of a second. */
export const VENDI_SAMPLE = 400;

/** @param texts tokens of each text; texts without tokens count as one and the same */
export function vendiScore(texts: readonly (readonly string[])[]): number {
  const n = texts.length;
  if (n === 0) return 0;
  const kernel = cosines(texts);
  const shares = eigenvalues(kernel, n).map((value) => Math.max(0, value) / n);
  const entropy = shares.reduce((sum, share) => (share > 1e-12 ? sum - share * Math.log(share) : sum), 0);
  return Math.exp(entropy);
}

/** Row-major n x n, ones on the diagonal. */
function cosines(texts: readonly (readonly string[])[]): Float64Array {
  const n = texts.length;
  const holders = new Map<string, number>();
  for (const tokens of texts) for (const token of new Set(tokens)) holders.set(token, (holders.get(token) ?? 0) + 1);
  const vectors = texts.map((tokens) => {
    const counts = new Map<string, number>();
    for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
    // Smoothed, so that a token of every text still weighs something: copies stay alike.
    const weighted = [...counts].map(([token, count]): [string, number] => [
      token,
      count * (Math.log((1 + n) / (1 + holders.get(token)!)) + 1),
    ]);
    const norm = Math.hypot(...weighted.map(([, weight]) => weight)) || 1;
    return new Map(weighted.map(([token, weight]) => [token, weight / norm]));
  });
  const kernel = new Float64Array(n * n);
  for (const [i, a] of vectors.entries()) {
    kernel[i * n + i] = 1;
    for (let j = 0; j < i; j++) {
      const b = vectors[j]!;
      const [small, large] = a.size < b.size ? [a, b] : [b, a];
      let dot = a.size === 0 && b.size === 0 ? 1 : 0;
      for (const [token, weight] of small) dot += weight * (large.get(token) ?? 0);
      kernel[i * n + j] = dot;
      kernel[j * n + i] = dot;
    }
  }
  return kernel;
}

/**
 * Eigenvalues of a symmetric matrix: Householder to three diagonals, then implicit QL. No vectors, so no more is kept.
 * @param matrix row-major n x n; overwritten
 */
export function eigenvalues(matrix: Float64Array, n: number): number[] {
  const { diagonal, beside } = tridiagonal(matrix, n);
  for (let l = 0; l < n; l++) {
    for (let round = 0; round < 60; round++) {
      let m = l;
      while (m < n - 1) {
        const scale = Math.abs(diagonal[m]!) + Math.abs(diagonal[m + 1]!);
        if (Math.abs(beside[m]!) <= Number.EPSILON * scale) break;
        m++;
      }
      if (m === l) break;
      sweep(diagonal, beside, l, m);
    }
  }
  return [...diagonal];
}

function sweep(diagonal: Float64Array, beside: Float64Array, l: number, m: number): void {
  let g = (diagonal[l + 1]! - diagonal[l]!) / (2 * beside[l]!);
  const root = Math.hypot(g, 1);
  g = diagonal[m]! - diagonal[l]! + beside[l]! / (g + (g >= 0 ? root : -root));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = sine * beside[i]!;
    const b = cosine * beside[i]!;
    const r = Math.hypot(f, g);
    beside[i + 1] = r;
    if (r === 0) {
      diagonal[i + 1]! -= shift;
      beside[m] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = diagonal[i + 1]! - shift;
    const t = (diagonal[i]! - g) * sine + 2 * cosine * b;
    shift = sine * t;
    diagonal[i + 1] = g + shift;
    g = cosine * t - b;
  }
  diagonal[l]! -= shift;
  beside[l] = g;
  beside[m] = 0;
}

function tridiagonal(a: Float64Array, n: number): { diagonal: Float64Array; beside: Float64Array } {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(a[i * n + k]!);
    if (i === 1 || scale === 0) {
      beside[i - 1] = a[i * n + i - 1]!;
      diagonal[i] = a[i * n + i]!;
      continue;
    }
    let h = 0;
    for (let k = 0; k < i; k++) {
      a[i * n + k]! /= scale;
      h += a[i * n + k]! ** 2;
    }
    const f = a[i * n + i - 1]!;
    const g = f >= 0 ? -Math.sqrt(h) : Math.sqrt(h);
    beside[i - 1] = scale * g;
    h -= f * g;
    a[i * n + i - 1] = f - g;
    let sum = 0;
    const p = new Float64Array(i);
    for (let j = 0; j < i; j++) {
      let dot = 0;
      for (let k = 0; k <= j; k++) dot += a[j * n + k]! * a[i * n + k]!;
      for (let k = j + 1; k < i; k++) dot += a[k * n + j]! * a[i * n + k]!;
      p[j] = dot / h;
      sum += p[j]! * a[i * n + j]!;
    }
    const half = sum / (h + h);
    for (let j = 0; j < i; j++) p[j]! -= half * a[i * n + j]!;
    for (let j = 0; j < i; j++) {
      const [u, v] = [a[i * n + j]!, p[j]!];
      for (let k = 0; k <= j; k++) a[j * n + k]! -= u * p[k]! + v * a[i * n + k]!;
    }
    diagonal[i] = a[i * n + i]!;
  }
  diagonal[0] = a[0]!;
  return { diagonal, beside };
}
