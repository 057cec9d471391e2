import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { db } from '#lib/store/db.ts';
import { receivedBytes } from '#lib/store/files.ts';
import { permit, projectOf } from '../permit.ts';

export type Counts = { records: number; mapped: number; duplicates: number; quarantined: number };
export type ImportView = {
  id: string;
  sourceId: string;
  sourceName: string;
  filename: string;
  state: string;
  reason: string | null;
  adapter: string | null;
  sizeBytes: number;
  receivedBytes: number;
  sha256: string;
  counts: Counts;
  trajectories: number;
  units: number;
  events: number;
  createdAt: string;
  finishedAt: string | null;
  runId: string | null;
};

type Row = Awaited<ReturnType<typeof importRows>>[number];
/** Of the project, or of the one source that a token is bound to. */
const importRows = (actor: Actor, id?: string) =>
  db().import.findMany({
    where: {
      projectId: projectOf(actor),
      ...(actor.sourceId ? { sourceId: actor.sourceId } : {}),
      ...(id ? { id } : {}),
    },
    orderBy: { createdAt: 'desc' },
    take: 500,
  });

async function toViews(projectId: string, rows: Row[]): Promise<ImportView[]> {
  const [sources, runs] = await Promise.all([
    db().source.findMany({ where: { projectId }, select: { id: true, name: true } }),
    db().run.findMany({
      where: { projectId, kind: 'import', refId: { in: rows.map((row) => row.id) } },
      select: { id: true, refId: true, state: true },
    }),
  ]);
  const sourceNames = new Map(sources.map((row) => [row.id, row.name]));
  const runOf = new Map(runs.map((row) => [row.refId, row]));
  return rows.map((row) => {
    const run = runOf.get(row.id);
    return {
      id: row.id,
      sourceId: row.sourceId,
      sourceName: sourceNames.get(row.sourceId) ?? '',
      filename: row.filename,
      state:
        row.state === 'done' || row.state === 'refused' || row.state === 'uploading'
          ? row.state
          : stateOf(run?.state, row.state),
      reason: row.reason,
      adapter: row.adapter,
      sizeBytes: Number(row.size),
      receivedBytes: Number(row.received),
      sha256: row.sha256,
      counts: { records: row.records, mapped: row.mapped, duplicates: row.duplicates, quarantined: row.quarantined },
      trajectories: row.trajectories,
      units: row.units,
      events: row.events,
      createdAt: row.createdAt.toISOString(),
      finishedAt: row.finishedAt?.toISOString() ?? null,
      runId: run?.id ?? null,
    };
  });
}

/** An import whose run is blocked or dead says so, whatever was written last. */
const stateOf = (run: string | undefined, own: string): string =>
  run === 'blocked' ? 'blocked' : run === 'dead' ? 'failed' : run === 'cancelled' ? 'cancelled' : own;

export async function showImports(actor: Actor): Promise<ImportView[]> {
  await permit(actor, 'import.read');
  return toViews(projectOf(actor), await importRows(actor));
}

/** @throws Problem not_found */
export async function showImport(actor: Actor, importId: string): Promise<ImportView> {
  await permit(actor, 'import.read');
  if (!z.uuid().safeParse(importId).success) throw new Problem('not_found');
  const [view] = await toViews(projectOf(actor), await importRows(actor, importId));
  if (!view) throw new Problem('not_found');
  return view.state === 'uploading' ? { ...view, receivedBytes: await receivedBytes(importId) } : view;
}

export type QuarantineRow = {
  importId: string;
  filename: string;
  member: string;
  recordNo: number;
  reason: string;
  byteStart: number;
  byteEnd: number;
  sha256: string;
  excerpt: string;
  message: string | null;
};

/** Refused records with reason, place and a redacted excerpt; of one import or of the project. */
export async function showQuarantine(
  actor: Actor,
  filter: { importId?: string; reason?: string },
): Promise<{ rows: QuarantineRow[]; byReason: { reason: string; count: number }[] }> {
  await permit(actor, 'quarantine.read');
  const projectId = projectOf(actor);
  if (filter.importId !== undefined && !z.uuid().safeParse(filter.importId).success) throw new Problem('not_found');
  const where = { projectId, ...(filter.importId ? { importId: filter.importId } : {}) };
  const [rows, groups] = await Promise.all([
    db().quarantine.findMany({
      where: { ...where, ...(filter.reason ? { reason: filter.reason } : {}) },
      orderBy: [{ importId: 'asc' }, { member: 'asc' }, { recordNo: 'asc' }],
      take: 500,
    }),
    db().quarantine.groupBy({ by: ['reason'], where, _count: { _all: true } }),
  ]);
  const imports = await db().import.findMany({
    where: { id: { in: [...new Set(rows.map((row) => row.importId))] } },
    select: { id: true, filename: true },
  });
  const names = new Map(imports.map((row) => [row.id, row.filename]));
  return {
    rows: rows.map((row) => ({
      importId: row.importId,
      filename: names.get(row.importId) ?? '',
      member: row.member,
      recordNo: row.recordNo,
      reason: row.reason,
      byteStart: Number(row.byteStart),
      byteEnd: Number(row.byteEnd),
      sha256: row.sha256,
      excerpt: row.excerpt,
      message: row.message,
    })),
    byReason: groups
      .map((group) => ({ reason: group.reason, count: group._count._all }))
      .sort((a, b) => b.count - a.count),
  };
}
