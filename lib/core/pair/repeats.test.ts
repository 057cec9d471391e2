import { describe, expect, it } from 'vitest';
import { pairOfSubject, positionConsistency, swappedSubject } from './repeats.ts';

describe('a pair that comes back', () => {
  it('is another item of the same pair', () => {
    expect(pairOfSubject('p_1')).toEqual({ pairId: 'p_1', showing: 1 });
    expect(pairOfSubject(swappedSubject('p_1'))).toEqual({ pairId: 'p_1', showing: 2 });
  });
  it('tells with n and interval how often the same answer was chosen', () => {
    const share = positionConsistency([
      ['a', 'a'],
      ['b', 'b'],
      ['a', 'b'],
      ['tie', 'tie'],
    ]);
    expect(share).toMatchObject({ value: 0.75, n: 4 });
    expect(share.low).toBeLessThan(0.75);
    expect(positionConsistency([]).n).toBe(0);
  });
});
