/** What a set of labelled pairs would teach beside what it should: the pair gates of a release, with their evidence. */
import { type Share, wilson } from '../stats/wilson.ts';
import { editShare } from './edit-distance.ts';
import { surfaceScores } from './surface.ts';

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
  reason?: string;
  /** How far the two are apart, when it was counted already: sets of the same pairs are measured several times. */
  editShare?: number;
};

export const withEditShare = (pair: LabelledPair): LabelledPair => ({
  ...pair,
  editShare: editShare(pair.chosen, pair.rejected),
});

export const PAIR_FAULTS = [
  'identical',
  'empty',
  'near_identical',
  'truncated',
  'format_artefact',
  'conflicting',
  'chosen_and_rejected',
] as const;
export type PairFault = (typeof PAIR_FAULTS)[number];
export type Skew = 'win_by_length' | 'surface' | 'position';
export type Balance = {
  n: number;
  /** Share of pairs in which the chosen text is longer, of those with unequal lengths. */
  chosenLonger: Share;
  /** Length of chosen over rejected. */
  lengthRatio: { p5: number; p50: number; p95: number } | null;
  chosenLeft: Share;
  /** Normalised edit distance of the two sides, 0 (equal) to 1. */
  editDistance: { p5: number; p50: number; p95: number } | null;
  /** null under 20 pairs. */
  surfaceAuc: number | null;
  /** Pair ids by fault, in order. */
  faults: Record<PairFault, string[]>;
  /** What a release may not have without a written reason. */
  findings: ('faults' | Skew)[];
  /** Pairs that pull the figure to where it is, strongest first: what one opens to see why. */
  behind: Record<Skew, string[]>;
};

export const NEAR_IDENTICAL_BELOW = 0.05;
export const LENGTH_RANGE = { from: 0.45, to: 0.55 };
export const SURFACE_MOST = 0.6;
/** Edit distances of more pairs would not move the figures, and each is a table of its own. */
const MEASURED_EDITS = 500;
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
  const looks = surfaceScores(pairs, FOLD_SEED);
  const auc = looks?.auc ?? null;
  const isOff = (share: Share, from: number, to: number) => share.n > 0 && (share.value < from || share.value > to);
  const findings: Balance['findings'] = [];
  if (Object.values(faults).some((ids) => ids.length > 0)) findings.push('faults');
  if (isOff(chosenLonger, LENGTH_RANGE.from, LENGTH_RANGE.to)) findings.push('win_by_length');
  if (auc !== null && auc > SURFACE_MOST) findings.push('surface');
  if (chosenLeft.n > 0 && (chosenLeft.low > 0.5 || chosenLeft.high < 0.5)) findings.push('position');
  return {
    n: pairs.length,
    chosenLonger,
    lengthRatio: ranksOf(lengths.flatMap(([chosen, rejected]) => (rejected === 0 ? [] : [chosen / rejected]))),
    chosenLeft,
    editDistance: ranksOf(
      pairs.slice(0, MEASURED_EDITS).map((pair) => pair.editShare ?? editShare(pair.chosen, pair.rejected)),
    ),
    surfaceAuc: auc,
    faults,
    findings,
    behind: {
      win_by_length: behindLength(pairs, lengths, chosenLonger.value > 0.5),
      surface: looks?.telling.map((at) => pairs[at]!.id) ?? [],
      position: placed.filter((pair) => pair.chosenWasLeft === chosenLeft.value > 0.5).map(({ id }) => id),
    },
  };
}

/** Pairs on the side that wins too often, largest difference of lengths first. */
function behindLength(
  pairs: readonly LabelledPair[],
  lengths: readonly (readonly [number, number])[],
  isLonger: boolean,
): string[] {
  const gap = (at: number) => (lengths[at]![0] - lengths[at]![1]) * (isLonger ? 1 : -1);
  return pairs
    .map((_, at) => at)
    .filter((at) => gap(at) > 0)
    .sort((a, b) => gap(b) - gap(a))
    .map((at) => pairs[at]!.id);
}

/** The same for every value of a field, in order of its name: each config, source and annotator has its own gate. */
export function balanceBy(
  pairs: readonly LabelledPair[],
  field: 'config' | 'source' | 'annotator',
): Map<string, Balance> {
  const groups = [...Map.groupBy(pairs, (pair) => pair[field] ?? 'unknown')].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return new Map(groups.map(([name, of]) => [name, balanceOf(of)]));
}

function ranksOf(values: number[]): Balance['lengthRatio'] {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  // Nearest rank: always a value that occurs.
  const at = (share: number) => values[Math.max(0, Math.ceil(share * values.length) - 1)]!;
  return { p5: at(0.05), p50: at(0.5), p95: at(0.95) };
}

/** What a template, a log or a cut leaves in a text, and no answer means to say. */
const ARTEFACT =
  /<\|(?:im_start|im_end|endoftext|eot_id|start_header_id|end_header_id|assistant|user|system)\|>|\[\/?INST\]|<\/?s>|<<\/?SYS>>|###(?:STOP|TRANSFER)###|^(?:assistant|user|human|ai):\s/im;
const fences = (text: string): number => text.match(/^```/gm)?.length ?? 0;
const hasArtefact = (text: string): boolean => ARTEFACT.test(text) || fences(text) % 2 === 1;

/** Shorter answers than this may end as they like. */
const LONG_ENOUGH = 120;
/** A long answer that stops inside of a word or a sentence. */
const isCut = (text: string): boolean => [...text].length >= LONG_ENOUGH && /[\p{L}\p{N},;:–-]$/u.test(text.trimEnd());
const isEnded = (text: string): boolean => /[.!?…。！？)\]}"'”»`*|]$/u.test(text.trimEnd());

function findFaults(pairs: readonly LabelledPair[]): Balance['faults'] {
  const faults = Object.fromEntries(
    PAIR_FAULTS.map((fault): [PairFault, string[]] => [fault, []]),
  ) as Balance['faults'];
  const folded = pairs.map((pair) => ({ pair, chosen: fold(pair.chosen), rejected: fold(pair.rejected) }));
  const chosenTexts = new Set(folded.map(({ chosen }) => chosen));
  const decisions = new Set(folded.map(({ pair, chosen, rejected }) => decision(pair, chosen, rejected)));
  for (const { pair, chosen, rejected } of folded) {
    const { id } = pair;
    if (chosen === '' || rejected === '') faults.empty.push(id);
    else if (chosen === rejected) faults.identical.push(id);
    else if (!(pair.source === 'edit' && pair.editConfirmed) && isNear(chosen, rejected))
      faults.near_identical.push(id);
    if (!pair.reason && isCut(pair.rejected) && isEnded(pair.chosen)) faults.truncated.push(id);
    if (hasArtefact(pair.chosen) || hasArtefact(pair.rejected)) faults.format_artefact.push(id);
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
