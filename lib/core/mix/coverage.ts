/** What there is against what is wanted. `unknown` is a value of its own: nobody's guess fills a cell. */
import type { Outcome } from '../trajectory/trajectory.ts';
import type { UnitKind } from '../trajectory/unit.ts';

/** What coverage asks of a row, from its tags; what no tag says is left out. */
export type CoverageRow = {
  id: string;
  kind: UnitKind;
  level: string;
  /** Names of the tools called, each once. */
  tools: readonly string[];
  hops: number;
  recovered: boolean;
  domain?: string;
  language?: string;
  outcome: Pick<Outcome, 'value' | 'basis'>;
  source?: string;
  tokens?: number;
};

export const AXES = ['kind', 'level', 'tool', 'domain', 'language', 'outcome', 'hops', 'recovery', 'source'] as const;
export type Axis = (typeof AXES)[number];
export const UNKNOWN = 'unknown';

/** Values of a row on an axis: one, except for tools, where a row stands in the cell of each tool it calls. */
export function valuesOf(row: CoverageRow, axis: Axis): readonly string[] {
  switch (axis) {
    case 'tool':
      return row.tools.length > 0 ? row.tools : ['none'];
    case 'outcome':
      // An outcome is worth what it rests on; a hint is none.
      return [row.outcome.value === UNKNOWN ? UNKNOWN : `${row.outcome.value}, ${row.outcome.basis}`];
    case 'hops':
      return [row.hops === 0 ? '0' : row.hops <= 2 ? String(row.hops) : row.hops <= 6 ? '3–6' : '7+'];
    case 'recovery':
      return [row.recovered ? 'yes' : 'no'];
    default:
      return [row[axis] || UNKNOWN];
  }
}

export type Place = Partial<Record<Axis, string>>;
export type Cell = {
  at: Place;
  rows: number;
  tokens: number;
  /** Of all rows, 0 to 1. Shares over the tool axis add up to more than 1. */
  share: number;
};

/** Cells that hold a row, most rows first. @param axes one axis for a list, two for a map, more for the full table */
export function tabulate(rows: readonly CoverageRow[], axes: readonly Axis[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const row of rows) {
    for (const values of combinations(axes.map((axis) => valuesOf(row, axis)))) {
      const key = JSON.stringify(values);
      let cell = cells.get(key);
      if (!cell) {
        cell = { at: Object.fromEntries(axes.map((axis, i) => [axis, values[i]])), rows: 0, tokens: 0, share: 0 };
        cells.set(key, cell);
      }
      cell.rows++;
      cell.tokens += row.tokens ?? 0;
    }
  }
  return [...cells]
    .toSorted(([a, x], [b, y]) => y.rows - x.rows || (a < b ? -1 : 1))
    .map(([, cell]) => ({ ...cell, share: cell.rows / rows.length }));
}

const combinations = (lists: readonly (readonly string[])[]): string[][] =>
  lists.reduce<string[][]>((all, list) => all.flatMap((start) => list.map((value) => [...start, value])), [[]]);

/** Cells of a table under a least number of rows; a cell that no row fills can't be known and is not among them. */
export const thinCells = (rows: readonly CoverageRow[], axes: readonly Axis[], least: number): Cell[] =>
  tabulate(rows, axes).filter((cell) => cell.rows < least);

/** What a lead wants of a cell: rows, or a share of all with its tolerance. */
export type Target = { at: Place } & (
  | { rows: number; share?: never; tolerance?: never }
  | { share: number; tolerance?: number; rows?: never }
);
export type TargetState = {
  target: Target;
  rows: number;
  share: number;
  state: 'met' | 'under' | 'over';
  /** Rows of this cell that are missing (each added row makes the whole larger too); 0 unless under. */
  missing: number;
};

export const isAt = (row: CoverageRow, at: Place): boolean =>
  AXES.every((axis) => at[axis] === undefined || valuesOf(row, axis).includes(at[axis]));

/** Every target with where it stands. Copies never fill a gap: hand in rows of different clusters only. */
export function compareWithTargets(rows: readonly CoverageRow[], targets: readonly Target[]): TargetState[] {
  return targets.map((target) => {
    const here = rows.filter((row) => isAt(row, target.at)).length;
    const share = rows.length === 0 ? 0 : here / rows.length;
    if (target.rows !== undefined) {
      const missing = Math.max(0, target.rows - here);
      return { target, rows: here, share, state: missing > 0 ? 'under' : 'met', missing };
    }
    const { tolerance = 0 } = target;
    const least = target.share - tolerance;
    if (rows.length > 0 ? share >= least - 1e-12 : least <= 0) {
      const over = share > target.share + tolerance + 1e-12 && tolerance > 0;
      return { target, rows: here, share, state: over ? 'over' : 'met', missing: 0 };
    }
    // (here + x) / (all + x) = least; of nothing, one row is a share of 1.
    const missing = least >= 1 ? rows.length - here : Math.ceil((least * rows.length - here) / (1 - least) - 1e-9);
    return { target, rows: here, share, state: 'under', missing: Math.max(1, missing) };
  });
}

/** Targets that copy a mix, for example that of production: its share in every cell of the axes. */
export const targetsFrom = (rows: readonly CoverageRow[], axes: readonly Axis[], tolerance = 0.05): Target[] =>
  tabulate(rows, axes).map(({ at, share }) => ({ at, share, tolerance }));

/**
 * How far a mix is from another on one axis: half the sum of differences of shares.
 * @returns 0 for the same mix, 1 when nothing is in common; on the tool axis shares are of mentions, not of rows
 */
export function totalVariation(a: readonly CoverageRow[], b: readonly CoverageRow[], axis: Axis): number {
  const sharesOf = (rows: readonly CoverageRow[]) => {
    const cells = tabulate(rows, [axis]);
    const all = cells.reduce((sum, cell) => sum + cell.rows, 0);
    return new Map(cells.map((cell) => [cell.at[axis]!, cell.rows / all]));
  };
  const [x, y] = [sharesOf(a), sharesOf(b)];
  const values = new Set([...x.keys(), ...y.keys()]);
  return [...values].reduce((sum, value) => sum + Math.abs((x.get(value) ?? 0) - (y.get(value) ?? 0)), 0) / 2;
}
