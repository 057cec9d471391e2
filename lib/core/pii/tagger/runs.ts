/** Stretches of words around candidates: what lies outside them is no name, and costs nothing. */
import { isCandidate, type Words } from './features.ts';

/** Words before and behind a candidate that are read with it. */
const AROUND = 2;
/** A line or a long run ends a stretch. */
const MAX_RUN = 120;

/** Sorted, disjoint; word numbers, half open. */
export function runsOf(words: Words): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  for (let i = 0; i < words.count; i++) {
    if (!isCandidate(words, i)) continue;
    const last = runs.at(-1);
    const start = Math.max(0, i - AROUND);
    const end = Math.min(words.count, i + AROUND + 1);
    if (last !== undefined && start <= last.end && end - last.start <= MAX_RUN) last.end = end;
    else runs.push({ start: Math.max(start, last?.end ?? 0), end });
  }
  return runs;
}
