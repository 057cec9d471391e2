import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { type OwnDecision, ownOpenDecisions, ownPace } from '#lib/store/decisions.ts';
import { findQueue } from '#lib/store/tasks.ts';
import { showDisputeItems } from '../adjudicate/show-dispute.ts';
import { claimAuditItems } from '../audit/show-item.ts';
import { showPairItems } from '../pairs/pair-queue.ts';
import { projectOf } from '../permit.ts';
import { showSweepItems } from '../sweep/sweep.ts';
import { claimItems } from './claim.ts';

export const DeskClaim = z.strictObject({
  want: z.int().min(1).max(10).optional(),
  have: z.array(z.uuid()).max(50).optional(),
});

const REMEMBERED = 10;

/** What a desk that opens anew needs to know of the person's own work in this queue: nobody else's. */
export type OwnWork = { recent: OwnDecision[]; pace: { decided: number; medianMs: number | null } };

async function ownWork(actor: Actor, queueId: string): Promise<OwnWork> {
  const [recent, pace] = await Promise.all([
    ownOpenDecisions(actor.personId!, queueId, REMEMBERED),
    ownPace(actor.personId!, queueId),
  ]);
  return { recent, pace };
}

/** Items with what their desk draws, and at the first call one's own work. @throws Problem not_found, too_many_held */
export async function claimForDesk(actor: Actor, queueId: string, input: { want: number; have: string[] }) {
  const queue = z.uuid().safeParse(queueId).success ? await findQueue(projectOf(actor), queueId) : null;
  const work = queue && input.have.length === 0 ? await ownWork(actor, queueId) : undefined;
  if (!queue || queue.kind === 'audit')
    return { kind: 'audit' as const, work, ...(await claimAuditItems(actor, queueId, input)) };
  const { items, left } = await claimItems(actor, queueId, input);
  if (queue.kind === 'adjudicate')
    return { kind: 'adjudicate' as const, work, items: await showDisputeItems(actor, items), left };
  if (queue.kind === 'sweep') return { kind: 'sweep' as const, work, items: await showSweepItems(actor, items), left };
  return { kind: 'pair' as const, work, items: await showPairItems(actor, queueId, items), left };
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
