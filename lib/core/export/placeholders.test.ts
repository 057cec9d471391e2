import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeholdersIn, renumber, renumberJson } from './placeholders.ts';

const token = fc
  .tuple(fc.constantFrom('PERSON', 'EMAIL', 'DATE'), fc.integer({ min: 1, max: 5 }))
  .map(([type, n]) => `[${type}_${n}]`);
const text = fc.array(fc.oneof(token, fc.constantFrom(' says ', '[x]', '[PERSON_0]'))).map((parts) => parts.join(''));
const value = fc.array(fc.dictionary(text, fc.oneof(text, fc.array(text)), { maxKeys: 3 }), { maxLength: 4 });

const countsOf = (json: string) => {
  const counts = new Map<string, number>();
  for (const found of placeholdersIn([json])) counts.set(found, json.split(found).length);
  return [...counts.values()].sort();
};

describe('placeholders of a row', () => {
  it('are numbered from 1 a type in the order of their first appearance', () => {
    const given = ['[PERSON_7] wrote to [EMAIL_3] and [PERSON_2]; [PERSON_7] left', { '[EMAIL_3]': '[DATE_9]' }];
    expect(renumberJson(given, renumber(given))).toEqual([
      '[PERSON_1] wrote to [EMAIL_1] and [PERSON_2]; [PERSON_1] left',
      { '[EMAIL_1]': '[DATE_1]' },
    ]);
  });

  it('stay as many and as different as they were, whatever the row', () => {
    fc.assert(
      fc.property(value, (row) => {
        const renumbered = renumberJson(row, renumber(row));
        expect(countsOf(JSON.stringify(renumbered))).toEqual(countsOf(JSON.stringify(row)));
        for (const keys of renumbered.map(Object.keys)) expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it('do not change when numbered again', () => {
    fc.assert(
      fc.property(value, (row) => {
        const once = renumberJson(row, renumber(row));
        expect(renumberJson(once, renumber(once))).toEqual(once);
      }),
    );
  });

  it('of two branches have numbers that do not depend on which branch is named first', () => {
    fc.assert(
      fc.property(text, text, text, (shared, a, b) => {
        expect(renumber(shared, [a, b], 'k')).toEqual(renumber(shared, [b, a], 'k'));
      }),
    );
  });
});
