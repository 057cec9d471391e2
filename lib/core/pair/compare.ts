/** Which of two answers to the same bytes is better, by one kind of evidence each; strongest kinds first. */
import type { Unit } from '../trajectory/unit.ts';
import type { PairInput, PairSource, PrefixRule, Strength } from './candidate.ts';
import type { Judgement } from './judgement.ts';
import type { Answer } from './shared-prefix.ts';

/** An answer with all that is known of it. */
export type Found = PairInput & { answer: Answer; judgement: Judgement };
export type Verdict = {
  better: Found;
  worse: Found;
  source: PairSource;
  strength: Strength;
  evidence: string[];
  rule: PrefixRule;
};
/** Is `a` better than `b`? Each looks in one direction. */
type Compare = (a: Found, b: Found) => Verdict | null;

/** Smallest difference of two scores, as a share of their scale, that says anything. */
const SCORE_GAP = 0.25;

const isFamily = (a: Found, b: Found): boolean =>
  a.branch !== undefined && b.branch !== undefined && a.branch.of === b.branch.of && a.unit.id !== b.unit.id;

const byRank: Compare = (a, b) => {
  const [x, y] = [a.judgement.rank, b.judgement.rank];
  if (!x || !y || !isFamily(a, b) || x.value >= y.value) return null;
  const judged = { source: 'rank', strength: 'strong', rule: 'judged_answer' } as const;
  return { better: a, worse: b, ...judged, evidence: [x.event, y.event] };
};

const byThumb: Compare = (a, b) => {
  const [x, y] = [a.judgement.thumb, b.judgement.thumb];
  if (!x?.good || !y || y.good) return null;
  // Down and later up for the same request is the user's own comparison; the other way round it may be another user's.
  const later = x.ts !== undefined && y.ts !== undefined && Date.parse(x.ts) > Date.parse(y.ts);
  const strength = later || isFamily(a, b) ? 'strong' : 'medium';
  const source = x.isAcceptance && y.isAcceptance ? 'accept_reject' : 'thumbs_pair';
  return { better: a, worse: b, source, strength, rule: 'judged_answer', evidence: [x.event, y.event] };
};

const byScore: Compare = (a, b) => {
  const [x, y] = [a.judgement.score, b.judgement.score];
  if (!x || !y || x.name !== y.name || x.value - y.value < SCORE_GAP) return null;
  const judged = { source: 'rating', strength: 'medium', rule: 'judged_answer' } as const;
  return { better: a, worse: b, ...judged, evidence: [x.event, y.event] };
};

/** An outcome that somebody or something checked. */
export const isKnown = ({ outcome }: Pick<Unit, 'outcome'>): boolean =>
  outcome.value !== 'unknown' && outcome.basis !== 'none' && outcome.basis !== 'heuristic';

const byOutcome: Compare = (a, b) => {
  if (a.unit.outcome.value !== 'success' || b.unit.outcome.value !== 'failure') return null;
  if (!isKnown(a.unit) || !isKnown(b.unit)) return null;
  const evidence = [a.unit.id, ...a.unit.outcome.evidence, b.unit.id, ...b.unit.outcome.evidence];
  const judged = { source: 'success_vs_failure', strength: 'medium', rule: 'first_difference' } as const;
  return { better: a, worse: b, ...judged, evidence };
};

const byRegeneration: Compare = (a, b) => {
  if (!isFamily(a, b) || !a.branch!.selected || b.branch!.selected) return null;
  const judged = { source: 'regenerate', strength: 'weak', rule: 'first_difference' } as const;
  return { better: a, worse: b, ...judged, evidence: [a.unit.id, b.unit.id] };
};

const byComplaint: Compare = (a, b) => {
  const { complaint } = b.judgement;
  if (!complaint || a.judgement.complaint || a.judgement.thumb?.good === false) return null;
  const judged = { source: 'complaint', strength: 'weak', rule: 'judged_answer' } as const;
  return { better: a, worse: b, ...judged, evidence: [complaint.event] };
};

const COMPARISONS = [byRank, byThumb, byScore, byOutcome, byRegeneration, byComplaint];

/**
 * The best evidence between two answers, each of which several units may have given.
 * @returns why there is none: nothing said, or "A over B" here and "B over A" there
 */
export function strongest(
  as: readonly Found[],
  bs: readonly Found[],
): Verdict | 'no_evidence' | 'contradicting_evidence' {
  for (const compare of COMPARISONS) {
    const verdicts = as.flatMap((a) => bs.flatMap((b) => compare(a, b) ?? compare(b, a) ?? []));
    const first = verdicts[0];
    if (!first) continue;
    const oneWay = verdicts.every((verdict) => verdict.better.answer.canonical === first.better.answer.canonical);
    if (!oneWay) return 'contradicting_evidence';
    return verdicts.find((verdict) => verdict.strength === 'strong') ?? first;
  }
  return 'no_evidence';
}
