import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editShare } from './edit-distance.ts';

/** The definition, cell by cell. */
function plain(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  let row = Array.from({ length: y.length + 1 }, (_, j) => j);
  for (let i = 1; i <= x.length; i++) {
    const next = [i];
    for (let j = 1; j <= y.length; j++)
      next[j] = Math.min(row[j - 1]! + (x[i - 1] === y[j - 1] ? 0 : 1), row[j]! + 1, next[j - 1]! + 1);
    row = next;
  }
  return row[y.length]! / Math.max(1, x.length, y.length);
}
const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '😀'), maxLength: 24 });

describe('the share of edits', () => {
  it('is that of the definition', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(editShare(a, b)).toBeCloseTo(plain(a, b), 12);
      }),
    );
  });

  it('is the same up to the share asked for, and 1 above it', () => {
    fc.assert(
      fc.property(text, text, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, most) => {
        const whole = plain(a, b);
        const longer = Math.max([...a].length, [...b].length);
        expect(editShare(a, b, most)).toBeCloseTo(
          Math.round(whole * longer) <= Math.floor(most * longer) ? whole : 1,
          12,
        );
      }),
    );
  });

  it('counts words in long texts', () => {
    const long = 'lantern oil '.repeat(500);
    expect(editShare(long, `${long}wick`)).toBeCloseTo(1 / 2001, 12);
  });
});
