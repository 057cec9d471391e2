import { describe, expect, it } from 'vitest';
import { type Cell, GOOD_RULES, missesAllowed, simulateBias, simulateCell, simulateChapman } from './simulate.ts';

// A few cells of the contract's grid, fewer releases in each: the whole grid takes an hour.
const RELEASES = 120;
const even: Cell = { units: 2_000, rate: 0.005, spread: 'even', sensitivity: 0.95, canaries: 100 };
const CELLS: Cell[] = [
  even,
  { units: 500, rate: 0.02, spread: 'clustered', sensitivity: 1, canaries: 60 },
  { units: 2_000, rate: 0.01, spread: 'one stratum', sensitivity: 0.85, canaries: 200 },
  { units: 4_000, rate: 0.002, spread: 'even', sensitivity: 1, canaries: 100 },
  { units: 1_000, rate: 0, spread: 'even', sensitivity: 0.85, canaries: 60 },
];

describe('do the bounds hold in releases whose truth is known?', () => {
  it.each(CELLS)('in $units units, $rate leaky, $spread, readers who see $sensitivity', (cell) => {
    const misses = simulateCell(cell, RELEASES, 11, GOOD_RULES);
    for (const rule of GOOD_RULES) expect(misses[rule], rule).toBeLessThanOrEqual(missesAllowed(RELEASES));
  });

  it('allows 122 misses in 2,000', () => {
    expect(missesAllowed(2_000)).toBe(122);
  });

  it('the estimate of a risk draw is unbiased', () => {
    for (const spread of ['even', 'one stratum'] as const) {
      expect(Math.abs(simulateBias({ ...even, rate: 0.02, spread }, 150, 5))).toBeLessThan(3);
    }
  });
});

describe('are bad rules caught by the same test?', () => {
  it('a normal bound on the weighted estimate', () => {
    const misses = simulateCell({ ...even, rate: 0.01 }, 200, 3, ['normal bound']);
    expect(misses['normal bound']).toBeGreaterThan(missesAllowed(200));
  });
  it('dividing by the observed sensitivity instead of its lower bound', () => {
    const leaky: Cell = { units: 500, rate: 0.05, spread: 'even', sensitivity: 0.85, canaries: 60 };
    const misses = simulateCell(leaky, 1_000, 5, ['observed sensitivity']);
    expect(misses['observed sensitivity']).toBeGreaterThan(missesAllowed(1_000));
  });
  it('dropping repaired leaks from the count', () => {
    const misses = simulateCell({ ...even, units: 4_000, rate: 0.01 }, 60, 7, ['finds dropped after a fix']);
    expect(misses['finds dropped after a fix']).toBe(60);
  });
});

describe('what did both readers miss?', () => {
  it.each([
    { leaks: 20, sensitivity: 0.85 },
    { leaks: 100, sensitivity: 0.95 },
    { leaks: 200, sensitivity: 0.85 },
    { leaks: 1_000, sensitivity: 0.75 },
  ])('independent readers of $leaks leaks: the interval holds it 93 times in 100', ({ leaks, sensitivity }) => {
    expect(simulateChapman({ leaks, sensitivity, hard: 0, rounds: 1_000 }, 3)).toBeGreaterThanOrEqual(0.93);
  });
  it('falls far short when both find the same leaks hard: it is a lower bound', () => {
    expect(simulateChapman({ leaks: 200, sensitivity: 0.95, hard: 0.15, rounds: 1_000 }, 3)).toBeLessThan(0.5);
  });
});
