import { removeUpload } from '#lib/store/files.ts';
import { closeCounts, findImport } from '#lib/store/imports.ts';
import { recordInLedger } from '#lib/store/ledger.ts';
import { type Chunk, finishChunk, withFence } from '#lib/store/runs.ts';
import { systemActor } from '#lib/store/session.ts';

/** The counts are taken from the rows themselves, and the upload's plain bytes are deleted. Then the units are compared. */
export async function closeImport(chunk: Chunk): Promise<void> {
  await withFence(chunk, async (client) => {
    await closeCounts(client, chunk.refId);
    await finishChunk(client, chunk, [{ stage: 'compare' }]);
  });
  await removeUpload(chunk.refId);
  const row = await findImport(chunk.refId);
  if (row)
    await recordInLedger(systemActor('worker', row.projectId), {
      action: 'import.done',
      object: 'import',
      objectId: row.id,
      details: { records: row.records, mapped: row.mapped, duplicates: row.duplicates, quarantined: row.quarantined },
    });
}
