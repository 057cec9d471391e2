import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawByRisk, drawCarriers, drawRandom, drawSecond, drawSeed, drawStratified, type FrameUnit } from './draw.ts';
import { allocate, allocateNeyman, riskChances } from './plan.ts';

const frame = (units: number, strata = ['a']): FrameUnit[] =>
  Array.from({ length: units }, (_, i) => ({ unitId: `u_${i}`, stratum: strata[i % strata.length]! }));
const seed = drawSeed('f'.repeat(64), '0'.repeat(64));

describe('who is read?', () => {
  it('the seed follows from frame and ledger', () => {
    expect(seed).toMatch(/^[0-9a-f]{64}$/);
    expect(drawSeed('f'.repeat(64), '1'.repeat(64))).not.toBe(seed);
  });
  it('the same units whatever their order, and a longer draw begins with the shorter', () => {
    const units = frame(400);
    const short = drawRandom(units, 50, seed);
    expect(drawRandom(units.toReversed(), 50, seed)).toEqual(short);
    const long = drawRandom(units, 90, seed).slice(0, 50);
    expect(long.map((unit) => unit.unitId)).toEqual(short.map((unit) => unit.unitId));
    expect(short[0]).toMatchObject({ pi: 50 / 400, design: 'random', drawIndex: 0 });
  });
  it('another seed draws others, each unit about as often', () => {
    const units = frame(40);
    const times = new Map<string, number>();
    for (let i = 0; i < 500; i++) {
      for (const { unitId } of drawRandom(units, 10, `seed ${i}`)) times.set(unitId, (times.get(unitId) ?? 0) + 1);
    }
    expect(times.size).toBe(40);
    // Expected 125 each, standard error 9.7.
    for (const count of times.values()) expect(Math.abs(count - 125)).toBeLessThan(45);
  });
  it('in proportion to strata, small ones topped up, chances stored', () => {
    const units = [
      ...frame(900),
      ...frame(80).map((u) => ({ unitId: `b${u.unitId}`, stratum: 'b' })),
      ...frame(20).map((u) => ({ unitId: `c${u.unitId}`, stratum: 'c' })),
    ];
    const { drawn, allocation } = drawStratified(units, 100, seed);
    expect(allocation).toEqual([
      { stratum: 'a', units: 900, random: 90, floor: 0 },
      { stratum: 'b', units: 80, random: 8, floor: 22 },
      { stratum: 'c', units: 20, random: 2, floor: 18 },
    ]);
    expect(drawn).toHaveLength(140);
    expect(new Set(drawn.map((unit) => unit.unitId)).size).toBe(140);
    expect(drawn.slice(0, 100).every((unit) => unit.design === 'random')).toBe(true);
    expect(drawn.slice(0, 50).filter((unit) => unit.stratum === 'a').length).toBe(45);
    expect(drawn.find((unit) => unit.stratum === 'c')!.pi).toBe(1);
  });
  it('refuses more than there is, and a unit that stands in the frame twice', () => {
    expect(() => drawRandom(frame(10), 11, seed)).toThrow(RangeError);
    expect(() => drawRandom([...frame(10), ...frame(1)], 2, seed)).toThrow(RangeError);
  });
  it('a risk draw takes about the sum of the chances', () => {
    const units = frame(2_000).map((unit, i) => ({ ...unit, pi: i % 2 === 0 ? 0.3 : 0.02 }));
    const drawn = drawByRisk(units, seed);
    expect(Math.abs(drawn.length - 320)).toBeLessThan(60);
    expect(new Set(drawn.map((unit) => unit.pi))).toEqual(new Set([0.3, 0.02]));
  });
  it('second readings are a share of the random units, carriers are outside the sample', () => {
    const units = frame(300);
    const drawn = drawRandom(units, 100, seed);
    const second = drawSecond(drawn, seed);
    expect(second).toHaveLength(20);
    expect(drawn).toEqual(expect.arrayContaining(second));
    const taken = new Set(drawn.map((unit) => unit.unitId));
    const carriers = drawCarriers(units, drawn, 60, seed);
    expect(carriers).toHaveLength(60);
    expect(carriers.some((unit) => taken.has(unit.unitId))).toBe(false);
  });
});

describe('how many of each?', () => {
  it('shares add up to n, and no stratum is off by a whole unit', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), (units, part) => {
        const strata = Object.fromEntries(units.map((size, i) => [`s${i}`, size]));
        const all = units.reduce((sum, size) => sum + size, 0);
        const n = Math.floor(part * all);
        const shares = allocate(strata, n);
        expect(shares.reduce((sum, share) => sum + share.random, 0)).toBe(n);
        for (const { units: size, random, floor } of shares) {
          expect(Math.abs(random - (n * size) / all)).toBeLessThan(1);
          expect(random + floor).toBeGreaterThanOrEqual(Math.min(30, size));
          expect(random + floor).toBeLessThanOrEqual(size);
        }
      }),
    );
  });
  it('Neyman reads more where more is guessed', () => {
    const shares = allocateNeyman({ a: 5_000, b: 5_000, c: 20 }, { a: 0.01, b: 0.2 }, 400);
    expect(shares.b).toBeGreaterThan(3 * shares.a!);
    expect(shares.c).toBe(20);
  });
  it('risk chances add up to n, none under a fifth of the uniform one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 60 }),
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        (risks, part) => {
          const n = part * risks.length;
          const chances = riskChances(risks, n);
          expect(chances.reduce((sum, pi) => sum + pi, 0)).toBeCloseTo(n, 5);
          for (const pi of chances) {
            expect(pi).toBeGreaterThanOrEqual((0.2 * n) / risks.length - 1e-9);
            expect(pi).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});
