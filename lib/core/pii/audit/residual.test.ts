import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Audit } from './audited.ts';
import { finiteUpper, upperBound } from './bound.ts';
import { residual } from './residual.ts';
import { perThousand, riskSentence } from './statement.ts';

type Item = Audit['sample'][number];
const item = (unit: number, more: Partial<Item> = {}): Item => ({ unit: `u${unit}`, leaks: {}, ...more });
const clean = (n: number, more: Partial<Item> = {}, from = 0): Item[] =>
  Array.from({ length: n }, (_, i) => item(from + i, more));
const audit = (more: Partial<Audit>): Audit =>
  Audit.parse({ id: 'a', units: 10_000, design: 'simple', sample: [], ...more });
const whole = (result: ReturnType<typeof residual>, kind: 'direct' | 'secret' = 'direct') =>
  result.bounds.find((bound) => bound.class === kind && bound.stratum === null)!;
const leaky = (k: number, n: number, more: Partial<Item> = {}) =>
  clean(n, more).map((it, i) => (i < k ? { ...it, leaks: { PERSON: 2 } } : it));

describe('one audit, one statement', () => {
  it('one leak in 600 of 10,000 units: 0.79 %, secrets 0.50 %', () => {
    const result = residual(audit({ sample: leaky(1, 600) }));
    expect(whole(result)).toMatchObject({ n: 600, k: 1, estimate: 1 / 600, method: 'clopper-pearson' });
    expect(whole(result).upper).toBeCloseTo(upperBound(1, 600), 12);
    expect(whole(result, 'secret').upper).toBeCloseTo(upperBound(0, 600), 12);
    expect(result).not.toHaveProperty('refused');
    expect(result.assumptions.join(' ')).toContain('miss nothing');
  });
  it('a tenth of the release or more earns the finite bound', () => {
    const result = whole(residual(audit({ units: 1_000, sample: clean(393) })));
    expect(result.method).toBe('hypergeometric');
    expect(result.upper).toBeLessThanOrEqual(0.005);
  });
  it('a release read whole is known, whatever the strata it was drawn by', () => {
    const sample = [...leaky(1, 30, { stratum: 'a' }), ...clean(10, { stratum: 'b' }, 30)];
    const result = whole(residual(audit({ units: 40, design: 'stratified', strata: { a: 30, b: 10 }, sample })));
    expect(result).toMatchObject({ n: 40, k: 1, upper: 1 / 40, method: 'hypergeometric' });
    const lacking = residual(audit({ units: 41, design: 'stratified', strata: { a: 31, b: 10 }, sample }));
    expect(whole(lacking).upper).toBeGreaterThan(1 / 40);
  });
  it('canaries: 812 clean units and 192 of 200 found give 0.43 %', () => {
    const result = residual(audit({ units: 50_000, sample: clean(812), canaries: { planted: 200, found: 192 } }));
    expect((whole(result).upper * 100).toFixed(2)).toBe('0.43');
    expect(result.sensitivity).toEqual({ point: 0.96, lower: expect.closeTo(0.915, 3) });
  });
  it('canaries thin the finite draw, and never make a bound smaller', () => {
    const sample = leaky(2, 300);
    const plain = whole(residual(audit({ units: 1_000, sample }))).upper;
    const seen = whole(residual(audit({ units: 1_000, sample, canaries: { planted: 100, found: 96 } }))).upper;
    expect(seen).toBe(finiteUpper(2, 300, 1_000, 0.04, 0.8882955728521633));
    expect(seen).toBeGreaterThan(plain);
  });
  it('canaries none of which were found leave nothing to claim', () => {
    expect(whole(residual(audit({ sample: clean(600), canaries: { planted: 60, found: 0 } }))).upper).toBe(1);
  });
  it('unreadable units count as leaky in both classes; quasi-identifiers in none', () => {
    const sample = [...clean(598), item(598, { unreadable: true }), item(599, { leaks: { DATE: 4, LOCATION: 1 } })];
    const result = residual(audit({ sample }));
    expect([whole(result).k, whole(result, 'secret').k]).toEqual([1, 1]);
  });
  it('types that the taxonomy lacks are secrets by name, else direct', () => {
    const sample = [...clean(500), item(500, { leaks: { API_TOKEN: 1 } }), item(501, { leaks: { CREDIT_CARD: 1 } })];
    const result = residual(audit({ sample }));
    expect([whole(result).k, whole(result, 'secret').k]).toEqual([1, 1]);
  });
  it('each attempt halves alpha', () => {
    const upper = (attempt: number) => whole(residual(audit({ sample: clean(600), attempt }))).upper;
    expect(upper(2)).toBeCloseTo(upperBound(0, 600, 0.025), 12);
    expect(upper(3)).toBeCloseTo(upperBound(0, 600, 0.0125), 12);
  });
  it('stored audit items are read as they are, and a superseding verdict replaces the first', () => {
    const stored = (id: string, unitId: string, verdict: 'clean' | 'leaky', more = {}) => ({
      id,
      unitId,
      verdict,
      leaks: verdict === 'leaky' ? [{ type: 'EMAIL', start: 0, end: 4, path: '/a' }] : [],
      slot: 1 as const,
      design: 'random',
      pi: 0.02,
      ...more,
    });
    const sample = [
      stored('1', 'u1', 'leaky'),
      stored('2', 'u2', 'clean'),
      stored('3', 'u1', 'clean', { supersedes: '1' }),
    ];
    const result = residual(audit({ units: 100, sample: sample.map((it) => ({ ...it, pi: 0.02 })) }));
    expect(whole(result)).toMatchObject({ n: 2, k: 0 });
  });
});

describe('strata', () => {
  const strata = { a: 7_000, b: 2_500, c: 500 };
  const sample = [
    ...clean(420, { stratum: 'a' }),
    ...clean(120, { stratum: 'b' }, 1_000),
    ...clean(60, { stratum: 'c' }, 2_000),
  ];
  it('all finds against the effective size, each stratum beside it', () => {
    const result = residual(audit({ design: 'stratified', strata, sample }));
    expect(whole(result).upper).toBeCloseTo(upperBound(0, 480), 12);
    const c = result.bounds.find((bound) => bound.stratum === 'c' && bound.class === 'direct')!;
    expect(c).toMatchObject({ n: 60, k: 0, upper: expect.closeTo(upperBound(0, 60), 12) });
  });
  it('the estimate weighs strata by their size', () => {
    const leaks = sample.map((it, i) => (i === 599 ? { ...it, leaks: { PHONE: 1 } } : it));
    const result = residual(audit({ design: 'stratified', strata, sample: leaks }));
    expect(whole(result).estimate).toBeCloseTo(0.05 / 60, 12);
  });
  it('an unsampled stratum counts as leaky and is said to be so', () => {
    const result = residual(audit({ units: 10_020, design: 'stratified', strata: { ...strata, d: 20 }, sample }));
    expect(whole(result).upper).toBeGreaterThan(20 / 10_020 + upperBound(0, 480) * 0.99);
    expect(result.assumptions.join(' ')).toContain('1 strata were never sampled');
  });
});

describe('draws by risk', () => {
  const bands = { high: 1_000, middle: 3_000, low: 6_000 };
  const sample = [
    ...leaky(6, 300, { stratum: 'high', pi: 0.3 }),
    ...clean(150, { stratum: 'middle', pi: 0.05 }, 1_000).map((it, i) => (i === 0 ? { ...it, leaks: { IP: 1 } } : it)),
    ...clean(120, { stratum: 'low', pi: 0.02 }, 2_000),
  ];
  it('6, 1 and 0 leaks in three bands: 0.40 % estimated, at most 3.7 %', () => {
    const bound = whole(residual(audit({ design: 'poisson', strata: bands, sample })));
    expect(bound.estimate).toBeCloseTo(0.004, 10);
    expect((bound.upper * 100).toFixed(2)).toBe('3.65');
  });
  it('without band sizes the smallest chance bounds it', () => {
    const bound = whole(residual(audit({ design: 'poisson', sample: sample.map(({ stratum: _, ...it }) => it) })));
    expect(bound.method).toContain('smallest chance');
    expect(bound.upper).toBeGreaterThan(0.004);
    expect(bound.upper).toBeLessThan(0.0365);
  });
  it('one chance for all is a uniform draw', () => {
    const bound = whole(residual(audit({ design: 'poisson', sample: clean(600, { pi: 0.06 }) })));
    expect(bound.upper).toBeCloseTo(upperBound(0, 600), 12);
  });
});

describe('two blind passes', () => {
  const passes = (n: number, first: (i: number) => boolean, second: (i: number) => boolean) =>
    Array.from({ length: n }, (_, i) => [
      item(i, { pass: 1, reviewer: 'a', leaks: first(i) ? { PERSON: 1 } : {} }),
      item(i, { pass: 2, reviewer: 'b', leaks: second(i) ? { PERSON: 1 } : {} }),
    ]).flat();
  it('180 and 150 found, 140 by both: 2.8 missed, k is the union, counted once in n', () => {
    const sample = passes(
      1_000,
      (i) => i < 180,
      (i) => i >= 40 && i < 190,
    );
    const result = residual(audit({ design: 'double', units: 50_000, sample }));
    expect(whole(result)).toMatchObject({ n: 1_000, k: 190 });
    const { estimate, low, high } = result.missedByBoth!;
    expect([estimate, low, high].map((x) => x.toFixed(1))).toEqual(['2.8', '0.8', '9.7']);
    // First reader: 140 of the second's 150; second: 140 of 180.
    expect(result.sensitivity!.point).toBeCloseTo(1 - (1 - 140 / 150) * (1 - 140 / 180), 12);
    expect(whole(result).upper).toBeGreaterThan(upperBound(190, 1_000, 0.04));
  });
  it('canaries take the place of what the readers say of each other', () => {
    const sample = passes(
      500,
      () => false,
      () => false,
    );
    expect(whole(residual(audit({ design: 'double', units: 50_000, sample }))).upper).toBe(1);
    const measured = residual(
      audit({ design: 'double', units: 50_000, sample, canaries: { planted: 100, found: 96 } }),
    );
    expect(whole(measured).upper).toBeCloseTo(upperBound(0, 500, 0.04) / 0.8882955728521633, 10);
  });
  it('a second reading whose first is still under way counts as a reading', () => {
    expect(whole(residual(audit({ sample: [...clean(300), item(900, { pass: 2 })] }))).n).toBe(301);
  });
  it('a share read twice in a simple audit feeds the estimate and counts once', () => {
    const sample = [...leaky(3, 500), item(0, { pass: 2, leaks: { PERSON: 2 } }), item(1, { pass: 2 })];
    const result = residual(audit({ sample }));
    expect(whole(result)).toMatchObject({ n: 500, k: 3 });
    expect(result.missedByBoth!.estimate).toBe(0);
  });
});

describe('planned looks', () => {
  const looks: [number, number][] = [
    [700, 0],
    [1_126, 1],
    [1_499, 2],
  ];
  const at = (n: number, k: number) => residual(audit({ units: 50_000, looks, sample: leaky(k, n) }));
  it('accepted at a look says at most 0.5 %', () => {
    for (const [n, k] of looks) {
      expect(at(n, k)).toMatchObject({ accepted: true });
      expect(whole(at(n, k)).upper).toBeLessThanOrEqual(0.005);
      expect(at(n, k + 1)).toMatchObject({ accepted: false });
    }
    expect(whole(at(1_499, 3)).upper).toBeGreaterThan(0.005);
  });
  it('nothing is computed between looks, but too many leaks end it anywhere', () => {
    expect(at(900, 1).refused).toEqual([expect.stringContaining('between looks')]);
    expect(at(900, 3)).toMatchObject({ accepted: false });
    expect(at(900, 3)).not.toHaveProperty('refused');
    expect(whole(at(900, 3)).upper).toBeGreaterThanOrEqual(upperBound(3, 900));
  });
  it('strata that are not in proportion make every look worth less', () => {
    const strata = { a: 40_000, b: 10_000 };
    const sample = [...clean(580, { stratum: 'a' }), ...clean(120, { stratum: 'b' }, 5_000)];
    const bound = whole(residual(audit({ units: 50_000, design: 'stratified', strata, looks, sample })));
    expect(bound.method).toContain('n_eff');
    expect(bound.upper).toBeCloseTo(upperBound(0, 600), 10);
  });
});

describe('what must not be mixed is refused, with a reason and without a figure', () => {
  const good = clean(600);
  const refusedFor = (more: Partial<Audit>) => {
    const result = residual(audit({ sample: good, ...more }));
    expect(result.bounds).toEqual([]);
    return result.refused?.join('; ') ?? '';
  };
  it.each([
    ['sweep', 'picked by doubt'],
    ['recheck', 'after a fix'],
    ['incident', 'outside any draw'],
    ['gold', 'not drawn'],
    ['canary', 'never count as leaks'],
    ['floor', 'effective size'],
    ['risk', 'two designs'],
    ['sprt', 'sequential'],
  ])('%s items in a simple audit', (design, reason) => {
    expect(refusedFor({ sample: [...good, item(900, { design })] })).toContain(reason);
  });
  it.each<[string, Partial<Audit>, string]>([
    ['no unit', { sample: [] }, 'no unit'],
    ['more units than there are', { units: 599 }, 'more units'],
    ['a unit twice', { sample: [...good, item(3)] }, 'twice'],
    ['a second reading alone in a double audit', { design: 'double', sample: [item(1, { pass: 2 })] }, 'no first'],
    [
      'both readings by one person',
      { sample: [item(1, { reviewer: 'x' }), item(1, { pass: 2, reviewer: 'x' })] },
      'one person',
    ],
    ['a double audit read once', { design: 'double' }, 'second readings'],
    ['chances for some only', { sample: [...good, item(900, { pi: 0.1 })] }, 'two designs'],
    ['unequal chances', { sample: [item(1, { pi: 0.1 }), item(2, { pi: 0.2 })] }, 'unequal chance'],
    ['a risk draw without chances', { design: 'poisson' }, 'chance of every unit'],
    ['a chance above 1', { design: 'poisson', sample: [item(1, { pi: 1.5 })] }, 'above 0'],
    ['strata without sizes', { design: 'stratified' }, 'size of every stratum'],
    [
      'strata that do not add up',
      { design: 'stratified', strata: { a: 5 }, sample: [item(1, { stratum: 'a' })] },
      'add up',
    ],
    [
      'an unknown stratum',
      { design: 'stratified', strata: { a: 10_000 }, sample: [item(1, { stratum: 'b' })] },
      'does not have',
    ],
    ['more canaries found than planted', { canaries: { planted: 5, found: 6 } }, 'canaries'],
    [
      'looks at a risk draw',
      { design: 'poisson', looks: [[600, 0]], sample: clean(600, { pi: 0.1 }) },
      'uniform draws',
    ],
    [
      'looks that shrink',
      {
        looks: [
          [600, 0],
          [500, 1],
        ],
      },
      'grow',
    ],
    ['two frames', { sample: [item(1, { frameId: 'f1' }), item(2, { frameId: 'f2' })] }, 'frames'],
    ['surrogates', { sample: [item(1, { view: 'surrogates' })] }, 'surrogates'],
    ['an item without a verdict', { sample: [{ unit: 'u' }] }, 'no verdict'],
    ['clean with leaks', { sample: [item(1, { verdict: 'clean', leaks: { PERSON: 1 } })] }, 'judged clean'],
  ])('%s', (_, more, reason) => {
    expect(refusedFor(more)).toContain(reason);
  });
});

describe('the sentence', () => {
  it('names both classes, rounds up, and what two readers missed down', () => {
    const result = residual(audit({ units: 50_000, sample: clean(812), canaries: { planted: 200, found: 192 } }));
    expect(riskSentence({ ...result, missedByBoth: { estimate: 2.77, low: 0.8, high: 9.7 } })).toBe(
      'With 95 % confidence at most 4.4 in 1,000 units of this release still hold a direct identifier; separately, with 95 % confidence at most 4.4 in 1,000 still hold a secret. Two readers together probably missed at least 2 identifiers.',
    );
    expect(riskSentence(residual(audit({ sample: [] })))).toBeNull();
  });
  it('never prints less than was computed', () => {
    expect([0, 0.0012, 0.004321, 0.0295, 0.5, 1].map(perThousand)).toEqual(['0', '1.2', '4.4', '30', '500', '1000']);
    fc.assert(
      fc.property(fc.double({ min: 1e-7, max: 1, noNaN: true }), (share) => {
        expect(Number(perThousand(share))).toBeGreaterThanOrEqual(share * 1_000 * (1 - 1e-9));
        expect(Number(perThousand(share))).toBeLessThanOrEqual(share * 1_000 * 1.11);
      }),
    );
  });
});

describe('whatever is handed in', () => {
  it('bounds are shares above the estimate of what was found, and more leaks never lower them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 300 }), fc.nat(10), fc.nat(3_000), (n, k, more) => {
        const of = (leaks: number) => whole(residual(audit({ units: n + more, sample: leaky(leaks, n) })));
        expect(of(k).upper).toBeGreaterThanOrEqual(k / (n + more));
        expect(of(k).upper).toBeLessThanOrEqual(1);
        expect(of(k + 1).upper).toBeGreaterThanOrEqual(of(k).upper);
      }),
      { numRuns: 40 },
    );
  });
});
