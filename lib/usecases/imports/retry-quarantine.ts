/** Reading refused records once more, after an adapter or a mapping changed: by reason, by source, or one by one. */
import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { db, inTransaction, type Tx } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { announceRun } from '#lib/store/queue.ts';
import { createRun } from '#lib/store/runs.ts';
import { permit, projectOf } from '../permit.ts';

/** What the detector refused is redacted again; everything else is read again. */
export const REDACTION_REASONS: readonly string[] = [
  'scan_gap',
  'detector_failed',
  'vault_missing',
  'vault_unreadable',
];
/** Another reading can change these. The others are what they are: mend the file and send it again. */
export const REREAD_REASONS: readonly string[] = [
  'unknown_format',
  'schema_mismatch',
  'not_a_conversation',
  'bad_csv',
  'bad_yaml',
  'binary',
  'unsupported_container',
];

export const RetryInput = z.strictObject({
  reason: z.enum([...REDACTION_REASONS, ...REREAD_REASONS] as [string, ...string[]]),
  importId: z.uuid().optional(),
  sourceId: z.uuid().optional(),
  /** Single records of one import; all of the reason when left out. */
  records: z
    .array(z.strictObject({ member: z.string().max(500), recordNo: z.int().min(0) }))
    .min(1)
    .max(1000)
    .optional(),
  mappingId: z.uuid().optional(),
});
export type RetryStarted = { records: number; imports: number; runIds: string[] };

/**
 * One run an import. @throws Problem not_found for a mapping or an import that is not there, conflict when all of them
 * are being read just now
 */
export async function retryQuarantined(actor: Actor, input: z.infer<typeof RetryInput>): Promise<RetryStarted> {
  await permit(actor, 'quarantine.retry');
  const projectId = projectOf(actor);
  if (input.records && !input.importId) throw new Problem('invalid', { fields: ['importId'] });
  const isRedaction = REDACTION_REASONS.includes(input.reason);
  if (input.mappingId) {
    if (isRedaction) throw new Problem('invalid', { fields: ['mappingId'] });
    if (!(await db().mapping.findFirst({ where: { id: input.mappingId, projectId } }))) throw new Problem('not_found');
  }
  const imports = await importsOf(projectId, input);
  const started: RetryStarted = { records: 0, imports: 0, runIds: [] };
  for (const importId of imports) {
    const run = await inTransaction((tx) => startRetry(tx, actor, { projectId, importId, isRedaction, input }));
    if (!run) continue;
    started.records += run.records;
    started.imports++;
    started.runIds.push(run.runId);
  }
  if (started.imports === 0) throw new Problem('conflict');
  return started;
}

async function importsOf(projectId: string, { reason, importId, sourceId }: z.infer<typeof RetryInput>) {
  const rows = await db().quarantine.groupBy({
    by: ['importId'],
    where: { projectId, reason, retryId: null, ...(importId ? { importId } : {}) },
  });
  const found = await db().import.findMany({
    where: { id: { in: rows.map((row) => row.importId) }, state: 'done', ...(sourceId ? { sourceId } : {}) },
    orderBy: { createdAt: 'asc' },
    select: { id: true },
  });
  if (importId && rows.length === 0) throw new Problem('not_found');
  return found.map(({ id }) => id);
}

type Start = { projectId: string; importId: string; isRedaction: boolean; input: z.infer<typeof RetryInput> };

/** @returns null when the import is being read just now, or nothing of it is left */
async function startRetry(tx: Tx, actor: Actor, { projectId, importId, isRedaction, input }: Start) {
  await tx.$executeRaw`SELECT 1 FROM import WHERE id = ${importId}::uuid FOR UPDATE`;
  if (await tx.quarantineRetry.findFirst({ where: { importId, finishedAt: null } })) return null;
  const retry = await tx.quarantineRetry.create({
    data: {
      projectId,
      importId,
      mappingId: input.mappingId ?? null,
      isRedaction,
      createdBy: actor.personId ?? '00000000-0000-0000-0000-000000000000',
    },
  });
  const { count } = await tx.quarantine.updateMany({
    where: {
      importId,
      reason: input.reason,
      retryId: null,
      ...(input.records ? { OR: input.records } : {}),
    },
    data: { retryId: retry.id },
  });
  if (count === 0) {
    await tx.quarantineRetry.delete({ where: { id: retry.id } });
    return null;
  }
  await tx.quarantineRetry.update({ where: { id: retry.id }, data: { records: count } });
  const last = await tx.trajectory.aggregate({ where: { importId }, _max: { ordinal: true } });
  const from = (last._max.ordinal ?? -1n) + 1n;
  const runId = await createRun(tx, {
    projectId,
    kind: 'retry_quarantine',
    refId: retry.id,
    createdBy: actor.personId,
    chunks: [{ stage: 'reread', from, to: from + BigInt(count) }],
  });
  await announceRun(tx, runId);
  await appendLedger(tx, actor, {
    action: 'quarantine.retry',
    object: 'quarantine',
    objectId: retry.id,
    details: {
      importId,
      reason: input.reason,
      records: count,
      ...(input.mappingId ? { mappingId: input.mappingId } : {}),
    },
  });
  return { runId, records: count };
}
