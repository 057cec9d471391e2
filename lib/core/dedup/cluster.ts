/**
 * Clusters of near-duplicates: connected components of "Jaccard similarity of shingles at least the threshold". MinHash
 * bands name candidates (0.995 of pairs at exactly 0.7, more above), each one is checked exactly, so nothing is in a
 * cluster without an edge.
 */
import { UnionFind } from '../union-find.ts';
import { BandTable } from './band-table.ts';
import { type Bands, bandKeys, bandsFor, signatureOf } from './minhash.ts';
import { ShingleStore } from './shingle-store.ts';
import { jaccard, shinglesOf } from './shingles.ts';

export const THRESHOLD = 0.7;

/** Numbers before strings; strings by code unit. */
export const compareIds = (a: string | number, b: string | number): number => {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : Number(a > b);
};

/** Rows may be added at any time; clusters only ever grow. */
export class ClusterIndex<Id extends string | number> {
  private readonly threshold: number;
  /** What `signRows` is to be called with for rows of this index. */
  readonly bands: Bands;
  private readonly sets = new UnionFind();
  private readonly ids: Id[] = [];
  private readonly shingles = new ShingleStore();
  private readonly rowOf = new Map<Id, number>();
  /** First row with exactly these shingles, by a hash of them: copies need no bands. */
  private readonly sameSet = new Map<number, number>();
  private readonly table: BandTable;
  /** Row with which each row was last compared, so that no pair is compared in two bands. */
  private comparedWith = new Int32Array(1_024);

  constructor(threshold = THRESHOLD) {
    if (!(threshold > 0 && threshold <= 1))
      throw new RangeError('a similarity threshold lies above 0 and at most at 1');
    this.threshold = threshold;
    this.bands = bandsFor(threshold);
    this.table = new BandTable(this.bands.bands);
  }

  add(id: Id, text: string): void {
    this.addShingles(id, shinglesOf(text));
  }

  /**
   * @param shingles ascending, as `shinglesOf` gives them
   * @param keys one a band, when a thread has computed them
   */
  addShingles(id: Id, shingles: Float64Array, keys?: Int32Array): void {
    const row = this.sets.add();
    this.ids.push(id);
    this.shingles.add(shingles);
    if (row === this.comparedWith.length) {
      const larger = new Int32Array(row * 2);
      larger.set(this.comparedWith);
      this.comparedWith = larger;
    }
    this.comparedWith[row] = -1;
    const twin = this.rowOf.get(id);
    if (twin === undefined) this.rowOf.set(id, row);
    else this.sets.join(row, twin);
    if (shingles.length === 0 || this.isCopy(row, shingles)) return;
    this.link(row, keys ?? bandKeys(signatureOf(shingles), this.bands));
  }

  private isCopy(row: number, shingles: Float64Array): boolean {
    const key = shingles.reduce((hash, shingle) => (hash * 31 + shingle) % 9_007_199_254_740_881, shingles.length);
    const first = this.sameSet.get(key);
    if (first === undefined) {
      this.sameSet.set(key, row);
      return false;
    }
    const copy = jaccard(shingles, this.shingles.at(first), 1) === 1;
    if (copy) this.sets.join(row, first);
    return copy;
  }

  private link(row: number, keys: Int32Array): void {
    this.table.makeRoom(row);
    for (let band = 0; band < keys.length; band++) {
      const key = keys[band]!;
      for (let group = this.table.first(band, key); group >= 0; group = this.table.after(group, band, key)) {
        // One look at a whole group: its rows are together already, and only components are asked for.
        for (let at = this.table.newest(group); at >= 0; at = this.table.older(at, band)) {
          if (this.sets.find(at) === this.sets.find(row)) break;
          if (this.areAlike(row, at)) this.sets.join(row, at);
        }
      }
      this.table.insert(row, band, key, (other) => this.sets.find(other) === this.sets.find(row));
    }
  }

  private areAlike(row: number, other: number): boolean {
    if (this.comparedWith[other] === row) return false;
    this.comparedWith[other] = row;
    const [x, y] = [this.shingles.at(row), this.shingles.at(other)];
    if (Math.min(x.length, y.length) < this.threshold * Math.max(x.length, y.length) - 1e-9) return false;
    return jaccard(x, y, this.threshold) >= this.threshold;
  }

  /** Every id with its cluster, named after the smallest id in it; in the order in which ids came. */
  clusters(): Map<Id, Id> {
    const smallest = new Map<number, Id>();
    for (const [row, id] of this.ids.entries()) {
      const root = this.sets.find(row);
      const known = smallest.get(root);
      if (known === undefined || compareIds(id, known) < 0) smallest.set(root, id);
    }
    return new Map(this.ids.map((id, row) => [id, smallest.get(this.sets.find(row))!]));
  }
}

/**
 * Clusters of texts that are near-duplicates of each other, or linked by others that are.
 * @param threshold Jaccard similarity from which two texts belong together, in (0, 1]
 * @returns cluster of every id: the smallest id in it
 */
export function clusterRows<Id extends string | number>(
  items: Iterable<{ id: Id; text: string }>,
  threshold = THRESHOLD,
): Map<Id, Id> {
  const index = new ClusterIndex<Id>(threshold);
  for (const { id, text } of items) index.add(id, text);
  return index.clusters();
}
