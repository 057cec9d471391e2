import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohenKappa, krippendorffAlpha, spanAgreement } from './agreement.ts';

const repeat = (times: number, a: string, b: string): [string, string][] => Array.from({ length: times }, () => [a, b]);

describe('do two readers agree more than chance?', () => {
  it('20 and 15 alike, 5 and 10 apart: kappa 0.40', () => {
    const labels = [
      ...repeat(20, 'left', 'left'),
      ...repeat(15, 'right', 'right'),
      ...repeat(5, 'left', 'right'),
      ...repeat(10, 'right', 'left'),
    ];
    const { kappa, observed, expected, n, low, high } = cohenKappa(labels);
    expect([kappa, observed, expected, n]).toEqual([expect.closeTo(0.4), 0.7, expect.closeTo(0.5), 50]);
    // Wilson for 35 of 50 is 0.5625 to 0.8090.
    expect([low, high]).toEqual([expect.closeTo(0.125, 3), expect.closeTo(0.618, 3)]);
  });
  it('one label for everything tells nothing', () => {
    expect(cohenKappa(repeat(9, 'ok', 'ok')).kappa).toBeNaN();
    expect(cohenKappa([]).kappa).toBeNaN();
  });
  it('is the same whoever is named first, and 1 only when all are alike', () => {
    const label = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(fc.tuple(label, label), { minLength: 1, maxLength: 30 }), (labels) => {
        const { kappa } = cohenKappa(labels);
        const swapped = cohenKappa(labels.map(([a, b]) => [b, a] as const)).kappa;
        if (Number.isNaN(kappa)) expect(swapped).toBeNaN();
        else {
          expect(swapped).toBeCloseTo(kappa, 10);
          expect(kappa > 1 - 1e-9).toBe(labels.every(([a, b]) => a === b));
        }
      }),
    );
  });
});

describe('do two sides mark the same spans?', () => {
  const at = (start: number, end: number, type: string, path = '/t') => ({ path, start, end, type });
  const gold = [at(0, 10, 'PERSON'), at(20, 30, 'EMAIL')];

  it('the worked example: exact F1 0.40, overlap F1 0.80', () => {
    const { exact, overlap } = spanAgreement(gold, [at(0, 10, 'PERSON'), at(22, 30, 'EMAIL'), at(40, 44, 'DATE')]);
    expect([exact.precision.value, exact.recall.value, exact.f1.value]).toEqual([1 / 3, 0.5, expect.closeTo(0.4)]);
    expect([overlap.precision.value, overlap.recall.value, overlap.f1.value]).toEqual([2 / 3, 1, expect.closeTo(0.8)]);
    expect([exact.f1.n, overlap.f1.n]).toEqual([4, 3]);
    expect(overlap.f1.low).toBeLessThan(0.8);
    expect(overlap.f1.high).toBeGreaterThan(0.8);
  });
  it('another type or another leaf is no match, touching is no overlap', () => {
    expect(spanAgreement(gold, [at(0, 10, 'ORG'), at(20, 30, 'EMAIL', '/u')]).overlap.f1.value).toBe(0);
    expect(spanAgreement(gold, [at(10, 20, 'PERSON')]).overlap.recall.value).toBe(0);
  });
  it('one long span cannot find two', () => {
    expect(spanAgreement([at(0, 4, 'PERSON'), at(5, 9, 'PERSON')], [at(0, 9, 'PERSON')]).overlap.recall.value).toBe(
      0.5,
    );
  });
  it('never finds more by exact than by overlap, and agrees fully with itself', () => {
    const span = fc
      .tuple(fc.nat(20), fc.integer({ min: 1, max: 5 }), fc.constantFrom('PERSON', 'EMAIL'))
      .map(([start, length, type]) => at(start, start + length, type));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), fc.array(span, { maxLength: 8 }), (a, b) => {
        const { exact, overlap } = spanAgreement(a, b);
        if (a.length > 0) expect(overlap.recall.value).toBeGreaterThanOrEqual(exact.recall.value);
        if (a.length > 0) expect(spanAgreement(a, a).exact.f1.value).toBe(1);
      }),
    );
  });
});

describe('alpha of readers', () => {
  it('is 0.444 for the worked example', () => {
    const { alpha, observed, expected, n } = krippendorffAlpha([
      ['yes', 'yes'],
      ['yes', 'no'],
      ['no', 'no'],
    ]);
    expect(n).toBe(3);
    expect(observed).toBeCloseTo(1 / 3, 6);
    expect(expected).toBeCloseTo(0.6, 6);
    expect(alpha).toBeCloseTo(0.4444, 4);
  });

  it('is 1 when all agree on more than one label, and unknown when there is one label alone', () => {
    expect(
      krippendorffAlpha([
        ['a', 'a'],
        ['b', 'b', 'b'],
      ]).alpha,
    ).toBe(1);
    expect(
      krippendorffAlpha([
        ['a', 'a'],
        ['a', 'a'],
      ]).alpha,
    ).toBeNaN();
    expect(krippendorffAlpha([['a']]).n).toBe(0);
  });

  it('has an interval that holds it, the same for the same seed', () => {
    const items = Array.from({ length: 60 }, (_, at) => [at % 3 === 0 ? 'x' : 'y', at % 7 === 0 ? 'x' : 'y']);
    const one = krippendorffAlpha(items, 7);
    expect(one).toEqual(krippendorffAlpha(items, 7));
    expect(one.low).toBeLessThanOrEqual(one.alpha);
    expect(one.high).toBeGreaterThanOrEqual(one.alpha);
  });
});
