import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { isFullRubric } from '#lib/core/review/verdict.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { db } from '#lib/store/db.ts';
import { type GoldState, goldVersions, listGold, trajectoryPlaces, type Varied, variedUnits } from '#lib/store/gold.ts';
import { unitFacets } from '#lib/store/unit-list.ts';
import { findUnit, findUnitRow } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';
import { draftOf, type GoldBody, type MachineBody, type Rubric } from './gold-body.ts';

const CANDIDATES = 20;

export type GoldRow = {
  unitId: string;
  title: string;
  kind: string;
  level: string;
  version: number;
  state: GoldState;
  who: string;
  isOwn: boolean;
  isStale: boolean;
  updatedAt: string;
};

export async function showGold(actor: Actor): Promise<{ rows: GoldRow[]; candidates: Varied[] }> {
  await permit(actor, 'gold.read');
  const projectId = projectOf(actor);
  const [rows, candidates] = await Promise.all([listGold(projectId), variedUnits(projectId, CANDIDATES)]);
  return {
    candidates,
    rows: rows.map(({ createdBy, updatedAt, id: _, ...row }) => ({
      ...row,
      isOwn: createdBy === actor.personId,
      updatedAt: updatedAt.toISOString(),
    })),
  };
}

export type GoldUnitView = {
  unitId: string;
  title: string;
  kind: string;
  unit: Redacted<Unit>;
  unitHash: string;
  machine: MachineBody;
  body: GoldBody;
  /** One's own scores; those of others are hidden until the version is sealed. */
  rubric: Rubric;
  othersScored: number;
  open: {
    id: string;
    version: number;
    state: GoldState;
    who: string;
    isOwn: boolean;
    stamp: string;
    isStale: boolean;
  } | null;
  versions: { version: number; state: GoldState; who: string; sealedBy: string | null; at: string }[];
  /** Where the cut could be. */
  places: { seq: number; kind: string }[];
  /** Values of the tags that occur. */
  known: Record<'domain' | 'lang' | 'task', string[]>;
};

/** What the machine says of a unit now. @throws Problem not_found */
export async function machineOf(projectId: string, unitId: string) {
  const [row, unit] = await Promise.all([findUnitRow(projectId, unitId), findUnit(projectId, unitId)]);
  if (!row || !unit) throw new Problem('not_found');
  const spans = await db().span.findMany({
    where: { projectId, unitId, NOT: { placeholder: '' } },
    orderBy: { no: 'asc' },
  });
  const machine: MachineBody = {
    range: [row.rangeFrom, row.rangeTo],
    kinds: unit.events.map(({ id, seq, kind }) => ({ eventId: id, seq, kind })),
    tags: { level: row.level, domain: row.domain, lang: row.lang, task: row.taskType, outcome: row.outcome },
    spans: spans.map(({ no, path, start, end, type, placeholder }) => ({ no, path, start, end, type, placeholder })),
    detectors: row.detectorBundle,
    unitVersion: row.version,
  };
  return { row, unit, machine };
}

/** @throws Problem not_found */
export async function showGoldUnit(actor: Actor, unitId: string): Promise<GoldUnitView> {
  await permit(actor, 'gold.read', { objectId: unitId });
  const projectId = projectOf(actor);
  const [{ row, unit, machine }, versions] = await Promise.all([
    machineOf(projectId, unitId),
    goldVersions(projectId, unitId),
  ]);
  const [places, facets, people, tasks] = await Promise.all([
    trajectoryPlaces(projectId, row.trajectoryId),
    unitFacets(projectId),
    db().person.findMany({
      where: { id: { in: versions.flatMap((one) => [one.createdBy, ...(one.sealedBy ? [one.sealedBy] : [])]) } },
      select: { id: true, name: true },
    }),
    db().unit.findMany({ where: { projectId }, select: { taskType: true }, distinct: ['taskType'], take: 60 }),
  ]);
  const names = new Map(people.map((person) => [person.id, person.name]));
  const newest = versions[0];
  const open = newest && newest.state !== 'sealed' ? newest : null;
  const rubrics = (open?.rubric ?? {}) as Record<string, Rubric>;
  const facet = (name: string) => facets.filter((one) => one.name === name).map((one) => one.value);
  return {
    unitId,
    title: row.title,
    kind: row.kind,
    unit,
    unitHash: row.hash,
    machine: open && open.unitHash === row.hash ? (open.machine as unknown as MachineBody) : machine,
    body: newest ? (newest.gold as unknown as GoldBody) : draftOf(machine),
    rubric: rubrics[actor.personId ?? ''] ?? {},
    othersScored: Object.entries(rubrics).filter(([id, rubric]) => id !== actor.personId && isFullRubric(rubric))
      .length,
    open: open && {
      id: open.id,
      version: open.version,
      state: open.state as GoldState,
      who: names.get(open.createdBy) ?? '',
      isOwn: open.createdBy === actor.personId,
      stamp: open.updatedAt.toISOString(),
      isStale: open.unitHash !== row.hash,
    },
    versions: versions.map((one) => ({
      version: one.version,
      state: one.state as GoldState,
      who: names.get(one.createdBy) ?? '',
      sealedBy: (one.sealedBy && names.get(one.sealedBy)) || null,
      at: (one.sealedAt ?? one.updatedAt).toISOString(),
    })),
    places,
    known: { domain: facet('domain'), lang: facet('lang'), task: tasks.map((one) => one.taskType).sort() },
  };
}
