/** Why two answers that were looked at gave no pair: counted by source and reason, with a few units to look at. */
import type { PairSource } from './candidate.ts';
import type { PrefixRefusal } from './shared-prefix.ts';

export const REFUSAL_TEXTS = {
  histories_differ: 'what came before the answers is not byte-equal, and it is never glued',
  same_answers: 'both runs gave the same answers',
  one_ends_earlier: 'one run ends before the other differs from it',
  no_prompt: 'nothing that asks stands before the answer',
  no_evidence: 'two answers to one prompt, and nothing says which is better',
  contradicting_evidence: 'better in one place of the logs, worse in another',
  edit_empty: 'edited to nothing',
  edit_over_calls: 'the edited answer calls tools; what the edit means for them is not logged',
  edit_too_small: 'the edit changes less than 5 %',
  edit_too_large: 'the edit changes more than 80 %: another answer',
  partly_valid: 'some calls of the answer were valid',
  no_retry: 'the invalid call was not tried again in the next answer',
  retry_other_tools: 'the next answer calls other tools',
  retry_not_valid: 'the retry is not known to be valid',
  state_changed: 'something else happened between call and retry',
  no_other_answer: 'the user took it badly, and no other answer to the same bytes is logged',
  over_prompt_cap: 'ten pairs of this prompt and source are enough',
  over_source_cap: 'over the cap of its source',
} as const satisfies Record<PrefixRefusal | string, string>;
export type RefusalWhy = keyof typeof REFUSAL_TEXTS;
/** `any`: before it was clear which source the pair would have had. */
export type PairRefusal = { source: PairSource | 'any'; why: RefusalWhy; count: number; examples: string[][] };

const EXAMPLES = 5;

export class RefusalTally {
  private readonly counted = new Map<string, PairRefusal>();

  add(source: PairRefusal['source'], why: RefusalWhy, ...unitIds: string[]): void {
    const key = `${source} ${why}`;
    const known = this.counted.get(key) ?? { source, why, count: 0, examples: [] };
    known.count++;
    if (known.examples.length < EXAMPLES) known.examples.push([...new Set(unitIds)]);
    this.counted.set(key, known);
  }

  /** Most frequent first. */
  list(): PairRefusal[] {
    return [...this.counted].toSorted(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1)).map(([, one]) => one);
  }
}

/** Counts of several batches together; the first examples stay. */
export function addRefusals(lists: readonly (readonly PairRefusal[])[]): PairRefusal[] {
  const sums = new Map<string, PairRefusal>();
  for (const one of lists.flat()) {
    const key = `${one.source} ${one.why}`;
    const known = sums.get(key);
    if (!known) sums.set(key, { ...one, examples: [...one.examples] });
    else {
      known.count += one.count;
      known.examples = [...known.examples, ...one.examples].slice(0, EXAMPLES);
    }
  }
  return [...sums.values()].toSorted((a, b) => b.count - a.count || (a.why < b.why ? -1 : 1));
}
