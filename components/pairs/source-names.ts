import type { PairSource } from '#lib/core/pair/candidate.ts';

/** What a source is, in a reader's words. */
const NAMES: Record<PairSource, string> = {
  edit: 'Edits',
  rank: 'Ranks',
  thumbs_pair: 'Thumbs up and down',
  accept_reject: 'Accepted and rejected',
  rating: 'Ratings',
  invalid_vs_corrected: 'Invalid call, corrected',
  success_vs_failure: 'Success against failure',
  regenerate: 'Regenerations',
  complaint: 'Complaints and rephrasing',
  synthetic: 'Synthetic negatives',
};
export const sourceName = (source: string): string => NAMES[source as PairSource] ?? source;
