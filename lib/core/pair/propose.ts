/**
 * Pairs that the logs already hold. All answers of a project are laid out by what the model saw before them, so that
 * two answers under one prefix are two answers to the same bytes; then a rank, a rating, an edit, a repaired call, an
 * outcome or a regeneration says which is better. Nothing is proposed without such evidence.
 */

import type { LogEvent } from '../trajectory/event.ts';
import {
  candidateHead,
  type PairCandidate,
  type PairInput,
  type PairSource,
  STRENGTH_ORDER,
  sideOf,
} from './candidate.ts';
import { type Found, isKnown, strongest, type Verdict } from './compare.ts';
import { editShare } from './edit-distance.ts';
import { judgementOf } from './judgement.ts';
import { type PairRefusal, RefusalTally } from './refusals.ts';
import { type Answer, answersOf, isPrompt, sharedPrefix } from './shared-prefix.ts';

export type Proposal = {
  candidates: PairCandidate[];
  /** Found, by source, before caps. */
  found: Partial<Record<PairSource, number>>;
  /** What was looked at and gave no pair, most frequent reason first. */
  refused: PairRefusal[];
};

/** Edits smaller than this change nothing to learn from, larger ones are another answer. */
const EDIT_SHARE = { from: 0.05, to: 0.8 };
/** Pairs of one prompt and source; a prompt that everybody sends would outweigh all others. */
const PAIRS_A_PROMPT = 10;
/** Different answers of one prompt that are compared, and units that are looked at for each of them. */
const ANSWERS_A_PROMPT = 200;
const UNITS_AN_ANSWER = 20;

/**
 * @param caps most pairs of a source; the kept ones are those with the smallest ids, which are hashes
 * @returns candidates by strength, then id: the same input in any order gives the same list
 */
export function proposePairs(inputs: readonly PairInput[], caps: Partial<Record<PairSource, number>> = {}): Proposal {
  const tally = new RefusalTally();
  const found: Found[] = inputs
    .toSorted((a, b) => (a.unit.id < b.unit.id ? -1 : 1))
    .flatMap((input) => {
      const answers = answersOf(input.unit);
      return answers.map((answer) => ({
        ...input,
        answer,
        judgement: judgementOf(input.unit, answer, answers.length === 1),
      }));
    });
  const prompted = found.filter(({ answer }) => isPrompt(answer.prefix));
  const byId = new Map<string, PairCandidate>();
  const keep = (candidate: PairCandidate) => {
    const known = byId.get(candidate.id);
    if (!known || rankOf(candidate) < rankOf(known)) byId.set(candidate.id, candidate);
  };
  for (const one of found) {
    if (one.judgement.edit && !isPrompt(one.answer.prefix)) tally.add('edit', 'no_prompt', one.unit.id);
  }
  for (const one of prompted) {
    const edited = editPair(one, tally);
    if (edited) keep(edited);
  }
  for (const input of inputs) for (const candidate of correctedPairs(input, tally)) keep(candidate);
  for (const group of Map.groupBy(prompted, ({ answer }) => answer.prefixHash).values()) {
    for (const candidate of pairsOfPrompt(group, tally)) keep(candidate);
  }
  explainTasks(inputs, tally);
  return capped([...byId.values()], caps, tally);
}

const rankOf = ({ strength }: PairCandidate): number => STRENGTH_ORDER.indexOf(strength);

function capped(all: PairCandidate[], caps: Partial<Record<PairSource, number>>, tally: RefusalTally): Proposal {
  const found: Proposal['found'] = {};
  const candidates = all
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : 1))
    .filter(({ source, chosen, rejected }) => {
      found[source] = (found[source] ?? 0) + 1;
      const isWithin = found[source] <= (caps[source] ?? Number.POSITIVE_INFINITY);
      if (!isWithin) tally.add(source, 'over_source_cap', chosen.unitId, rejected.unitId);
      return isWithin;
    });
  return { candidates, found, refused: tally.list() };
}

/** Every two different answers to one prompt for which something says which is better. */
function pairsOfPrompt(group: readonly Found[], tally: RefusalTally): PairCandidate[] {
  // Beside an answer that the user took badly, one that nobody judged is better.
  const hasComplaint = group.some(({ judgement }) => judgement.complaint !== undefined);
  const telling = hasComplaint ? group : group.filter(tells);
  const answers = [...Map.groupBy(telling, ({ answer }) => answer.canonical)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, ANSWERS_A_PROMPT)
    .map(([, same]) => same.slice(0, UNITS_AN_ANSWER));
  if (hasComplaint && answers.length === 1) tally.add('complaint', 'no_other_answer', group[0]!.unit.id);
  const count = new Map<PairSource, number>();
  const candidates: PairCandidate[] = [];
  for (const [i, a] of answers.entries()) {
    for (const b of answers.slice(i + 1)) {
      const verdict = strongest(a, b);
      const units = [a[0]!.unit.id, b[0]!.unit.id];
      if (typeof verdict === 'string') tally.add('any', verdict, ...units);
      else if ((count.get(verdict.source) ?? 0) >= PAIRS_A_PROMPT)
        tally.add(verdict.source, 'over_prompt_cap', ...units);
      else {
        count.set(verdict.source, (count.get(verdict.source) ?? 0) + 1);
        candidates.push(candidateOf(verdict));
      }
    }
  }
  return candidates;
}

/** Without a judgement, a known outcome or siblings an answer can't be better or worse than another. */
const tells = ({ unit, branch, judgement }: Found): boolean =>
  branch !== undefined || unit.outcome.value !== 'unknown' || Object.keys(judgement).length > 0;

function candidateOf({ better, worse, source, strength, evidence, rule }: Verdict): PairCandidate {
  return {
    ...candidateHead(better, source, strength, evidence, rule, worse.answer.canonical),
    chosen: sideOf(better),
    rejected: sideOf(worse),
  };
}

/** Pairs of runs of one task that are looked at for why they gave no pair. */
const RUNS_A_TASK = 8;

/** A task with a run that succeeded and one that failed ought to give a pair; here is why it does not. */
function explainTasks(inputs: readonly PairInput[], tally: RefusalTally): void {
  const known = inputs.filter(({ unit, task }) => task !== undefined && isKnown(unit));
  for (const runs of Map.groupBy(known, ({ task }) => task).values()) {
    const sorted = runs.map(({ unit }) => unit).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const having = (value: string) => sorted.filter(({ outcome }) => outcome.value === value).slice(0, RUNS_A_TASK);
    for (const good of having('success')) {
      for (const bad of having('failure')) {
        const shared = sharedPrefix(good, bad);
        if (!shared.ok) tally.add('success_vs_failure', shared.why, good.id, bad.id);
      }
    }
  }
}

const textOf = (events: readonly LogEvent[]): string =>
  events.flatMap((event) => event.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))).join('\n');

function editPair({ unit, answer, judgement }: Found, tally: RefusalTally): PairCandidate | null {
  const { edit } = judgement;
  if (!edit) return null;
  const share = editShare(textOf(answer.events), edit.text);
  const why =
    edit.text.trim() === ''
      ? 'edit_empty'
      : // An edit replaces text; what it would mean for calls beside the text is not logged.
        answer.events.some((event) => event.kind === 'tool_call')
        ? 'edit_over_calls'
        : share < EDIT_SHARE.from
          ? 'edit_too_small'
          : share > EDIT_SHARE.to
            ? 'edit_too_large'
            : null;
  if (why !== null) {
    tally.add('edit', why, unit.id);
    return null;
  }
  return {
    ...candidateHead({ unit, answer }, 'edit', 'strong', [edit.event], 'judged_answer', edit.text),
    chosen: { unitId: unit.id, eventIds: [edit.event], text: edit.text },
    rejected: sideOf({ unit, answer }),
  };
}

/** A step all of whose calls break their schema, followed at once by one that calls the same tools validly. */
function correctedPairs({ unit }: PairInput, tally: RefusalTally): PairCandidate[] {
  const answers = answersOf(unit);
  return answers.flatMap((answer, i) => {
    const retry = answers[i + 1];
    const [before, after] = [callsOf(answer), retry ? callsOf(retry) : []];
    const isBroken = (call: (typeof before)[number]) =>
      call.toolCall.schemaValid === false || call.toolCall.parseError !== undefined;
    if (!before.some(isBroken)) return [];
    // Same state: between the two nothing but the answers to the broken calls.
    const between = retry?.prefix.slice(answer.prefix.length + answer.events.length) ?? [];
    const isSameState = between.every(
      (event) => event.kind === 'tool_result' && before.some((call) => call.id === event.toolResult.forEventId),
    );
    const why = !isPrompt(answer.prefix)
      ? 'no_prompt'
      : !before.every(isBroken)
        ? 'partly_valid'
        : after.length === 0
          ? 'no_retry'
          : namesOf(before) !== namesOf(after)
            ? 'retry_other_tools'
            : !after.every((call) => call.toolCall.schemaValid === true)
              ? 'retry_not_valid'
              : !isSameState
                ? 'state_changed'
                : null;
    if (why !== null || !retry) {
      tally.add('invalid_vs_corrected', why ?? 'no_retry', unit.id);
      return [];
    }
    // Words beside the retry may answer the error, which the shared prompt does not hold.
    const strength = textOf(retry.events).trim() === '' ? 'strong' : 'medium';
    const evidence = [...before, ...after].map((call) => call.id);
    const other = `<\n${retry.canonical}`;
    return [
      {
        ...candidateHead({ unit, answer }, 'invalid_vs_corrected', strength, evidence, 'same_state', other),
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
