import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { LEVELS } from '#lib/core/tag/level.ts';
import { db, pool } from '#lib/store/db.ts';
import { recordInLedger } from '#lib/store/ledger.ts';
import { HAND_TAGS, type HandTag, setTags } from '#lib/store/tags.ts';
import { permit, projectOf } from '../permit.ts';

const OUTCOMES = ['success', 'failure', 'partial', 'unknown'];
const isAllowed = (tag: HandTag, value: string): boolean => {
  if (tag === 'level') return (LEVELS as readonly string[]).includes(value);
  return tag === 'outcome' ? OUTCOMES.includes(value) : /^[\p{L}\p{N}][\p{L}\p{N}_ -]{0,59}$/u.test(value);
};

export const TagCorrection = z
  .strictObject({
    tag: z.enum(HAND_TAGS),
    value: z.string().trim().min(1).max(60),
    unitIds: z.array(z.string().min(1).max(200)).min(1).max(500),
  })
  .refine(({ tag, value }) => isAllowed(tag, value), { error: 'not a value of this tag', path: ['value'] });

/** A person's word on one tag of many units; rules and models leave it alone from then on. @throws Problem not_found */
export async function correctTags(
  actor: Actor,
  { tag, value, unitIds }: z.infer<typeof TagCorrection>,
): Promise<{ units: number }> {
  await permit(actor, 'unit.retag');
  const projectId = projectOf(actor);
  const ids = [...new Set(unitIds)];
  const known = await db().unit.count({ where: { projectId, id: { in: ids }, withdrawnAt: null } });
  if (known < ids.length) throw new Problem('not_found');
  const client = await pool().connect();
  try {
    await client.query('BEGIN');
    const units = await setTags(
      client,
      projectId,
      ids.map((unitId) => ({ unitId, name: tag, value })),
      'person',
    );
    // First the entry, then the act: nothing is done that is not on record.
    await recordInLedger(actor, {
      action: 'unit.retag',
      object: 'unit',
      objectId: ids.length === 1 ? ids[0]! : `${ids.length} units`,
      details: { tag, value, units },
    });
    await client.query('COMMIT');
    return { units };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}
