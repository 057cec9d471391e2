import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { labels, lossMask } from './mask.ts';
import { Tokenizer } from './tokenizer.ts';

const file = fileURLToPath(new URL('./fixtures/byte-level.json', import.meta.url));
const tokenizer = new Tokenizer(readFileSync(file, 'utf8'));

/** The part of the text that trained tokens cover, `·` for each token that is not. */
function painted(text: string, spans: [number, number][]): string {
  const tokens = tokenizer.encodeWithOffsets(text);
  const mask = lossMask(text, tokens, spans);
  return [...mask].map((on, at) => (on ? text.slice(tokens.starts[at], tokens.ends[at]) : '·')).join('');
}

describe('the loss mask', () => {
  it('covers the tokens of the spans and no other, whole ones where a span ends inside', () => {
    expect(painted('<|im_start|>the order<|im_end|>\n', [[12, 31]])).toBe('·the order<|im_end|>·');
    expect(painted(' the order', [[6, 10]])).toBe('· order');
  });

  it('counts code points: what stands before a span may be an emoji', () => {
    expect(painted('😀<|im_end|>the', [[11, 14]]).endsWith('·the')).toBe(true);
  });

  it('leaves empty spans out and joins those that touch', () => {
    expect(painted(' the order', [[3, 3]])).toBe('··');
    const touching: [number, number][] = [
      [0, 4],
      [4, 10],
    ];
    expect(painted(' the order', touching)).toBe(' the order');
  });

  it('gives labels with −100 where the loss does not look', () => {
    const tokens = tokenizer.encodeWithOffsets(' the order');
    expect([...labels(tokens, lossMask(' the order', tokens, [[4, 10]]))]).toEqual([-100, tokens.ids[1]]);
  });
});
