import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedShare, seededBits, seededRandom } from './random.ts';
import { wilson } from './wilson.ts';

describe('how sure is a share?', () => {
  // statsmodels.stats.proportion.proportion_confint(k, n, method='wilson')
  it.each([
    { hits: 35, n: 50, low: 0.562496, high: 0.808964 },
    { hits: 0, n: 10, low: 0.0, high: 0.277533 },
    { hits: 10, n: 10, low: 0.722467, high: 1.0 },
    { hits: 96, n: 100, low: 0.901629, high: 0.984337 },
  ])('$hits of $n: $low to $high', ({ hits, n, low, high }) => {
    const share = wilson(hits, n);
    expect(share.low).toBeCloseTo(low, 6);
    expect(share.high).toBeCloseTo(high, 6);
  });
  it('of nothing nothing is known, and contradictions are refused', () => {
    expect(wilson(0, 0)).toEqual({ value: Number.NaN, n: 0, low: 0, high: 1 });
    expect(() => wilson(3, 2)).toThrow(RangeError);
  });
  it('holds the share, and mirrors it', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (hits, misses) => {
        fc.pre(hits + misses > 0);
        const [share, other] = [wilson(hits, hits + misses), wilson(misses, hits + misses)];
        expect(share.low).toBeLessThanOrEqual(share.value);
        expect(share.high).toBeGreaterThanOrEqual(share.value);
        expect(share.low).toBeCloseTo(1 - other.high, 12);
      }),
    );
  });
});

describe('is chance repeatable?', () => {
  it('the same seed gives the same numbers, another seed others', () => {
    const take = (seed: number) => Array.from({ length: 5 }, seededBits(seed));
    expect(take(1)).toEqual(take(1));
    expect(take(1)).not.toEqual(take(2));
    // Computed by an independent script of xoshiro128** and SplitMix32.
    expect(take(1)).toEqual([393288148, 2174103013, 3814759091, 2092745082, 1865176206]);
  });
  it('numbers fill [0, 1) evenly', () => {
    const random = seededRandom(7);
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) tenths[Math.floor(random() * 10)]!++;
    // Expected 1,000 each, standard error 30.
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(130);
  });
  it('a keyed share is the first 8 bytes of the HMAC over 2^64', () => {
    const bytes = createHmac('sha256', 'key').update('group').digest();
    expect(keyedShare('key', 'group')).toBeCloseTo(Number(bytes.readBigUInt64BE(0)) / 2 ** 64, 15);
    fc.assert(fc.property(fc.string(), (text) => keyedShare('k', text) < 1 && keyedShare('k', text) >= 0));
  });
});
