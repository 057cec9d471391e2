import { describe, expect, it } from 'vitest';
import { compileDictionary, type DictionaryEntry, findDictionary } from './dictionary.ts';
import type { Leaf } from './span.ts';

const leaf = (text: string): Leaf => ({ path: '', text, kind: 'string', key: '' });
const find = (entry: Partial<DictionaryEntry>, text: string): string[] => {
  const dictionary = compileDictionary([{ id: '1', value: '', type: 'CONFIDENTIAL', mode: 'word', ...entry }], 7);
  const points = [...text];
  return findDictionary(leaf(text), dictionary).map((span) => points.slice(span.start, span.end).join(''));
};

describe("a project's own words", () => {
  it.each([
    ['word', 'Skarn', 'Project SKARN, not Skarnfield', ['SKARN']],
    ['folded', 'Skarn', 'SKARN, Skarnfield', ['SKARN', 'Skarn']],
    ['exact', 'Skarn', 'SKARN, Skarnfield, skarn', ['Skarn']],
    [
      'word',
      'Renée Quist',
      'RENEE  QUIST and Rene\u0301e\u00a0Qu\u00adist',
      ['RENEE  QUIST', 'Rene\u0301e\u00a0Qu\u00adist'],
    ],
    ['word', 'straße', 'STRASSE', ['STRASSE']],
    ['word', '東京計画', '次は東京計画です', ['東京計画']],
    ['word', '4931', 'pin ٤٩٣١, not 49310', ['٤٩٣١']],
  ] as const)('%s: %s in "%s"', (mode, value, text, found) => {
    expect(find({ mode, value }, text)).toEqual(found);
  });

  it('finds aliases, names the entry and version and never the value', () => {
    const dictionary = compileDictionary(
      [{ id: 'e9', value: 'Operation Tallow', aliases: ['OpTal'], type: 'CONFIDENTIAL', mode: 'word' }],
      12,
    );
    const [span] = findDictionary(leaf('👩‍🚀 optal'), dictionary);
    expect(span).toEqual({
      start: 4,
      end: 9,
      type: 'CONFIDENTIAL',
      tier: 'auto',
      score: 1,
      detector: 'dict:12',
      view: 'source',
      subtype: 'entry:e9',
    });
  });
});
