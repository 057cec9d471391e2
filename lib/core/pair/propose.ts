/**
 * Pairs that the logs already hold. All answers of a project are laid out by what the model saw before them, so that
 * two answers under one prefix are two answers to the same bytes; then a rank, a rating, an edit, a repaired call, an
 * outcome or a regeneration says which is better. Nothing is proposed without such evidence.
 */

import type { LogEvent } from '../trajectory/event.ts';
import { sha256 } from '../trajectory/hash.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import type { Trajectory } from '../trajectory/trajectory.ts';
import type { Unit } from '../trajectory/unit.ts';
import { editShare } from './edit-distance.ts';
import { type Judgement, judgementOf } from './judgement.ts';
import { type Answer, answersOf, isPrompt } from './shared-prefix.ts';

export type PairSource =
  | 'edit'
  | 'rank'
  | 'thumbs_pair'
  | 'rating'
  | 'invalid_vs_corrected'
  | 'success_vs_failure'
  | 'regenerate';
/** Weak pairs are never exported unlabelled; medium and strong ones say how they are meant. */
export type Strength = 'strong' | 'medium' | 'weak';

/** A unit with what its trajectory knows of siblings. */
export type PairInput = { unit: Redacted<Unit>; branch?: Trajectory['branch'] };

export type PairSide = {
  unitId: string;
  /** Events of the one assistant message; for an edit the feedback event that holds the text. */
  eventIds: string[];
  /** Only for edits: the text that takes the answer's place. */
  text?: string;
};
export type PairCandidate = {
  /** `p_` + 24 hex digits over prefix and both answers: the same pair has the same id in every run. */
  id: string;
  source: PairSource;
  strength: Strength;
  /** Unit whose events are the prompt. */
  promptUnitId: string;
  prefixEventIds: string[];
  prefixHash: string;
  prefixBytes: number;
  prefixRule: 'judged_answer' | 'first_difference' | 'same_state';
  chosen: PairSide;
  rejected: PairSide;
  /** In words, for the card. */
  whyShared: string;
  /** Ids of the events that say so; a unit id stands for its outcome. */
  evidence: string[];
  /** Rejected on purpose although its call breaks the schema. */
  reason?: 'schema_invalid';
};

export type Proposal = {
  candidates: PairCandidate[];
  /** Found, by source, before caps. */
  found: Partial<Record<PairSource, number>>;
};

const STRENGTH_ORDER: readonly Strength[] = ['strong', 'medium', 'weak'];
/** Smallest difference of two scores, as a share of their scale, that says anything. */
const SCORE_GAP = 0.25;
/** Edits smaller than this change nothing to learn from, larger ones are another answer. */
const EDIT_SHARE = { from: 0.05, to: 0.8 };
/** Pairs of one prompt and source; a prompt that everybody sends would outweigh all others. */
const PAIRS_A_PROMPT = 10;
/** Different answers of one prompt that are compared, and units that are looked at for each of them. */
const ANSWERS_A_PROMPT = 200;
const UNITS_AN_ANSWER = 20;

/** An answer with all that is known of it. */
type Found = PairInput & { answer: Answer; judgement: Judgement };

/**
 * @param caps most pairs of a source; the kept ones are those with the smallest ids, which are hashes
 * @returns candidates by strength, then id: the same input in any order gives the same list
 */
export function proposePairs(inputs: readonly PairInput[], caps: Partial<Record<PairSource, number>> = {}): Proposal {
  const found: Found[] = inputs.flatMap(({ unit, branch }) => {
    const answers = answersOf(unit);
    return answers.map((answer) => ({
      unit,
      branch,
      answer,
      judgement: judgementOf(unit, answer, answers.length === 1),
    }));
  });
  const prompted = found.filter(({ answer }) => isPrompt(answer.prefix));
  const byId = new Map<string, PairCandidate>();
  const keep = (candidate: PairCandidate) => {
    const known = byId.get(candidate.id);
    if (!known || rankOf(candidate) < rankOf(known)) byId.set(candidate.id, candidate);
  };
  for (const one of prompted) {
    const edited = editPair(one);
    if (edited) keep(edited);
  }
  for (const input of inputs) for (const candidate of correctedPairs(input)) keep(candidate);
  for (const group of Map.groupBy(prompted, ({ answer }) => answer.prefixHash).values()) {
    for (const candidate of pairsOfPrompt(group)) keep(candidate);
  }
  return capped([...byId.values()], caps);
}

const rankOf = ({ strength }: PairCandidate): number => STRENGTH_ORDER.indexOf(strength);

function capped(all: PairCandidate[], caps: Partial<Record<PairSource, number>>): Proposal {
  const found: Proposal['found'] = {};
  const candidates = all
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1))
    .filter(({ source }) => {
      found[source] = (found[source] ?? 0) + 1;
      return found[source] <= (caps[source] ?? Number.POSITIVE_INFINITY);
    });
  return { candidates, found };
}

/** Every two different answers to one prompt for which something says which is better. */
function pairsOfPrompt(group: readonly Found[]): PairCandidate[] {
  const telling = group.filter(tells);
  const answers = [...Map.groupBy(telling, ({ answer }) => answer.canonical)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, ANSWERS_A_PROMPT)
    .map(([, same]) => same.toSorted((a, b) => (a.unit.id < b.unit.id ? -1 : 1)).slice(0, UNITS_AN_ANSWER));
  const count = new Map<PairSource, number>();
  const candidates: PairCandidate[] = [];
  for (const [i, a] of answers.entries()) {
    for (const b of answers.slice(i + 1)) {
      const candidate = strongest(a, b);
      if (!candidate || (count.get(candidate.source) ?? 0) >= PAIRS_A_PROMPT) continue;
      count.set(candidate.source, (count.get(candidate.source) ?? 0) + 1);
      candidates.push(candidate);
    }
  }
  return candidates;
}

/** Without a judgement, a known outcome or siblings an answer can't be better or worse than another. */
const tells = ({ unit, branch, judgement }: Found): boolean =>
  branch !== undefined || unit.outcome.value !== 'unknown' || Object.keys(judgement).length > 0;

/** The best evidence between two answers, each of which several units may have given. */
function strongest(as: readonly Found[], bs: readonly Found[]): PairCandidate | null {
  for (const compare of [byRank, byThumb, byScore, byOutcome, byRegeneration]) {
    // All occurrences must point one way: "A over B" here and "B over A" there is no evidence.
    const verdicts = as.flatMap((a) => bs.flatMap((b) => compare(a, b) ?? compare(b, a) ?? []));
    const first = verdicts[0];
    if (!first) continue;
    const oneWay = verdicts.every((verdict) => verdict.better.answer.canonical === first.better.answer.canonical);
    return oneWay ? candidateOf(verdicts.find((verdict) => verdict.strength === 'strong') ?? first) : null;
  }
  return null;
}

type Verdict = {
  better: Found;
  worse: Found;
  source: PairSource;
  strength: Strength;
  evidence: string[];
  rule: 'judged_answer' | 'first_difference';
};
/** Is `a` better than `b`? Each looks in one direction. */
type Compare = (a: Found, b: Found) => Verdict | null;

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
  return { better: a, worse: b, source: 'thumbs_pair', strength, rule: 'judged_answer', evidence: [x.event, y.event] };
};

const byScore: Compare = (a, b) => {
  const [x, y] = [a.judgement.score, b.judgement.score];
  if (!x || !y || x.name !== y.name || x.value - y.value < SCORE_GAP) return null;
  const judged = { source: 'rating', strength: 'medium', rule: 'judged_answer' } as const;
  return { better: a, worse: b, ...judged, evidence: [x.event, y.event] };
};

const byOutcome: Compare = (a, b) => {
  const known = (unit: Unit) => unit.outcome.basis !== 'none' && unit.outcome.basis !== 'heuristic';
  if (a.unit.outcome.value !== 'success' || b.unit.outcome.value !== 'failure') return null;
  if (!known(a.unit) || !known(b.unit)) return null;
  const evidence = [a.unit.id, ...a.unit.outcome.evidence, b.unit.id, ...b.unit.outcome.evidence];
  const judged = { source: 'success_vs_failure', strength: 'medium', rule: 'first_difference' } as const;
  return { better: a, worse: b, ...judged, evidence };
};

const byRegeneration: Compare = (a, b) => {
  if (!isFamily(a, b) || !a.branch!.selected || b.branch!.selected) return null;
  const judged = { source: 'regenerate', strength: 'weak', rule: 'first_difference' } as const;
  return { better: a, worse: b, ...judged, evidence: [a.unit.id, b.unit.id] };
};

const WHY: Record<PairSource, string> = {
  edit: 'a person rewrote this answer',
  rank: 'ranked against each other under one prompt',
  thumbs_pair: 'one was rated good, one bad, after byte-equal context',
  rating: 'scored on one scale, after byte-equal context',
  invalid_vs_corrected: 'a call that breaks its schema and its corrected retry, from the same state',
  success_vs_failure: 'two runs of one task, cut where their answers first differ',
  regenerate: 'an answer and the one that replaced it',
};

function candidateOf({ better, worse, source, strength, evidence, rule }: Verdict): PairCandidate {
  return {
    ...common(better, source, strength, evidence, rule, worse.answer.canonical),
    chosen: sideOf(better),
    rejected: sideOf(worse),
  };
}

const sideOf = ({ unit, answer }: Pick<Found, 'unit' | 'answer'>): PairSide => ({
  unitId: unit.id,
  eventIds: answer.events.map((event) => event.id),
});

function common(
  { unit, answer }: Pick<Found, 'unit' | 'answer'>,
  source: PairSource,
  strength: Strength,
  evidence: string[],
  prefixRule: PairCandidate['prefixRule'],
  other: string,
) {
  return {
    id: `p_${sha256(`${answer.prefixHash}\n${answer.canonical}\n>\n${other}`).slice(0, 24)}`,
    source,
    strength,
    promptUnitId: unit.id,
    prefixEventIds: answer.prefix.map((event) => event.id),
    prefixHash: answer.prefixHash,
    prefixBytes: answer.prefixBytes,
    prefixRule,
    whyShared: WHY[source],
    evidence,
  };
}

const textOf = (events: readonly LogEvent[]): string =>
  events.flatMap((event) => event.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))).join('\n');

function editPair({ unit, answer, judgement }: Found): PairCandidate | null {
  const { edit } = judgement;
  // An edit replaces text; what it would mean for calls beside the text is not logged.
  if (!edit || edit.text.trim() === '' || answer.events.some((event) => event.kind === 'tool_call')) return null;
  const share = editShare(textOf(answer.events), edit.text);
  if (share < EDIT_SHARE.from || share > EDIT_SHARE.to) return null;
  return {
    ...common({ unit, answer }, 'edit', 'strong', [edit.event], 'judged_answer', edit.text),
    chosen: { unitId: unit.id, eventIds: [edit.event], text: edit.text },
    rejected: sideOf({ unit, answer }),
  };
}

/** A step all of whose calls break their schema, followed at once by one that calls the same tools validly. */
function correctedPairs({ unit }: PairInput): PairCandidate[] {
  const answers = answersOf(unit);
  return answers.flatMap((answer, i) => {
    const retry = answers[i + 1];
    if (!retry || !isPrompt(answer.prefix)) return [];
    const [before, after] = [callsOf(answer), callsOf(retry)];
    if (before.length === 0 || namesOf(before) !== namesOf(after)) return [];
    const broken = before.every(
      (call) => call.toolCall.schemaValid === false || call.toolCall.parseError !== undefined,
    );
    const repaired = after.every((call) => call.toolCall.schemaValid === true);
    // Same state: between the two nothing but the answers to the broken calls.
    const between = retry.prefix.slice(answer.prefix.length + answer.events.length);
    const sameState = between.every(
      (event) => event.kind === 'tool_result' && before.some((call) => call.id === event.toolResult.forEventId),
    );
    if (!broken || !repaired || !sameState) return [];
    // Words beside the retry may answer the error, which the shared prompt does not hold.
    const strength = textOf(retry.events).trim() === '' ? 'strong' : 'medium';
    const evidence = [...before, ...after].map((call) => call.id);
    return [
      {
        ...common({ unit, answer }, 'invalid_vs_corrected', strength, evidence, 'same_state', `<\n${retry.canonical}`),
        chosen: sideOf({ unit, answer: retry }),
        rejected: sideOf({ unit, answer }),
        reason: 'schema_invalid' as const,
      },
    ];
  });
}

const callsOf = (answer: Answer) =>
  answer.events.filter((event) => event.kind === 'tool_call') as Extract<LogEvent, { kind: 'tool_call' }>[];
const namesOf = (calls: ReturnType<typeof callsOf>): string =>
  calls
    .map((call) => call.toolCall.name)
    .sort()
    .join('\n');
