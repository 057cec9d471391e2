import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareReadings, ruledMark } from './disputes.ts';
import type { Mark } from './verdict.ts';

const mark = (start: number, end: number, type: Mark['type'] = 'PERSON', path = '/a'): Mark => ({
  path,
  start,
  end,
  type,
  scope: 'span',
});
const marks = fc
  .array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 5 }), fc.constantFrom('PERSON', 'EMAIL')), { maxLength: 6 })
  .map((list) => list.map(([start, size, type]) => mark(start * 6, start * 6 + size, type as Mark['type'])))
  .map((list) => list.filter((one, at) => list.findIndex((other) => other.start === one.start) === at));

describe('two blind readings', () => {
  it('agree where place, bounds and kind are the same, and differ one dispute a place', () => {
    const a = [mark(0, 6), mark(20, 25, 'DATE'), mark(40, 44)];
    const b = [mark(0, 6), mark(18, 25, 'DATE'), mark(60, 64)];
    expect(compareReadings(a, b)).toEqual({
      agreed: [mark(0, 6)],
      disputes: [
        { a: mark(20, 25, 'DATE'), b: mark(18, 25, 'DATE') },
        { a: mark(40, 44), b: null },
        { a: null, b: mark(60, 64) },
      ],
    });
  });

  it('send a mark in doubt to the third person, even when both made it', () => {
    const doubted = { ...mark(0, 6), doubt: true as const };
    expect(compareReadings([doubted], [mark(0, 6)])).toEqual({
      agreed: [],
      disputes: [{ a: doubted, b: mark(0, 6) }],
    });
  });

  it('lose no mark and invent none', () => {
    fc.assert(
      fc.property(marks, marks, (a, b) => {
        const { agreed, disputes } = compareReadings(a, b);
        expect(agreed.length + disputes.filter((one) => one.a).length).toBe(a.length);
        expect(agreed.length + disputes.filter((one) => one.b).length).toBe(b.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a ruling', () => {
  const dispute = { a: mark(20, 25), b: mark(18, 23, 'USERNAME') };
  it('takes one, their union, what they share, neither, or another mark', () => {
    expect(ruledMark(dispute, 'a')).toEqual(mark(20, 25));
    expect(ruledMark(dispute, 'b')).toEqual(mark(18, 23, 'USERNAME'));
    expect(ruledMark(dispute, 'union')).toEqual(mark(18, 25));
    expect(ruledMark(dispute, 'overlap')).toEqual(mark(20, 23));
    expect(ruledMark(dispute, 'neither')).toBeNull();
    expect(ruledMark(dispute, 'edit', mark(19, 26))).toEqual(mark(19, 26));
  });
  it('cannot take what nobody marked', () => {
    expect(() => ruledMark({ a: mark(0, 2), b: null }, 'b')).toThrow(RangeError);
    expect(() => ruledMark({ a: mark(0, 2), b: null }, 'union')).toThrow(RangeError);
    expect(() => ruledMark({ a: mark(0, 2), b: mark(5, 8) }, 'overlap')).toThrow(RangeError);
  });
});
