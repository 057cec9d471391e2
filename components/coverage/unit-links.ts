/** From a cell to the rows behind it: the list of units, filtered. */
import type { Place } from '#lib/core/mix/coverage.ts';

const PARAMS = {
  kind: 'kind',
  level: 'level',
  tool: 'tool',
  domain: 'domain',
  language: 'lang',
  outcome: 'outcome',
} as const;

/** @returns null where the list of units has no filter that says the same */
export function unitsHref(at: Place): string | null {
  const params = new URLSearchParams();
  for (const [axis, value] of Object.entries(at)) {
    const name = PARAMS[axis as keyof typeof PARAMS];
    if (!name || value === undefined || (axis === 'tool' && value === 'none')) return null;
    // A language that could not be told is stored as undetermined; an outcome's basis is no filter.
    params.set(
      name,
      axis === 'language' && value === 'unknown' ? 'und' : axis === 'outcome' ? value.split(',')[0]! : value,
    );
  }
  return `/units?${params}`;
}
