import { type Balance, balanceBy, balanceOf, type LabelledPair, withEditShare } from '#lib/core/pair/balance.ts';
import type { PairRefusal } from '#lib/core/pair/refusals.ts';
import { type Chosen, positionConsistency } from '#lib/core/pair/repeats.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { type Payload, type PayloadOf, preferenceOf } from '#lib/core/review/verdict.ts';
import type { Share } from '#lib/core/stats/wilson.ts';
import {
  chosenTwice,
  countPairs,
  lastPairRun,
  type PairCount,
  type PairRow,
  refusalsOf,
  usablePairs,
} from '#lib/store/pairs.ts';
import { wordsOfEvent } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';
import { type PairContent, readPairs } from './pair-content.ts';

/** More would not move the figures, and each is read with both of its units. */
const MEASURED = 500;

export type PairsView = {
  counts: PairCount[];
  /** Of pairs that may become rows now: chosen by a person, or of a source that is not weak. */
  balance: Balance | null;
  bySource: { source: string; balance: Balance }[];
  measured: number;
  /** Of pairs that came back with sides swapped: the same answer chosen again. */
  consistency: Share;
  run: { id: string; state: string; done: number; of: number; finishedAt: string | null } | null;
};

/** A pair as the release would take it: as labelled, else as mined. */
export function toLabelled(pair: PairRow, content: PairContent): LabelledPair {
  const isReversed = pair.label?.chosen === 'b';
  const [chosen, rejected] = isReversed ? [content.b, content.a] : [content.a, content.b];
  const text = (unit: PairContent['a']) => unit.events.map(wordsOfEvent).join('\n');
  return {
    id: pair.id,
    config: chosen.tools.length > 0 ? 'dpo-agent' : 'dpo-chat',
    source: pair.source,
    ...(pair.labelledBy ? { annotator: pair.labelledBy } : {}),
    ...(pair.label?.chosen ? { chosenWasLeft: pair.label.left === pair.label.chosen } : {}),
    editConfirmed: pair.label !== null,
    chosen: text(chosen),
    rejected: text(rejected),
    ...(pair.candidate.reason ? { reason: pair.candidate.reason } : {}),
  };
}

const chosenIn = (payload: Payload): Chosen => {
  const preference = preferenceOf(payload as PayloadOf<'pair'>);
  return preference.chosen ?? preference.why;
};

export async function showPairs(actor: Actor): Promise<PairsView> {
  await permit(actor, 'pair.read');
  const projectId = projectOf(actor);
  const [counts, run, rows, twice] = await Promise.all([
    countPairs(projectId),
    lastPairRun(projectId),
    usablePairs(projectId, MEASURED),
    chosenTwice(projectId),
  ]);
  const labelled = (await readPairs(projectId, rows)).map(({ pair, content }) =>
    withEditShare(toLabelled(pair, content)),
  );
  return {
    counts,
    balance: labelled.length > 0 ? balanceOf(labelled) : null,
    bySource: [...balanceBy(labelled, 'source')].map(([source, balance]) => ({ source, balance })),
    measured: labelled.length,
    consistency: positionConsistency(twice.map(({ first, second }) => [chosenIn(first), chosenIn(second)])),
    run: run && {
      id: run.id,
      state: run.state,
      done: run.chunks.reduce((sum, chunk) => sum + Number(chunk.progress), 0),
      of: run.chunks.reduce((sum, chunk) => sum + Number(chunk.itemsTotal), 0),
      finishedAt: run.finishedAt?.toISOString() ?? null,
    },
  };
}

/** Why answers that the last search compared gave no pair. */
export async function showRefusals(actor: Actor): Promise<PairRefusal[]> {
  await permit(actor, 'pair.read');
  return refusalsOf(projectOf(actor));
}
