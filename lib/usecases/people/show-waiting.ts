import { mayRole } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { countWaiting } from '#lib/store/waiting.ts';
import { permit } from '../permit.ts';

/** How many wait for this person, by place: the figures beside the menu. */
export async function showWaiting(actor: Actor): Promise<Record<string, number>> {
  await permit(actor, 'me.read');
  if (!actor.projectId || !actor.personId) return {};
  const waiting = await countWaiting(actor.projectId, actor.personId);
  const counts: Record<string, number> = {};
  if (mayRole(actor.role, 'audit.claim')) counts['/audit'] = waiting.audit;
  if (mayRole(actor.role, 'pair.claim')) counts['/pairs'] = waiting.pairs;
  if (mayRole(actor.role, 'gold.read')) counts['/gold'] = waiting.goldDrafts;
  if (mayRole(actor.role, 'release.approve')) counts['/releases'] = waiting.approvals;
  if (mayRole(actor.role, 'job.read')) counts['/jobs'] = waiting.failingRuns;
  return counts;
}
