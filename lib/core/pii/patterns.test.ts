import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileDictionary, EMPTY_DICTIONARY } from './dictionary.ts';
import { patternFault, shapeOf, withPatterns } from './patterns.ts';

const pattern = (value: string) => ({ id: 'p', value, type: 'ACCOUNT_ID' as const });

describe('a pattern of a project', () => {
  it('finds every place, beside the terms of the dictionary, in UTF-16 offsets', () => {
    const terms = compileDictionary([{ id: 't', value: 'Skarn', type: 'CONFIDENTIAL', mode: 'word' }], 3);
    const both = withPatterns(terms, [pattern(String.raw`\bBW-[0-9]{5}\b`)]);
    const text = '💩 BW-10233 of Skarn, XBW-10233, BW-102334, BW-99999.';
    expect(both.search(text).map(({ entryId, start, end }) => [entryId, text.slice(start, end)])).toEqual([
      ['t', 'Skarn'],
      ['p', 'BW-10233'],
      ['p', 'BW-99999'],
    ]);
    expect(both).toMatchObject({ version: 3, entries: 2 });
    expect(withPatterns(terms, [])).toBe(terms);
  });

  it.each([
    ['(', 'syntax'],
    ['(?<=a)b', 'syntax'],
    [String.raw`(a)\1`, 'syntax'],
    ['a*', 'matches_nothing'],
    ['[0-9]+', 'too_short'],
    ['BW-[0-9]{5}', null],
  ])('%s: %s', (source, fault) => {
    expect(patternFault(source)).toBe(fault);
  });

  it('takes time in proportion to the text, also where a backtracking engine would not end', () => {
    const evil = withPatterns(EMPTY_DICTIONARY, [pattern('(x+x+)+yyyy')]);
    const took = (size: number): number => {
      const text = 'x'.repeat(size);
      const began = performance.now();
      evil.search(text);
      return performance.now() - began;
    };
    took(2_000);
    expect(took(20_000)).toBeLessThan(2_000);
  });
});

describe('the shape of a missed value', () => {
  it('keeps the leading letters and the number of digits', () => {
    expect(shapeOf('BW-10233')).toBe(String.raw`\bBW-[0-9]{5}\b`);
    expect(shapeOf('cus_8Kq2049')).toBe(String.raw`\bcus_[0-9]{1}[A-Z]{1}[a-z]{1}[0-9]{4}\b`);
  });
  it('is none for words, plain numbers and sentences', () => {
    for (const value of ['Okafor', '4071234567', 'Order 10233 of May', 'a1b2']) expect(shapeOf(value)).toBeNull();
  });
  it('always finds the value that it was made of, and can be used', () => {
    const value = fc
      .tuple(fc.stringMatching(/^[A-Za-z]{2,5}$/), fc.stringMatching(/^[._/-]{1}[A-Z0-9]{4,9}$/))
      .map(([lead, rest]) => lead + rest);
    fc.assert(
      fc.property(value, (one) => {
        const shape = shapeOf(one);
        fc.pre(shape !== null);
        expect(patternFault(shape!)).toBeNull();
        const hits = withPatterns(EMPTY_DICTIONARY, [pattern(shape!)]).search(`see ${one} here`);
        expect(hits).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });
});
