/**
 * Proof that the bounds hold: releases are made up with a known truth, drawn from, read by readers who miss things, and
 * judged by the same functions that judge real ones. Known bad rules run beside them and must fail.
 */
import { seededRandom } from '../../stats/random.ts';
import type { Audit, AuditedItem } from './audited.ts';
import { upperBound } from './bound.ts';
import { alphaOfAttempt, splitAlpha } from './canary.ts';
import { inWholes, missedByBoth } from './chapman.ts';
import { allocate, planThreeLooks } from './plan.ts';
import { residual } from './residual.ts';
import { estimateLeaky } from './weighted.ts';

export type Spread = 'even' | 'one stratum' | 'clustered';
export type Cell = {
  units: number;
  /** Share of leaky units, 0 to 1. */
  rate: number;
  spread: Spread;
  /** Chance that a reader sees a leak. */
  sensitivity: number;
  canaries: number;
};

/** Rules that must cover the truth, and rules that must be caught not covering it. */
export const GOOD_RULES = ['stratified', 'three looks', 'risk bands', 'weighted', 'double', 'after a fix'] as const;
export const BAD_RULES = ['normal bound', 'observed sensitivity', 'finds dropped after a fix'] as const;
export type Rule = (typeof GOOD_RULES)[number] | (typeof BAD_RULES)[number];

type Chance = () => number;
type Release = { leaky: boolean[]; stratumOf: number[]; sizes: number[]; truth: number };

const STRATA = [0.7, 0.25, 0.05];
const TRAJECTORY_UNITS = 5;

/** @returns how often each rule's bound lay below the truth, in `releases` made-up releases */
export function simulateCell(cell: Cell, releases: number, seed: number, rules: readonly Rule[]): Record<Rule, number> {
  const chance = seededRandom(seed);
  const misses = Object.fromEntries(rules.map((rule) => [rule, 0])) as Record<Rule, number>;
  for (let i = 0; i < releases; i++) {
    const release = makeRelease(cell, chance);
    for (const rule of rules) if (RULES[rule](release, cell, chance)) misses[rule]++;
  }
  return misses;
}

function makeRelease({ units, rate, spread }: Cell, chance: Chance): Release {
  const sizes = STRATA.map((share) => Math.round(share * units));
  sizes[0]! += units - sizes.reduce((sum, size) => sum + size, 0);
  const stratumOf = sizes.flatMap((size, stratum) => new Array<number>(size).fill(stratum));
  const wanted = Math.round(rate * units);
  const leaky = new Array<boolean>(units).fill(false);
  // One stratum: the middle one holds as many as fit.
  const room = spread === 'one stratum' ? { from: sizes[0]!, size: sizes[1]! } : { from: 0, size: units };
  const target = Math.min(wanted, room.size);
  for (let count = 0; count < target; ) {
    const at = room.from + Math.floor(chance() * room.size);
    const length = spread === 'clustered' ? TRAJECTORY_UNITS : 1;
    for (let j = at; j < Math.min(at + length, units) && count < target; j++) {
      if (leaky[j]) continue;
      leaky[j] = true;
      count++;
    }
  }
  return { leaky, stratumOf, sizes, truth: target / units };
}

/** The first n of the numbers from..from+size in random order. */
function drawSome(from: number, size: number, n: number, chance: Chance): number[] {
  const order = Array.from({ length: size }, (_, i) => from + i);
  for (let i = 0; i < n; i++) {
    const j = i + Math.floor(chance() * (size - i));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order.slice(0, n);
}

function readUnit(release: Release, unit: number, sensitivity: number, chance: Chance): AuditedItem {
  const seen = release.leaky[unit] && chance() < sensitivity;
  return { unit: String(unit), stratum: String(release.stratumOf[unit]), leaks: seen ? { PERSON: 1 } : {} };
}

function findCanaries({ canaries, sensitivity }: Cell, chance: Chance): { planted: number; found: number } {
  let found = 0;
  for (let i = 0; i < canaries; i++) if (chance() < sensitivity) found++;
  return { planted: canaries, found };
}

const strataOf = ({ sizes }: Release) => Object.fromEntries(sizes.map((size, i) => [String(i), size]));

function upperOf(audit: Audit): number {
  const { bounds, refused } = residual(audit);
  if (refused) throw new Error(`the simulation drew what must not be mixed: ${refused.join('; ')}`);
  return bounds.find((bound) => bound.class === 'direct' && bound.stratum === null)!.upper;
}

const sampleSize = (units: number): number => Math.min(600, Math.floor(units / 2));

function stratifiedSample(release: Release, cell: Cell, chance: Chance): AuditedItem[] {
  let from = 0;
  return allocate(strataOf(release), sampleSize(cell.units)).flatMap(({ units, random, floor }) => {
    const drawn = drawSome(from, units, random + floor, chance);
    from += units;
    return drawn.map((unit) => readUnit(release, unit, cell.sensitivity, chance));
  });
}

/** Chances by a guess that is right about the kind of stratum at best: rarer strata are suspected more. */
const BAND_RATES = [0.02, 0.05, 0.3];

function riskSample(release: Release, cell: Cell, chance: Chance): AuditedItem[] {
  return release.leaky.flatMap((_, unit) => {
    const pi = BAND_RATES[release.stratumOf[unit]!]!;
    return chance() < pi ? [{ ...readUnit(release, unit, cell.sensitivity, chance), pi }] : [];
  });
}

const countLeaky = (sample: readonly AuditedItem[]): number =>
  sample.filter((item) => 'PERSON' in (item.leaks ?? {})).length;

const RULES: Record<Rule, (release: Release, cell: Cell, chance: Chance) => boolean> = {
  stratified(release, cell, chance) {
    const sample = stratifiedSample(release, cell, chance);
    const canaries = findCanaries(cell, chance);
    const audit: Audit = { units: cell.units, design: 'stratified', strata: strataOf(release), canaries, sample };
    return upperOf(audit) < release.truth;
  },
  'three looks'(release, cell, chance) {
    const canaries = findCanaries(cell, chance);
    const looks = LOOKS.filter(({ n }) => n <= cell.units);
    if (looks.length === 0) return false;
    const drawn = drawSome(0, cell.units, looks.at(-1)!.n, chance);
    const readings = drawn.map((unit) => readUnit(release, unit, cell.sensitivity, chance));
    const stop = looks.find(({ n, accept }) => countLeaky(readings.slice(0, n)) <= accept) ?? looks.at(-1)!;
    const sample = readings.slice(0, stop.n);
    const planned = looks.map(({ n, accept }): [number, number] => [n, accept]);
    return upperOf({ units: cell.units, design: 'simple', canaries, looks: planned, sample }) < release.truth;
  },
  'risk bands'(release, cell, chance) {
    const sample = riskSample(release, cell, chance);
    if (sample.length === 0) return false;
    const canaries = findCanaries(cell, chance);
    const audit: Audit = { units: cell.units, design: 'poisson', strata: strataOf(release), canaries, sample };
    return upperOf(audit) < release.truth;
  },
  weighted(release, cell, chance) {
    // Every unit its own chance: spread around the band's, known for those drawn alone.
    const sample = release.leaky.flatMap((_, unit) => {
      const pi = BAND_RATES[release.stratumOf[unit]!]! * (1 + ((unit * 7) % 10) / 10);
      return chance() < pi ? [{ ...readUnit(release, unit, cell.sensitivity, chance), pi }] : [];
    });
    if (sample.length === 0) return false;
    const canaries = findCanaries(cell, chance);
    return upperOf({ units: cell.units, design: 'poisson', canaries, sample }) < release.truth;
  },
  double(release, cell, chance) {
    const drawn = drawSome(0, cell.units, sampleSize(cell.units), chance);
    const sample = drawn.flatMap((unit) =>
      ([1, 2] as const).map((pass) => ({ ...readUnit(release, unit, cell.sensitivity, chance), pass })),
    );
    return upperOf({ units: cell.units, design: 'double', sample }) < release.truth;
  },
  'after a fix'(release, cell, chance) {
    const sample = stratifiedSample(release, cell, chance);
    const canaries = findCanaries(cell, chance);
    const audit: Audit = { units: cell.units, design: 'stratified', strata: strataOf(release), canaries, sample };
    return upperOf(audit) < release.truth - countLeaky(sample) / cell.units;
  },
  'normal bound'(release, cell, chance) {
    const sample = riskSample(release, cell, chance);
    const weighted = sample.map((item) => ({ leaky: countLeaky([item]) > 0, pi: item.pi! }));
    const { leaky, standardError } = estimateLeaky(weighted);
    return (leaky + 1.645 * standardError) / cell.units < release.truth;
  },
  'observed sensitivity'(release, cell, chance) {
    // Many units of an endless frame: the count is then surer than the readers, which is where their error shows.
    const n = 3_000;
    let k = 0;
    for (let i = 0; i < n; i++) if (chance() < release.truth * cell.sensitivity) k++;
    const { planted, found } = findCanaries(cell, chance);
    return found > 0 && upperBound(k, n) / (found / planted) < release.truth;
  },
  'finds dropped after a fix'(release, cell, chance) {
    const sample = stratifiedSample(release, cell, chance);
    const k = countLeaky(sample);
    return upperBound(0, sample.length - k) < release.truth - k / cell.units;
  },
};

/** Looks planned for readers of whom 0.9 is the lower bound, at the count's part of alpha. */
const LOOKS = planThreeLooks({
  share: 0.005,
  alpha: splitAlpha(alphaOfAttempt(1)).count,
  sensitivityLower: 0.9,
});

/** Most misses in n releases that still agree with 5 %: 5 % plus 2.33 standard errors (122 in 2,000). */
export const missesAllowed = (releases: number): number =>
  Math.floor(0.05 * releases + 2.33 * Math.sqrt(0.05 * 0.95 * releases));

/**
 * How often Chapman's interval, in whole identifiers, holds the number that both readers missed.
 * @param hard share of leaks that both readers find hard: 0 gives independent readers
 */
export function simulateChapman(
  setting: { leaks: number; sensitivity: number; hard: number; rounds: number },
  seed: number,
): number {
  const chance = seededRandom(seed);
  let covered = 0;
  for (let round = 0; round < setting.rounds; round++) {
    const found = { first: 0, second: 0, both: 0 };
    let missed = 0;
    for (let i = 0; i < setting.leaks; i++) {
      const sees = chance() < setting.hard ? 0.3 : setting.sensitivity;
      const [first, second] = [chance() < sees, chance() < sees];
      if (first) found.first++;
      if (second) found.second++;
      if (first && second) found.both++;
      if (!first && !second) missed++;
    }
    const { low, high } = inWholes(missedByBoth(found));
    if (missed >= low && missed <= high) covered++;
  }
  return covered / setting.rounds;
}

/** Mean error of the Horvitz-Thompson estimate in its own standard errors: within 3 when unbiased. */
export function simulateBias(cell: Cell, releases: number, seed: number): number {
  const chance = seededRandom(seed);
  const errors: number[] = [];
  for (let i = 0; i < releases; i++) {
    const release = makeRelease(cell, chance);
    const sample = riskSample(release, { ...cell, sensitivity: 1 }, chance);
    const weighted = sample.map((item) => ({ leaky: countLeaky([item]) > 0, pi: item.pi! }));
    errors.push(estimateLeaky(weighted).leaky - release.truth * cell.units);
  }
  const mean = errors.reduce((sum, error) => sum + error, 0) / releases;
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (releases - 1);
  return mean / Math.sqrt(variance / releases || 1);
}

/** Every cell of the contract's grid. */
export function* gridCells(): Generator<Cell> {
  for (const units of [500, 2_000, 20_000]) {
    for (const rate of [0, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05]) {
      for (const spread of ['even', 'one stratum', 'clustered'] as const) {
        for (const sensitivity of [0.85, 0.95, 1]) {
          for (const canaries of [60, 100, 200]) yield { units, rate, spread, sensitivity, canaries };
        }
      }
    }
  }
}
