/**
 * The job that looks for pairs. Answers make a pair only under one prompt, and all units of one prompt begin with the
 * same question; so units are read in the order of their first question, in batches that are cut between questions.
 * Ids follow from the content: a second run, or a worker that took over, writes the same rows.
 */
import { type PairSource, proposePairs } from '#lib/core/pair/propose.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger, recordInLedger } from '#lib/store/ledger.ts';
import { branchesOf, lastPairRun, pairUnits, savePairs, withdrawUnseen } from '#lib/store/pairs.ts';
import { announceRun } from '#lib/store/queue.ts';
import { type Chunk, createRun, finishChunk, withFence } from '#lib/store/runs.ts';
import { systemActor } from '#lib/store/session.ts';
import { findUnits } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';

/** A batch is held in memory whole. */
const BATCH_BYTES = 24_000_000;
const BATCH_UNITS = 1_000;
/** Units of one question that are compared; a question that a whole fleet asks would outgrow the memory. */
const UNITS_A_QUESTION = 2_000;

/** Starts the job, or names the one that runs. */
export async function findPairsInLogs(actor: Actor): Promise<{ runId: string }> {
  await permit(actor, 'pair.propose');
  const projectId = projectOf(actor);
  const last = await lastPairRun(projectId);
  if (last && ['ready', 'running', 'blocked'].includes(last.state)) return { runId: last.id };
  return inTransaction(async (tx) => {
    const runId = await createRun(tx, {
      projectId,
      kind: 'pairs',
      refId: `pairs:${projectId}`,
      createdBy: actor.personId,
      chunks: [{ stage: 'find' }],
    });
    await appendLedger(tx, actor, { action: 'pair.propose', object: 'pair', objectId: runId });
    await announceRun(tx, runId);
    return { runId };
  });
}

type Head = { id: string; title: string; bytes: number };

/** Cut between questions where a batch is full; a question is never cut. */
export function batchesOf(heads: readonly Head[]): string[][] {
  const batches: string[][] = [];
  let batch: string[] = [];
  let size = 0;
  for (const [, all] of Map.groupBy(heads, (head) => head.title)) {
    const question = all.slice(0, UNITS_A_QUESTION);
    const bytes = question.reduce((sum, head) => sum + head.bytes, 0);
    if (batch.length > 0 && (size + bytes > BATCH_BYTES || batch.length + question.length > BATCH_UNITS)) {
      batches.push(batch);
      batch = [];
      size = 0;
    }
    batch.push(...question.map((head) => head.id));
    size += bytes;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

export async function proposePairsOf(chunk: Chunk, signal: AbortSignal): Promise<void> {
  const { projectId } = chunk;
  const heads = await pairUnits(projectId);
  const seen: string[] = [];
  const found: Partial<Record<PairSource, number>> = {};
  let done = 0;
  for (const ids of batchesOf(heads)) {
    signal.throwIfAborted();
    const [units, branches] = await Promise.all([findUnits(projectId, ids), branchesOf(projectId, ids)]);
    const { candidates } = proposePairs(
      units.map((unit) => {
        const branch = branches.get(unit.id);
        return branch ? { unit, branch } : { unit };
      }),
    );
    for (const { id, source } of candidates) {
      seen.push(id);
      found[source] = (found[source] ?? 0) + 1;
    }
    done += ids.length;
    await withFence(chunk, async (client) => {
      await savePairs(client, projectId, candidates);
      await client.query('UPDATE chunk SET progress = $3, items_total = $4 WHERE run_id = $1 AND no = $2', [
        chunk.runId,
        chunk.no,
        done,
        heads.length,
      ]);
    });
  }
  await withFence(chunk, async (client) => {
    await withdrawUnseen(client, projectId, seen);
    await finishChunk(client, chunk);
  });
  await recordInLedger(systemActor('worker', projectId), {
    action: 'pair.found',
    object: 'pair',
    objectId: chunk.runId,
    details: { units: heads.length, ...found },
  });
}
