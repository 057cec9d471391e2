/**
 * A pair as texts: read from the units as they are now, so that what was masked since is masked here too. The two sides
 * must still follow the same bytes; a pair whose histories part earlier is not shown and not exported.
 */
import { makeNegative } from '#lib/core/pair/generators.ts';
import { answersOf } from '#lib/core/pair/shared-prefix.ts';
import { markWrites } from '#lib/core/tag/writes.ts';
import type { LogEvent } from '#lib/core/trajectory/event.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { findPairs, type PairRow, type StoredCandidate } from '#lib/store/pairs.ts';
import { findUnits } from '#lib/store/units.ts';

/** Prompt and both answers, each inside its unit so that tools and placeholders keep their meaning. */
export type PairContent = {
  prompt: Redacted<Unit>;
  /** The side that mining took for the better one. */
  a: Redacted<Unit>;
  b: Redacted<Unit>;
};

/** The tag room's rule of what binds somebody, for the generators of the pair room. */
export const isBinding = (unit: Unit, tool: string): boolean => markWrites(unit.tools)(tool).isBinding;

const within = (unit: Redacted<Unit>, events: LogEvent[]): Redacted<Unit> => ({ ...unit, events });

/** @returns null when a side is gone or the histories are no longer byte-equal */
export function contentOf(candidate: StoredCandidate, units: ReadonlyMap<string, Redacted<Unit>>): PairContent | null {
  const [one, other] = [units.get(candidate.chosen.unitId), units.get(candidate.rejected.unitId)];
  if (!one || !other) return null;
  const answerAt = (unit: Redacted<Unit>, eventId: string | undefined) =>
    answersOf(unit).find((answer) => answer.events[0]?.id === eventId);
  const rejected = answerAt(other, candidate.rejected.eventIds[0]);
  if (!rejected) return null;
  const prompt = within(other, rejected.prefix);
  if (candidate.source === 'synthetic') {
    const worse = candidate.generator && makeNegative(candidate.generator.rule, other, rejected, isBinding);
    return worse ? { prompt, a: within(other, rejected.events), b: within(other, worse) } : null;
  }
  const b = within(other, rejected.events);
  if (candidate.source === 'edit') {
    const said = one.events.find((event) => event.id === candidate.chosen.eventIds[0]);
    // Written at the desk it stands in the candidate; written in the product, in its log.
    const text = candidate.chosen.text ?? (said?.kind === 'feedback' ? said.feedback.value : undefined);
    const written = rejected.events.find((event) => event.kind === 'assistant');
    if (typeof text !== 'string' || !written) return null;
    return { prompt, b, a: within(one, [{ ...written, parts: [{ type: 'text', text }] }]) };
  }
  const chosen = answerAt(one, candidate.chosen.eventIds[0]);
  if (!chosen) return null;
  if (candidate.prefixRule !== 'same_state' && chosen.prefixHash !== rejected.prefixHash) return null;
  return { prompt, b, a: within(one, chosen.events) };
}

/** Pairs with their texts, in the order of the ids; those that can't be shown are left out. */
export async function readPairs(
  projectId: string,
  pairs: readonly PairRow[],
): Promise<{ pair: PairRow; content: PairContent }[]> {
  const ids = new Set(pairs.flatMap((pair) => [pair.chosenUnitId, pair.rejectedUnitId]));
  const units = new Map((await findUnits(projectId, [...ids])).map((unit) => [unit.id, unit]));
  return pairs.flatMap((pair) => {
    const content = contentOf(pair.candidate, units);
    return content ? [{ pair, content }] : [];
  });
}

export async function readPairsById(projectId: string, ids: readonly string[]) {
  const rows = new Map((await findPairs(projectId, ids)).map((pair) => [pair.id, pair]));
  return readPairs(
    projectId,
    ids.flatMap((id) => rows.get(id) ?? []),
  );
}
