import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordPiecesOf } from './word-pieces.ts';

const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'mara', 'qui', '##st', 'call', ',', '花', 'e', '##e'];
const pieces = wordPiecesOf(VOCABULARY, true);

describe('word pieces', () => {
  it('cut words into the longest known pieces, and know where each stands', () => {
    expect(pieces('Call Mara Quist,花')).toEqual({
      ids: [2, 7, 4, 5, 6, 8, 9, 3],
      places: [
        undefined,
        { start: 0, end: 4 },
        { start: 5, end: 9 },
        { start: 10, end: 13 },
        { start: 13, end: 15 },
        { start: 15, end: 16 },
        { start: 16, end: 17 },
        undefined,
      ],
    });
  });

  it('take a word with an unknown part as one unknown piece', () => {
    expect(pieces('😀 marx é')).toEqual({
      ids: [2, 1, 1, 10, 3],
      places: [undefined, { start: 0, end: 1 }, { start: 2, end: 6 }, { start: 7, end: 8 }, undefined],
    });
  });

  it('stay in order, inside the text, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const { ids, places } = pieces(text);
        expect(ids.length).toBe(places.length);
        let last = 0;
        for (const place of places) {
          if (place === undefined) continue;
          expect(place.start).toBeGreaterThanOrEqual(last === place.start ? last : 0);
          expect(place.end).toBeGreaterThan(place.start);
          expect(place.end).toBeLessThanOrEqual([...text].length);
          last = place.start;
        }
      }),
      { numRuns: 100 },
    );
  });
});
