import { describe, expect, it } from 'vitest';
import type { Draft } from './gold-draft.ts';
import { mergeUp, splitAt } from './use-gold-acts.ts';

const draft = (from: number, to: number): Draft => ({
  range: [from, to],
  kinds: [],
  tags: { level: 'L1', domain: 'shop', lang: 'en', task: 'answer', outcome: 'success' },
  missed: [],
  wrong: [],
});
const places = ['user', 'assistant', 'user', 'tool_call', 'assistant', 'user', 'assistant'].map((kind, seq) => ({
  seq,
  kind,
}));

describe('the cut of a gold unit', () => {
  it('moves to the event at hand, never past the end', () => {
    expect(splitAt(draft(2, 7), 5).range).toEqual([5, 7]);
    expect(splitAt(draft(2, 7), 7).range).toEqual([2, 7]);
    expect(splitAt(draft(2, 7), 1).range).toEqual([2, 7]);
  });
  it('takes one turn more at the front, and stays at the first event', () => {
    expect(mergeUp(draft(5, 7), places).range).toEqual([2, 7]);
    expect(mergeUp(draft(2, 7), places).range).toEqual([0, 7]);
    expect(mergeUp(draft(0, 7), places).range).toEqual([0, 7]);
  });
});
