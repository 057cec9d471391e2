import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_DICTIONARY } from '../dictionary.ts';
import { newLeaf, readOnce } from '../read-leaves.ts';
import { readConfigOf } from '../redact.ts';
import { PII_TYPE_NAMES } from '../taxonomy.ts';
import { CHUNK_POINTS, chunksOf, joinChunks, OVERLAP_POINTS } from './chunks.ts';
import { typeOfEntity } from './entity-names.ts';
import { DetectorAwayError, type Plugin, type PluginFinds, readWithPlugin } from './plugin.ts';

const base = { dictionary: EMPTY_DICTIONARY, keyOf: (type: string, value: string) => `${type}:${value}` };
function masked(text: string, plugins: PluginFinds[]): Uint8Array {
  const leaf = newLeaf({ path: '', text, kind: 'string', key: '' }, 'free');
  readOnce([{ id: '', leaves: [leaf] }], readConfigOf({ ...base, plugins }));
  const mask = new Uint8Array(text.length);
  for (const { start, end } of leaf.found) mask.fill(1, start, end);
  return mask;
}

describe('a detector from outside', () => {
  it('can add spans and never takes one away', () => {
    const texts = ['call 020 7946 0139 or write to mara@tallow.example', 'plain words', '😀 Mara Quist'];
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(
          fc.tuple(
            fc.nat(40),
            fc.integer({ min: 1, max: 12 }),
            fc.constantFrom(...PII_TYPE_NAMES),
            fc.double({ min: 0.3, max: 1, noNaN: true }),
          ),
        ),
        (text, list) => {
          const length = [...text].length;
          const spans = list
            .map(([start, size, type, score]) => ({ start, end: Math.min(length, start + size), type, score }))
            .filter(({ start, end }) => start < end);
          const with_ = masked(text, [{ detector: 'plugin:stub@1', of: () => spans }]);
          const without = masked(text, []);
          for (let i = 0; i < text.length; i++) expect(with_[i]).toBeGreaterThanOrEqual(without[i]!);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('that has not read a text stops its redaction', () => {
    expect(() => masked('hello', [{ detector: 'plugin:stub@1', of: () => undefined }])).toThrow('has not read');
  });

  it('is asked about each distinct text once, and about none without a letter', async () => {
    const asked: string[][] = [];
    const plugin: Plugin = {
      id: 'stub',
      version: '1',
      detect: async (texts) => {
        asked.push([...texts]);
        return texts.map(() => []);
      },
    };
    const finds = await readWithPlugin(plugin, ['a b', '--', 'a b', 'c']);
    expect(asked).toEqual([['a b', 'c']]);
    expect(finds.of('--')).toEqual([]);
    expect(finds.of('never asked')).toBeUndefined();
    await expect(readWithPlugin({ ...plugin, detect: async () => [] }, ['a'])).rejects.toBeInstanceOf(
      DetectorAwayError,
    );
  });

  it('gets texts in overlapping pieces that cover every code point, and hits come back to their places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 14_000 }), fc.constantFrom('x', '😀'), (length, char) => {
        const text = char.repeat(length);
        const chunks = chunksOf(text);
        let end = 0;
        for (const chunk of chunks) {
          expect(chunk.start).toBeLessThanOrEqual(end);
          end = chunk.start + [...chunk.text].length;
          expect([...chunk.text].length).toBeLessThanOrEqual(CHUNK_POINTS);
        }
        expect(end).toBe(length);
        if (chunks.length > 1) expect(chunks[1]!.start).toBe(CHUNK_POINTS - OVERLAP_POINTS);
      }),
      { numRuns: 20 },
    );
    const one = { start: 5, end: 9, type: 'PERSON', score: 0.4 } as const;
    expect(
      joinChunks([
        { start: 0, spans: [{ ...one, start: 105, end: 109 }] },
        { start: 100, spans: [{ ...one, score: 0.9 }] },
      ]),
    ).toEqual([{ start: 105, end: 109, type: 'PERSON', score: 0.9 }]);
  });

  it('has its names read as ours, and unknown ones as a suggestion of something confidential', () => {
    expect(typeOfEntity('CREDIT_CARD', 1)).toEqual({ type: 'PAYMENT_CARD', score: 1 });
    expect(typeOfEntity('per', 0.7)).toEqual({ type: 'PERSON', score: 0.7 });
    expect(typeOfEntity('NEW_THING', 0.99)).toEqual({ type: 'CONFIDENTIAL', score: 0.5 });
  });
});
