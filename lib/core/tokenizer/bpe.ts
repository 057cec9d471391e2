/**
 * Byte pair encoding: of all neighbours that may merge, those of the lowest rank do, the leftmost first, until none may.
 * Short words look at all neighbours again after each merge; long ones keep a heap.
 */

/** Pairs of ids to their rank and what they become: an open hash table, since a Map of a million pairs is slow to build. */
export class MergeTable {
  private readonly mask: number;
  private readonly lefts: Int32Array;
  private readonly rights: Int32Array;
  readonly ranks: Int32Array;
  readonly results: Int32Array;

  constructor(count: number) {
    const size = 1 << Math.ceil(Math.log2(Math.max(2, count * 2)));
    this.mask = size - 1;
    this.lefts = new Int32Array(size).fill(-1);
    this.rights = new Int32Array(size);
    this.ranks = new Int32Array(size);
    this.results = new Int32Array(size);
  }

  private place(left: number, right: number): number {
    let at = (Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)) >>> 7;
    for (at &= this.mask; this.lefts[at] !== -1; at = (at + 1) & this.mask) {
      if (this.lefts[at] === left && this.rights[at] === right) break;
    }
    return at;
  }

  set(left: number, right: number, rank: number, result: number): void {
    const at = this.place(left, right);
    this.lefts[at] = left;
    this.rights[at] = right;
    this.ranks[at] = rank;
    this.results[at] = result;
  }

  /** Where a pair stands in `ranks` and `results`; −1 when it does not merge. */
  find(left: number, right: number): number {
    const at = this.place(left, right);
    return this.lefts[at] === -1 ? -1 : at;
  }
}

const SHORT = 64;

/** @param symbols ids of the smallest parts; changed in place */
export function merge(symbols: number[], table: MergeTable): number[] {
  return symbols.length <= SHORT ? mergeShort(symbols, table) : mergeLong(symbols, table);
}

function mergeShort(symbols: number[], table: MergeTable): number[] {
  let { length } = symbols;
  const found = new Array<number>(length);
  for (let at = 0; at < length - 1; at++) found[at] = table.find(symbols[at]!, symbols[at + 1]!);
  for (;;) {
    let best = -1;
    let bestRank = Number.POSITIVE_INFINITY;
    for (let at = 0; at < length - 1; at++) {
      const place = found[at]!;
      if (place >= 0 && table.ranks[place]! < bestRank) {
        bestRank = table.ranks[place]!;
        best = at;
      }
    }
    if (best < 0) break;
    symbols[best] = table.results[found[best]!]!;
    for (let at = best + 1; at < length - 1; at++) {
      symbols[at] = symbols[at + 1]!;
      found[at] = found[at + 1]!;
    }
    length--;
    found[best] = best < length - 1 ? table.find(symbols[best]!, symbols[best + 1]!) : -1;
    if (best > 0) found[best - 1] = table.find(symbols[best - 1]!, symbols[best]!);
  }
  symbols.length = length;
  return symbols;
}

/** With links between neighbours and a heap of merges by rank and place; merges that are no more are passed over. */
function mergeLong(symbols: number[], table: MergeTable): number[] {
  const { length } = symbols;
  const previous = new Int32Array(length);
  const next = new Int32Array(length);
  for (let at = 0; at < length; at++) {
    previous[at] = at - 1;
    next[at] = at + 1 < length ? at + 1 : -1;
  }
  const heap = new MergeHeap();
  const offer = (at: number): void => {
    const right = next[at]!;
    if (right < 0) return;
    const place = table.find(symbols[at]!, symbols[right]!);
    if (place >= 0) heap.push(table.ranks[place]!, at, place);
  };
  for (let at = 0; at < length - 1; at++) offer(at);
  for (let at = heap.pop(); at >= 0; at = heap.pop()) {
    const right = next[at]!;
    // Only when the two are still neighbours and still the same.
    if (symbols[at] === -1 || right < 0 || table.find(symbols[at]!, symbols[right]!) !== heap.lastPlace) continue;
    symbols[at] = table.results[heap.lastPlace]!;
    symbols[right] = -1;
    const after = next[right]!;
    next[at] = after;
    if (after >= 0) previous[after] = at;
    if (previous[at]! >= 0) offer(previous[at]!);
    offer(at);
  }
  return symbols.filter((symbol) => symbol !== -1);
}

class MergeHeap {
  private readonly keys: number[] = [];
  private readonly places: number[] = [];
  /** The table's place of what `pop` gave last. */
  lastPlace = -1;

  /** Rank first, then the place in the word: both in one double, exact below 2 ** 53. */
  push(rank: number, at: number, place: number): void {
    const { keys, places } = this;
    const key = rank * 0x100000000 + at;
    let child = keys.length;
    keys.push(key);
    places.push(place);
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (keys[parent]! <= key) break;
      keys[child] = keys[parent]!;
      places[child] = places[parent]!;
      child = parent;
    }
    keys[child] = key;
    places[child] = place;
  }

  /** @returns the place in the word; −1 when nothing is left */
  pop(): number {
    const { keys, places } = this;
    if (keys.length === 0) return -1;
    const top = keys[0]!;
    this.lastPlace = places[0]!;
    const key = keys.pop()!;
    const place = places.pop()!;
    const { length } = keys;
    if (length > 0) {
      let parent = 0;
      for (;;) {
        let child = parent * 2 + 1;
        if (child >= length) break;
        if (child + 1 < length && keys[child + 1]! < keys[child]!) child++;
        if (keys[child]! >= key) break;
        keys[parent] = keys[child]!;
        places[parent] = places[child]!;
        parent = child;
      }
      keys[parent] = key;
      places[parent] = place;
    }
    return top % 0x100000000;
  }
}
