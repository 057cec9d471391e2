/**
 * Draws in which each unit has its own known chance to be read (`risk`): good for hunting, since leaks are looked for
 * where they are likely, and wide as a bound.
 */
import { ALPHA, upperBound } from './bound.ts';

export type Weighted = { leaky: boolean; pi: number };
export type Band = { units: number; sampled: number; leaky: number };

/**
 * Horvitz-Thompson estimate of the number of leaky units, unbiased whatever the chances were.
 * @see Horvitz and Thompson (1952), JASA 47, 663-685; the variance is that of Poisson draws
 */
export function estimateLeaky(sample: readonly Weighted[]): { leaky: number; standardError: number } {
  let leaky = 0;
  let variance = 0;
  for (const unit of sample) {
    if (!(unit.pi > 0 && unit.pi <= 1)) throw new RangeError('a chance to be drawn lies in (0, 1]');
    if (!unit.leaky) continue;
    leaky += 1 / unit.pi;
    variance += (1 - unit.pi) / (unit.pi * unit.pi);
  }
  return { leaky, standardError: Math.sqrt(variance) };
}

/**
 * Upper bound on the number of leaky units from bands of equal chance: each band's own bound at alpha / B, summed.
 * The normal bound on the estimate is not offered: it covers the truth 40 to 85 % of the time.
 */
export const bandsUpper = (bands: readonly Band[], alpha = ALPHA): number =>
  bands.reduce((sum, { units, sampled, leaky }) => sum + units * upperBound(leaky, sampled, alpha / bands.length), 0);

/**
 * Upper bound on the number of leaky units when band sizes are unknown, from the estimate and the smallest chance.
 *
 * A leaky unit adds X = 1/pi with chance pi. E exp(-tX) = 1 - pi (1 - exp(-t/pi)) is largest at the smallest pi, so L
 * leaky units give an estimate of at most `weight` with a chance of at most exp(-L KL(weight pi / L, pi)), pi the
 * smallest (Chernoff). The bound is the largest L for which that still exceeds alpha.
 * @param weight Horvitz-Thompson estimate
 * @param smallest smallest chance of any unit of the frame
 */
export function weightedUpper(weight: number, smallest: number, units: number, alpha = ALPHA): number {
  const seen = weight * smallest;
  const allowed = Math.log(1 / alpha);
  let possible = weight;
  let tooMany = units;
  if (weight >= units || units * divergence(seen / units, smallest) <= allowed) return units;
  for (let i = 0; i < 100 && tooMany - possible > 1e-9 * tooMany; i++) {
    const middle = (possible + tooMany) / 2;
    if (middle * divergence(seen / middle, smallest) <= allowed) possible = middle;
    else tooMany = middle;
  }
  return tooMany;
}

/** Kullback-Leibler divergence of two coins. */
function divergence(p: number, q: number): number {
  const part = (x: number, y: number) => (x === 0 ? 0 : x * Math.log(x / y));
  return q === 1 ? (p === 1 ? 0 : Number.POSITIVE_INFINITY) : part(p, q) + part(1 - p, 1 - q);
}
