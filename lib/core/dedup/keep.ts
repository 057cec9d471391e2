/** Which member of a cluster stays when one is enough: a rule for all, a person's choice before it. */
export const KEEP_RULES = ['all', 'longest', 'best_rated', 'newest'] as const;
export type KeepRule = (typeof KEEP_RULES)[number];

export type ClusterMember = {
  id: string;
  /** Length in tokens, estimated. */
  tokens: number;
  /** 0 (known failure) to 1 (known success); null when nobody or nothing checked it. */
  rating: number | null;
  /** Milliseconds since the epoch; null when the log has no time. */
  startedAtMs: number | null;
  /** A person chose it to stay. */
  isPicked: boolean;
};

/** Nobody's word is worth less than a success and more than a failure. */
const UNRATED = 0.5;
const MEASURES: Record<Exclude<KeepRule, 'all'>, (member: ClusterMember) => number> = {
  longest: ({ tokens }) => tokens,
  best_rated: ({ rating }) => rating ?? UNRATED,
  newest: ({ startedAtMs }) => startedAtMs ?? Number.NEGATIVE_INFINITY,
};

/**
 * Ids that stay. A picked member wins; else the one with most of the measure, then the longest, then the smallest id,
 * so that the same members give the same answer in any order.
 * @param rule `all` keeps every member, picked or not
 */
export function keptOf(members: readonly ClusterMember[], rule: KeepRule): string[] {
  if (rule === 'all') return members.map(({ id }) => id);
  const picked = members.filter(({ isPicked }) => isPicked);
  const measure = MEASURES[rule];
  const [best] = (picked.length > 0 ? picked : members).toSorted(
    (a, b) => compare(measure(b), measure(a)) || compare(b.tokens, a.tokens) || (a.id < b.id ? -1 : 1),
  );
  return best ? [best.id] : [];
}

/** Differences of infinities are no numbers. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

/** What a unit's outcome says of its worth; hints say nothing. */
export function ratingOf(outcome: { value: string; basis: string }): number | null {
  if (outcome.basis === 'none' || outcome.basis === 'heuristic') return null;
  return { success: 1, partial: 0.5, failure: 0 }[outcome.value] ?? null;
}
