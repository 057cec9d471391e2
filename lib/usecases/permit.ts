import { type Action, POLICY, refusalOf } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import type { ProjectId } from '#lib/core/trajectory/ids.ts';
import { recordDailyRead } from '#lib/store/ledger.ts';

/**
 * The first line of every use case. @throws Problem unauthenticated, forbidden, reauth_required or reason_required
 * Reads that the policy logs daily are written before anything is shown: no entry, no answer.
 */
export async function permit(
  actor: Actor,
  action: Action,
  opts: { reason?: string; objectId?: string } = {},
): Promise<void> {
  const refusal = refusalOf(actor, action, Date.now(), opts.reason);
  if (refusal) {
    switch (refusal.code) {
      case 'reauth':
        throw new Problem('reauth_required', { minutes: refusal.minutes });
      case 'reason':
        throw new Problem('reason_required');
      default:
        throw new Problem('forbidden');
    }
  }
  if (POLICY[action].ledger === 'daily' && actor.kind !== 'system')
    await recordDailyRead(actor, { action, object: POLICY[action].object, objectId: opts.objectId });
}

/** The project an actor works in. @throws Problem not_found when there is none */
export function projectOf(actor: Actor): ProjectId {
  if (actor.projectId === null) throw new Problem('not_found');
  return actor.projectId;
}
