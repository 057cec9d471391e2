/**
 * An upload: declared, received, proven. Length and SHA-256 are compared before anything is ingested; what differs is
 * refused whole and deleted.
 */
import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { db, inTransaction, type Tx } from '#lib/store/db.ts';
import { appendUpload, hasRoomFor, receivedBytes, removeUpload, uploadSha256 } from '#lib/store/files.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { announceRun } from '#lib/store/queue.ts';
import { createRun } from '#lib/store/runs.ts';
import { permit, projectOf } from '../permit.ts';

const NOBODY = '00000000-0000-0000-0000-000000000000';
const isFilename = (name: string): boolean =>
  name.length > 0 &&
  Buffer.byteLength(name) <= 255 &&
  ![...name].some((char) => char === '/' || char === '\\' || char < ' ' || char === '\u007f');

export const NewImport = z.strictObject({
  sourceId: z.uuid(),
  filename: z.string(),
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  format: z
    .string()
    .regex(/^[a-z0-9:-]{1,40}$/)
    .optional(),
  /** A saved mapping that reads the file, in place of an adapter. */
  mappingId: z.uuid().optional(),
});

export type ImportState = 'uploading' | 'queued' | 'running' | 'done' | 'refused' | 'blocked' | 'failed';
export type ImportStart = { id: string; state: string; offset: number; isNew: boolean };

const maxUploadBytes = (): number => Number(process.env.ASSAY_MAX_UPLOAD ?? 2 * 1024 ** 3);

/** The same bytes for the same source again are the same import. @throws Problem bad_filename, too_large, source_missing, no_space */
export async function startImport(actor: Actor, input: z.infer<typeof NewImport>): Promise<ImportStart> {
  await permit(actor, 'import.create');
  const projectId = projectOf(actor);
  if (!isFilename(input.filename)) throw new Problem('bad_filename');
  if (input.size > maxUploadBytes()) throw new Problem('too_large', { limitBytes: maxUploadBytes() });
  const source = await db().source.findFirst({ where: { id: input.sourceId, projectId } });
  if (!source || (actor.sourceId && actor.sourceId !== source.id)) throw new Problem('source_missing');
  if (input.mappingId && !(await db().mapping.findFirst({ where: { id: input.mappingId, projectId } })))
    throw new Problem('invalid', { fields: ['mappingId'] });
  if (!(await hasRoomFor(input.size))) throw new Problem('no_space');
  return inTransaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${source.id}${input.sha256}`}, 0))`;
    const same = { sourceId: source.id, sha256: input.sha256, state: { not: 'refused' } };
    const known = await tx.import.findFirst({ where: same });
    // Bytes of which nothing was understood may be sent again: a later version may know their format.
    const isReadAgain = known?.state === 'done' && known.mapped === 0 && known.quarantined > 0;
    if (known && isReadAgain)
      await tx.import.update({ where: { id: known.id }, data: { state: 'refused', reason: 'read_again' } });
    else if (known) {
      // What a cut connection left is on the disk; the row learns of it with the next piece.
      const offset = known.state === 'uploading' ? await receivedBytes(known.id) : Number(known.received);
      return { id: known.id, state: known.state, offset, isNew: false };
    }
    const row = await tx.import.create({
      data: {
        projectId,
        sourceId: source.id,
        filename: input.filename,
        format: input.format ?? null,
        mappingId: input.mappingId ?? null,
        size: BigInt(input.size),
        sha256: input.sha256,
        createdBy: actor.personId ?? NOBODY,
      },
    });
    await appendLedger(tx, actor, {
      action: 'import.create',
      object: 'import',
      objectId: row.id,
      details: { bytes: input.size, sha256: input.sha256 },
    });
    return { id: row.id, state: row.state, offset: 0, isNew: true };
  });
}

async function ownImport(actor: Actor, importId: string) {
  if (!z.uuid().safeParse(importId).success) throw new Problem('not_found');
  const row = await db().import.findFirst({ where: { id: importId, projectId: projectOf(actor) } });
  if (!row || (actor.sourceId && row.sourceId !== actor.sourceId)) throw new Problem('not_found');
  return row;
}

/** @returns where the upload stands @throws Problem not_found */
export async function uploadOffset(actor: Actor, importId: string): Promise<number> {
  await permit(actor, 'import.create');
  await ownImport(actor, importId);
  return receivedBytes(importId);
}

/** Bytes from `offset` on. @throws Problem offset_mismatch (with the offset), over_declared (the upload is refused) */
export async function receiveBytes(
  actor: Actor,
  importId: string,
  offset: number,
  body: AsyncIterable<Uint8Array>,
): Promise<number> {
  await permit(actor, 'import.create');
  const row = await ownImport(actor, importId);
  const stands = await receivedBytes(importId);
  if (row.state !== 'uploading' || offset !== stands) throw new Problem('offset_mismatch', { offset: stands });
  const { received, isOver } = await appendUpload(importId, offset, Number(row.size), body);
  if (isOver) {
    await refuse(actor, importId, 'over_declared');
    throw new Problem('over_declared');
  }
  await db().import.update({ where: { id: importId }, data: { received: BigInt(received) } });
  return received;
}

async function refuse(
  actor: Actor,
  importId: string,
  reason: 'over_declared' | 'length_mismatch' | 'hash_mismatch',
): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.import.updateMany({
      where: { id: importId, state: 'uploading' },
      data: { state: 'refused', reason, finishedAt: new Date() },
    });
    await appendLedger(tx, actor, {
      action: 'import.create',
      object: 'import',
      objectId: importId,
      outcome: 'refused',
      details: { reason },
    });
  });
  await removeUpload(importId);
}

/** Proves length and hash, then queues the import. Repeating it is harmless. @throws Problem length_mismatch, hash_mismatch */
export async function completeImport(actor: Actor, importId: string): Promise<{ id: string; state: string }> {
  await permit(actor, 'import.create');
  const row = await ownImport(actor, importId);
  if (row.state !== 'uploading') {
    if (row.state === 'refused')
      throw new Problem(row.reason === 'hash_mismatch' ? 'hash_mismatch' : 'length_mismatch');
    return { id: row.id, state: row.state };
  }
  const fault =
    (await receivedBytes(importId)) !== Number(row.size)
      ? 'length_mismatch'
      : (await uploadSha256(importId)) !== row.sha256
        ? 'hash_mismatch'
        : null;
  if (fault) {
    await refuse(actor, importId, fault);
    throw new Problem(fault);
  }
  return inTransaction(async (tx) => {
    const queued = await tx.import.updateMany({
      where: { id: importId, state: 'uploading' },
      data: { state: 'queued', received: row.size },
    });
    if (queued.count === 1) await queueImport(tx, actor, row.projectId, importId);
    return { id: importId, state: 'queued' };
  });
}

/** The run of an import: one chunk reads, then as many as needed redact, then one closes. */
async function queueImport(tx: Tx, actor: Actor, projectId: string, importId: string): Promise<void> {
  const runId = await createRun(tx, {
    projectId,
    kind: 'import',
    refId: importId,
    createdBy: actor.personId,
    chunks: [{ stage: 'read' }],
  });
  await announceRun(tx, runId);
  await appendLedger(tx, actor, { action: 'import.queue', object: 'import', objectId: importId, details: { runId } });
}

/** Takes back an upload that is not complete. */
export async function discardImport(actor: Actor, importId: string): Promise<void> {
  await permit(actor, 'import.create');
  await ownImport(actor, importId);
  await inTransaction(async (tx) => {
    const gone = await tx.import.deleteMany({ where: { id: importId, state: 'uploading' } });
    if (gone.count === 0) throw new Problem('conflict');
    await appendLedger(tx, actor, { action: 'import.discard', object: 'import', objectId: importId });
  });
  await removeUpload(importId);
}
