/** How varied a set of rows is. Each figure has a direction: a set of copies scores low on all of them. */

export type DiversityRow = {
  id: string;
  level: string;
  /** Normalised tokens of the user turns. */
  tokens: readonly string[];
  /** Names of the tools called, in order. */
  calls: readonly string[];
  /** Names of the tools offered. */
  offered?: readonly string[];
  /** Near-duplicate cluster. */
  cluster: string;
};

export type Diversity = {
  rows: number;
  /** Different runs of 1, 2 and 3 tokens over all runs; falls as a set grows, so compare sets of one size. */
  distinct: [one: number, two: number, three: number];
  /** Bytes after gzip over bytes before; left out when nobody measured it. Low: much repetition. */
  gzipRatio?: number;
  /** By level: how many different tool sequences there are, and how evenly they are used. */
  toolSequences: { level: string; length: 1 | 2 | 3; different: number; entropyBits: number }[];
  /** Tools that were called at least once, of those that were offered or called. */
  toolCoverage: { called: number; known: number };
  clusters: { count: number; largestShare: number };
};

/** @param gzipRatio measured outside over the user turns joined by LF: core has no compressor */
export function describeDiversity(rows: readonly DiversityRow[], gzipRatio?: number): Diversity {
  return {
    rows: rows.length,
    distinct: [distinctShare(rows, 1), distinctShare(rows, 2), distinctShare(rows, 3)],
    ...(gzipRatio === undefined ? {} : { gzipRatio }),
    toolSequences: toolSequencesOf(rows),
    toolCoverage: toolCoverageOf(rows),
    clusters: clustersOf(rows),
  };
}

function distinctShare(rows: readonly DiversityRow[], length: number): number {
  const different = new Set<string>();
  let all = 0;
  for (const { tokens } of rows) {
    for (const run of runsOf(tokens, length)) {
      different.add(run);
      all++;
    }
  }
  return all === 0 ? 0 : different.size / all;
}

const runsOf = (items: readonly string[], length: number): string[] =>
  items.length < length
    ? []
    : Array.from({ length: items.length - length + 1 }, (_, i) => items.slice(i, i + length).join('\n'));

function toolSequencesOf(rows: readonly DiversityRow[]): Diversity['toolSequences'] {
  const levels = [...Map.groupBy(rows, (row) => row.level)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return levels.flatMap(([level, of]) =>
    ([1, 2, 3] as const).flatMap((length) => {
      const counts = new Map<string, number>();
      for (const { calls } of of) for (const run of runsOf(calls, length)) counts.set(run, (counts.get(run) ?? 0) + 1);
      if (counts.size === 0) return [];
      return [{ level, length, different: counts.size, entropyBits: entropyBits([...counts.values()]) }];
    }),
  );
}

function toolCoverageOf(rows: readonly DiversityRow[]): Diversity['toolCoverage'] {
  const called = new Set(rows.flatMap(({ calls }) => calls));
  const known = new Set([...called, ...rows.flatMap(({ offered = [] }) => offered)]);
  return { called: called.size, known: known.size };
}

/** Shannon entropy of counts, in bits: 0 when all is one thing, log2 of the number of things when all are even. */
export function entropyBits(counts: readonly number[]): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const bits = counts.reduce((sum, count) => (count === 0 ? sum : sum - (count / all) * Math.log2(count / all)), 0);
  return Math.max(0, bits);
}

function clustersOf(rows: readonly DiversityRow[]): Diversity['clusters'] {
  const sizes = [...Map.groupBy(rows, (row) => row.cluster).values()].map((of) => of.length);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  return { count: sizes.length, largestShare: rows.length === 0 ? 0 : largest / rows.length };
}
