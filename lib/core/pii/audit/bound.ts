/**
 * Exact bounds on the share of units that are still leaky. All are one-sided and take alpha, the chance of being wrong
 * that is allowed. Shares are in [0, 1]. Formulas, designs and what may not be mixed: docs/privacy.md, "Audit".
 */
import { betaInv, lnChoose } from '../../stats/beta.ts';

export const ALPHA = 0.05;

function checkCounts(k: number, n: number): void {
  if (!(Number.isInteger(k) && Number.isInteger(n) && k >= 0 && n >= k)) {
    throw new RangeError(`${k} leaky units of ${n} contradict each other`);
  }
}

/**
 * Upper Clopper-Pearson bound of a share: the gate.
 * @param k units found leaky, 0 <= k <= n
 * @param n units read, drawn uniformly; 0 gives 1 (nothing is known)
 * @see Clopper and Pearson (1934), Biometrika 26(4), 404-413
 */
export function upperBound(k: number, n: number, alpha = ALPHA): number {
  checkCounts(k, n);
  return k === n ? 1 : betaInv(1 - alpha, k + 1, n - k);
}

/** Lower Clopper-Pearson bound of a share: for what was found of what was there. 0 of 0 gives 0. */
export function lowerBound(found: number, n: number, alpha = ALPHA): number {
  checkCounts(found, n);
  return found === 0 ? 0 : betaInv(alpha, found, n - found + 1);
}

/** Jeffreys' upper bound: closer on average, no promise of coverage. For dashboards and small strata, never a gate. */
export function jeffreysUpper(k: number, n: number, alpha = ALPHA): number {
  checkCounts(k, n);
  return n > 0 && k === n ? 1 : betaInv(1 - alpha, k + 0.5, n - k + 0.5);
}

export type StratumCount = { units: number; sampled: number; leaky: number };

/** Units of a uniform draw that an unequal one is worth: the thinnest stratum's rate over the whole. */
export function effectiveSize(strata: readonly Pick<StratumCount, 'units' | 'sampled'>[]): number {
  const all = strata.reduce((sum, stratum) => sum + stratum.units, 0);
  const thinnest = Math.min(...strata.map((stratum) => (stratum.sampled * all) / stratum.units));
  // A proportional draw gives whole numbers that doubles may miss by a hair.
  return Math.floor(thinnest * (1 + 1e-12));
}

/**
 * Upper bound from independent draws inside strata, proportional or not: all finds against the effective size.
 * A stratum that nobody sampled counts as leaky throughout.
 * @throws RangeError when leaky > sampled or sampled > units
 */
export function stratifiedUpper(
  strata: readonly StratumCount[],
  alpha = ALPHA,
  correct: (upper: number) => number = (upper) => upper,
): { upper: number; effective: number } {
  for (const { units, sampled, leaky } of strata) {
    checkCounts(leaky, sampled);
    checkCounts(sampled, units);
  }
  const filled = strata.filter((stratum) => stratum.units > 0);
  const read = filled.filter((stratum) => stratum.sampled > 0);
  const all = filled.reduce((sum, stratum) => sum + stratum.units, 0);
  const readShare = read.reduce((sum, stratum) => sum + stratum.units, 0) / all;
  if (read.length === 0) return { upper: 1, effective: 0 };
  const k = read.reduce((sum, stratum) => sum + stratum.leaky, 0);
  const effective = effectiveSize(read);
  // More finds than the effective size can hold: the draw says nothing better than "all".
  const share = k >= effective ? 1 : correct(upperBound(k, effective, alpha));
  return { upper: 1 - readShare + readShare * Math.min(1, share), effective };
}

/** Weighted sum of per-stratum bounds at alpha / H: valid, but wasteful where a proportional draw can be pooled. */
export function summedUpper(strata: readonly StratumCount[], alpha = ALPHA): number {
  const all = strata.reduce((sum, stratum) => sum + stratum.units, 0);
  return strata.reduce(
    (sum, { units, sampled, leaky }) => sum + (units / all) * upperBound(leaky, sampled, alpha / strata.length),
    0,
  );
}

/**
 * Chance that a reader who sees each leaky unit with the given sensitivity reports at most k of them, in a draw of n
 * without replacement from `units`, of which `leaky` are.
 */
export function chanceOfAtMost(k: number, units: number, leaky: number, n: number, sensitivity = 1): number {
  const least = Math.max(0, n + leaky - units);
  const most = Math.min(n, leaky);
  let term = Math.exp(lnDraw(least, units, leaky, n));
  let lnTerm = lnDraw(least, units, leaky, n);
  let total = 0;
  // seen: chance that at most k of j are reported; atK: that exactly k are. Both move on with j.
  let seen = 1;
  let atK = sensitivity ** k;
  for (let j = 0; j <= most; j++) {
    if (j > k) {
      seen -= sensitivity * atK;
      atK *= (j / (j - k)) * (1 - sensitivity);
    }
    if (j < least) continue;
    total += term * Math.max(0, seen);
    if (j > k && seen <= 1e-15) break;
    lnTerm += Math.log(((leaky - j) * (n - j)) / ((j + 1) * (units - leaky - n + j + 1)));
    term = Math.exp(lnTerm);
  }
  return Math.min(1, total);
}

const lnDraw = (j: number, units: number, leaky: number, n: number): number =>
  lnChoose(leaky, j) + lnChoose(units - leaky, n - j) - lnChoose(units, n);

/**
 * Upper bound for a simple draw without replacement: the largest number of leaky units that still leaves k or fewer
 * finds more than alpha of a chance. @returns a share of all units
 */
export function finiteUpper(k: number, n: number, units: number, alpha = ALPHA, sensitivity = 1): number {
  checkCounts(k, n);
  checkCounts(n, units);
  if (n === 0 || sensitivity <= 0) return 1;
  let possible = k;
  let tooMany = units + 1;
  while (tooMany - possible > 1) {
    const middle = (possible + tooMany) >> 1;
    if (chanceOfAtMost(k, units, middle, n, sensitivity) > alpha) possible = middle;
    else tooMany = middle;
  }
  return possible / units;
}

/** A simple draw of at least a tenth of the frame earns the finite bound. */
export const FINITE_FROM = 0.1;
