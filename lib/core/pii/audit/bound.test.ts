import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaCdf, betaInv, lnChoose } from '../../stats/beta.ts';
import {
  chanceOfAtMost,
  effectiveSize,
  finiteUpper,
  jeffreysUpper,
  lowerBound,
  stratifiedUpper,
  summedUpper,
  upperBound,
} from './bound.ts';
import { alphaOfAttempt, correctFor, sensitivityOf, splitAlpha } from './canary.ts';
import { missedByBoth } from './chapman.ts';
import { planThreeLooks, THREE_LOOKS, unitsNeeded, unitsNeededOf } from './plan.ts';
import { chanceToPass, sprt, stageUpper } from './sequential.ts';
import { bandsUpper, estimateLeaky, weightedUpper } from './weighted.ts';

const percent = (share: number, digits = 2) => Number((share * 100).toFixed(digits));

describe('how much may still be left after k leaks in n units?', () => {
  it.each([
    { k: 0, n: 100, says: 2.95 },
    { k: 0, n: 300, says: 0.99 },
    { k: 0, n: 600, says: 0.5 },
    { k: 0, n: 1_000, says: 0.3 },
    { k: 0, n: 1_500, says: 0.2 },
    { k: 0, n: 3_000, says: 0.1 },
    { k: 1, n: 600, says: 0.79 },
    { k: 2, n: 600, says: 1.05 },
    { k: 3, n: 600, says: 1.29 },
  ])('$k leaks in $n: at most $says %', ({ k, n, says }) => {
    expect(percent(upperBound(k, n))).toBe(says);
  });

  // Values of scipy.stats.beta.ppf.
  it.each([
    { q: 0.95, a: 4, b: 297, is: 0.025641393082609616 },
    { q: 0.05, a: 192, b: 9, is: 0.9289858313839802 },
    { q: 0.01, a: 96, b: 5, is: 0.8882955728521633 },
    { q: 0.5, a: 0.5, b: 12.5, is: 0.018393128764648815 },
    { q: 0.999, a: 3_000, b: 7_000, is: 0.3142722456763559 },
    { q: 1e-6, a: 2, b: 3, is: 0.0004083594602042573 },
  ])('the $q quantile of Beta($a, $b) is $is', ({ q, a, b, is }) => {
    expect(betaInv(q, a, b) / is).toBeCloseTo(1, 10);
  });

  it('the quantile turns the distribution around', () => {
    const parameter = fc.double({ min: 0.5, max: 3_000, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), parameter, parameter, (q, a, b) => {
        expect(betaCdf(betaInv(q, a, b), a, b)).toBeCloseTo(q, 8);
      }),
      { numRuns: 200 },
    );
  });

  it('grows with each leak, shrinks with each clean unit, and holds lower below upper', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.integer({ min: 31, max: 500 }), (k, n) => {
        expect(upperBound(k + 1, n)).toBeGreaterThan(upperBound(k, n));
        expect(upperBound(k, n + 1)).toBeLessThan(upperBound(k, n));
        expect(lowerBound(k, n)).toBeLessThanOrEqual(k / n);
        expect(upperBound(k, n)).toBeGreaterThan(k / n);
        expect(jeffreysUpper(k, n)).toBeLessThan(upperBound(k, n));
      }),
    );
  });

  it('covers the truth at least 95 times in 100, by counting every outcome of small samples', () => {
    for (const n of [1, 7, 20, 45]) {
      const upper = Array.from({ length: n + 1 }, (_, k) => upperBound(k, n));
      for (let truth = 0.005; truth < 1; truth += 0.013) {
        let covered = 0;
        for (let k = 0; k <= n; k++) {
          if (upper[k]! >= truth) covered += Math.exp(lnChoose(n, k)) * truth ** k * (1 - truth) ** (n - k);
        }
        expect(covered).toBeGreaterThanOrEqual(0.95 - 1e-12);
      }
    }
  });

  it.each([
    [-1, 10],
    [11, 10],
    [0.5, 10],
  ])('%d leaks of %d units are refused', (k, n) => {
    expect(() => upperBound(k, n)).toThrow(RangeError);
    expect(() => lowerBound(k, n)).toThrow(RangeError);
  });
  it('nothing read says nothing', () => {
    expect([upperBound(0, 0), lowerBound(0, 0), finiteUpper(0, 0, 10), upperBound(5, 5)]).toEqual([1, 0, 1, 1]);
  });
});

describe('small releases', () => {
  it('the chance of few finds is that of the hypergeometric distribution', () => {
    // scipy.stats.hypergeom(500, 3, 316).cdf(0), (1000, 40, 100).cdf(2), (50, 20, 30).cdf(10)
    expect(chanceOfAtMost(0, 500, 3, 316)).toBeCloseTo(0.04932, 4);
    expect(chanceOfAtMost(2, 1_000, 40, 100)).toBeCloseTo(0.2170013, 6);
    expect(chanceOfAtMost(10, 50, 20, 30)).toBeCloseTo(0.1883014, 6);
  });
  it('a reader who misses reports fewer, as counting over all draws says', () => {
    const [units, leaky, n, s] = [12, 5, 6, 0.8];
    for (let k = 0; k <= 5; k++) {
      let chance = 0;
      for (let j = 0; j <= 5; j++) {
        const drawn = Math.exp(lnChoose(leaky, j) + lnChoose(units - leaky, n - j) - lnChoose(units, n));
        for (let seen = 0; seen <= Math.min(j, k); seen++) {
          chance += drawn * Math.exp(lnChoose(j, seen)) * s ** seen * (1 - s) ** (j - seen);
        }
      }
      expect(chanceOfAtMost(k, units, leaky, n, s)).toBeCloseTo(chance, 10);
    }
  });
  it('covers the truth for every number of leaky units, by counting every outcome', () => {
    for (const [units, n] of [
      [40, 12],
      [60, 30],
      [25, 25],
    ] as const) {
      const upper = Array.from({ length: n + 1 }, (_, k) => finiteUpper(k, n, units));
      for (let leaky = 0; leaky <= units; leaky++) {
        let wrong = 0;
        for (let k = 0; k <= Math.min(n, leaky); k++) {
          const below = k === 0 ? 0 : chanceOfAtMost(k - 1, units, leaky, n);
          if (upper[k]! < leaky / units) wrong += chanceOfAtMost(k, units, leaky, n) - below;
        }
        expect(wrong).toBeLessThanOrEqual(0.05 + 1e-12);
      }
    }
  });
  it('reading every unit leaves what was found and no more', () => {
    expect(finiteUpper(3, 200, 200)).toBe(3 / 200);
  });
});

describe('units needed', () => {
  it.each([
    { share: 0.005, accept: 0, n: 598 },
    { share: 0.005, accept: 1, n: 947 },
    { share: 0.005, accept: 2, n: 1_258 },
    { share: 0.002, accept: 0, n: 1_497 },
    { share: 0.002, accept: 1, n: 2_371 },
  ])('$share with $accept leaks: $n', ({ share, accept, n }) => {
    expect(unitsNeeded({ share, accept })).toBe(n);
  });
  it.each([
    [500, 316],
    [1_000, 393],
    [2_000, 476],
    [5_000, 543],
  ])('0.5 %% of %d units: %d clean ones', (units, n) => {
    expect(unitsNeededOf(units, { share: 0.005, accept: 0 })).toBe(n);
  });
  it('a share that even reading all would not show is said to be out of reach', () => {
    expect(unitsNeededOf(100, { share: 0.005, accept: 1 })).toBeNull();
  });
  it('each further attempt on a lineage needs more: 598, 736, 875, 1,013', () => {
    const attempts = [1, 2, 3, 4].map((j) => unitsNeeded({ share: 0.005, accept: 0, alpha: alphaOfAttempt(j) }));
    expect(attempts).toEqual([598, 736, 875, 1_013]);
  });
  it('96 of 100 canaries found: 724 clean units, or 1,127 with one leak', () => {
    const { count, readers } = splitAlpha(0.05);
    const { point, lower } = sensitivityOf({ planted: 100, found: 96 }, readers);
    expect([point, Number(lower.toFixed(3))]).toEqual([0.96, 0.888]);
    const aim = { share: 0.005, alpha: count, sensitivityLower: lower };
    expect(unitsNeeded({ ...aim, accept: 0 })).toBe(724);
    expect(unitsNeeded({ ...aim, accept: 1 })).toBe(1_127);
  });
  it('192 of 200 canaries found: 702 units; 812 clean ones give 0.43 %', () => {
    const { count, readers } = splitAlpha(0.05);
    const { lower } = sensitivityOf({ planted: 200, found: 192 }, readers);
    expect(Number(lower.toFixed(3))).toBe(0.915);
    expect(unitsNeeded({ share: 0.005, accept: 0, alpha: count, sensitivityLower: lower })).toBe(702);
    expect(percent(upperBound(0, 812, count), 3)).toBe(0.396);
    expect(percent(correctFor(lower, upperBound(0, 812, count)))).toBe(0.43);
  });
});

describe('strata', () => {
  const strata = (...sampled: number[]) =>
    [7_000, 2_500, 500].map((units, i) => ({ units, sampled: sampled[i]!, leaky: 0 }));
  it('420, 150 and 60 units of 70, 25 and 5 % are worth 600; with 120 in the middle 480', () => {
    expect(effectiveSize(strata(420, 150, 60))).toBe(600);
    expect(effectiveSize(strata(420, 120, 60))).toBe(480);
  });
  it('summing the bounds of 8 strata of 75 clean units gives 6.5 % where pooling gives 0.50 %', () => {
    const eight = Array.from({ length: 8 }, () => ({ units: 1_000, sampled: 75, leaky: 0 }));
    expect(percent(summedUpper(eight), 1)).toBe(6.5);
    expect(percent(stratifiedUpper(eight).upper)).toBe(0.5);
  });
  it('a stratum that nobody sampled counts as leaky throughout', () => {
    const { upper } = stratifiedUpper([...strata(420, 150, 60), { units: 10, sampled: 0, leaky: 0 }]);
    expect(upper).toBeGreaterThan(10 / 10_010);
    expect(upper).toBeCloseTo(10 / 10_010 + (10_000 / 10_010) * upperBound(0, 600), 12);
  });
});

describe('two readers', () => {
  it('180 and 150 found, 140 of them by both: 2.8 missed, 0.8 to 9.7', () => {
    const { total, standardError, estimate, low, high } = missedByBoth({ first: 180, second: 150, both: 140 });
    expect([total, standardError, estimate, low, high].map((x) => Number(x.toFixed(1)))).toEqual([
      192.8, 2.0, 2.8, 0.8, 9.7,
    ]);
  });
  it('when one saw all that the other saw, none is estimated and some stay possible', () => {
    expect(missedByBoth({ first: 10, second: 8, both: 8 })).toMatchObject({ estimate: 0, low: 0 });
    expect(missedByBoth({ first: 10, second: 8, both: 8 }).high).toBeGreaterThan(0.1);
    expect(missedByBoth({ first: 0, second: 0, both: 0 })).toMatchObject({ estimate: 0, low: 0, high: 0 });
    expect(() => missedByBoth({ first: 3, second: 9, both: 4 })).toThrow(RangeError);
  });
});

describe('risk bands', () => {
  const bands = [
    { units: 1_000, sampled: 300, leaky: 6 },
    { units: 3_000, sampled: 150, leaky: 1 },
    { units: 6_000, sampled: 120, leaky: 0 },
  ];
  it('6, 1 and 0 leaks in three bands: 40 leaky units estimated, error 20.7, at most 365', () => {
    const sample = bands.flatMap(({ units, sampled, leaky }) =>
      Array.from({ length: sampled }, (_, i) => ({ leaky: i < leaky, pi: sampled / units })),
    );
    const { leaky, standardError } = estimateLeaky(sample);
    expect([leaky, standardError]).toEqual([expect.closeTo(40), expect.closeTo(20.66, 2)]);
    expect(Math.round(bandsUpper(bands))).toBe(365);
  });
  it('without band sizes the smallest chance bounds them, exactly so when nothing was found', () => {
    // No find: (1 - pi)^L = alpha.
    expect(weightedUpper(0, 0.02, 10_000)).toBeCloseTo(Math.log(0.05) / Math.log(0.98), 4);
    expect(weightedUpper(0, 0.02, 100)).toBe(100);
    expect(weightedUpper(40, 0.02, 10_000)).toBeGreaterThan(weightedUpper(0, 0.02, 10_000));
    expect(weightedUpper(40, 0.02, 10_000)).toBeLessThan(365);
  });
  it('a chance of 0 is refused', () => {
    expect(() => estimateLeaky([{ leaky: true, pi: 0 }])).toThrow(RangeError);
  });
});

describe('looking more than once', () => {
  it('the three looks pass 0.5 % 4.99 times in 100 and 0.1 % 84 times', () => {
    expect(percent(chanceToPass(THREE_LOOKS, 0.005))).toBe(4.99);
    expect(percent(chanceToPass(THREE_LOOKS, 0.001), 0)).toBe(84);
    expect(percent(chanceToPass([{ n: 598, accept: 0 }], 0.001), 0)).toBe(55);
    expect(percent(chanceToPass([{ n: 1_258, accept: 2 }], 0.001), 0)).toBe(87);
  });
  it('continuing until the figure fits passes 0.5 % 13 times in 100 after six steps, 17 after twelve', () => {
    const steps = (count: number) =>
      Array.from({ length: count }, (_, accept) => ({ n: unitsNeeded({ share: 0.005, accept }), accept }));
    expect(percent(chanceToPass(steps(6), 0.005), 0)).toBe(13);
    expect(percent(chanceToPass(steps(12), 0.005), 0)).toBe(17);
  });
  it('one look is Clopper-Pearson; later looks pay for the earlier ones', () => {
    expect(stageUpper([{ n: 600, accept: 1 }], 0, 1)).toBeCloseTo(upperBound(1, 600), 10);
    expect(stageUpper(THREE_LOOKS, 1, 1)).toBeGreaterThan(upperBound(1, 1_126));
    for (const [at, k] of [0, 1, 2].entries()) expect(stageUpper(THREE_LOOKS, at, k)).toBeLessThanOrEqual(0.005);
    expect(stageUpper(THREE_LOOKS, 2, 3)).toBeGreaterThan(0.005);
  });
  it('a plan made for other figures keeps its promise and nearly spends it', () => {
    for (const sensitivityLower of [1, 0.888]) {
      const looks = planThreeLooks({ share: 0.005, alpha: 0.04, sensitivityLower });
      const passed = chanceToPass(looks, 0.005 * sensitivityLower);
      expect(passed).toBeLessThanOrEqual(0.04);
      expect(passed).toBeGreaterThan(0.0398);
    }
  });
  it('the sequential test of 0.2 against 1 % needs 280 clean units, at the gate 734', () => {
    const wide = sprt({ p0: 0.002, p1: 0.01, alpha: 0.05, beta: 0.1 });
    expect([wide.slope, wide.acceptAt, wide.rejectAt].map((x) => x.toPrecision(3))).toEqual([
      '0.00498',
      '-1.39',
      '1.79',
    ]);
    expect(wide.cleanUnits).toBe(280);
    const gate = sprt({ p0: 0.001, p1: 0.005, alpha: 0.05, beta: 0.05 });
    expect([gate.acceptAt.toFixed(3), gate.cleanUnits]).toEqual(['-1.825', 734]);
  });
});
