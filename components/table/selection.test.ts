import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPicked, isPicked, NOTHING, pick, pickAll, type Selection } from './selection.ts';
import { parseSort, writeSort } from './sort.ts';

const page = ['a', 'b', 'c'];

describe('picking rows', () => {
  it('all picks the page, all again the whole query, all a third time nothing', () => {
    const once = pickAll(NOTHING, page);
    expect(countPicked(once, 412)).toBe(3);
    const twice = pickAll(once, page);
    expect(countPicked(twice, 412)).toBe(412);
    expect(isPicked(twice, 'on another page')).toBe(true);
    expect(pickAll(twice, page)).toEqual(NOTHING);
  });
  it('a row can be taken out of the whole query and put back', () => {
    const without = pick({ kind: 'query', except: new Set() }, ['b'], false);
    expect(isPicked(without, 'b')).toBe(false);
    expect(countPicked(without, 412)).toBe(411);
    expect(countPicked(pick(without, ['b'], true), 412)).toBe(412);
  });
  it('an empty page never becomes the whole query', () => {
    expect(pickAll(NOTHING, [])).toEqual(NOTHING);
  });
  it('what was done last to a row holds, whichever way the selection is kept', () => {
    const acts = fc.array(fc.record({ id: fc.constantFrom(...page), isOn: fc.boolean() }), { maxLength: 20 });
    fc.assert(
      fc.property(acts, fc.boolean(), (steps, isQuery) => {
        let selection: Selection = isQuery ? { kind: 'query', except: new Set() } : NOTHING;
        const truth = new Map(page.map((id) => [id, isQuery]));
        for (const { id, isOn } of steps) {
          selection = pick(selection, [id], isOn);
          truth.set(id, isOn);
        }
        for (const id of page) expect(isPicked(selection, id)).toBe(truth.get(id));
      }),
      { numRuns: 100 },
    );
  });
});

describe('a sort in the address', () => {
  it('is read as it is written', () => {
    for (const text of ['tokens', '-tokens', 'tags.level']) expect(writeSort(parseSort(text)!)).toBe(text);
  });
  it.each(['', '-', '1; drop', 'a b', '--x'])('%j is no sort', (text) => {
    expect(parseSort(text)).toBeNull();
  });
});
