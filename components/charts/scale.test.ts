import fc from 'fast-check';
import { expect, it } from 'vitest';
import { share, stepOf, ticks } from './scale.ts';

it('puts a value between the ends and never outside', () => {
  expect([share(5, 0, 10), share(-1, 0, 10), share(11, 0, 10), share(3, 3, 3)]).toEqual([0.5, 0, 1, 0]);
});

it('fills only what is more than nothing, and the most the most', () => {
  expect([stepOf(0, 9, 5), stepOf(0.01, 9, 5), stepOf(9, 9, 5), stepOf(1, 0, 5)]).toEqual([0, 1, 5, 0]);
});

it('ticks start at nothing, rise evenly and reach the largest value', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (most) => {
      const all = ticks(most);
      expect(all[0]).toBe(0);
      expect(all.at(-1)!).toBeGreaterThanOrEqual(most * (1 - 1e-9));
      expect(all.length).toBeLessThanOrEqual(6);
    }),
    { numRuns: 200 },
  );
});
