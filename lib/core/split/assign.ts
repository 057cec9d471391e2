/**
 * Which side a group stands on. A group is placed once, by a keyed hash of its name, and keeps its place for good: what
 * was trained on must never turn up in a test. SFT, preference and evaluation rows share the one table.
 */
import { keyedShare } from '../stats/random.ts';

export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];
/** Quarantined rows are in no release. */
export type Placement = Split | 'quarantine';
export type Shares = Record<Split, number>;
export const DEFAULT_SHARES: Shares = { train: 0.9, validation: 0.05, test: 0.05 };

/**
 * Side of a group that has none yet.
 * @param key secret of the project's splits: without it nobody can choose ids that land in the test set
 * @param group smallest member id
 * @throws RangeError unless the shares add up to 1
 */
export function sideOf(key: string | Uint8Array, group: string, shares: Shares = DEFAULT_SHARES): Split {
  checkShares(shares);
  const at = keyedShare(key, group);
  if (at < shares.train) return 'train';
  return at < shares.train + shares.validation ? 'validation' : 'test';
}

function checkShares(shares: Shares): void {
  const parts = SPLITS.map((split) => shares[split]);
  const sum = parts.reduce((total, part) => total + part, 0);
  if (parts.some((part) => !(part >= 0)) || Math.abs(sum - 1) > 1e-9) throw new RangeError('shares add up to 1');
}

export type Conflict = {
  group: string;
  kept: Split;
  /** Rows that had another side and are in quarantine from now on. */
  moved: { from: Split; ids: string[] }[];
};
export type Assignment = {
  placements: Map<string, Placement>;
  /** Rows that had no place before. */
  added: string[];
  conflicts: Conflict[];
};

/**
 * Places new rows, keeps placed ones. When new data joins groups of different sides, the side with most rows keeps the
 * group and the others go to quarantine; at a tie the held-out side keeps it. Rows never change from one side to
 * another: a row that was once trained on would be a poor test.
 * @param groups group of every row, as `groupRows` gives it
 * @param stored earlier placements, by row
 */
export function assignSplits(
  groups: ReadonlyMap<string, string>,
  stored: ReadonlyMap<string, Placement>,
  key: string | Uint8Array,
  shares: Shares = DEFAULT_SHARES,
): Assignment {
  const placements = new Map<string, Placement>();
  const added: string[] = [];
  const conflicts: Conflict[] = [];
  for (const [group, rows] of membersOf(groups)) {
    const sides = new Map<Split, string[]>();
    let quarantined = 0;
    for (const id of rows) {
      const side = stored.get(id);
      if (side === undefined) added.push(id);
      else if (side === 'quarantine') quarantined++;
      else sides.set(side, [...(sides.get(side) ?? []), id]);
    }
    const kept = sides.size > 0 ? strongest(sides) : quarantined > 0 ? 'quarantine' : sideOf(key, group, shares);
    for (const id of rows) {
      const side = stored.get(id);
      placements.set(id, side === undefined || side === kept ? kept : 'quarantine');
    }
    if (kept === 'quarantine' || sides.size < 2) continue;
    const moved = [...sides].filter(([side]) => side !== kept).map(([from, ids]) => ({ from, ids: ids.sort() }));
    conflicts.push({ group, kept, moved: moved.sort((a, b) => SPLITS.indexOf(a.from) - SPLITS.indexOf(b.from)) });
  }
  return { placements, added: added.sort(), conflicts: conflicts.sort((a, b) => (a.group < b.group ? -1 : 1)) };
}

/** The side with most rows; of equal ones the one furthest from training. */
function strongest(sides: ReadonlyMap<Split, readonly string[]>): Split {
  return [...sides].toSorted((a, b) => b[1].length - a[1].length || SPLITS.indexOf(b[0]) - SPLITS.indexOf(a[0]))[0]![0];
}

function membersOf(groups: ReadonlyMap<string, string>): Map<string, string[]> {
  const members = new Map<string, string[]>();
  for (const [id, group] of groups) {
    const rows = members.get(group);
    if (rows) rows.push(id);
    else members.set(group, [id]);
  }
  return members;
}

/**
 * Time mode: what was logged from a day on is held out, what was logged before is trained on. Groups that reach over
 * the line, or hold a row of unknown time, are in neither.
 * @param evalFrom ISO time; rows at or after it are held out
 * @param heldOut how held-out groups are shared between validation and test, by the same keyed hash
 */
export function assignByTime(
  rows: readonly { id: string; group: string; at?: string }[],
  evalFrom: string,
  key: string | Uint8Array,
  heldOut: { validation: number; test: number } = { validation: 0.5, test: 0.5 },
): Map<string, Placement> {
  const from = Date.parse(evalFrom);
  if (Number.isNaN(from)) throw new RangeError('the line between training and evaluation is no time');
  const placements = new Map<string, Placement>();
  for (const [group, of] of Map.groupBy(rows, (row) => row.group)) {
    const times = of.map((row) => (row.at === undefined ? Number.NaN : Date.parse(row.at)));
    const place = times.every((time) => time < from)
      ? 'train'
      : times.every((time) => time >= from)
        ? sideOf(key, group, { train: 0, ...heldOut })
        : 'quarantine';
    for (const { id } of of) placements.set(id, place);
  }
  return placements;
}
