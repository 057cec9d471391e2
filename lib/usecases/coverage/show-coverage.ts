import { z } from 'zod';
import {
  type Axis,
  type Cell,
  type CoverageRow,
  compareWithTargets,
  type Target,
  type TargetState,
  tabulate,
  targetsFrom,
  UNKNOWN,
} from '#lib/core/mix/coverage.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { addTargets, coverageRows, targetVersions } from '#lib/store/coverage.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { permit, projectOf } from '../permit.ts';

/** Axes of the lists beside the map. */
const SHOWN = ['kind', 'level', 'tool', 'domain', 'language', 'outcome'] as const satisfies readonly Axis[];
export type ShownAxis = (typeof SHOWN)[number];
export type Mix = { axis: ShownAxis; cells: { value: string; rows: number; tokens: number; share: number }[] };
export type CoverageView = {
  rows: number;
  tokens: number;
  mixes: Mix[];
  /** Level by domain. */
  map: { levels: string[]; domains: string[]; cells: Cell[] };
  targets: { version: number; name: string; who: string; at: string; states: TargetState[] } | null;
  versions: { version: number; name: string; at: string }[];
  /** What a target that copies the present mix would be. */
  present: Target[];
};

const LEVELS = ['L0', 'L1', 'L2', 'L3', 'L4', 'L5'];

function mixOf(rows: readonly CoverageRow[], axis: ShownAxis): Mix {
  return {
    axis,
    cells: tabulate(rows, [axis]).map(({ at, rows, tokens, share }) => ({
      value: at[axis] ?? UNKNOWN,
      rows,
      tokens,
      share,
    })),
  };
}

export async function showCoverage(actor: Actor): Promise<CoverageView> {
  await permit(actor, 'coverage.read');
  const projectId = projectOf(actor);
  const [rows, versions] = await Promise.all([coverageRows(projectId), targetVersions(projectId)]);
  const [current] = versions;
  const author = current ? await db().person.findUnique({ where: { id: current.createdBy } }) : null;
  const wanted = current?.targets.flatMap(({ at }) => at.domain ?? []) ?? [];
  const domains = [...new Set([...tabulate(rows, ['domain']).map(({ at }) => at.domain ?? UNKNOWN), ...wanted])];
  return {
    rows: rows.length,
    tokens: rows.reduce((sum, row) => sum + (row.tokens ?? 0), 0),
    mixes: SHOWN.map((axis) => mixOf(rows, axis)),
    map: { levels: LEVELS, domains, cells: tabulate(rows, ['level', 'domain']) },
    targets: current
      ? {
          version: current.version,
          name: current.name,
          who: author?.name ?? '',
          at: current.createdAt.toISOString(),
          states: compareWithTargets(rows, current.targets),
        }
      : null,
    versions: versions.map(({ version, name, createdAt }) => ({ version, name, at: createdAt.toISOString() })),
    present: targetsFrom(rows, ['level', 'domain']),
  };
}

const Place = z.strictObject({
  level: z.enum(LEVELS as [string, ...string[]]).optional(),
  domain: z.string().min(1).max(60).optional(),
  tool: z.string().min(1).max(200).optional(),
  outcome: z.string().min(1).max(60).optional(),
  language: z.string().min(1).max(20).optional(),
});
const AXES = ['level', 'domain', 'tool', 'outcome', 'language'] as const;
export const NewTargets = z.strictObject({
  name: z.string().trim().min(1).max(60),
  /** The version that was on the screen; null when there was none. */
  base: z.int().nullable(),
  targets: z
    .array(
      z.union([
        z.strictObject({ at: Place, rows: z.int().min(1).max(10_000_000) }),
        z.strictObject({ at: Place, share: z.number().min(0).max(1), tolerance: z.number().min(0).max(1).optional() }),
      ]),
    )
    .max(200),
});

/** Sets the next version of the targets. @throws Problem conflict when somebody set another meanwhile, invalid for one cell twice */
export async function setTargets(actor: Actor, input: z.infer<typeof NewTargets>): Promise<{ version: number }> {
  await permit(actor, 'target.manage');
  const projectId = projectOf(actor);
  const places = input.targets.map(({ at }) => JSON.stringify(AXES.map((axis) => at[axis] ?? null)));
  const anywhere = JSON.stringify(AXES.map(() => null));
  if (new Set(places).size < places.length || places.includes(anywhere))
    throw new Problem('invalid', { fields: ['targets'] });
  return inTransaction(async (tx) => {
    const last = await tx.target.findFirst({ where: { projectId }, orderBy: { version: 'desc' } });
    if ((last?.version ?? null) !== input.base) throw new Problem('conflict');
    const { id, version } = await addTargets(tx, {
      projectId,
      name: input.name,
      targets: input.targets as Target[],
      createdBy: actor.personId!,
    });
    await appendLedger(tx, actor, {
      action: 'target.manage',
      object: 'target',
      objectId: id,
      details: { version, cells: input.targets.length },
    });
    return { version };
  });
}
