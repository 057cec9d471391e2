import type { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { moveRelease } from '#lib/store/releases.ts';
import { permit } from '../permit.ts';
import { ownRelease } from './draft-release.ts';
import type { Revoke } from './revoke-release.ts';

/**
 * A release that is held because a later rule changed its units may stand all the same, when somebody says why. It weighs
 * as much as a revocation, so it asks for the same. @throws Problem conflict when it is not held
 */
export async function letStand(actor: Actor, input: z.infer<typeof Revoke>): Promise<{ state: 'approved' }> {
  await permit(actor, 'release.revoke', { reason: input.reason });
  const release = await ownRelease(actor, input.releaseId);
  return inTransaction(async (tx) => {
    if (!(await moveRelease(tx, release.id, ['suspended'], 'approved'))) throw new Problem('conflict');
    await appendLedger(tx, actor, {
      action: 'release.stand',
      object: 'release',
      objectId: release.id,
      reason: input.reason,
      details: { number: release.number },
    });
    return { state: 'approved' };
  });
}
