import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Unit } from '../../trajectory/unit.ts';
import { findsCanary, marksBesides, plantCanary } from './plant.ts';

const unitOf = (...texts: string[]): Unit =>
  ({
    id: 'u1',
    unit: 'thread',
    events: texts.map((text, at) => ({
      id: `e${at}`,
      seq: at,
      kind: at % 2 === 0 ? 'user' : 'assistant',
      parts: [{ type: 'text', text }],
    })),
  }) as unknown as Unit;
const textAt = (unit: Unit, path: string): string => {
  const [, , at, , part] = path.split('/');
  const one = unit.events[Number(at)]!.parts[Number(part)]!;
  return one.type === 'text' ? one.text : '';
};
const words = fc
  .array(fc.constantFrom('parcel', '[PERSON_1]', '👩‍👩‍👧', 'naïve', 'مرحبا', 'tent,', 'two\nlines'), {
    minLength: 8,
    maxLength: 20,
  })
  .map((list) => list.join(' '));

describe('a canary', () => {
  it('is put between words, never into a placeholder, and taking it out gives back the text', () => {
    fc.assert(
      fc.property(words, fc.string({ minLength: 1 }), (text, seed) => {
        const unit = unitOf(text);
        const made = plantCanary(unit, seed);
        fc.pre(made !== null);
        const { planted } = made!;
        const points = [...textAt(made!.unit, planted.path)];
        expect([...points.slice(0, planted.putStart), ...points.slice(planted.putEnd)].join('')).toBe(text);
        expect(points.slice(planted.start, planted.end).join('').trim()).not.toBe('');
        expect(points.join('').match(/\[PERSON_1\]/g)?.length ?? 0).toBe(text.match(/\[PERSON_1\]/g)?.length ?? 0);
        expect(textAt(unit, '/events/0/parts/0/text')).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it('is the same for the same seed, and of many kinds over seeds', () => {
    const unit = unitOf('Where is the parcel that I ordered last week?', 'It is on its way to you, with our thanks.');
    expect(plantCanary(unit, 'seed')).toEqual(plantCanary(unit, 'seed'));
    const kinds = Array.from({ length: 200 }, (_, at) => plantCanary(unit, `seed ${at}`)!.planted.type);
    expect(new Set(kinds)).toEqual(new Set(['PERSON', 'EMAIL', 'PHONE', 'ADDRESS', 'ACCOUNT_ID', 'USERNAME']));
    const names = kinds.filter((kind) => kind === 'PERSON').length;
    expect(names).toBeGreaterThan(70);
    expect(names).toBeLessThan(130);
  });

  it('is not planted where no text is long enough', () => {
    expect(plantCanary(unitOf('Hi.', 'Hello.'), 'seed')).toBeNull();
  });

  it('is found by a mark that touches it and would count as a leak', () => {
    const canary = { path: '/a', start: 10, end: 20, putStart: 8, putEnd: 21 };
    const mark = (start: number, end: number, type = 'PERSON', path = '/a') => ({ path, start, end, type });
    expect(findsCanary([mark(19, 30)], canary)).toBe(true);
    expect(findsCanary([mark(20, 30), mark(0, 10), mark(10, 20, 'PERSON', '/b')], canary)).toBe(false);
    expect(findsCanary([mark(10, 20, 'DATE')], canary)).toBe(false);
  });

  it('leaves real misses beside it, at the places they have without it', () => {
    const canary = { path: '/a', start: 10, end: 20, putStart: 8, putEnd: 21 };
    const mark = (start: number, end: number, path = '/a') => ({ path, start, end, type: 'PERSON' });
    expect(marksBesides([mark(0, 8), mark(9, 20), mark(25, 30), mark(12, 14, '/b')], canary)).toEqual([
      mark(0, 8),
      mark(12, 17),
      mark(12, 14, '/b'),
    ]);
  });
});
