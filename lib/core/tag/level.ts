/** Complexity level, `level@1`: first rule that fits, hardest first (docs/formats.md). */
export const LEVELS = ['L0', 'L1', 'L2', 'L3', 'L4', 'L5'] as const;
export type Level = (typeof LEVELS)[number];

export type LevelBasis = {
  steps: number;
  calls: number;
  tools: number;
  hops: number;
  width: number;
  turns: number;
  recovered: boolean;
  hasRetrieval: boolean;
};

export function findLevel({ steps, calls, tools, hops, width, turns, recovered, hasRetrieval }: LevelBasis): Level {
  if (steps >= 8 || hops >= 4 || (recovered && steps >= 5)) return 'L5';
  if (recovered || steps >= 5 || hops === 3) return 'L4';
  if (steps >= 3 || hops === 2) return 'L3';
  if (steps === 2 || width >= 2 || tools >= 2) return 'L2';
  if (calls > 0 || turns >= 2 || hasRetrieval) return 'L1';
  return 'L0';
}
