/** Disjoint sets over 0, 1, 2, …: who belongs together when "together" is passed on. Grows as numbers are named. */
export class UnionFind {
  private parent: Int32Array;
  private size = 0;

  constructor(capacity = 16) {
    this.parent = new Int32Array(Math.max(1, capacity));
  }

  /** @returns the new element's number */
  add(): number {
    if (this.size === this.parent.length) {
      const grown = new Int32Array(this.parent.length * 2);
      grown.set(this.parent);
      this.parent = grown;
    }
    // A root holds minus the size of its set; everything else its parent.
    this.parent[this.size] = -1;
    return this.size++;
  }

  /** The one element that stands for the whole set. */
  find(element: number): number {
    let root = element;
    while (this.parent[root]! >= 0) root = this.parent[root]!;
    let at = element;
    while (this.parent[at]! >= 0) {
      const next = this.parent[at]!;
      this.parent[at] = root;
      at = next;
    }
    return root;
  }

  /** @returns whether the two were apart before */
  join(a: number, b: number): boolean {
    let [large, small] = [this.find(a), this.find(b)];
    if (large === small) return false;
    if (this.parent[large]! > this.parent[small]!) [large, small] = [small, large];
    this.parent[large]! += this.parent[small]!;
    this.parent[small] = large;
    return true;
  }
}
