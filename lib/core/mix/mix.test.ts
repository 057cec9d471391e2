import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CoverageRow, compareWithTargets, tabulate, targetsFrom, thinCells, totalVariation } from './coverage.ts';
import { describeDiversity, entropyBits } from './diversity.ts';
import { modelWeight, scheduleMixtures, weightsFrom } from './schedule.ts';

const row = (id: string, more: Partial<CoverageRow> = {}): CoverageRow => ({
  ...{ id, kind: 'agent', level: 'L2', tools: ['get_order'], hops: 1, recovered: false },
  ...{ domain: 'orders', language: 'en', outcome: { value: 'success', basis: 'verifier' } },
  ...more,
});
const many = (n: number, more: Partial<CoverageRow>) => Array.from({ length: n }, (_, i) => row(`${i}`, more));

describe('what is there?', () => {
  it('counts rows, tokens and shares by any axes', () => {
    const rows = [row('a', { tokens: 10 }), row('b', { tokens: 5 }), row('c', { level: 'L0', kind: 'qa', tools: [] })];
    expect(tabulate(rows, ['level', 'kind'])).toEqual([
      { at: { level: 'L2', kind: 'agent' }, rows: 2, tokens: 15, share: 2 / 3 },
      { at: { level: 'L0', kind: 'qa' }, rows: 1, tokens: 0, share: 1 / 3 },
    ]);
  });
  it('a row stands under each tool it calls, a row without calls under none', () => {
    const cells = tabulate(
      [row('a', { tools: ['x', 'y'] }), row('b', { tools: [] }), row('c', { tools: ['y'] })],
      ['tool'],
    );
    expect(cells.map(({ at, rows }) => [at.tool, rows])).toEqual([
      ['y', 2],
      ['none', 1],
      ['x', 1],
    ]);
  });
  it('an outcome says what it rests on; unknown stays unknown, whatever was guessed', () => {
    const rows = [
      row('a'),
      row('b', { outcome: { value: 'success', basis: 'user_feedback' } }),
      row('c', { outcome: { value: 'unknown', basis: 'heuristic' } }),
      row('d', { domain: undefined, language: '' }),
    ];
    const values = tabulate(rows, ['outcome']).map(({ at }) => at.outcome);
    expect(values.toSorted()).toEqual(['success, user_feedback', 'success, verifier', 'unknown']);
    expect(tabulate(rows, ['domain', 'language']).at(-1)!.at).toEqual({ domain: 'unknown', language: 'unknown' });
  });
  it.each([
    [0, '0'],
    [2, '2'],
    [3, '3–6'],
    [6, '3–6'],
    [7, '7+'],
  ])('%d hops are %s', (hops, value) => {
    expect(tabulate([row('a', { hops })], ['hops'])[0]!.at.hops).toBe(value);
  });
  it('names cells with few rows', () => {
    expect(
      thinCells([...many(12, {}), ...many(3, { domain: 'travel' })], ['domain'], 11).map(({ at }) => at.domain),
    ).toEqual(['travel']);
  });
});

describe('what is missing?', () => {
  const rows = [...many(96, {}), ...many(4, { recovered: true })];
  it('rows until a share is reached, counting that each makes the whole larger', () => {
    const [state] = compareWithTargets(rows, [{ at: { recovery: 'yes' }, share: 0.08 }]);
    expect(state).toMatchObject({ rows: 4, share: 0.04, state: 'under', missing: 5 });
    const more = [...rows, ...many(5, { recovered: true })];
    expect(compareWithTargets(more, [{ at: { recovery: 'yes' }, share: 0.08 }])[0]!.state).toBe('met');
  });
  it('inside the tolerance is met, above it over', () => {
    const state = (share: number, tolerance: number) =>
      compareWithTargets(rows, [{ at: { recovery: 'no' }, share, tolerance }])[0]!.state;
    expect([state(0.99, 0.03), state(0.9, 0.05), state(0.99, 0.01)]).toEqual(['met', 'over', 'under']);
  });
  it('a number of rows, in a cell of several axes', () => {
    const targets = [
      { at: { level: 'L2', recovery: 'yes' }, rows: 10 } as const,
      { at: { level: 'L5' }, rows: 3 } as const,
    ];
    expect(compareWithTargets(rows, targets).map(({ missing }) => missing)).toEqual([6, 3]);
  });
  it('nothing at all is under every target', () => {
    expect(compareWithTargets([], [{ at: { level: 'L0' }, share: 0.5 }])[0]).toMatchObject({
      state: 'under',
      missing: 1,
    });
  });
  it('adding what is missing meets the target, one row less does not', () => {
    const share = fc.double({ min: 0.01, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), share, (inside, outside, wanted) => {
        const target = [{ at: { level: 'L4' }, share: wanted }];
        const of = (extra: number) =>
          compareWithTargets([...many(inside + extra, { level: 'L4' }), ...many(outside, {})], target)[0]!;
        const { state, missing } = of(0);
        expect(of(missing).state).toBe('met');
        if (state === 'under' && missing > 1) expect(of(missing - 1).state).toBe('under');
      }),
      { numRuns: 60 },
    );
  });
  it('targets copied from a mix are met by it', () => {
    expect(
      compareWithTargets(rows, targetsFrom(rows, ['level', 'recovery'])).every(({ state }) => state === 'met'),
    ).toBe(true);
  });
  it('how far two mixes are apart', () => {
    expect(totalVariation(rows, rows, 'recovery')).toBe(0);
    expect(totalVariation(many(3, { level: 'L0' }), many(5, { level: 'L1' }), 'level')).toBe(1);
    expect(totalVariation(rows, many(10, {}), 'recovery')).toBeCloseTo(0.04, 12);
  });
});

describe('how varied is it?', () => {
  const said = (id: string, text: string, calls: string[], cluster: string) => ({
    id,
    level: 'L2',
    tokens: text.split(' '),
    calls,
    cluster,
  });
  it('different runs over all runs, tool sequences, cluster shares', () => {
    const diversity = describeDiversity(
      [
        said('a', 'where is it', ['x', 'y'], 'k1'),
        said('b', 'where is that', ['x', 'y', 'x', 'y'], 'k1'),
        said('c', 'hello', [], 'k2'),
      ],
      0.4,
    );
    expect(diversity.distinct).toEqual([5 / 7, 3 / 4, 1]);
    expect(diversity.toolSequences).toEqual([
      { level: 'L2', length: 1, different: 2, entropyBits: 1 },
      { level: 'L2', length: 2, different: 2, entropyBits: expect.closeTo(0.811, 3) },
      { level: 'L2', length: 3, different: 2, entropyBits: 1 },
    ]);
    expect(diversity.clusters).toEqual({ count: 2, largestShare: 2 / 3 });
    expect(diversity.gzipRatio).toBe(0.4);
    expect(describeDiversity([])).toEqual({
      rows: 0,
      distinct: [0, 0, 0],
      toolSequences: [],
      toolCoverage: { called: 0, known: 0 },
      clusters: { count: 0, largestShare: 0 },
    });
  });
  it('entropy is 0 for one thing and log2 n for n even ones', () => {
    expect(entropyBits([7])).toBe(0);
    expect(entropyBits([3, 3, 3, 3, 0])).toBe(2);
  });
});

describe('how much of what, and when?', () => {
  const stock = [
    { config: 'sft-chat', level: 'L0', rows: 300 },
    { config: 'sft-chat', level: 'L1', rows: 100 },
    { config: 'sft-agent', level: 'L1', rows: 100 },
    { config: 'sft-agent', level: 'L3', rows: 400 },
    { config: 'sft-agent', level: 'L4', rows: 100 },
    { config: 'dpo-chat', level: 'L5', rows: 0 },
  ];
  it('flat: as the rows lie, or as levels are wanted', () => {
    expect(scheduleMixtures(stock).flat.map(({ weight }) => weight)).toEqual([0.3, 0.1, 0.1, 0.4, 0.1]);
    const wanted = scheduleMixtures(stock, { L0: 0.1, L1: 0.4, L3: 0.3, L4: 0.2 }).flat;
    expect(wanted.map(({ level, weight }) => [level, weight])).toEqual([
      ['L0', 0.1],
      ['L1', 0.2],
      ['L1', 0.2],
      ['L3', 0.3],
      ['L4', 0.2],
    ]);
    expect(() => scheduleMixtures(stock, { L0: 0.5 })).toThrow(RangeError);
  });
  it('staged: from simple to hard, a fifth of each later stage repeats the earlier ones', () => {
    const { staged } = scheduleMixtures(stock);
    expect(staged.map(({ name, replay }) => [name, replay])).toEqual([
      ['single answers', 0],
      ['a few steps', 0.2],
      ['long and recovered', 0.2],
    ]);
    expect(staged[1]!.take.filter(({ level }) => level === 'L3')).toEqual([
      { config: 'sft-agent', level: 'L3', share: 0.8 },
    ]);
    expect(staged[2]!.take.find(({ level }) => level === 'L4')!.share).toBe(0.8);
  });
  it('shares of every phase add up to 1, whatever there is', () => {
    const part = fc.record({
      config: fc.constantFrom('sft-chat', 'sft-agent', 'dpo-chat'),
      level: fc.constantFrom('L0', 'L1', 'L2', 'L3', 'L4', 'L5'),
      rows: fc.nat(9_999),
    });
    const parts = fc.uniqueArray(part, {
      selector: ({ config, level }) => config + level,
      minLength: 1,
      maxLength: 18,
    });
    fc.assert(
      fc.property(parts, (of) => {
        const { flat, staged } = scheduleMixtures(of);
        const millionths = (shares: number[]) => shares.reduce((sum, share) => sum + Math.round(share * 1e6), 0);
        if (of.some(({ rows }) => rows > 0)) expect(millionths(flat.map(({ weight }) => weight))).toBe(1e6);
        else expect([flat, staged]).toEqual([[], []]);
        for (const { take } of staged) expect(millionths(take.map(({ share }) => share))).toBe(1e6);
      }),
    );
  });
  it('a row the student always or never solves has no weight', () => {
    expect([0, 0.5, 1].map(modelWeight)).toEqual([0, 0.25, 0]);
    expect(() => modelWeight(1.2)).toThrow(RangeError);
  });
});

describe('what do a trainer’s scores change?', () => {
  it('rows that the student solves half of the time weigh most, by pass rate before loss', () => {
    const weights = weightsFrom(
      new Map([
        ['half', { passRate: 0.5, loss: 9 }],
        ['always', { passRate: 1 }],
        ['never', { passRate: 0 }],
        ['mostly', { passRate: 0.9 }],
      ]),
    );
    expect([...weights.keys()].sort((a, b) => weights.get(b)! - weights.get(a)!)[0]).toBe('half');
    expect([weights.get('always'), weights.get('never')]).toEqual([0.25, 0.25]);
  });
  it('by loss: the median weighs one, none more than four or less than a quarter', () => {
    const weights = weightsFrom(new Map([1, 2, 3, 100, 0].map((loss) => [loss, { loss }])));
    expect(Object.fromEntries(weights)).toEqual({ 0: 0.25, 1: 0.5, 2: 1, 3: 1.5, 100: 4 });
    expect(weightsFrom(new Map([['a', {}]])).size).toBe(0);
  });
});
