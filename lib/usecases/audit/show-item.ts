import type { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { findFrozenUnit } from '#lib/store/audits.ts';
import type { ClaimedTask } from '#lib/store/tasks.ts';
import { masksOf, wordsOfEvent } from '#lib/store/units.ts';
import { projectOf } from '../permit.ts';
import { type Claim, claimItems } from '../queues/claim.ts';

/** What a reviewer gets: the unit as it would be exported, and nothing about second readings or other people. */
export type AuditItem = ClaimedTask & {
  unit: Redacted<Unit>;
  words: number;
  masks: { no: number; path: string; placeholder: string }[];
};

/** Claims audit items with their text, as it was frozen with the plan. */
export async function claimAuditItems(
  actor: Actor,
  queueId: string,
  input: z.infer<typeof Claim>,
): Promise<{ items: AuditItem[]; left: number }> {
  const { kind, items, left } = await claimItems(actor, queueId, input);
  if (kind !== 'audit') throw new Problem('not_found');
  const shown: AuditItem[] = [];
  for (const item of items) {
    const unit = await findFrozenUnit(queueId, item.subjectId);
    if (!unit) continue;
    const words = unit.events.reduce((sum, event) => sum + wordsOfEvent(event).split(/\s+/).filter(Boolean).length, 0);
    shown.push({ ...item, unit, words, masks: await masksOf(projectOf(actor), item.subjectId) });
  }
  return { items: shown, left };
}
