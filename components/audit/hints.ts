/** Letter hints: two letters for each stretch a reader may want to jump to, likely ones first. */
import { PLACEHOLDER } from '#lib/core/pii/taxonomy.ts';
import { mapOf } from '../transcript/code-points.ts';
import type { TranscriptEvent } from '../transcript/event.ts';
import type { TextRange } from '../transcript/paint.ts';

export type Hint = { letters: string; range: TextRange; text: string };

const LETTERS = 'asdfghjklqwertyuiopzxcvbnm';
/** Runs of capitalised words, and runs with a digit: what a missed identifier looks like. */
const RUN =
  /(?:\p{Lu}[\p{L}\p{M}'’.-]*(?:\s+\p{Lu}[\p{L}\p{M}'’.-]*){0,4})|(?:[\p{L}\p{N}@._+/-]*\p{N}[\p{L}\p{N}@._+/-]*(?:[ -]\p{N}+)*)|(?:[\p{L}\p{N}._+-]+@[\p{L}\p{N}.-]+)/gu;

const lettersOf = (n: number): string => LETTERS[Math.floor(n / LETTERS.length)]! + LETTERS[n % LETTERS.length]!;

/** At most 26 x 26, in reading order of the given events. */
export function hintsOf(events: readonly TranscriptEvent[]): Hint[] {
  const hints: Hint[] = [];
  for (const event of events) {
    for (const { pieces } of event.blocks)
      for (const { path, text } of pieces) {
        if (path === null || text.length > 20_000) continue;
        const map = mapOf(text);
        const taken = [...text.matchAll(PLACEHOLDER)].map(
          (match) => [match.index, match.index + match[0].length] as const,
        );
        for (const match of text.matchAll(RUN)) {
          const found = match[0].replace(/[.'’-]+$/, '');
          const end = match.index + found.length;
          if (found.length < 2 || taken.some(([from, to]) => match.index < to && end > from)) continue;
          if (hints.length >= LETTERS.length * LETTERS.length) return hints;
          hints.push({
            letters: lettersOf(hints.length),
            text: found,
            range: { path, start: map.toPoint(match.index), end: map.toPoint(end) },
          });
        }
      }
  }
  return hints;
}
