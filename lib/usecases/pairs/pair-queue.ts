/** A queue of pairs to choose in, and what its desk shows of each: two sides in an order that a stored seed decides. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { PAIR_SOURCES, type PairSource } from '#lib/core/pair/candidate.ts';
import { leftSide } from '#lib/core/pair/order.ts';
import { pairOfSubject } from '#lib/core/pair/repeats.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import type { LogEvent } from '#lib/core/trajectory/event.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { moveSubjectHash, pairHashes, seedPairs, unqueuedPairs } from '#lib/store/pairs.ts';
import { addQueue, addTasks, type ClaimedTask, findQueue } from '#lib/store/tasks.ts';
import { wordsOfEvent } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';
import { decline } from '../queues/claim.ts';
import { readPairsById } from './pair-content.ts';

export const NewPairQueue = z.strictObject({
  name: z.string().trim().min(1).max(80),
  sources: z.array(z.enum(PAIR_SOURCES)).min(1),
  /** Most pairs of the queue. */
  limit: z.int().min(1).max(2_000),
});

/** @throws Problem invalid when no candidate of these sources is free */
export async function makePairQueue(
  actor: Actor,
  input: z.infer<typeof NewPairQueue>,
): Promise<{ queueId: string; pairs: number }> {
  await permit(actor, 'queue.manage');
  const projectId = projectOf(actor);
  const seed = randomBytes(16).toString('hex');
  return inTransaction(async (tx) => {
    const ids = await unqueuedPairs(tx, projectId, input.sources, seed, input.limit);
    const hashes = await pairHashes(projectId, ids, tx);
    const shown = ids.filter((id) => hashes.has(id));
    if (shown.length === 0) throw new Problem('invalid', { fields: ['sources'] });
    const queue = await addQueue(tx, { projectId, kind: 'pair', name: input.name, seed, createdBy: actor.personId! });
    await addTasks(
      tx,
      projectId,
      queue.id,
      shown.map((id, position) => ({ subjectId: id, subjectHash: hashes.get(id)!, slot: 1, position })),
    );
    await seedPairs(tx, projectId, shown, seed);
    await appendLedger(tx, actor, {
      action: 'pair.queue',
      object: 'queue',
      objectId: queue.id,
      details: { pairs: shown.length, sources: input.sources },
    });
    return { queueId: queue.id, pairs: shown.length };
  });
}

export type PairItem = ClaimedTask & {
  /** Which answer stands left for this person. */
  leftIs: 'a' | 'b';
  source: PairSource;
  whyShared: string;
  prefixEvents: number;
  prompt: Redacted<Unit>;
  left: Redacted<Unit>;
  right: Redacted<Unit>;
  /** Plain texts for the difference of words. */
  words: { left: string; right: string };
  calls: { left: number; right: number };
};

const callsIn = (events: readonly LogEvent[]): number => events.filter((event) => event.kind === 'tool_call').length;
const textOf = (events: readonly LogEvent[]): string => events.map(wordsOfEvent).join('\n');

/**
 * What was claimed, with its texts. Pairs whose histories are no longer equal, or whose units are gone, are given back
 * and never offered to this person again.
 */
export async function showPairItems(actor: Actor, queueId: string, items: readonly ClaimedTask[]): Promise<PairItem[]> {
  await permit(actor, 'pair.read');
  const projectId = projectOf(actor);
  const queue = await findQueue(projectId, queueId);
  if (!queue) throw new Problem('not_found');
  const ids = items.map((item) => pairOfSubject(item.subjectId).pairId);
  const [pairs, hashes] = await Promise.all([readPairsById(projectId, ids), pairHashes(projectId, ids)]);
  const byId = new Map(pairs.map((one) => [one.pair.id, one]));
  const shown: PairItem[] = [];
  for (const item of items) {
    const { pairId, showing } = pairOfSubject(item.subjectId);
    const [found, hash] = [byId.get(pairId), hashes.get(pairId)];
    if (!found || !hash) {
      await decline(actor, item.id, 'cannot_be_shown');
      continue;
    }
    if (hash !== item.subjectHash) await moveSubjectHash(item.id, hash);
    const { pair, content } = found;
    const leftIs = leftSide(queue.seed, pair.id, actor.personId!, showing);
    const [left, right] = leftIs === 'a' ? [content.a, content.b] : [content.b, content.a];
    shown.push({
      ...item,
      // A pair that comes back is not told from one that is new.
      subjectId: pairId,
      subjectHash: hash,
      leftIs,
      source: pair.source,
      whyShared: pair.candidate.whyShared,
      prefixEvents: content.prompt.events.length,
      prompt: content.prompt,
      left,
      right,
      words: { left: textOf(left.events), right: textOf(right.events) },
      calls: { left: callsIn(left.events), right: callsIn(right.events) },
    });
  }
  return shown;
}
