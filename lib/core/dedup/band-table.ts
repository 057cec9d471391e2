/**
 * Rows by band and key, in flat arrays: a Map would need 100 bytes an entry, and there are 42 entries a row. Rows of
 * one cluster that share band and key form a group, so that a family of 10,000 is passed with one look, not 10,000.
 */
export class BandTable {
  private readonly bands: number;
  /** Newest group of each bucket; -1: none. The length is a power of two. */
  private heads = new Int32Array(4_096).fill(-1);
  private groups = 0;
  private groupKey = new Int32Array(4_096);
  private groupBand = new Uint8Array(4_096);
  private groupNext = new Int32Array(4_096);
  private groupNewest = new Int32Array(4_096);
  /** For row and band: the row that came before it in its group; -1: none. */
  private previous = new Int32Array(4_096);

  /** @param bands at most 252 */
  constructor(bands: number) {
    this.bands = bands;
  }

  /** First group of this band and key, newest first; -1 when there is none. */
  first(band: number, key: number): number {
    return this.matching(this.heads[this.bucket(band, key)]!, band, key);
  }

  after(group: number, band: number, key: number): number {
    return this.matching(this.groupNext[group]!, band, key);
  }

  newest(group: number): number {
    return this.groupNewest[group]!;
  }

  older(row: number, band: number): number {
    return this.previous[row * this.bands + band]!;
  }

  /** Puts a row into the group whose rows it belongs with, or into a new one. */
  insert(row: number, band: number, key: number, belongsWith: (other: number) => boolean): void {
    let group = this.first(band, key);
    while (group >= 0 && !belongsWith(this.groupNewest[group]!)) group = this.after(group, band, key);
    if (group < 0) group = this.addGroup(band, key);
    this.previous[row * this.bands + band] = this.groupNewest[group]!;
    this.groupNewest[group] = row;
  }

  makeRoom(row: number): void {
    this.previous = grown(this.previous, (row + 1) * this.bands);
    if (this.groups + this.bands > this.groupKey.length) this.growGroups();
  }

  private addGroup(band: number, key: number): number {
    const group = this.groups++;
    const bucket = this.bucket(band, key);
    this.groupKey[group] = key;
    this.groupBand[group] = band;
    this.groupNewest[group] = -1;
    this.groupNext[group] = this.heads[bucket]!;
    this.heads[bucket] = group;
    return group;
  }

  private growGroups(): void {
    const size = this.groupKey.length * 2;
    this.groupKey = grown(this.groupKey, size);
    this.groupBand = grown(this.groupBand, size);
    this.groupNext = grown(this.groupNext, size);
    this.groupNewest = grown(this.groupNewest, size);
    this.heads = new Int32Array(size).fill(-1);
    for (let group = 0; group < this.groups; group++) {
      const bucket = this.bucket(this.groupBand[group]!, this.groupKey[group]!);
      this.groupNext[group] = this.heads[bucket]!;
      this.heads[bucket] = group;
    }
  }

  private matching(from: number, band: number, key: number): number {
    let group = from;
    while (group >= 0 && (this.groupKey[group] !== key || this.groupBand[group] !== band))
      group = this.groupNext[group]!;
    return group;
  }

  private bucket(band: number, key: number): number {
    const h = Math.imul(key ^ Math.imul(band + 1, 0x9e3779b1), 0x85ebca6b);
    return (h ^ (h >>> 16)) & (this.heads.length - 1);
  }
}

function grown<T extends Int32Array | Uint8Array>(array: T, size: number): T {
  if (size <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(size, array.length * 2));
  larger.set(array);
  return larger;
}
