import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPlaceholders, maskedNumber, maskNumber } from './placeholder.ts';

describe('what stands instead of a value', () => {
  it('is found where the log holds one already, and nothing like it is', () => {
    const text = 'to [EMAIL_7], [EMAIL_0], [MAIL_1], [PERSON_1234567] and [PERSON_12]';
    expect(findPlaceholders(text).map((p) => p.text)).toEqual(['[EMAIL_7]', '[PERSON_12]']);
  });

  it.each([
    ['442079460139', 3, '900000000003'],
    ['-122.4194', 12, '-900.0012'],
    ['1.5e10', 4, '9.4e10'],
    ['7', 2, '9'],
    ['4931', 12345, '9345'],
  ])('a number %s becomes %s', (literal, n, masked) => {
    expect(maskNumber(literal, n)).toBe(masked);
  });

  it('a number stays a JSON number with as many digits, and is known again', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n ** 9n, max: 10n ** 30n }), fc.integer({ min: 1, max: 999_999 }), (value, n) => {
        const masked = maskNumber(String(value), n);
        expect(masked).toMatch(/^9\d+$/);
        expect(masked).toHaveLength(String(value).length);
        expect(maskedNumber(masked)).toBe(n);
      }),
      { numRuns: 100 },
    );
  });
});
