/**
 * The job that looks for pairs. Answers make a pair only under one prompt, and all units of one prompt begin with the
 * same question; so units are read in the order of their first question, in batches that are cut between questions.
 * Ids follow from the content: a second run, or a worker that took over, writes the same rows.
 */
import { generatorName, type PairCandidate, type PairInput, type PairSource } from '#lib/core/pair/candidate.ts';
import { allowedBeside, synthesise } from '#lib/core/pair/generators.ts';
import { proposePairs } from '#lib/core/pair/propose.ts';
import { addRefusals, type PairRefusal } from '#lib/core/pair/refusals.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { inTransaction } from '#lib/store/db.ts';
import { approvedGenerators } from '#lib/store/generators.ts';
import { appendLedger, recordInLedger } from '#lib/store/ledger.ts';
import {
  countReal,
  kinOf,
  lastPairRun,
  pairUnits,
  savePairs,
  saveRefusals,
  tornTasks,
  withdrawUnseen,
} from '#lib/store/pairs.ts';
import { announceRun } from '#lib/store/queue.ts';
import { type Chunk, createRun, finishChunk, withFence } from '#lib/store/runs.ts';
import { systemActor } from '#lib/store/session.ts';
import { findUnits } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';
import { isBinding } from './pair-content.ts';

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

/** Units with their siblings and tasks, as mining reads them. */
async function readInputs(projectId: string, ids: readonly string[]): Promise<PairInput[]> {
  const [units, kin] = await Promise.all([findUnits(projectId, ids), kinOf(projectId, ids)]);
  return units.map((unit) => ({ ...kin.get(unit.id), unit }));
}

/** More synthetic candidates of one generator are not kept in memory; the ones with the smallest ids are. */
const SYNTHETIC_KEPT = 5_000;

export async function proposePairsOf(chunk: Chunk, signal: AbortSignal): Promise<void> {
  const { projectId } = chunk;
  const [heads, generators] = await Promise.all([pairUnits(projectId), approvedGenerators(projectId)]);
  const seen: string[] = [];
  const refused: (readonly PairRefusal[])[] = [];
  const found: Partial<Record<PairSource, number>> = {};
  let synthetic: PairCandidate[] = [];
  let done = 0;
  for (const ids of batchesOf(heads)) {
    signal.throwIfAborted();
    const inputs = await readInputs(projectId, ids);
    // Runs of one task may begin differently and stand in two batches: they are explained below, once.
    const { candidates, refused: why } = proposePairs(inputs.map(({ task: _, ...input }) => input));
    refused.push(why);
    synthetic = capBy([...synthetic, ...synthesise(inputs, generators, isBinding)], () => SYNTHETIC_KEPT);
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
  for (const ids of await tornTasks(projectId)) {
    signal.throwIfAborted();
    const { refused: why } = proposePairs(await readInputs(projectId, ids.slice(0, UNITS_A_TASK)));
    refused.push(why.filter((one) => one.source === 'success_vs_failure'));
  }
  const real = await countReal(projectId);
  const capOf = new Map(generators.map((generator) => [generatorName(generator), generator.capShare]));
  const governed = capBy(synthetic, (name) => allowedBeside(real, capOf.get(name) ?? 0));
  if (governed.length > 0) found.synthetic = governed.length;
  await withFence(chunk, async (client) => {
    await savePairs(client, projectId, governed);
    await withdrawUnseen(client, projectId, [...seen, ...governed.map(({ id }) => id)]);
    await saveRefusals(client, projectId, addRefusals(refused));
    await finishChunk(client, chunk);
  });
  await recordInLedger(systemActor('worker', projectId), {
    action: 'pair.found',
    object: 'pair',
    objectId: chunk.runId,
    details: { units: heads.length, ...found },
  });
}

/** Units of one task that are compared for why they gave no pair. */
const UNITS_A_TASK = 40;

/** The candidates with the smallest ids of each generator: ids are hashes, so nobody chose them. */
function capBy(candidates: readonly PairCandidate[], most: (generator: string) => number): PairCandidate[] {
  const sorted = candidates.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const byGenerator = Map.groupBy(sorted, ({ generator }) => (generator ? generatorName(generator) : ''));
  return [...byGenerator].flatMap(([name, of]) => of.slice(0, most(name)));
}
