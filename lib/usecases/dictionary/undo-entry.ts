import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { inTransaction } from '#lib/store/db.ts';
import { raiseDictVersion } from '#lib/store/dictionaries.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { redactAgain } from '../audit/mask-missed.ts';
import { permit, projectOf } from '../permit.ts';

export const UndoEntry = z.strictObject({ id: z.uuid() });

/**
 * Takes an accepted term, pattern or released mask out again; what it touched is redacted as if it had not been. It
 * stays on record as removed. @throws Problem not_found
 */
export async function undoEntry(actor: Actor, input: z.infer<typeof UndoEntry>): Promise<{ runId: string }> {
  await permit(actor, 'dictionary.accept');
  const projectId = projectOf(actor);
  return inTransaction(async (tx) => {
    const entry = await tx.dictionaryEntry.findFirst({ where: { id: input.id, projectId, state: 'accepted' } });
    if (!entry) throw new Problem('not_found');
    const version = await raiseDictVersion(tx, projectId);
    await tx.dictionaryEntry.update({ where: { id: entry.id }, data: { state: 'removed', version } });
    // A released mask has no placeholder left to be found by: its unit is named.
    if (entry.scopeId)
      await tx.$executeRaw`UPDATE trajectory SET redact_due = ${version} WHERE project_id = ${projectId}::uuid
        AND (id = ${entry.scopeId} OR id IN (SELECT trajectory_id FROM unit WHERE project_id = ${projectId}::uuid AND id = ${entry.scopeId}))`;
    const runId = await redactAgain(tx, projectId, version, actor.personId);
    await appendLedger(tx, actor, {
      action: 'dictionary.undo',
      object: 'dictionary',
      objectId: entry.id,
      details: { version },
    });
    return { runId };
  });
}
