/** What a proposed pair is: ids of events in units, never text, with the evidence that one answer is better. */
import { sha256 } from '../trajectory/hash.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import type { Trajectory } from '../trajectory/trajectory.ts';
import type { Unit } from '../trajectory/unit.ts';
import type { GeneratorRule } from './generators.ts';
import type { Answer } from './shared-prefix.ts';

export const PAIR_SOURCES = [
  'edit',
  'rank',
  'thumbs_pair',
  'accept_reject',
  'rating',
  'invalid_vs_corrected',
  'success_vs_failure',
  'regenerate',
  'complaint',
  'synthetic',
] as const;
export type PairSource = (typeof PAIR_SOURCES)[number];
/** Weak pairs are never exported unlabelled; medium and strong ones say how they are meant; synthetic ones are governed. */
export type Strength = 'strong' | 'medium' | 'weak' | 'synthetic';
export const STRENGTH_ORDER: readonly Strength[] = ['strong', 'medium', 'weak', 'synthetic'];
export type PrefixRule = 'judged_answer' | 'first_difference' | 'same_state';
/** Why a rejected answer is worse by construction; only `schema_invalid` may break its schema. */
export type RejectedReason = 'schema_invalid' | 'wrong_tool' | 'wrong_argument' | 'policy_violating';

/** A unit with what its trajectory knows of siblings and of the task it was given. */
export type PairInput = { unit: Redacted<Unit>; branch?: Trajectory['branch']; task?: string };

export type PairSide = {
  unitId: string;
  /** Events of the one assistant message; for an edit the feedback event that holds the text. */
  eventIds: string[];
  /** Only for edits: the text that takes the answer's place. */
  text?: string;
};
/** A version of a generator that a lead approved. */
export type Generator = { name: string; version: number; rule: GeneratorRule };

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
  prefixRule: PrefixRule;
  chosen: PairSide;
  /** Of a synthetic pair: the answer that the generator changed. */
  rejected: PairSide;
  /** In words, for the card. */
  whyShared: string;
  /** Ids of the events that say so; a unit id stands for its outcome. */
  evidence: string[];
  reason?: RejectedReason;
  /** Only of synthetic pairs: what made the rejected side. */
  generator?: Generator;
};

export const generatorName = ({ name, version }: Pick<Generator, 'name' | 'version'>): string => `${name}@${version}`;

const WHY: Record<PairSource, string> = {
  edit: 'a person rewrote this answer',
  rank: 'ranked against each other under one prompt',
  thumbs_pair: 'one was rated good, one bad, after byte-equal context',
  accept_reject: 'one was accepted, one rejected, after byte-equal context',
  rating: 'scored on one scale, after byte-equal context',
  invalid_vs_corrected: 'a call that breaks its schema and its corrected retry, from the same state',
  success_vs_failure: 'two runs of one task, cut where their answers first differ',
  regenerate: 'an answer and the one that replaced it',
  complaint: 'the user complained about one of two answers to the same bytes, or asked again',
  synthetic: 'an answer of a successful run, and the same answer made worse by an approved generator',
};

/** What a candidate has whatever its sides are. @param other what tells it from other pairs of the chosen answer */
export function candidateHead(
  { unit, answer }: { unit: Redacted<Unit>; answer: Answer },
  source: PairSource,
  strength: Strength,
  evidence: string[],
  prefixRule: PrefixRule,
  other: string,
): Omit<PairCandidate, 'chosen' | 'rejected'> {
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

export const sideOf = ({ unit, answer }: { unit: Redacted<Unit>; answer: Answer }): PairSide => ({
  unitId: unit.id,
  eventIds: answer.events.map((event) => event.id),
});
