/** What a set of labelled pairs would teach beside what it should: the pair gates of a release, with their evidence. */
import { type Share, wilson } from '../stats/wilson.ts';
import { editShare } from './edit-distance.ts';
import { surfaceAuc } from './surface.ts';

export type LabelledPair = {
  id: string;
  config: string;
  source: string;
  annotator?: string;
  /** Near-duplicate cluster of the prompt. */
  cluster?: string;
  /** Text of both sides as exported; calls in canonical form. */
  chosen: string;
  rejected: string;
  /** Whether the chosen answer stood left when it was chosen. */
  chosenWasLeft?: boolean;
  /** A person saw that the two are nearly the same and kept the edit. */
  editConfirmed?: boolean;
  /** The answer has no end mark. */
  chosenTruncated?: boolean;
  rejectedTruncated?: boolean;
  reason?: string;
};

export type PairFault = 'identical' | 'empty' | 'near_identical' | 'truncated' | 'conflicting' | 'chosen_and_rejected';
export type Balance = {
  n: number;
  /** Share of pairs in which the chosen text is longer, of those with unequal lengths. */
  chosenLonger: Share;
  /** Length of chosen over rejected. */
  lengthRatio: { p5: number; p50: number; p95: number } | null;
  chosenLeft: Share;
  /** null under 20 pairs. */
  surfaceAuc: number | null;
  /** Pair ids by fault, in order. */
  faults: Record<PairFault, string[]>;
  /** What a release may not have without a written reason. */
  findings: ('faults' | 'win_by_length' | 'surface' | 'position')[];
};

export const NEAR_IDENTICAL_BELOW = 0.05;
export const LENGTH_RANGE = { from: 0.45, to: 0.55 };
export const SURFACE_MOST = 0.6;
/** Fixed, so that a set of pairs has one figure. */
const FOLD_SEED = 20_261_122;

/** Runs of white space count as one blank: a pair that differs by them alone is no pair. */
const fold = (text: string): string => text.trim().replace(/\s+/gu, ' ');

export function balanceOf(pairs: readonly LabelledPair[]): Balance {
  const lengths = pairs.map(({ chosen, rejected }) => [[...chosen].length, [...rejected].length] as const);
  const unequal = lengths.filter(([chosen, rejected]) => chosen !== rejected);
  const placed = pairs.filter((pair) => pair.chosenWasLeft !== undefined);
  const chosenLonger = wilson(unequal.filter(([chosen, rejected]) => chosen > rejected).length, unequal.length);
  const chosenLeft = wilson(placed.filter((pair) => pair.chosenWasLeft).length, placed.length);
  const faults = findFaults(pairs);
  const auc = surfaceAuc(pairs, FOLD_SEED);
  const isOff = (share: Share, from: number, to: number) => share.n > 0 && (share.value < from || share.value > to);
  const findings: Balance['findings'] = [];
  if (Object.values(faults).some((ids) => ids.length > 0)) findings.push('faults');
  if (isOff(chosenLonger, LENGTH_RANGE.from, LENGTH_RANGE.to)) findings.push('win_by_length');
  if (auc !== null && auc > SURFACE_MOST) findings.push('surface');
  if (chosenLeft.n > 0 && (chosenLeft.low > 0.5 || chosenLeft.high < 0.5)) findings.push('position');
  return {
    n: pairs.length,
    chosenLonger,
    lengthRatio: ratiosOf(lengths),
    chosenLeft,
    surfaceAuc: auc,
    faults,
    findings,
  };
}

/** The same for every value of a field, in order of its name: each config, source and annotator has its own gate. */
export function balanceBy(
  pairs: readonly LabelledPair[],
  field: 'config' | 'source' | 'annotator',
): Map<string, Balance> {
  const groups = [...Map.groupBy(pairs, (pair) => pair[field] ?? 'unknown')].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return new Map(groups.map(([name, of]) => [name, balanceOf(of)]));
}

function ratiosOf(lengths: readonly (readonly [number, number])[]): Balance['lengthRatio'] {
  const ratios = lengths.flatMap(([chosen, rejected]) => (rejected === 0 ? [] : [chosen / rejected]));
  if (ratios.length === 0) return null;
  ratios.sort((a, b) => a - b);
  // Nearest rank: always a ratio that occurs.
  const at = (share: number) => ratios[Math.max(0, Math.ceil(share * ratios.length) - 1)]!;
  return { p5: at(0.05), p50: at(0.5), p95: at(0.95) };
}

function findFaults(pairs: readonly LabelledPair[]): Balance['faults'] {
  const faults: Balance['faults'] = {
    identical: [],
    empty: [],
    near_identical: [],
    truncated: [],
    conflicting: [],
    chosen_and_rejected: [],
  };
  const folded = pairs.map((pair) => ({ pair, chosen: fold(pair.chosen), rejected: fold(pair.rejected) }));
  const chosenTexts = new Set(folded.map(({ chosen }) => chosen));
  const decisions = new Set(folded.map(({ pair, chosen, rejected }) => decision(pair, chosen, rejected)));
  for (const { pair, chosen, rejected } of folded) {
    const { id } = pair;
    if (chosen === '' || rejected === '') faults.empty.push(id);
    else if (chosen === rejected) faults.identical.push(id);
    else if (!(pair.source === 'edit' && pair.editConfirmed) && isNear(chosen, rejected))
      faults.near_identical.push(id);
    if (pair.rejectedTruncated && !pair.chosenTruncated && !pair.reason) faults.truncated.push(id);
    if (chosen === rejected) continue;
    if (decisions.has(decision(pair, rejected, chosen))) faults.conflicting.push(id);
    if (chosenTexts.has(rejected)) faults.chosen_and_rejected.push(id);
  }
  return faults;
}

const isNear = (a: string, b: string): boolean => editShare(a, b, NEAR_IDENTICAL_BELOW) < NEAR_IDENTICAL_BELOW;

/** A over B under one prompt; pairs without a cluster conflict with nobody. */
const decision = ({ id, cluster }: LabelledPair, better: string, worse: string): string =>
  JSON.stringify([cluster ?? `of ${id}`, better, worse]);
