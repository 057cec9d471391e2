import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { mayMove } from '#lib/core/review/lifecycle.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { moveRelease } from '#lib/store/releases.ts';
import { permit } from '../permit.ts';
import { ownRelease } from './draft-release.ts';

export const Revoke = z.strictObject({ releaseId: z.uuid(), reason: z.string().trim().min(10).max(500) });

/** For good: downloads answer that it was revoked, and why. @throws Problem conflict while it is built or revoked already */
export async function revokeRelease(actor: Actor, input: z.infer<typeof Revoke>): Promise<{ state: 'revoked' }> {
  await permit(actor, 'release.revoke', { reason: input.reason });
  const release = await ownRelease(actor, input.releaseId);
  if (!mayMove('release', release.state, 'revoked')) throw new Problem('conflict');
  return inTransaction(async (tx) => {
    const more = { revokedAt: new Date(), revokeReason: input.reason };
    if (!(await moveRelease(tx, release.id, [release.state], 'revoked', more))) throw new Problem('conflict');
    await appendLedger(tx, actor, {
      action: 'release.revoke',
      object: 'release',
      objectId: release.id,
      reason: input.reason,
      details: { number: release.number, from: release.state },
    });
    return { state: 'revoked' };
  });
}
