import { describe, expect, it } from 'vitest';
import type { LabelledPair } from '#lib/core/pair/balance.ts';
import type { ReadRow } from './gate.ts';
import { pairGates, syntheticGate } from './pair-gates.ts';

const ref = (id: string, code: string, detail: string) => ({ refKind: 'row' as const, refId: id, code, detail });
const say = (n: number, length: number) =>
  Array.from({ length }, (_, i) => 'abcdefghij'[(n * 7 + i * 3) % 10]).join(' ');
const pair = (n: number, more: Partial<LabelledPair> = {}): LabelledPair => ({
  ...{ id: `d${n}`, config: 'dpo-chat', source: 'edit' },
  chosen: say(n, n % 2 ? 14 : 18),
  rejected: say(n + 3, n % 2 ? 18 : 14),
  ...more,
});

describe('the gates of pairs', () => {
  const stateOf = (pairs: LabelledPair[]) => Object.fromEntries(pairGates(pairs, ref).map((gate) => [gate.gate, gate]));
  it('pass for pairs that are even in every part', () => {
    const gates = stateOf(Array.from({ length: 80 }, (_, n) => pair(n, { source: n < 40 ? 'edit' : 'rank' })));
    expect([gates.pair_length!.state, gates.pair_place!.state]).toEqual(['pass', 'pass']);
  });
  it('a source that is off alone fails its gate, and opens its own pairs', () => {
    const even = Array.from({ length: 200 }, (_, n) => pair(n));
    const long = Array.from({ length: 40 }, (_, n) => pair(n * 2, { id: `r${n}`, source: 'rank' }));
    const short = Array.from({ length: 40 }, (_, n) => pair(n * 2 + 1, { id: `t${n}`, source: 'rating' }));
    const { pair_length: gate } = stateOf([...even, ...long, ...short]);
    expect(gate!.state).toBe('fail');
    expect(gate!.value).toContain('source rank: longer chosen 100.00 %');
    expect(gate!.value).toContain('source rating: longer chosen 0.00 %');
    expect(new Set(gate!.rows.map(({ refId }) => refId[0]))).toEqual(new Set(['r', 't']));
    expect(gate!.rows[0]).toMatchObject({ code: 'win_by_length', detail: 'source rank' });
  });
  it('annotators are told apart by number, never by name', () => {
    const by = (annotator: string, n: number, chosenWasLeft: boolean) =>
      pair(n, { id: `${annotator}${n}`, annotator, chosenWasLeft });
    const pairs = Array.from({ length: 40 }, (_, n) => [by('ann', n, n % 2 === 0), by('bob', n, true)]).flat();
    const { pair_place: gate } = stateOf(pairs);
    expect(gate!.state).toBe('fail');
    expect(gate!.value).toContain('annotator 2');
    expect(JSON.stringify(gate)).not.toContain('bob"');
  });
});

describe('the gate of synthetic rows', () => {
  const made = (generator?: string) => ({
    ...{ memberId: 'p', refKind: 'pair' as const, unitIds: ['u'], group: 'g', cluster: 'k' },
    ...(generator === undefined ? {} : { generator }),
  });
  const row = (id: string, meta: ReadRow['meta']): ReadRow =>
    ({
      id,
      file: 'f',
      split: 'train',
      line: '',
      row: { id, prompt: [], chosen: [], rejected: [], meta_json: '' },
      meta,
    }) as ReadRow;
  const marked = { source: 'synthetic', strength: 'synthetic', generator: 'tools@1' };
  const real = (n: number) => Array.from({ length: n }, (_, i) => row(`r${i}`, { source: 'edit' }));
  const gateOf = (rows: ReadRow[], by: Record<string, string>, generators = { 'tools@1': 0.2 }) =>
    syntheticGate(
      {
        rows,
        made: new Map(rows.map(({ id }) => [id, made(by[id])])),
        generators: new Map(Object.entries(generators)),
      },
      ref,
    );
  it('passes what is marked, approved and within its cap', () => {
    expect(gateOf([...real(4), row('s', marked)], { s: 'tools@1' })).toMatchObject({
      state: 'pass',
      value: '1 synthetic of 5 pairs, 0 faults',
    });
  });
  it.each([
    ['over_cap', [...real(3), row('s', marked)], { s: 'tools@1' }],
    ['not_approved', [...real(9), row('s', { ...marked, generator: 'x@1' })], { s: 'x@1' }],
    ['unmarked', [...real(9), row('s', { source: 'edit', strength: 'strong' })], { s: 'tools@1' }],
    ['unmarked', [...real(9), row('s', marked)], {}],
    ['no_source', [...real(2), row('n', {})], {}],
  ])('%s fails', (code, rows, by) => {
    const gate = gateOf(rows, by as Record<string, string>);
    expect(gate.state).toBe('fail');
    expect(gate.rows.map((one) => one.code)).toContain(code);
  });
});
