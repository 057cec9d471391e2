import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAutomaton } from './automaton.ts';

const hitsOf = (patterns: string[], text: string): string[] => {
  const hits: string[] = [];
  buildAutomaton(patterns).scan(text, (pattern, end) => hits.push(`${pattern}@${end}`));
  return hits.sort();
};

describe('many words in one pass', () => {
  it('reports words inside words, and each of two equal words', () => {
    expect(hitsOf(['she', 'he', 'hers', 'he', ''], 'ushers')).toEqual(['0@4', '1@4', '2@6', '3@4']);
  });

  it('finds exactly what a search word by word finds', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '𝓜'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), fc.array(word, { maxLength: 12 }), (patterns, parts) => {
        const text = parts.join('');
        const expected: string[] = [];
        for (const [index, pattern] of patterns.entries())
          for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1))
            expected.push(`${index}@${at + pattern.length}`);
        expect(hitsOf(patterns, text)).toEqual(expected.sort());
      }),
      { numRuns: 200 },
    );
  });
});
