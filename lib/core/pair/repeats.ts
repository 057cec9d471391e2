/** A pair that comes back to the same person with its sides swapped is an item of its own, named after the pair. */
import { type Share, wilson } from '../stats/wilson.ts';

const SWAPPED = '~2';
export const swappedSubject = (pairId: string): string => pairId + SWAPPED;

/** The pair behind an item, and whether it is shown for the first or the second time. */
export const pairOfSubject = (subjectId: string): { pairId: string; showing: 1 | 2 } =>
  subjectId.endsWith(SWAPPED)
    ? { pairId: subjectId.slice(0, -SWAPPED.length), showing: 2 }
    : { pairId: subjectId, showing: 1 };

export type Chosen = 'a' | 'b' | 'tie' | 'both_bad';

/**
 * How often the same answer was chosen when the sides were swapped: whoever chooses by the side alone is never consistent.
 * @param twice what was chosen first and what the second time
 */
export const positionConsistency = (twice: readonly (readonly [Chosen, Chosen])[]): Share =>
  wilson(twice.filter(([first, second]) => first === second).length, twice.length);
