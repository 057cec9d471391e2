import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText, foldValue, sourceRange } from './fold-text.ts';

describe('folding', () => {
  it.each([
    ['Renée  QUIST', 'renee quist'],
    ['ＭＡＲＡ＠tallow', 'mara@tallow'],
    ['𝓜𝓪𝓻𝓪', 'mara'],
    ['Ma\u200bra Qu\u00adist', 'mara quist'],
    ['O’Brien–Łódź', "o'brien-lodz"],
    ['٠٢٠ ７９', '020 79'],
    ['a\r\n\tb', 'a b'],
  ])('%j reads %j', (text, folded) => {
    expect(foldValue(text)).toBe(folded);
  });

  it('maps every stretch back to the source text that folds to it', () => {
    const unit = fc.constantFrom('a', 'É', 'ß', '𝓜', '👩‍🚀', ' ', '\r\n', '\u200f', 'e\u0301', 'ﷺ', '\ud83d', 'Ⅷ', '٣');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), fc.nat(), fc.nat(), (text, a, b) => {
        const folded = foldText(text);
        fc.pre(folded.text.length > 0);
        const start = a % folded.text.length;
        const end = start + 1 + (b % (folded.text.length - start));
        const [from, to] = sourceRange(folded, start, end, text);
        expect(from).toBeLessThan(to);
        expect(to).toBeLessThanOrEqual(text.length);
        expect(foldText(text.slice(from, to)).text).toContain(folded.text.slice(start, end).trim());
      }),
      { numRuns: 300 },
    );
  });
});
