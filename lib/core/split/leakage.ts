/** Proof that nothing held out was trained on: the gate asks for nothing found in any of the three lists. */
import type { Split } from './assign.ts';

export type PlacedRow = {
  id: string;
  split: Split;
  group: string;
  /** Near-duplicate cluster of the prompt side. */
  cluster: string;
  /** Normalised tokens of the prompt side. */
  tokens: readonly string[];
};
export type Across = { name: string; splits: Split[]; ids: string[] };
export type NgramHit = {
  /** Row of train. */
  id: string;
  /** A held-out row that shares it: the first in order for a 13-gram. */
  with: string;
  rule: '13-gram' | '8-grams';
  /** Share of the train row's different 8-grams that stand in held-out rows. */
  share: number;
};
export type Leakage = { clean: boolean; groupsAcross: Across[]; edgesAcross: Across[]; ngramHits: NgramHit[] };

const LONG = 13;
const SHORT = 8;
/** From this share of its 8-grams on a train row counts as contaminated. */
const SHORT_SHARE = 0.5;

/**
 * @param rows all rows of a release, of every config
 * @param gold held-out rows that are in no split: the gold set, evaluation cases
 */
export function checkLeakage(
  rows: readonly PlacedRow[],
  gold: readonly Pick<PlacedRow, 'id' | 'tokens'>[] = [],
): Leakage {
  const groupsAcross = acrossBy(rows, (row) => row.group);
  const edgesAcross = acrossBy(rows, (row) => row.cluster);
  const held = [...rows.filter((row) => row.split !== 'train'), ...gold];
  const ngramHits = findNgrams(
    rows.filter((row) => row.split === 'train'),
    held,
  );
  const clean = groupsAcross.length + edgesAcross.length + ngramHits.length === 0;
  return { clean, groupsAcross, edgesAcross, ngramHits };
}

function acrossBy(rows: readonly PlacedRow[], by: (row: PlacedRow) => string): Across[] {
  return [...Map.groupBy(rows, by)]
    .map(([name, of]) => ({ name, splits: [...new Set(of.map((row) => row.split))].sort(), ids: of.map((r) => r.id) }))
    .filter((across) => across.splits.length > 1)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Tokens = Pick<PlacedRow, 'id' | 'tokens'>;

/** Train rows that share a 13-gram with a held-out row, or half of their 8-grams with held-out rows together. */
export function findNgrams(train: readonly Tokens[], held: readonly Tokens[]): NgramHit[] {
  const numbers = new Map<string, number>();
  const long = new Map<number, string>();
  const short = new Map<number, string>();
  for (const { id, tokens } of held) {
    const ids = numbered(tokens, numbers);
    for (const gram of gramsOf(ids, LONG)) if (!long.has(gram)) long.set(gram, id);
    for (const gram of gramsOf(ids, SHORT)) if (!short.has(gram)) short.set(gram, id);
  }
  return train.flatMap(({ id, tokens }): NgramHit[] => {
    const ids = numbered(tokens, numbers);
    const shorts = gramsOf(ids, SHORT);
    const shared = shorts.filter((gram) => short.has(gram));
    const share = shorts.length === 0 ? 0 : shared.length / shorts.length;
    const common = gramsOf(ids, LONG).find((gram) => long.has(gram));
    if (common !== undefined) return [{ id, with: long.get(common)!, rule: '13-gram', share }];
    if (share >= SHORT_SHARE) return [{ id, with: short.get(shared[0]!)!, rule: '8-grams', share }];
    return [];
  });
}

function numbered(tokens: readonly string[], numbers: Map<string, number>): number[] {
  return tokens.map((token) => {
    const known = numbers.get(token);
    if (known !== undefined) return known;
    numbers.set(token, numbers.size + 1);
    return numbers.size;
  });
}

/** Different runs of n tokens, each as a 53-bit hash of the tokens' numbers, in order of appearance. */
function gramsOf(ids: readonly number[], n: number): number[] {
  const grams = new Set<number>();
  for (let i = 0; i + n <= ids.length; i++) {
    let high = 0x811c9dc5;
    let low = n;
    for (let j = i; j < i + n; j++) {
      high = Math.imul(high ^ ids[j]!, 0x01000193);
      high ^= high >>> 15;
      low = Math.imul(low + ids[j]!, 0x5bd1e995);
      low ^= low >>> 13;
    }
    grams.add((high >>> 0) * 0x200000 + (low >>> 11));
  }
  return [...grams];
}

export type Closeness = {
  /** Held-out rows by similarity to their closest row of another split: [0, 0.1), [0.1, 0.2), … [0.9, 1]. */
  histogram: number[];
  /** Highest similarity across splits, 0 to 1. */
  most: number;
  /** Nearest pairs, for human eyes. */
  closest: { a: string; b: string; similarity: number }[];
};
const SHOWN = 20;

/** @param pairs each held-out row with its closest row of another split */
export function reportCloseness(pairs: readonly { a: string; b: string; similarity: number }[]): Closeness {
  const histogram = new Array<number>(10).fill(0);
  for (const { similarity } of pairs) histogram[Math.min(9, Math.floor(similarity * 10))]!++;
  const closest = pairs
    .filter((pair) => pair.similarity > 0)
    .toSorted((x, y) => y.similarity - x.similarity || (x.a < y.a ? -1 : 1))
    .slice(0, SHOWN);
  return { histogram, most: closest[0]?.similarity ?? 0, closest };
}
