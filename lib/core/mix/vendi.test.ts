import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../stats/random.ts';
import { eigenvalues, vendiScore } from './vendi.ts';

describe('how many different things does a sample hold?', () => {
  it('copies are one, texts without a common word as many as there are, two kinds two', () => {
    const copy = ['where', 'is', 'my', 'order'];
    expect(vendiScore(Array.from({ length: 20 }, () => copy))).toBeCloseTo(1, 6);
    expect(vendiScore(Array.from({ length: 20 }, (_, n) => [`a${n}`, `b${n}`]))).toBeCloseTo(20, 6);
    expect(vendiScore(Array.from({ length: 20 }, (_, n) => (n % 2 ? copy : ['cancel', 'it'])))).toBeCloseTo(2, 6);
    expect([vendiScore([]), vendiScore([[], [], []])]).toEqual([0, 1]);
  });
  it('is never less than one or more than the texts, and copies never add to it', () => {
    const texts = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(texts, (all) => {
        const score = vendiScore(all);
        expect(score).toBeGreaterThan(1 - 1e-6);
        expect(score).toBeLessThan(all.length + 1e-6);
        expect(vendiScore([...all, ...all])).toBeLessThan(all.length + 1e-6);
      }),
    );
  });
});

describe('eigenvalues', () => {
  it('of a known matrix', () => {
    const values = eigenvalues(Float64Array.from([2, -1, 0, -1, 2, -1, 0, -1, 2]), 3).sort((a, b) => a - b);
    for (const [at, value] of [2 - Math.SQRT2, 2, 2 + Math.SQRT2].entries()) expect(values[at]).toBeCloseTo(value, 10);
  });
  it('keep trace and sum of squares of any symmetric matrix', () => {
    const chance = seededRandom(2);
    for (const n of [1, 2, 5, 17, 40]) {
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = chance() - 0.5;
      const trace = Array.from({ length: n }, (_, i) => matrix[i * n + i]!).reduce((a, b) => a + b, 0);
      const squares = matrix.reduce((sum, value) => sum + value * value, 0);
      const values = eigenvalues(matrix.slice(), n);
      expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(trace, 8);
      expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(squares, 8);
    }
  });
});
