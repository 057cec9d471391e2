import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClusterMember, KEEP_RULES, keptOf, ratingOf } from './keep.ts';
import { unitText } from './unit-text.ts';

const member = (id: string, more: Partial<ClusterMember> = {}): ClusterMember => ({
  ...{ id, tokens: 10, rating: null, startedAtMs: null, isPicked: false },
  ...more,
});

describe('which member of a cluster stays?', () => {
  const members = [
    member('a', { tokens: 30, rating: 0, startedAtMs: 1 }),
    member('b', { tokens: 20, rating: 1, startedAtMs: 2 }),
    member('c', { tokens: 10, startedAtMs: 3 }),
  ];
  it.each([
    ['longest', 'a'],
    ['best_rated', 'b'],
    ['newest', 'c'],
  ] as const)('the %s', (rule, id) => {
    expect(keptOf(members, rule)).toEqual([id]);
    expect(keptOf(members.toReversed(), rule)).toEqual([id]);
  });
  it('the one that a person picked, whatever the rule; all when all are wanted', () => {
    const picked = members.with(2, { ...members[2]!, isPicked: true });
    expect(keptOf(picked, 'longest')).toEqual(['c']);
    expect(keptOf(picked, 'all')).toEqual(['a', 'b', 'c']);
  });
  it('an unchecked one before a known failure', () => {
    expect(keptOf([members[0]!, members[2]!], 'best_rated')).toEqual(['c']);
    expect([
      ratingOf({ value: 'success', basis: 'heuristic' }),
      ratingOf({ value: 'success', basis: 'verifier' }),
      ratingOf({ value: 'unknown', basis: 'user_feedback' }),
    ]).toEqual([null, 1, null]);
  });
  it('exactly one of any cluster, and the same one in any order', () => {
    const any = fc.record({
      tokens: fc.nat(5),
      rating: fc.constantFrom(null, 0, 0.5, 1),
      startedAtMs: fc.option(fc.nat(3)),
      isPicked: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 8 }), fc.constantFrom(...KEEP_RULES), (rows, rule) => {
        const all = rows.map((row, n) => ({ ...row, id: `u${n}` }));
        const kept = keptOf(all, rule);
        expect(kept.length).toBe(rule === 'all' ? all.length : 1);
        expect(keptOf(all.toReversed(), rule).toSorted()).toEqual(kept.toSorted());
      }),
    );
  });
});

describe('what of a unit is compared?', () => {
  it('what was asked, or all that was said and done; never system text or feedback', () => {
    const base = { seq: 0, tsSource: 'none', parts: [], raw: {}, confidence: 1, flags: [] };
    const text = (value: string) => [{ type: 'text', text: value }];
    const events = [
      { ...base, id: '0', kind: 'system', actor: 'app', parts: text('Be brief.') },
      { ...base, id: '1', kind: 'user', actor: 'human', parts: text('Where?') },
      {
        ...base,
        id: '2',
        kind: 'tool_call',
        actor: 'model',
        toolCall: { name: 'find', argumentsRaw: '{"a":1}', origin: 'native' },
      },
      { ...base, id: '3', kind: 'tool_result', actor: 'tool', parts: text('there'), toolResult: { status: 'ok' } },
      { ...base, id: '4', kind: 'user', actor: 'app', injected: true, parts: text('reminder') },
      { ...base, id: '5', kind: 'assistant', actor: 'model', parts: text('There.') },
    ] as unknown as Parameters<typeof unitText>[0]['events'];
    expect(unitText({ events }, 'prompt')).toBe('Where?');
    expect(unitText({ events }, 'row')).toBe('Where?\nfind {"a":1}\nthere\nreminder\nThere.');
  });
});
