import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { RenderingPage, type ShownRendering } from './rendering-page.tsx';

afterEach(cleanup);

const piece = (at: number, text: string, isTrained: boolean, isSpecial = false) => ({ at, text, isTrained, isSpecial });
const rendering: ShownRendering = {
  family: 'qwen3',
  date: '2026-11-02',
  refused: null,
  row: '{"id":"preview"}',
  branches: [
    {
      name: 'row',
      pieces: [
        piece(0, '<|im_start|>', false, true),
        piece(12, 'user\nWhere?', false),
        piece(23, 'Here.', true),
        piece(28, '<|im_end|>', true, true),
      ],
      characters: 38,
      tokens: { all: 9, trained: 3 },
      cutCharacters: 0,
    },
  ],
  prefixBytes: null,
  findings: [],
  context: 8,
  placeholders: 2,
};
const families = [
  { name: 'qwen3', label: 'Qwen3' },
  { name: 'gemma3', label: 'Gemma 3' },
];
const show = (more: Partial<ShownRendering> = {}) =>
  render(<RenderingPage above="Unit" rendering={{ ...rendering, ...more }} families={families} />);

describe('what the trainer sees', () => {
  it('marks what is trained on with a word, and counts tokens against the context', () => {
    show();
    const text = screen.getByRole('region', { name: 'The row as the trainer sees it' });
    expect(within(text).getByText('LOSS').closest('mark')?.textContent).toBe('LOSSHere.<|im_end|>');
    expect(screen.getByText('9 of 8 tokens')).toBeTruthy();
    expect(screen.getByText('2 placeholders in what is trained on')).toBeTruthy();
  });

  it('draws spaces and line ends when asked', () => {
    show();
    fireEvent.click(screen.getByLabelText('Draw spaces and line ends'));
    expect(screen.getByText(/user⏎/)).toBeTruthy();
  });

  it('names what went wrong with its place, and the prefix of a pair', () => {
    show({ findings: [{ code: 'T17', path: '/messages/1/content', why: 'it is not in the text' }], prefixBytes: 3112 });
    expect(screen.getByText(/The template drops: it is not in the text/).textContent).toContain('/messages/1/content');
    expect(screen.getByText('prefix identical: 3,112 bytes')).toBeTruthy();
  });

  it('says why there is nothing to render', () => {
    show({ refused: 'tools_unknown', row: null, branches: [] });
    expect(screen.getByText(/It gives no row: tools unknown/)).toBeTruthy();
  });
});
