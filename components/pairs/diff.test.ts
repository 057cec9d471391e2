import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffSteps, diffWords, type Step } from './diff.ts';

const step = (name: string, text = ''): Step => ({ name, text });

describe('the difference of two answers', () => {
  it('by words gives back both texts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        const parts = diffWords(left, right);
        expect(
          parts
            .filter(({ is }) => is !== 'added')
            .map(({ text }) => text)
            .join(''),
        ).toBe(left);
        expect(
          parts
            .filter(({ is }) => is !== 'removed')
            .map(({ text }) => text)
            .join(''),
        ).toBe(right);
      }),
      { numRuns: 100 },
    );
  });

  it('by steps puts equal ones side by side, and what differs between them across from each other', () => {
    const left = [step('call get_order'), step('call refund', '403'), step('says', 'I cannot.')];
    const right = [step('call get_order'), step('call refund', '403'), step('call escalate'), step('says', 'Done.')];
    expect(diffSteps(left, right)).toEqual([
      { left: left[0], right: right[0] },
      { left: left[1], right: right[1] },
      { left: left[2], right: right[2] },
      { left: null, right: right[3] },
    ]);
  });

  it('by steps loses none and keeps their order', () => {
    const steps = fc.array(
      fc.constantFrom('a', 'b', 'c').map((name) => step(name)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(steps, steps, (left, right) => {
        const rows = diffSteps(left, right);
        expect(rows.flatMap((row) => row.left ?? [])).toEqual(left);
        expect(rows.flatMap((row) => row.right ?? [])).toEqual(right);
      }),
      { numRuns: 200 },
    );
  });
});
