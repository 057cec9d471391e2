import type { Actor } from '#lib/core/policy/actor.ts';
import { inTransaction } from '#lib/store/db.ts';
import { raiseDictVersion } from '#lib/store/dictionaries.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { redactAgain } from '../audit/mask-missed.ts';
import { permit, projectOf } from '../permit.ts';

/**
 * Has everything detected and redacted again from the vault: after an upgrade, whose detectors know more than those that
 * read the logs. Units whose text comes out the same keep their hash, and with it what people said of them.
 */
export async function redetect(actor: Actor): Promise<{ runId: string; trajectories: number }> {
  await permit(actor, 'job.control');
  const projectId = projectOf(actor);
  return inTransaction(async (tx) => {
    const version = await raiseDictVersion(tx, projectId);
    const { count } = await tx.trajectory.updateMany({ where: { projectId }, data: { redactDue: version } });
    const runId = await redactAgain(tx, projectId, version, actor.personId);
    await appendLedger(tx, actor, {
      action: 'job.control',
      object: 'job',
      objectId: runId,
      details: { what: 'redetect', trajectories: count },
    });
    return { runId, trajectories: count };
  });
}
