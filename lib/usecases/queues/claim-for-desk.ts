import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { claimAuditItems } from '../audit/show-item.ts';
import { claimItems } from './claim.ts';

export const DeskClaim = z.strictObject({
  want: z.int().min(1).max(10).optional(),
  have: z.array(z.uuid()).max(50).optional(),
});

export const claimForDesk = (actor: Actor, queueId: string, input: { want: number; have: string[] }) =>
  claimAuditItems(actor, queueId, input);

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
