import { describe, expect, it } from 'vitest';
import { seededRandom } from '../stats/random.ts';
import { assignSplits, type Placement } from './assign.ts';
import { groupRows, type Member } from './groups.ts';

const GRAPHS = 10_000;
const HALVES = { train: 0.5, validation: 0.2, test: 0.3 };
const KEY = 'split key of this test';
const MARKS = ['cluster', 'trajectoryId', 'rootId', 'session', 'intent', 'pairSource'] as const;

/** Rows with few marks to share, so that some groups are chains over several kinds of marks and most are small. */
function randomGraph(chance: () => number): Member[] {
  const size = 2 + Math.floor(chance() * 18);
  const spread = 2 + Math.floor(chance() * 40);
  const some = (letter: string) => `${letter}${Math.floor(chance() * spread)}`;
  return Array.from({ length: size }, (_, n) => {
    const member: Member = {
      id: `u${String(n).padStart(2, '0')}`,
      people: chance() < 0.3 ? [some('x'), some('x')] : [],
    };
    for (const mark of MARKS) if (chance() < 0.3) member[mark] = some('x');
    return member;
  }).toSorted(() => chance() - 0.5);
}

/** Everything a row shares with others, as one list; a run and the run it came out of are one kind. */
const marksOf = (member: Member): string[] => [
  ...(member.people ?? []).map((person) => `person ${person}`),
  ...MARKS.flatMap((mark) => {
    const kind = mark === 'trajectoryId' || mark === 'rootId' ? 'run' : mark;
    return member[mark] === undefined ? [] : [`${kind} ${member[mark]}`];
  }),
];

/** Which invariants of a first split, and of a second one with more rows, do not hold. */
function look(rows: readonly Member[], released: number): { broken: string[]; joined: number; conflicts: number } {
  const broken: string[] = [];
  const must = (holds: boolean, what: string) => holds || broken.push(what);
  const before = assignSplits(groupRows(rows.slice(0, released)), new Map(), KEY, HALVES).placements;
  const groups = groupRows(rows);
  const { placements, conflicts, added } = assignSplits(groups, before, KEY, HALVES);
  const holders = new Map<string, string>();
  for (const row of rows) {
    for (const mark of marksOf(row)) {
      const first = holders.get(mark) ?? row.id;
      holders.set(mark, first);
      must(groups.get(first) === groups.get(row.id), 'linked rows are one group');
    }
  }
  const sides = new Map<string, Placement>();
  for (const [id, side] of placements) {
    if (side === 'quarantine') continue;
    const group = groups.get(id)!;
    must((sides.get(group) ?? side) === side, 'a group stands on one side');
    sides.set(group, side);
  }
  const moved = new Set(conflicts.flatMap((conflict) => conflict.moved.flatMap(({ ids }) => ids)));
  for (const [id, side] of before)
    must(
      placements.get(id) === (moved.has(id) ? 'quarantine' : side),
      'a released row moves to quarantine or not at all',
    );
  for (const { group, kept, moved: of } of conflicts) {
    must(new Set([kept, ...of.map(({ from }) => from)]).size === of.length + 1, 'a conflict names different sides');
    must(sides.get(group) === kept, 'the kept side is where the group stands');
  }
  must(added.length === rows.length - released, 'every new row is named');
  must(placements.size === rows.length, 'every row is placed');
  const again = assignSplits(groups, placements, KEY, HALVES);
  must(again.added.length + again.conflicts.length === 0, 'a second split of the same rows adds and moves nothing');
  must(
    [...placements].every(([id, side]) => again.placements.get(id) === side),
    'a second split moves nothing',
  );
  const turned = assignSplits(groupRows(rows.toReversed()), before, KEY, HALVES).placements;
  must(
    [...placements].every(([id, side]) => turned.get(id) === side),
    'the order of rows decides nothing',
  );
  return { broken, joined: rows.length - new Set(groups.values()).size, conflicts: conflicts.length };
}

describe('groups and sides of random graphs', () => {
  it(`${GRAPHS} of them hold every invariant, before and after more rows arrive`, () => {
    const chance = seededRandom(20_261_123);
    const seen = { conflicts: 0, joined: 0 };
    for (let n = 0; n < GRAPHS; n++) {
      const rows = randomGraph(chance);
      const released = Math.floor(chance() * rows.length);
      const { broken, joined, conflicts } = look(rows, released);
      if (broken.length > 0) expect({ graph: n, rows, released, broken }).toEqual('no invariant broken');
      seen.joined += joined;
      seen.conflicts += conflicts;
    }
    // The graphs are not all trivial: rows were joined, and sides met.
    expect(seen.joined).toBeGreaterThan(20_000);
    expect(seen.conflicts).toBeGreaterThan(500);
  }, 60_000);

  it('a chain of runs is one group, whichever link is missing a name', () => {
    const groups = groupRows([
      { id: 'c', trajectoryId: 't3', rootId: 't2' },
      { id: 'b', trajectoryId: 't2', rootId: 't1' },
      { id: 'a', trajectoryId: 't1', rootId: 't1' },
      { id: 'd', trajectoryId: 't9', rootId: 't9' },
    ]);
    expect(Object.fromEntries(groups)).toEqual({ a: 'a', b: 'a', c: 'a', d: 'd' });
  });
});
