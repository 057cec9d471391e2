import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSpans } from './merge.ts';
import type { Span } from './span.ts';
import { PII_TYPE_NAMES } from './taxonomy.ts';

const span = (start: number, end: number, more: Partial<Span> = {}): Span => ({
  start,
  end,
  type: 'PERSON',
  tier: 'auto',
  score: 0.7,
  detector: 'names@1',
  view: 'source',
  ...more,
});

describe('merging', () => {
  it('makes overlapping spans one over their union, touching ones stay two', () => {
    const merged = mergeSpans([span(4, 9), span(0, 5), span(9, 12)]);
    expect(merged.map((s) => [s.start, s.end])).toEqual([
      [0, 9],
      [9, 12],
    ]);
  });

  it.each([
    ['the higher class', span(0, 30, { type: 'URL' }), span(5, 9, { type: 'SECRET', score: 0.4 }), 'SECRET'],
    [
      'a checksum',
      span(0, 12, { type: 'PHONE' }),
      span(0, 11, { type: 'PAYMENT_CARD', checked: true }),
      'PAYMENT_CARD',
    ],
    ['the longer', span(0, 12, { type: 'ADDRESS', score: 0.6 }), span(0, 6, { type: 'PERSON', score: 0.9 }), 'ADDRESS'],
    ['the higher score', span(0, 6, { type: 'USERNAME', score: 0.9 }), span(0, 6, { score: 0.6 }), 'USERNAME'],
  ])('takes its type from %s', (_, a, b, type) => {
    expect(mergeSpans([a, b])[0]!.type).toBe(type);
    expect(mergeSpans([b, a])[0]!.type).toBe(type);
  });

  it('never uncovers a character, whatever is added, and does not depend on the order', () => {
    const any = fc
      .record({
        start: fc.nat(40),
        length: fc.nat(12),
        type: fc.constantFrom(...PII_TYPE_NAMES),
        score: fc.double({ min: 0.3, max: 1, noNaN: true }),
      })
      .map(({ start, length, type, score }) => span(start, start + length, { type, score }));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 10 }), any, (spans, added) => {
        const covered = (list: Span[]) =>
          new Set(list.flatMap((s) => Array.from({ length: s.end - s.start }, (_, i) => s.start + i)));
        const before = mergeSpans(spans);
        const after = mergeSpans([...spans, added]);
        expect([...covered(before)].every((at) => covered(after).has(at))).toBe(true);
        expect(covered(before)).toEqual(covered(spans));
        expect(mergeSpans([...spans].reverse())).toEqual(before);
        expect(after.every((s, i) => i === 0 || s.start >= after[i - 1]!.end)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
