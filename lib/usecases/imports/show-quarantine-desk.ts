/** The quarantine by reason and source: how many, whether another reading could help, and the records of one group. */
import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { db } from '#lib/store/db.ts';
import { permit, projectOf } from '../permit.ts';
import { REDACTION_REASONS, REREAD_REASONS } from './retry-quarantine.ts';
import type { QuarantineRow } from './show-imports.ts';

export type QuarantineGroup = {
  reason: string;
  sourceId: string;
  sourceName: string;
  records: number;
  files: number;
  /** Being read again just now. */
  reading: number;
  isRetryable: boolean;
  isMappable: boolean;
};
export type QuarantineDesk = { groups: QuarantineGroup[]; rows: QuarantineRow[] };

const SHOWN_ROWS = 200;
const MAPPABLE: readonly string[] = ['unknown_format', 'schema_mismatch', 'not_a_conversation'];
export const DeskFilter = z.object({ reason: z.string().max(40).optional(), sourceId: z.uuid().optional() });

/** @param filter one group, whose records are shown */
export async function showQuarantineDesk(actor: Actor, filter: z.infer<typeof DeskFilter>): Promise<QuarantineDesk> {
  await permit(actor, 'quarantine.read');
  const projectId = projectOf(actor);
  const counted = await db().quarantine.groupBy({
    by: ['reason', 'importId'],
    where: { projectId },
    _count: { _all: true, retryId: true },
  });
  const [imports, sources] = await Promise.all([
    db().import.findMany({
      where: { projectId, id: { in: [...new Set(counted.map((row) => row.importId))] } },
      select: { id: true, filename: true, sourceId: true },
    }),
    db().source.findMany({ where: { projectId }, select: { id: true, name: true } }),
  ]);
  const importOf = new Map(imports.map((row) => [row.id, row]));
  const nameOf = new Map(sources.map((row) => [row.id, row.name]));
  const groups = [
    ...Map.groupBy(counted, (row) => `${row.reason} ${importOf.get(row.importId)?.sourceId ?? ''}`).values(),
  ].map((own): QuarantineGroup => {
    const { reason, importId } = own[0]!;
    const sourceId = importOf.get(importId)?.sourceId ?? '';
    return {
      reason,
      sourceId,
      sourceName: nameOf.get(sourceId) ?? '',
      records: own.reduce((sum, row) => sum + row._count._all, 0),
      files: own.length,
      reading: own.reduce((sum, row) => sum + row._count.retryId, 0),
      isRetryable: REDACTION_REASONS.includes(reason) || REREAD_REASONS.includes(reason),
      isMappable: MAPPABLE.includes(reason),
    };
  });
  const own = imports.filter(({ sourceId }) => sourceId === filter.sourceId).map(({ id }) => id);
  const rows =
    filter.reason && filter.sourceId
      ? await db().quarantine.findMany({
          where: { projectId, reason: filter.reason, importId: { in: own } },
          orderBy: [{ importId: 'asc' }, { member: 'asc' }, { recordNo: 'asc' }],
          take: SHOWN_ROWS,
          omit: { sample: true },
        })
      : [];
  return {
    groups: groups.sort((a, b) => b.records - a.records || (a.reason < b.reason ? -1 : 1)),
    rows: rows.map(({ projectId: _, retryId: __, ...row }) => ({
      ...row,
      filename: importOf.get(row.importId)?.filename ?? '',
      byteStart: Number(row.byteStart),
      byteEnd: Number(row.byteEnd),
    })),
  };
}
