/**
 * The mix in full: any two axes as a map, all five as a table, what a release took of it, how it moved from import to
 * import, and how varied it is.
 */
import { gzipSync } from 'node:zlib';
import { tokensOf } from '#lib/core/dedup/shingles.ts';
import { unitText } from '#lib/core/dedup/unit-text.ts';
import {
  type Axis,
  type Cell,
  type CoverageRow,
  compareWithTargets,
  type TargetState,
  tabulate,
  totalVariation,
  UNKNOWN,
  valuesOf,
} from '#lib/core/mix/coverage.ts';
import { type Diversity, type DiversityRow, describeDiversity } from '#lib/core/mix/diversity.ts';
import { VENDI_SAMPLE, vendiScore } from '#lib/core/mix/vendi.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import {
  builtReleases,
  clusterShares,
  coverageRows,
  importsByTime,
  sampleUnitIds,
  targetVersions,
  type UnitInMix,
} from '#lib/store/coverage.ts';
import { findUnits } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';

export const MAP_AXES = [
  'level',
  'tool',
  'domain',
  'outcome',
  'language',
  'hops',
  'recovery',
  'source',
] as const satisfies readonly Axis[];
export type MapAxis = (typeof MAP_AXES)[number];
export const TABLE_AXES = ['level', 'tool', 'domain', 'outcome', 'language'] as const satisfies readonly Axis[];
/** Cells with fewer rows are named as thin. */
export const LEAST_IN_CELL = 5;
const SHOWN_CELLS = 300;
const SHOWN_COLUMNS = 14;
const SHOWN_IMPORTS = 20;

export type MixView = {
  rows: number;
  map: { row: MapAxis; column: MapAxis; rows: string[]; columns: string[]; cells: Cell[]; states: TargetState[] };
  table: { cells: Cell[]; total: number; thin: number };
  releases: { id: string; number: number; name: string }[];
  release: { id: string; number: number; name: string; rows: number; axes: Comparison[] } | null;
  trend: TrendPoint[];
  diversity: (Diversity & { vendi: number; sampled: number; clusterShares: ClusterShares }) | null;
};
export type Comparison = {
  axis: MapAxis;
  /** 0: the same mix, 1: nothing in common. */
  distance: number;
  cells: { value: string; production: number; release: number }[];
};
export type TrendPoint = {
  importId: string;
  filename: string;
  at: string;
  units: number;
  /** Shares of the import's own units. */
  hard: number;
  unknownDomain: number;
  succeeded: number;
  /** From all that came before, by axis; null for the first. */
  moved: { level: number; domain: number; tool: number } | null;
};
type ClusterShares = Awaited<ReturnType<typeof clusterShares>>;
export type MixQuery = { row: MapAxis; column: MapAxis; releaseId?: string };

export async function showMix(actor: Actor, query: MixQuery): Promise<MixView> {
  await permit(actor, 'coverage.read');
  const projectId = projectOf(actor);
  const [rows, releases, versions, imports] = await Promise.all([
    coverageRows(projectId),
    builtReleases(projectId),
    targetVersions(projectId),
    importsByTime(projectId),
  ]);
  const release = releases.find(({ id }) => id === query.releaseId) ?? releases[0];
  const table = tabulate(rows, TABLE_AXES);
  return {
    rows: rows.length,
    map: mapOf(rows, query, versions[0]?.targets ?? []),
    table: {
      cells: table.slice(0, SHOWN_CELLS),
      total: table.length,
      thin: table.filter((cell) => cell.rows < LEAST_IN_CELL).length,
    },
    releases: releases.map(({ id, number, name }) => ({ id, number, name })),
    release: release ? compareRelease(rows, await coverageRows(projectId, release.id), release) : null,
    trend: trendOf(rows, imports),
    diversity:
      rows.length === 0 ? null : await diversityOf(projectId, new Map(rows.map(({ id, level }) => [id, level]))),
  };
}

function mapOf(
  rows: readonly CoverageRow[],
  { row, column }: MixQuery,
  targets: Parameters<typeof compareWithTargets>[1],
) {
  const names = (axis: MapAxis) => tabulate(rows, [axis]).map(({ at }) => at[axis] ?? UNKNOWN);
  const isHere = (at: object) => {
    const axes = Object.keys(at);
    return axes.length === 2 && axes.includes(row) && axes.includes(column);
  };
  const order = (axis: MapAxis, values: string[]) => (axis === 'level' || axis === 'hops' ? values.sort() : values);
  return {
    ...{ row, column },
    rows: order(row, names(row)).slice(0, SHOWN_COLUMNS),
    columns: order(column, names(column)).slice(0, SHOWN_COLUMNS),
    cells: tabulate(rows, [row, column]),
    states: compareWithTargets(
      rows,
      targets.filter(({ at }) => isHere(at)),
    ),
  };
}

const COMPARED = ['level', 'domain', 'tool', 'outcome', 'language'] as const satisfies readonly MapAxis[];

function compareRelease(
  production: readonly CoverageRow[],
  released: readonly CoverageRow[],
  { id, number, name }: { id: string; number: number; name: string },
): MixView['release'] {
  const axes = COMPARED.map((axis): Comparison => {
    const sharesOf = (rows: readonly CoverageRow[]) =>
      new Map(tabulate(rows, [axis]).map(({ at, share }) => [at[axis] ?? UNKNOWN, share]));
    const [ours, theirs] = [sharesOf(production), sharesOf(released)];
    const values = [...new Set([...ours.keys(), ...theirs.keys()])];
    return {
      axis,
      distance: released.length === 0 ? 1 : totalVariation(production, released, axis),
      cells: values
        .map((value) => ({ value, production: ours.get(value) ?? 0, release: theirs.get(value) ?? 0 }))
        .sort(
          (a, b) =>
            Math.abs(b.release - b.production) - Math.abs(a.release - a.production) || (a.value < b.value ? -1 : 1),
        ),
    };
  });
  return { id, number, name, rows: released.length, axes };
}

function trendOf(
  rows: readonly UnitInMix[],
  imports: readonly { id: string; filename: string; createdAt: Date }[],
): TrendPoint[] {
  const byImport = Map.groupBy(rows, ({ importId }) => importId);
  const before: UnitInMix[] = [];
  const points: TrendPoint[] = [];
  for (const { id, filename, createdAt } of imports) {
    const own = byImport.get(id) ?? [];
    if (own.length === 0) continue;
    const shareOf = (isIn: (row: UnitInMix) => boolean) => own.filter(isIn).length / own.length;
    const from = (axis: Axis) => totalVariation(before, own, axis);
    points.push({
      ...{ importId: id, filename, at: createdAt.toISOString(), units: own.length },
      hard: shareOf(({ level }) => level >= 'L3'),
      unknownDomain: shareOf((row) => valuesOf(row, 'domain').includes(UNKNOWN)),
      succeeded: shareOf(({ outcome }) => outcome.value === 'success'),
      moved: before.length === 0 ? null : { level: from('level'), domain: from('domain'), tool: from('tool') },
    });
    before.push(...own);
  }
  return points.slice(-SHOWN_IMPORTS);
}

async function diversityOf(projectId: string, levels: ReadonlyMap<string, string>): Promise<MixView['diversity']> {
  const [ids, shares] = await Promise.all([sampleUnitIds(projectId, VENDI_SAMPLE), clusterShares(projectId)]);
  const units = await findUnits(projectId, ids);
  const asked = units.map((unit) => unitText(unit, 'prompt'));
  const rows = units.map(
    (unit, at): DiversityRow => ({
      id: unit.id,
      level: levels.get(unit.id) ?? UNKNOWN,
      tokens: tokensOf(asked[at]!),
      calls: unit.events.flatMap((event) => (event.kind === 'tool_call' ? [event.toolCall.name] : [])),
      offered: unit.tools.map(({ name }) => name),
      cluster: unit.id,
    }),
  );
  const plain = Buffer.from(asked.join('\n'));
  return {
    ...describeDiversity(rows, plain.length === 0 ? undefined : gzipSync(plain).length / plain.length),
    vendi: vendiScore(rows.map(({ tokens }) => tokens)),
    sampled: rows.length,
    clusterShares: shares,
  };
}

export const asAxis = (value: unknown, fallback: MapAxis): MapAxis =>
  (MAP_AXES as readonly unknown[]).includes(value) ? (value as MapAxis) : fallback;
