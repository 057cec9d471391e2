/** How many units to read, decided before anything is drawn. */
import { ALPHA, finiteUpper, upperBound } from './bound.ts';
import { chanceToPass, checkLooks, type Look } from './sequential.ts';

/** The gate's share of leaky units. */
export const GATE_SHARE = 0.005;
/** Fewest units read in a stratum that has as many. */
export const STRATUM_FLOOR = 30;

type Aim = {
  /** Share to stay under, 0 to 1. */
  share: number;
  /** Leaks that are still accepted. */
  accept: number;
  alpha?: number;
  /** Lower bound of what readers find; 1 for readers who miss nothing. */
  sensitivityLower?: number;
};

/** Units to read so that `accept` leaks still give a bound of at most `share`. */
export function unitsNeeded({ share, accept, alpha = ALPHA, sensitivityLower = 1 }: Aim): number {
  const enough = (n: number) => upperBound(accept, n, alpha) <= share * sensitivityLower;
  return firstThat(enough, accept + 1);
}

/**
 * The same for a simple draw from a small frame.
 * @returns null when not even reading every unit would do
 */
export function unitsNeededOf(
  units: number,
  { share, accept, alpha = ALPHA, sensitivityLower = 1 }: Aim,
): number | null {
  const enough = (n: number) => finiteUpper(accept, n, units, alpha, sensitivityLower) <= share;
  if (accept > units || !enough(units)) return null;
  let tooFew = accept;
  let n = units;
  while (n - tooFew > 1) {
    const middle = (n + tooFew) >> 1;
    if (enough(middle)) n = middle;
    else tooFew = middle;
  }
  return n;
}

/**
 * Three looks at 0.5 % for readers who miss nothing: a frame of exactly 0.5 % passes 4.99 times in 100, one of 0.1 %
 * 84.5 times (598 clean units in one look: 55 times).
 */
export const THREE_LOOKS: readonly Look[] = [
  { n: 700, accept: 0 },
  { n: 1_126, accept: 1 },
  { n: 1_499, accept: 2 },
];
/** Share of alpha that may be spent up to each look; near what the plan above spends. */
const SPENT = [0.6, 0.85, 1];

/** Looks that accept 0, 1 and 2 leaks and pass a frame of exactly `share` at most alpha of the time. */
export function planThreeLooks({ share, alpha = ALPHA, sensitivityLower = 1 }: Omit<Aim, 'accept'>): Look[] {
  const found = share * sensitivityLower;
  const looks: Look[] = [];
  for (const [accept, spent] of SPENT.entries()) {
    const before = looks.at(-1)?.n ?? 0;
    const enough = (n: number) => chanceToPass([...looks, { n, accept }], found) <= alpha * spent;
    looks.push({ n: firstThat(enough, before + 1), accept });
  }
  checkLooks(looks);
  return looks;
}

/** Smallest whole number from `from` on for which a condition that stays true once it is true holds. */
function firstThat(holds: (n: number) => boolean, from: number): number {
  let low = from - 1;
  let high = Math.max(from, 1);
  while (!holds(high)) {
    low = high;
    high *= 2;
    if (high > 1e9) throw new RangeError('no sample is large enough');
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

export type Allocation = { stratum: string; units: number; random: number; floor: number };

/**
 * Shares n out over strata in proportion to their size (largest remainder; equal ones by name), then tops small strata
 * up to the floor. @throws RangeError when n is larger than the frame
 */
export function allocate(strata: Readonly<Record<string, number>>, n: number, floor = STRATUM_FLOOR): Allocation[] {
  const names = Object.keys(strata).sort();
  const all = names.reduce((sum, name) => sum + strata[name]!, 0);
  if (n > all) throw new RangeError(`${n} units can't be drawn from ${all}`);
  // Whole numbers throughout (n times units stays exact below 2^53), so that equal remainders are equal.
  const parts = names.map((stratum) => {
    const units = strata[stratum]!;
    return { stratum, units, random: Math.floor((n * units) / all), rest: (n * units) % all };
  });
  let left = n - parts.reduce((sum, part) => sum + part.random, 0);
  for (const part of parts.toSorted((a, b) => b.rest - a.rest)) {
    if (left === 0) break;
    part.random++;
    left--;
  }
  return parts.map(({ stratum, units, random }) => ({
    stratum,
    units,
    random,
    floor: Math.max(0, Math.min(floor, units) - random),
  }));
}

/**
 * Neyman's allocation for hunting: more where leaks are likely and vary, never under the floor.
 * @param guessed expected share of leaky units by stratum
 * @see Neyman (1934), JRSS 97(4), 558-625
 */
export function allocateNeyman(
  strata: Readonly<Record<string, number>>,
  guessed: Readonly<Record<string, number>>,
  n: number,
  floor = STRATUM_FLOOR,
): Record<string, number> {
  const pull = (name: string) => strata[name]! * Math.sqrt((guessed[name] ?? 0) * (1 - (guessed[name] ?? 0)));
  const names = Object.keys(strata).sort();
  const total = names.reduce((sum, name) => sum + pull(name), 0);
  return Object.fromEntries(
    names.map((name) => {
      const wanted = total > 0 ? Math.round((n * pull(name)) / total) : 0;
      return [name, Math.min(strata[name]!, Math.max(floor, wanted))];
    }),
  );
}

/** No unit's chance falls under this part of the uniform one, so no weight is more than five times the uniform weight. */
export const LEAST_PART = 0.2;

/**
 * Chances for a `risk` draw of about n units: as the root of the guessed risk, floored, at most 1.
 * @param risks guessed chance that each unit is leaky, any scale
 * @returns chances in the order of `risks`; their sum is n
 */
export function riskChances(risks: readonly number[], n: number): number[] {
  const uniform = n / risks.length;
  if (!(uniform > 0 && uniform <= 1)) throw new RangeError('draw at least one unit and no more than there are');
  const roots = risks.map((risk) => Math.sqrt(Math.max(0, risk)));
  const least = LEAST_PART * uniform;
  const chances = (scale: number) => roots.map((root) => Math.min(1, Math.max(least, root * scale)));
  const sum = (scale: number) => chances(scale).reduce((total, pi) => total + pi, 0);
  const felt = roots.filter((root) => root > 0);
  const steepest = Math.max(-Math.log(Math.min(1, ...felt)), 0);
  if (sum(Math.exp(steepest)) < n) {
    // Every unit with some guessed risk is read for sure; the others share what is left.
    return roots.map((root) => (root > 0 ? 1 : (n - felt.length) / (roots.length - felt.length)));
  }
  // Scales span many magnitudes, so their logarithm is halved.
  let low = Math.log(least);
  let high = steepest;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (sum(Math.exp(middle)) < n) low = middle;
    else high = middle;
  }
  return chances(Math.exp(high));
}
