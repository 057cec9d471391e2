import { describe, expect, it } from 'vitest';
import { addMarks, draftOf, EMPTY_DRAFT, placesOf, toggleDoubt, verdictOf, widenLast } from './audit-draft.ts';

const texts = new Map([
  ['/events/0/parts/0/text', '👋 Okafor called, and Okafor left.'],
  ['/events/1/parts/0/text', 'Okafor?'],
]);
const place = (start: number, end: number, path = '/events/0/parts/0/text') => ({ path, start, end });

describe('what a reader found', () => {
  it('is marked everywhere it stands, in code points', () => {
    expect(placesOf(texts, 'Okafor')).toEqual([place(2, 8), place(21, 27), place(0, 6, '/events/1/parts/0/text')]);
    expect(placesOf(texts, '')).toEqual([]);
  });

  it('takes the place of an earlier mark that it touches', () => {
    const first = addMarks([], [place(2, 8)], 'PERSON', 'span');
    const second = addMarks(first, [place(0, 8)], 'USERNAME', 'unit');
    expect(second).toEqual([{ ...place(0, 8), type: 'USERNAME', scope: 'unit' }]);
  });

  it('reaches over the trajectory when it was widened, as many marks as were just made', () => {
    const marks = addMarks(
      addMarks([], [place(0, 1)], 'PERSON', 'span'),
      [place(2, 8), place(21, 27)],
      'PERSON',
      'unit',
    );
    expect(widenLast(marks, 2).map(({ scope }) => scope)).toEqual(['span', 'trajectory', 'trajectory']);
  });

  it('may be doubted and believed again', () => {
    const marks = addMarks([], [place(2, 8)], 'PERSON', 'span');
    expect(toggleDoubt(marks)[0]).toMatchObject({ doubt: true });
    expect(toggleDoubt(toggleDoubt(marks))).toEqual(marks);
  });

  it('is clean, leaky or unreadable, and comes back from a verdict as it was', () => {
    const marks = addMarks([], [place(2, 8)], 'PERSON', 'span');
    expect(verdictOf(EMPTY_DRAFT).verdict).toBe('clean');
    expect(verdictOf(EMPTY_DRAFT, true).verdict).toBe('unreadable');
    const wrong = [
      { spanId: '3', why: 'type' as const, to: 'EMAIL' as const, path: '/x', start: 4, placeholder: '[PERSON_1]' },
    ];
    const verdict = verdictOf({ marks, wrong });
    expect(verdict).toMatchObject({ verdict: 'leaky', wrongMasks: [{ spanId: '3', why: 'type', to: 'EMAIL' }] });
    const back = draftOf(verdict, [{ no: 3, path: '/x', placeholder: '[PERSON_1]' }]);
    expect(verdictOf(back)).toEqual(verdict);
  });
});
