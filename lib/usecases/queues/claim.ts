import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import {
  beatClaims,
  type ClaimedTask,
  claimTasks,
  countHeld,
  DESK_LEASE_SECONDS,
  declineTask,
  findQueue,
  listQueues,
  MAX_HELD,
  type QueueCounts,
  releaseClaims,
  TOKEN_LEASE_SECONDS,
} from '#lib/store/tasks.ts';
import { permit, projectOf } from '../permit.ts';
import { claimActionOf } from './kinds.ts';

const leaseOf = (actor: Actor): number => (actor.kind === 'token' ? TOKEN_LEASE_SECONDS : DESK_LEASE_SECONDS);

export const Claim = z.strictObject({
  want: z.int().min(1).max(10).default(1),
  have: z.array(z.uuid()).max(MAX_HELD).default([]),
});

/** @throws Problem not_found, too_many_held */
export async function claimItems(
  actor: Actor,
  queueId: string,
  input: z.infer<typeof Claim>,
): Promise<{ kind: string; items: ClaimedTask[]; left: number }> {
  if (!z.uuid().safeParse(queueId).success) throw new Problem('not_found');
  const projectId = projectOf(actor);
  const queue = await findQueue(projectId, queueId);
  if (!queue) throw new Problem('not_found');
  await permit(actor, claimActionOf(queue.kind));
  if (queue.state !== 'open') return { kind: queue.kind, items: [], left: 0 };
  const room = MAX_HELD - (await countHeld(queueId, actor.personId!));
  if (room <= 0) throw new Problem('too_many_held');
  const items = await claimTasks(queueId, actor.personId!, Math.min(input.want, room), input.have, leaseOf(actor));
  const counts = (await listQueues(projectId, actor.personId, queue.kind)).find((row) => row.id === queueId);
  return { kind: queue.kind, items, left: counts?.mine ?? 0 };
}

export const Claims = z.strictObject({
  claims: z.array(z.strictObject({ taskId: z.uuid(), token: z.uuid() })).max(MAX_HELD),
});

export async function beat(actor: Actor, input: z.infer<typeof Claims>): Promise<{ lost: string[] }> {
  await permit(actor, 'queue.list');
  return { lost: await beatClaims(actor.personId!, input.claims, leaseOf(actor)) };
}

export async function release(actor: Actor, input: z.infer<typeof Claims>): Promise<void> {
  await permit(actor, 'queue.list');
  await releaseClaims(actor.personId!, input.claims);
}

/** Frees the item for others and never gives it to this person again. */
export async function decline(actor: Actor, taskId: string, why: string): Promise<void> {
  await permit(actor, 'queue.list');
  await inTransaction(async (tx) => {
    await declineTask(tx, taskId, actor.personId!, why);
    await appendLedger(tx, actor, { action: 'item.decline', object: 'item', objectId: taskId, details: { why } });
  });
}

export async function showQueues(actor: Actor, kind?: string): Promise<QueueCounts[]> {
  await permit(actor, 'queue.list');
  return listQueues(projectOf(actor), actor.personId, kind);
}
