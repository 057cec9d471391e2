/** Differences of two answers: word by word, or step by step. Pure, so that a worker thread can do the long ones. */
import { diffArrays, diffWordsWithSpace } from 'diff';

export type Part = { text: string; is: 'same' | 'added' | 'removed' };
export type Step = { name: string; text: string };
/** A step stands on both sides, or on one alone. */
export type StepRow = { left: Step | null; right: Step | null };
export type DiffAsk = { words: { left: string; right: string } } | { steps: { left: Step[]; right: Step[] } };
export type DiffAnswer = { parts: Part[] } | { rows: StepRow[] };

export const diffWords = (left: string, right: string): Part[] =>
  diffWordsWithSpace(left, right).map(({ value, added, removed }) => ({
    text: value,
    is: added ? 'added' : removed ? 'removed' : 'same',
  }));

const signOf = ({ name, text }: Step): string => `${name}\n${text}`;

/** Equal steps stand beside each other; between them what is only left stands beside what is only right, in order. */
export function diffSteps(left: readonly Step[], right: readonly Step[]): StepRow[] {
  const rows: StepRow[] = [];
  let [atLeft, atRight] = [0, 0];
  let onlyLeft: Step[] = [];
  const flush = (onlyRight: readonly Step[]) => {
    for (let at = 0; at < Math.max(onlyLeft.length, onlyRight.length); at++)
      rows.push({ left: onlyLeft[at] ?? null, right: onlyRight[at] ?? null });
    onlyLeft = [];
  };
  for (const { value, added, removed } of diffArrays(left.map(signOf), right.map(signOf))) {
    if (removed) {
      onlyLeft = left.slice(atLeft, atLeft + value.length);
      atLeft += value.length;
    } else if (added) {
      flush(right.slice(atRight, atRight + value.length));
      atRight += value.length;
    } else {
      flush([]);
      for (let at = 0; at < value.length; at++) rows.push({ left: left[atLeft++]!, right: right[atRight++]! });
    }
  }
  flush([]);
  return rows;
}

export const answerDiff = (ask: DiffAsk): DiffAnswer =>
  'words' in ask
    ? { parts: diffWords(ask.words.left, ask.words.right) }
    : { rows: diffSteps(ask.steps.left, ask.steps.right) };
