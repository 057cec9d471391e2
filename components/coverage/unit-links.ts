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

/**
 * The queue of a cell that is under its target: units that may belong there, likeliest first, for a curator to say.
 * @returns null where no tag that people set would move a unit into the cell
 */
export function fillHref({ domain, language, level, tool }: Place): string | null {
  const wanted = domain ?? language;
  if (wanted === undefined || wanted === 'unknown') return null;
  const params = new URLSearchParams({ tag: domain === undefined ? 'lang' : 'domain', want: wanted });
  if (level !== undefined) params.set('level', level);
  if (tool !== undefined && tool !== 'none') params.set('tool', tool);
  return `/tags?${params}`;
}
