import type { Payload } from './verdict.ts';

/** Of a verdict only what is needed here, so that rows of the store fit as they are. */
export type Recorded = { id: string; payload: Payload };

/**
 * Verdicts are append-only: an undo is a row that names another row, and undoing the undo brings that one back.
 * @param log one item's rows in the order in which the server took them
 * @returns those that stand, without the undos; an undo of an unknown or later row changes nothing
 */
export function standingVerdicts<T extends Recorded>(log: readonly T[]): T[] {
  const undoneBy = new Map<string, Recorded[]>();
  const place = new Map(log.map((row, index) => [row.id, index]));
  for (const [index, row] of log.entries()) {
    if (row.payload.kind !== 'undo' || (place.get(row.payload.of) ?? index) >= index) continue;
    undoneBy.set(row.payload.of, [...(undoneBy.get(row.payload.of) ?? []), row]);
  }
  // Undos point backwards only, so from the end on each row's undos are settled before the row itself.
  const stands = new Map<string, boolean>();
  for (const row of log.toReversed()) {
    stands.set(row.id, !(undoneBy.get(row.id) ?? []).some((undo) => stands.get(undo.id)));
  }
  return log.filter((row) => row.payload.kind !== 'undo' && stands.get(row.id));
}

/** The decision that counts: the last one standing that decides (skips and flags don't). */
export function decisionOf<T extends Recorded>(log: readonly T[]): T | null {
  return standingVerdicts(log).findLast((row) => row.payload.kind !== 'skip' && row.payload.kind !== 'flag') ?? null;
}
