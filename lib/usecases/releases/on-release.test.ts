import { describe, expect, it } from 'vitest';
import { unitOf } from '#lib/core/pair/fixtures.ts';
import type { Placement } from '#lib/core/split/assign.ts';
import type { UnitToRelease } from './draft-rows.ts';
import { onRelease, type ReleaseContent } from './on-release.ts';

const words = 'could you please tell me how long a refund for my cancelled order of the blue lamp takes to arrive';
const unit = (name: string, asks: string, more: Partial<UnitToRelease> = {}): UnitToRelease => ({
  unit: unitOf(name, [{ user: asks }, { says: 'It takes five days, counted from the day on which it was cancelled.' }]),
  ...{ importId: 'i', level: 'L0', lang: 'en', domain: 'refunds', trajectoryId: `t_${name}`, rootId: `t_${name}` },
  ...{
    personKey: null,
    taskKey: null,
    sessionKey: null,
    startedAt: null,
    tokens: 10,
    outcome: 'unknown',
    outcomeBasis: 'none',
  },
  ...more,
});
const release = (units: UnitToRelease[], more: Partial<ReleaseContent> = {}) => {
  const rows = onRelease({
    ...{ releaseId: 'r', key: Buffer.from('key'), includes: ['sft'], units, pairs: [], gold: new Set() },
    ...{
      namesOf: () => new Map(),
      stored: new Map(),
      generators: new Map(),
      keep: 'all',
      picked: new Set(),
      scores: null,
    },
    ...more,
  });
  const sides = rows.entries.map(({ row, split }): [string, string] => [rows.made.get(row.id)!.memberId, split]);
  return {
    rows,
    sides: Object.fromEntries(sides),
    out: Object.fromEntries(rows.leftOut.map((one) => [one.refId, one.rule])),
  };
};
const at = (day: string) => ({ startedAt: new Date(`2026-${day}T12:00:00Z`) });

describe('of rows that say nearly the same', () => {
  const units = [
    unit('a', words, { tokens: 30 }),
    unit('b', `${words} please`, { tokens: 20, outcome: 'success', outcomeBasis: 'verifier' }),
    unit('c', `${words} now`, { tokens: 10, ...at('11-02') }),
    unit('d', 'what is the weather like in the harbour town today'),
  ];
  it.each([
    ['longest', 'u_a'],
    ['best_rated', 'u_b'],
    ['newest', 'u_c'],
  ] as const)('the %s stays', (keep, id) => {
    const { sides, out } = release(units, { keep });
    expect(Object.keys(sides).sort()).toEqual([id, 'u_d']);
    expect(Object.values(out)).toEqual(['near_duplicate', 'near_duplicate']);
  });
  it('all stay when nothing was asked for; the picked one before any rule', () => {
    expect(Object.keys(release(units).sides)).toHaveLength(4);
    expect(Object.keys(release(units, { keep: 'longest', picked: new Set(['u_c']) }).sides).sort()).toEqual([
      'u_c',
      'u_d',
    ]);
  });
});

describe('with a line in time', () => {
  const asks = (n: number) =>
    `question number ${'one two three four five six'.split(' ')[n]} about something quite different`;
  const units = [
    unit('old', `${asks(0)} tents`, at('10-01')),
    unit('new', `${asks(1)} stoves`, at('11-05')),
    unit('over1', `${asks(2)} boats`, { ...at('10-20'), personKey: 'p' }),
    unit('over2', `${asks(3)} ropes`, { ...at('11-03'), personKey: 'p' }),
    unit('never', `${asks(4)} maps`),
    unit('seen', `${asks(5)} lamps`, at('11-06')),
  ];
  const stored = new Map<string, Placement>([['u_seen', 'train']]);
  it('new groups fall on its two sides, what reaches over it stays at home and is not written down', () => {
    const { rows, sides, out } = release(units, { evalFrom: '2026-11-01', stored });
    expect(sides.u_old).toBe('train');
    expect(['validation', 'test']).toContain(sides.u_new);
    const line = 'reaches_over_the_line';
    expect(out).toEqual({ u_over1: line, u_over2: line, u_never: line, u_seen: line });
    expect(rows.placed.map(({ memberId }) => memberId)).toEqual(['u_new', 'u_old']);
  });
  it('held-out rows of earlier releases stay held out, whenever they were logged', () => {
    const held = new Map<string, Placement>([['u_old', 'test']]);
    expect(release(units, { evalFrom: '2026-11-01', stored: held }).sides.u_old).toBe('test');
  });
});

describe('the sampler of a release', () => {
  it('knows tags, source and group of each row', () => {
    const [entry] = release([unit('a', words)]).rows.entries;
    expect(entry!.index).toMatchObject({ tags: { turns: 1 }, source: 'log' });
    expect(entry!.index!.group).toMatch(/^g-/);
  });
});

describe('scores of an earlier release', () => {
  const units = ['a', 'b', 'c'].map((name, n) =>
    unit(name, `question ${'one two three'.split(' ')[n]} about ${name} things only`),
  );
  it('weigh the same units in the next one, under their new names, and nothing that is held out', () => {
    const stored = new Map<string, Placement>([
      ['u_a', 'train'],
      ['u_b', 'train'],
      ['u_c', 'test'],
    ]);
    const first = release(units, { stored }).rows;
    const rowOf = (id: string) => [...first.made].find(([, made]) => made.memberId === id)![0];
    const byRow = new Map([
      [rowOf('u_a'), { passRate: 0.5 }],
      [rowOf('u_b'), { passRate: 1 }],
      [rowOf('u_c'), { passRate: 0.5 }],
    ]);
    const next = release(units, { stored, releaseId: 'r2', scores: { releaseId: 'r', byRow } }).rows;
    const weights = Object.fromEntries(
      next.entries.map(({ row, index }) => [
        next.made.get(row.id)!.memberId,
        [index!.weight ?? 1, JSON.parse(row.meta_json).weight],
      ]),
    );
    expect(weights).toEqual({ u_a: [1.5, 1.5], u_b: [0.25, 0.25], u_c: [1, 1] });
    expect(next.entries.map(({ row }) => row.id)).not.toContain(rowOf('u_a'));
  });
});
