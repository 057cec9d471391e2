import { z } from 'zod';
import { KEEP_RULES } from '#lib/core/dedup/keep.ts';
import { LEVELS } from '#lib/core/export/row.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { dropsApprovals, mayMove, type ReleaseState } from '#lib/core/review/lifecycle.ts';
import { UNIT_KINDS } from '#lib/core/trajectory/unit.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { announceRun } from '#lib/store/queue.ts';
import { addRelease, findRelease, moveRelease, type ReleaseRow } from '#lib/store/releases.ts';
import { createRun } from '#lib/store/runs.ts';
import { permit, projectOf } from '../permit.ts';

export const NewRelease = z.strictObject({
  name: z.string().trim().min(1).max(80),
  purpose: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  recipientId: z.uuid(),
  kinds: z.array(z.enum(UNIT_KINDS)).max(3).default([]),
  levels: z.array(z.enum(LEVELS)).max(6).default([]),
  importIds: z.array(z.uuid()).max(200).default([]),
  includes: z.array(z.enum(['sft', 'dpo', 'eval'])).min(1),
  keep: z.enum(KEEP_RULES).optional(),
  evalFrom: z.iso.date().optional(),
});

/** @throws Problem invalid when the recipient is unknown, has another purpose or an agreement that is over */
export async function draftRelease(
  actor: Actor,
  input: z.input<typeof NewRelease>,
): Promise<{ id: string; number: number }> {
  await permit(actor, 'release.draft');
  const projectId = projectOf(actor);
  const { name, purpose, recipientId, ...given } = NewRelease.parse(input);
  const recipient = await db().recipient.findFirst({ where: { id: recipientId, projectId } });
  if (!recipient || recipient.agreementExpires.getTime() < Date.now())
    throw new Problem('invalid', { fields: ['recipientId'] });
  if (!recipient.purposes.includes(purpose)) throw new Problem('invalid', { fields: ['purpose'] });
  return inTransaction(async (tx) => {
    const row = await addRelease(tx, {
      projectId,
      name,
      purpose,
      recipientId,
      filter: { ...given, includes: [...new Set(given.includes)].sort() },
      createdBy: actor.personId!,
    });
    await appendLedger(tx, actor, {
      action: 'release.draft',
      object: 'release',
      objectId: row.id,
      details: { number: row.number, purpose, recipient: recipientId, includes: given.includes },
    });
    return row;
  });
}

/** @throws Problem not_found */
export async function ownRelease(actor: Actor, releaseId: string): Promise<ReleaseRow & { state: ReleaseState }> {
  const row = z.uuid().safeParse(releaseId).success ? await findRelease(projectOf(actor), releaseId) : null;
  if (!row) throw new Problem('not_found');
  return row as ReleaseRow & { state: ReleaseState };
}

export const ReleaseRef = z.strictObject({ releaseId: z.uuid() });

/** Queues the build. A build that was ready is made anew, and what was approved of it no longer counts. */
export async function queueBuild(actor: Actor, input: z.infer<typeof ReleaseRef>): Promise<{ runId: string }> {
  await permit(actor, 'release.build');
  const row = await ownRelease(actor, input.releaseId);
  if (!mayMove('release', row.state, 'building')) throw new Problem('conflict');
  return inTransaction(async (tx) => {
    if (!(await moveRelease(tx, row.id, [row.state], 'building', { builtBy: actor.personId! })))
      throw new Problem('conflict');
    const runId = await createRun(tx, {
      projectId: row.projectId,
      kind: 'release',
      refId: row.id,
      createdBy: actor.personId,
      chunks: [{ stage: 'build' }],
    });
    await announceRun(tx, runId);
    await appendLedger(tx, actor, {
      action: 'release.build',
      object: 'release',
      objectId: row.id,
      details: { runId, dropsApprovals: dropsApprovals(row.state, 'building') },
    });
    return { runId };
  });
}
