import type { Actor } from '#lib/core/policy/actor.ts';
import type { Mark } from '#lib/core/review/verdict.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { findFrozenUnit } from '#lib/store/audits.ts';
import { findDispute } from '#lib/store/disputes.ts';
import type { ClaimedTask } from '#lib/store/tasks.ts';
import { permit } from '../permit.ts';
import { decline } from '../queues/claim.ts';

/** One difference in its unit. Who A and B are is not said. */
export type DisputeItem = ClaimedTask & { unit: Redacted<Unit>; a: Mark | null; b: Mark | null };

/** What was claimed, with its texts as the readers saw them; what can no longer be shown is given back. */
export async function showDisputeItems(actor: Actor, items: readonly ClaimedTask[]): Promise<DisputeItem[]> {
  await permit(actor, 'adjudicate.claim');
  const shown: DisputeItem[] = [];
  for (const item of items) {
    const dispute = await findDispute(item.id);
    const unit = dispute && (await findFrozenUnit(dispute.auditQueueId, dispute.unitId));
    if (!dispute || !unit) {
      await decline(actor, item.id, 'cannot_be_shown');
      continue;
    }
    shown.push({ ...item, unit, a: dispute.a, b: dispute.b });
  }
  return shown;
}
