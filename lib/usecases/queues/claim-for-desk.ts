import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { findQueue } from '#lib/store/tasks.ts';
import { claimAuditItems } from '../audit/show-item.ts';
import { showPairItems } from '../pairs/pair-queue.ts';
import { projectOf } from '../permit.ts';
import { claimItems } from './claim.ts';

export const DeskClaim = z.strictObject({
  want: z.int().min(1).max(10).optional(),
  have: z.array(z.uuid()).max(50).optional(),
});

/** Items with what their desk draws. @throws Problem not_found, too_many_held */
export async function claimForDesk(actor: Actor, queueId: string, input: { want: number; have: string[] }) {
  const queue = z.uuid().safeParse(queueId).success ? await findQueue(projectOf(actor), queueId) : null;
  if (queue?.kind !== 'pair') return { kind: 'audit' as const, ...(await claimAuditItems(actor, queueId, input)) };
  const { items, left } = await claimItems(actor, queueId, input);
  return { kind: 'pair' as const, items: await showPairItems(actor, queueId, items), left };
}

export async function claimOne(actor: Actor, queueId: string) {
  const { kind, items } = await claimItems(actor, queueId, { want: 1, have: [] });
  const item = items[0];
  return item
    ? {
        item: { id: item.id, unitId: item.subjectId, unitHash: item.subjectHash, kind },
        claim: { token: item.claimToken, expiresAt: item.expiresAt },
      }
    : null;
}
