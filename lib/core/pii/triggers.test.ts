import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSpans } from './find-spans.ts';
import { foldText } from './fold-text.ts';
import { traitsOf } from './traits.ts';
import { BLOCK, stretchesOf, TRIGGER, wordStarts } from './triggers.ts';

const spansOf = (text: string, offset = 0) =>
  findSpans({ path: '', text, kind: 'string', key: '' }, { tier: 'suggest' })
    .filter((span) => !/^(?:tagger|rule:address-block)@/.test(span.detector))
    .map(({ start, end, type, score, detector, view }) => [start - offset, end - offset, type, score, detector, view]);

// biome-ignore format: one line a kind of rule
const PLANTED = [
  'customer number: K-4471902', 'born on 3 May 1984', 'on 12.03.1984', 'lives at 221B Baker Street', 'Hauptstraße 12a', 'P.O. Box 4471',
  'London SW1A 2AA', 'zip code 90210', 'mac 3c:22:fb:0a:91:7e', 'maras-macbook.local', 'host 203.0.113.7', 'fe80::1ff:fe23:4567:890a',
  'GPS 51.5007,-0.1246', 'card 4000 0012 3456 7899', 'card ending in 4471', 'call 020 7946 0139', 'IBAN DE41 5001 0517 0123 4567 89',
  'sort code 20-44-71', 'SSN 219-09-9999', 'VIN 1M8GDM9AXKP042788', 'user 3f2a9c1e-5b7d-4c2a-9e1f-0a1b2c3d4e5f', 'logged in as mquist88',
  'your code is 493 118', 'the wifi password is Plum-river-77', 'aged 47', 'cus_9sK2ml41Qx', 'plate: AB12 CDE', 'seed phrase: abandon ability able about above absent absorb abstract absurd abuse access accident',
];
const FILLER = 'quiet words; ';

describe('reading around triggers', () => {
  it.each(PLANTED)('finds %s far inside a long text as at its start', (planted) => {
    const alone = spansOf(planted);
    expect(alone.length, planted).toBeGreaterThan(0);
    for (const times of [9, 13]) {
      const before = FILLER.repeat(times * 6);
      const found = spansOf(`${before}${planted}; ${FILLER.repeat(60)}`, before.length);
      for (const span of alone) expect(found.map(String)).toContain(String(span));
    }
  });

  it('hands out sorted, disjoint stretches that hold every block with the trigger', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(FILLER, '4000 0012 3456 7899', ' ', 'x'.repeat(90), 'é'), { maxLength: 40 }),
        (parts) => {
          const text = parts.join('');
          const { blocks } = traitsOf(text);
          const stretches = stretchesOf(text, blocks, TRIGGER.CLUSTER7);
          let last = -1;
          for (const { start, end } of stretches) {
            expect(start).toBeGreaterThan(last);
            expect(end).toBeLessThanOrEqual(text.length);
            last = end;
          }
          for (const [i, bits] of blocks.entries())
            if ((bits & TRIGGER.CLUSTER7) !== 0)
              expect(
                stretches.some(
                  ({ start, end }) => start <= i * BLOCK && end >= Math.min(text.length, i * BLOCK + BLOCK),
                ),
              ).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('knows words by how they start, in any case, and short ones only whole', () => {
    expect(wordStarts('the Customer or dl, dlx, CUSTOM_FÜHRERSCHEIN', TRIGGER.LABEL)).toEqual([4, 16, 25, 32]);
  });

  it('folds ASCII as it folds the rest', () => {
    const slow = (text: string): string => foldText(`${text}é`).text.slice(0, -1);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'B', ' ', '\n', '\t', '`', '-', '1', '\x1b'), maxLength: 40 }),
        (text) => {
          const folded = foldText(`${text}e`);
          expect(folded.text.slice(0, -1)).toBe(slow(text));
          if (folded.at !== null) expect(folded.at.length).toBe(folded.text.length + 1);
        },
      ),
      { numRuns: 200 },
    );
  });
});
