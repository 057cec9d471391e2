import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { db } from '#lib/store/db.ts';
import { type Facet, listUnits, type UnitRow, unitFacets } from '#lib/store/unit-list.ts';
import { findUnit, findUnitRow } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';
import type { UnitQuery } from './unit-query.ts';

export async function showUnits(
  actor: Actor,
  query: UnitQuery,
): Promise<{ rows: UnitRow[]; total: number; facets: Facet[] }> {
  await permit(actor, 'unit.search');
  const projectId = projectOf(actor);
  const [{ rows, total }, facets] = await Promise.all([listUnits(projectId, query, query), unitFacets(projectId)]);
  return { rows, total, facets };
}

export type UnitPlace = { id: string; kind: string; title: string };
export type UnitView = {
  id: string;
  kind: string;
  title: string;
  version: number;
  hash: string;
  isWithdrawn: boolean;
  unit: Redacted<Unit>;
  tags: { name: string; value: string; origin: string }[];
  spans: {
    no: number;
    path: string;
    type: string;
    tier: string;
    score: number;
    detector: string;
    placeholder: string;
    decision: string;
  }[];
  outcome: { value: string; basis: string; ruleId: string; confidence: number };
  eligible: { isEligible: boolean; reasons: string[] };
  provenance: {
    importId: string;
    filename: string;
    sourceId: string;
    sourceName: string;
    adapter: string;
    trajectoryId: string;
    rootId: string;
    cutRuleId: string;
    ruleId: string;
    range: [number, number];
    records: [number, number];
    bytes: [number, number];
    sha256: string;
    models: string[];
  };
  governance: {
    purposes: string[];
    legalBasis: string;
    consentRef: string | null;
    region: string;
    recipientsAllowed: string[];
    expiresAt: string;
  };
  scan: { bytesPresent: number; bytesScanned: number; detectors: string; dictVersion: number };
  siblings: UnitPlace[];
  usedIn: { kind: 'gold' | 'pair' | 'release' | 'audit'; id: string; label: string }[];
  history: { id: string; at: string; action: string; who: string }[];
};

/** @throws Problem not_found */
export async function showUnit(actor: Actor, unitId: string): Promise<UnitView> {
  await permit(actor, 'unit.read', { objectId: unitId });
  const projectId = projectOf(actor);
  const [row, unit] = await Promise.all([findUnitRow(projectId, unitId), findUnit(projectId, unitId)]);
  if (!row || !unit) throw new Problem('not_found');
  const [tags, spans, source, upload, trajectory, siblings, gold, pairs, releases, tasks] = await Promise.all([
    db().tag.findMany({ where: { projectId, unitId }, orderBy: { name: 'asc' } }),
    db().span.findMany({ where: { projectId, unitId }, orderBy: { no: 'asc' } }),
    db().source.findUnique({ where: { id: row.sourceId } }),
    db().import.findUnique({ where: { id: row.importId } }),
    db().trajectory.findUnique({ where: { projectId_id: { projectId, id: row.trajectoryId } } }),
    db().unit.findMany({
      where: { projectId, rootId: row.rootId, withdrawnAt: null, NOT: { id: unitId } },
      select: { id: true, kind: true, title: true },
      take: 50,
      orderBy: [{ trajectoryId: 'asc' }, { rangeFrom: 'asc' }],
    }),
    db().goldUnit.findMany({ where: { projectId, unitId } }),
    db().pair.findMany({ where: { projectId, OR: [{ chosenUnitId: unitId }, { rejectedUnitId: unitId }] }, take: 20 }),
    db().releaseUnit.findMany({ where: { unitId }, take: 20 }),
    db().task.findMany({ where: { projectId, subjectId: unitId }, include: { queue: true }, take: 20 }),
  ]);
  const own = await db().release.findMany({ where: { projectId, id: { in: releases.map((used) => used.releaseId) } } });
  const history = await historyOf(projectId, unitId, [...gold.map((one) => one.id), ...tasks.map((task) => task.id)]);
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    version: row.version,
    hash: row.hash,
    isWithdrawn: row.withdrawnAt !== null,
    unit,
    tags: tags.map(({ name, value, origin }) => ({ name, value, origin })),
    spans: spans.map(({ no, path, type, tier, score, detector, placeholder, decision }) => ({
      no,
      path,
      type,
      tier,
      score,
      detector,
      placeholder,
      decision,
    })),
    outcome: {
      value: unit.outcome.value,
      basis: unit.outcome.basis,
      ruleId: unit.outcome.ruleId,
      confidence: unit.outcome.confidence,
    },
    eligible: { isEligible: row.eligible, reasons: row.ineligibleReasons },
    provenance: {
      importId: row.importId,
      filename: upload?.filename ?? '',
      sourceId: row.sourceId,
      sourceName: source?.name ?? '',
      adapter: trajectory?.adapter ?? '',
      trajectoryId: row.trajectoryId,
      rootId: row.rootId,
      cutRuleId: row.cutRuleId,
      ruleId: row.ruleId,
      range: [row.rangeFrom, row.rangeTo],
      records: [row.recordFrom, row.recordTo],
      bytes: [Number(row.byteStart), Number(row.byteEnd)],
      sha256: upload?.sha256 ?? '',
      models: row.models,
    },
    governance: {
      purposes: row.purposes,
      legalBasis: row.legalBasis,
      consentRef: row.consentRef,
      region: row.region,
      recipientsAllowed: row.recipientsAllowed,
      expiresAt: row.expiresAt.toISOString(),
    },
    scan: {
      bytesPresent: Number(row.bytesPresent),
      bytesScanned: Number(row.bytesScanned),
      detectors: row.detectorBundle,
      dictVersion: row.dictVersion,
    },
    siblings,
    usedIn: [
      ...gold.map((one) => ({ kind: 'gold' as const, id: one.id, label: `version ${one.version}, ${one.state}` })),
      ...pairs.map((pair) => ({ kind: 'pair' as const, id: pair.id, label: `${pair.source}, ${pair.state}` })),
      ...own.map((release) => ({
        kind: 'release' as const,
        id: release.id,
        label: `r${release.number} ${release.name}, ${release.state}`,
      })),
      ...tasks.map((task) => ({
        kind: 'audit' as const,
        id: task.queueId,
        label: `${task.queue.name}, ${task.state}`,
      })),
    ],
    history,
  };
}

async function historyOf(projectId: string, unitId: string, related: string[]): Promise<UnitView['history']> {
  const rows = await db().ledger.findMany({
    where: { projectId, objectId: { in: [unitId, ...related] } },
    orderBy: { seq: 'desc' },
    take: 50,
  });
  const people = await db().person.findMany({
    where: { id: { in: rows.flatMap((row) => row.actorId ?? []) } },
    select: { id: true, name: true },
  });
  const names = new Map(people.map((person) => [person.id, person.name]));
  return rows.map((row) => ({
    id: String(row.seq),
    at: row.at.toISOString(),
    action: row.action,
    who: (row.actorId && names.get(row.actorId)) || row.actorKind,
  }));
}
