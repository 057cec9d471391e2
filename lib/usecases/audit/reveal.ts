import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { revealValue } from '#lib/store/vault.ts';
import { permit, projectOf } from '../permit.ts';
import { redactWords } from '../redact-words.ts';

export const REVEAL_CODES = ['wrong_mask', 'same_person', 'unreadable', 'other'] as const;
export type RevealCode = (typeof REVEAL_CODES)[number];

export const Reveal = z.strictObject({
  taskId: z.uuid(),
  placeholder: z.string().max(40),
  code: z.enum(REVEAL_CODES),
  /** In the person's own words; what the detector finds in them is masked before they are kept. */
  reason: z.string().trim().max(400),
});
const HOURLY = 30;

/**
 * One value behind one placeholder of an item that the caller holds. The ledger row is committed before the vault is
 * asked: no row, no value. @throws Problem reason_required, claim_lost, not_found, rate_limited
 */
export async function reveal(actor: Actor, input: z.infer<typeof Reveal>): Promise<{ value: string }> {
  await permit(actor, 'reveal.span', { reason: input.reason });
  const projectId = projectOf(actor);
  const match = /^\[([A-Z_]+)_(\d{1,6})\]$/.exec(input.placeholder);
  if (!match) throw new Problem('invalid', { fields: ['placeholder'] });
  const entity = await inTransaction(async (tx) => {
    const task = await tx.task.findFirst({
      where: { id: input.taskId, projectId, claimedBy: actor.personId!, state: 'open', freeAt: { gt: new Date() } },
    });
    if (!task) throw new Problem('claim_lost');
    const found = await tx.placeholder.findFirst({
      where: { projectId, unitId: task.subjectId, type: match[1]!, n: Number(match[2]) },
    });
    if (!found) throw new Problem('not_found');
    const recent = await tx.ledger.count({
      where: { actorId: actor.personId!, action: 'reveal.span', at: { gt: new Date(Date.now() - 3_600_000) } },
    });
    if (recent >= HOURLY) throw new Problem('rate_limited', { retryAfterSeconds: 600 });
    await appendLedger(tx, actor, {
      action: 'reveal.span',
      object: 'span',
      objectId: `${task.subjectId}:${match[1]}:${match[2]}`,
      reason: `${input.code}: ${redactWords(input.reason)}`,
      details: { taskId: task.id, code: input.code },
    });
    return found.entity;
  });
  const value = await revealValue(projectId, entity);
  if (value === null) throw new Problem('not_found');
  return { value };
}

export const countReveals = (projectId: string, since: Date) =>
  db().ledger.count({ where: { projectId, action: 'reveal.span', at: { gt: since } } });
