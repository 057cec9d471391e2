import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignByTime, assignSplits, type Placement, sideOf } from './assign.ts';
import { groupRows, type Member } from './groups.ts';
import { checkLeakage, findNgrams, type PlacedRow, reportCloseness } from './leakage.ts';

const key = 'split key of this test';

describe('what stays together?', () => {
  it('any common mark binds, and binding is passed on', () => {
    const groups = groupRows([
      { id: 'e', cluster: 'k1', rootId: 't1' },
      { id: 'd', cluster: 'k2', rootId: 't1' },
      { id: 'c', cluster: 'k2', session: 's9' },
      { id: 'b', people: ['p1', 'p2'], session: 's9' },
      { id: 'a', people: ['p2'] },
      { id: 'x', intent: 'refund' },
      { id: 'y', intent: 'refund', pairSource: 'u1' },
      { id: 'z', pairSource: 'u1' },
      { id: 'o', cluster: 's9', rootId: 'p2' },
    ]);
    expect(Object.fromEntries(groups)).toEqual({
      ...{ a: 'a', b: 'a', c: 'a', d: 'a', e: 'a' },
      ...{ x: 'x', y: 'x', z: 'x' },
      o: 'o',
    });
  });
});

describe('which side does a group stand on?', () => {
  it('by the keyed hash of its name, in cumulative shares', () => {
    const [hash] = createHmac('sha256', key).update('u_1').digest();
    expect(sideOf(key, 'u_1', { train: (hash! + 1) / 256, validation: 1 - (hash! + 1) / 256, test: 0 })).toBe('train');
    expect(sideOf(key, 'u_1', { train: hash! / 256, validation: 1 - hash! / 256, test: 0 })).toBe('validation');
  });
  it('shares come out as asked, and another key gives other sides', () => {
    const names = Array.from({ length: 4_000 }, (_, i) => `u_${i}`);
    const count = (side: string) => names.filter((name) => sideOf(key, name) === side).length;
    expect(Math.abs(count('train') - 3_600)).toBeLessThan(60);
    expect(Math.abs(count('validation') - 200)).toBeLessThan(45);
    expect(names.filter((name) => sideOf('other', name) !== sideOf(key, name)).length).toBeGreaterThan(300);
  });
  it('shares that do not add up are refused', () => {
    expect(() => sideOf(key, 'x', { train: 0.9, validation: 0.2, test: 0 })).toThrow(RangeError);
    expect(() => sideOf(key, 'x', { train: 1.1, validation: -0.1, test: 0 })).toThrow(RangeError);
  });

  const stored = (of: Record<string, Placement>) => new Map(Object.entries(of));
  const group = (...ids: string[]) => new Map(ids.map((id) => [id, ids.toSorted()[0]!]));
  it('new rows join the side that their group has', () => {
    const { placements, added, conflicts } = assignSplits(group('a', 'b', 'c'), stored({ b: 'test' }), key);
    expect(Object.fromEntries(placements)).toEqual({ a: 'test', b: 'test', c: 'test' });
    expect([added, conflicts]).toEqual([['a', 'c'], []]);
  });
  it('when groups of two sides are joined, the smaller one goes to quarantine', () => {
    const { placements, conflicts } = assignSplits(
      group('a', 'b', 'c', 'n'),
      stored({ a: 'train', b: 'test', c: 'test' }),
      key,
    );
    expect(Object.fromEntries(placements)).toEqual({ a: 'quarantine', b: 'test', c: 'test', n: 'test' });
    expect(conflicts).toEqual([{ group: 'a', kept: 'test', moved: [{ from: 'train', ids: ['a'] }] }]);
  });
  it('at a tie the held-out side stays whole', () => {
    expect(assignSplits(group('a', 'b'), stored({ a: 'train', b: 'test' }), key).placements.get('a')).toBe(
      'quarantine',
    );
  });
  it('a group of which all is in quarantine stays there', () => {
    expect(assignSplits(group('a', 'b'), stored({ a: 'quarantine' }), key).placements.get('b')).toBe('quarantine');
  });

  const members = fc
    .array(fc.record({ cluster: fc.nat(12), rootId: fc.nat(12), session: fc.nat(12) }), { minLength: 1, maxLength: 25 })
    .map((rows): Member[] =>
      rows.map(({ cluster, rootId, session }, i) => ({
        id: `u${String(i).padStart(2, '0')}`,
        cluster: `k${cluster}`,
        rootId: `t${rootId}`,
        ...(session > 4 ? {} : { session: `s${session}` }),
      })),
    );
  const half = { train: 0.5, validation: 0.25, test: 0.25 };
  it('adding rows moves nothing but what a conflict names, and no group ever stands on two sides', () => {
    fc.assert(
      fc.property(members, fc.nat(24), (rows, cut) => {
        const before = assignSplits(groupRows(rows.slice(0, cut)), new Map(), key, half).placements;
        const groups = groupRows(rows);
        const { placements, conflicts } = assignSplits(groups, before, key, half);
        const moved = new Set(conflicts.flatMap((conflict) => conflict.moved.flatMap((part) => part.ids)));
        for (const [id, side] of before) expect(placements.get(id)).toBe(moved.has(id) ? 'quarantine' : side);
        const sides = new Map<string, Set<Placement>>();
        for (const [id, side] of placements) {
          if (side !== 'quarantine') sides.set(groups.get(id)!, (sides.get(groups.get(id)!) ?? new Set()).add(side));
        }
        for (const of of sides.values()) expect(of.size).toBe(1);
        expect(assignSplits(groups, placements, key, half)).toEqual({ placements, added: [], conflicts: [] });
      }),
    );
  });
  it('the order of rows does not matter', () => {
    fc.assert(
      fc.property(members, (rows) => {
        const one = assignSplits(groupRows(rows), new Map(), key, half).placements;
        const other = assignSplits(groupRows(rows.toReversed()), new Map(), key, half).placements;
        expect(Object.fromEntries(other)).toEqual(Object.fromEntries(one));
      }),
      { numRuns: 50 },
    );
  });

  it('in time mode groups that reach over the line, or whose time is unknown, are in neither', () => {
    const placements = assignByTime(
      [
        { id: 'a', group: 'a', at: '2026-10-01T00:00:00.000Z' },
        { id: 'b', group: 'b', at: '2026-11-02T00:00:00.000Z' },
        { id: 'c', group: 'c', at: '2026-10-01T00:00:00.000Z' },
        { id: 'd', group: 'c', at: '2026-11-01T00:00:00.000Z' },
        { id: 'e', group: 'e' },
      ],
      '2026-11-01T00:00:00.000Z',
      key,
      { validation: 0, test: 1 },
    );
    expect(Object.fromEntries(placements)).toEqual({
      a: 'train',
      b: 'test',
      c: 'quarantine',
      d: 'quarantine',
      e: 'quarantine',
    });
    expect(() => assignByTime([], 'last week', key)).toThrow(RangeError);
  });
});

describe('was anything held out trained on?', () => {
  const words = (text: string) => text.split(' ');
  const long = 'could you tell me when the parcel with my new lamp will be brought to the door';
  const row = (id: string, split: PlacedRow['split'], text: string, more: Partial<PlacedRow> = {}): PlacedRow => ({
    ...{ id, split, group: `g-${id}`, cluster: `k-${id}`, tokens: words(text) },
    ...more,
  });
  it('nothing across: clean', () => {
    const report = checkLeakage([row('a', 'train', 'how are you'), row('b', 'test', long)]);
    expect(report).toEqual({ clean: true, groupsAcross: [], edgesAcross: [], ngramHits: [] });
  });
  it('a group or a near-duplicate on two sides is named', () => {
    const rows = [
      row('a', 'train', 'x', { group: 'g1' }),
      row('b', 'test', 'y', { group: 'g1', cluster: 'k1' }),
      row('c', 'validation', 'z', { cluster: 'k1' }),
    ];
    const report = checkLeakage(rows);
    expect(report.clean).toBe(false);
    expect(report.groupsAcross).toEqual([{ name: 'g1', splits: ['test', 'train'], ids: ['a', 'b'] }]);
    expect(report.edgesAcross).toEqual([{ name: 'k1', splits: ['test', 'validation'], ids: ['b', 'c'] }]);
  });
  it('13 tokens in a row are a hit wherever they stand, 12 are not', () => {
    const other = Array.from({ length: 30 }, (_, i) => `filler${i}`).join(' ');
    const hit = (count: number) =>
      checkLeakage([
        row('t', 'train', `${other} ${words(long).slice(0, count).join(' ')} ${other}`),
        row('h', 'test', long),
      ]).ngramHits;
    expect(hit(13)).toEqual([{ id: 't', with: 'h', rule: '13-gram', share: expect.any(Number) }]);
    expect(hit(12)).toEqual([]);
  });
  it('half of its 8-grams make a train row a hit; gold counts as held out', () => {
    const twelve = words(long).slice(0, 12);
    const train = [{ id: 't', tokens: [...twelve, 'and', 'then', 'some', 'more', 'said'] }];
    expect(findNgrams(train, [{ id: 'g', tokens: twelve }])).toEqual([
      { id: 't', with: 'g', rule: '8-grams', share: 0.5 },
    ]);
    expect(findNgrams([{ id: 't', tokens: [...train[0]!.tokens, 'x'] }], [{ id: 'g', tokens: twelve }])).toEqual([]);
    expect(checkLeakage([row('t', 'train', train[0]!.tokens.join(' '))], [{ id: 'g', tokens: twelve }]).clean).toBe(
      false,
    );
  });
  it('two held-out rows that share text are no hit', () => {
    expect(checkLeakage([row('v', 'validation', long), row('h', 'test', long)]).ngramHits).toEqual([]);
  });
  it('agrees with looking for the words themselves', () => {
    const text = fc.array(fc.constantFrom('a', 'b'), { maxLength: 24 });
    const grams = (tokens: string[], n: number) =>
      new Set(tokens.slice(0, Math.max(0, tokens.length - n + 1)).map((_, i) => tokens.slice(i, i + n).join(' ')));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const found = findNgrams([{ id: 'a', tokens: a }], [{ id: 'b', tokens: b }])[0];
        const isLong = [...grams(a, 13)].some((gram) => grams(b, 13).has(gram));
        const short = [...grams(a, 8)];
        const share = short.length === 0 ? 0 : short.filter((gram) => grams(b, 8).has(gram)).length / short.length;
        expect(found?.rule).toBe(isLong ? '13-gram' : share >= 0.5 ? '8-grams' : undefined);
        if (found) expect(found.share).toBe(share);
      }),
    );
  });
});

describe('how close do they come?', () => {
  it('counts by tenths and keeps the 20 closest', () => {
    const pairs = Array.from({ length: 30 }, (_, i) => ({ a: `a${i}`, b: `b${i}`, similarity: i / 30 }));
    const { histogram, most, closest } = reportCloseness([...pairs, { a: 'x', b: 'y', similarity: 1 }]);
    expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(31);
    expect(histogram[9]).toBe(4);
    expect([most, closest.length, closest[0]!.a, closest[1]!.a]).toEqual([1, 20, 'x', 'a29']);
    expect(reportCloseness([])).toEqual({ histogram: new Array(10).fill(0), most: 0, closest: [] });
  });
});
