import { describe, expect, it } from 'vitest';
import { JsonNumber } from '../../trajectory/json.ts';
import { msBetween, readTime } from './read-time.ts';

describe('times as logs hold them', () => {
  it.each([
    [1772355600, '2026-03-01T09:00:00.000Z'],
    [1772355600.25, '2026-03-01T09:00:00.250Z'],
    [1772355600000, '2026-03-01T09:00:00.000Z'],
    [1772355600000000, '2026-03-01T09:00:00.000Z'],
    ['1772355600000000000', '2026-03-01T09:00:00.000Z'],
    [new JsonNumber('1772355600000000000'), '2026-03-01T09:00:00.000Z'],
    ['2026-03-01T09:00:00Z', '2026-03-01T09:00:00.000Z'],
    ['2026-03-01T10:00:00.123456+01:00', '2026-03-01T09:00:00.123Z'],
    ['2026-03-01 09:00:00', '2026-03-01T09:00:00.000Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-13-01T00:00:00Z', undefined],
    ['09:00', undefined],
    ['soon', undefined],
    [42, undefined],
    [-5, undefined],
    [1e300, undefined],
    [null, undefined],
  ])('%s is %s', (logged, time) => {
    expect(readTime(logged)).toBe(time);
  });

  it('never gives a negative duration', () => {
    expect(msBetween('2026-03-01T09:00:00.000Z', '2026-03-01T09:00:01.500Z')).toBe(1500);
    expect(msBetween('2026-03-01T09:00:01.500Z', '2026-03-01T09:00:00.000Z')).toBeUndefined();
  });
});
