/** Two-sided 95 % of the normal distribution. */
export const Z95 = 1.959963984540054;

export type Share = { value: number; n: number; low: number; high: number };

/**
 * A share with its Wilson score interval.
 * @param hits 0 <= hits <= n
 * @returns value, low and high in [0, 1]; with n = 0 nothing is known: value NaN, interval [0, 1]
 * @throws RangeError when the counts contradict each other
 * @see Wilson (1927), JASA 22(158), 209-212
 */
export function wilson(hits: number, n: number, z = Z95): Share {
  if (!(hits >= 0 && hits <= n)) throw new RangeError(`${hits} of ${n} is no share`);
  if (n === 0) return { value: Number.NaN, n, low: 0, high: 1 };
  const p = hits / n;
  const z2 = z * z;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return { value: p, n, low: hits === 0 ? 0 : middle - half, high: hits === n ? 1 : middle + half };
}
