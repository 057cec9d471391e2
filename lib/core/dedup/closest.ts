/** How near two sides come to each other: evidence beside the leakage gate, for human eyes. */
import { jaccard } from './shingles.ts';

export type SidedRow = { id: string; side: string; shingles: Float64Array };
export type Close = { a: string; b: string; similarity: number };

/** Shingles in more rows than this are boilerplate: they name no candidates, though they count in the similarity. */
const COMMON = 400;
/** Candidates with most shared shingles that are compared exactly, for each row. */
const COMPARED = 4;

/**
 * The closest row of another side, for every row outside the largest side.
 * @returns one entry a row (similarity 0 when nothing is shared), nearest first
 */
export function closestAcross(rows: readonly SidedRow[]): Close[] {
  const sizes = new Map<string, number>();
  for (const { side } of rows) sizes.set(side, (sizes.get(side) ?? 0) + 1);
  const largest = [...sizes].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0];
  const held = rows.filter((row) => row.side !== largest);
  const wanted = new Map<number, number[]>();
  for (const row of held) for (const shingle of row.shingles) wanted.set(shingle, []);
  for (const [at, row] of rows.entries()) for (const shingle of row.shingles) wanted.get(shingle)?.push(at);
  return held
    .map((row) => {
      const shared = new Map<number, number>();
      for (const shingle of row.shingles) {
        const holders = wanted.get(shingle)!;
        if (holders.length > COMMON) continue;
        for (const at of holders) if (rows[at]!.side !== row.side) shared.set(at, (shared.get(at) ?? 0) + 1);
      }
      const candidates = [...shared].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, COMPARED);
      const best = candidates
        .map(([at]) => ({ b: rows[at]!.id, similarity: jaccard(row.shingles, rows[at]!.shingles) }))
        .toSorted((x, y) => y.similarity - x.similarity)[0];
      return { a: row.id, b: best?.b ?? '', similarity: best?.similarity ?? 0 };
    })
    .toSorted((x, y) => y.similarity - x.similarity || (x.a < y.a ? -1 : 1));
}
