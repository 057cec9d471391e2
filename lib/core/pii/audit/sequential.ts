/** Looking more than once. Looks and the leaks they allow are fixed before the draw; nothing is computed between them. */
import { ALPHA } from './bound.ts';

/** At `n` units read the plan accepts when at most `accept` were leaky. */
export type Look = { n: number; accept: number };

/**
 * Chance that a frame with the given share of leaky units passes at a look before the last, or at the last.
 * Readings are taken as independent, which is on the safe side for draws without replacement.
 */
export function chanceToPass(looks: readonly Look[], share: number): number {
  const most = Math.max(...looks.map((look) => look.accept));
  // open[k]: chance that no earlier look accepted and k units are leaky so far; beyond `most` nothing is accepted.
  let open = new Array<number>(most + 1).fill(0);
  open[0] = 1;
  let read = 0;
  let passed = 0;
  for (const { n, accept } of looks) {
    const gained = countChances(n - read, share, most);
    const after = new Array<number>(most + 1).fill(0);
    for (const [k, chance] of open.entries()) {
      for (let more = 0; chance > 0 && k + more <= most; more++) after[k + more]! += chance * gained[more]!;
    }
    for (let k = 0; k <= Math.min(accept, most); k++) {
      passed += after[k]!;
      after[k] = 0;
    }
    open = after;
    read = n;
  }
  return passed;
}

/** Chances of 0, 1, … `most` hits in n draws. */
function countChances(n: number, share: number, most: number): number[] {
  if (share >= 1) return Array.from({ length: most + 1 }, (_, k) => (k === n ? 1 : 0));
  const odds = Math.log(share) - Math.log1p(-share);
  let ln = n * Math.log1p(-share);
  const chances: number[] = [];
  for (let k = 0; k <= most; k++) {
    chances.push(k > n ? 0 : Math.exp(ln));
    ln += Math.log((n - k) / (k + 1)) + odds;
  }
  return chances;
}

/**
 * Upper bound after the given look of a plan: the largest share at which the plan would have accepted before, or be
 * here with k leaks or fewer, with a chance above alpha. With one look this is Clopper-Pearson.
 * @param looks the whole plan, n increasing
 * @param at index of the look that was reached
 */
export function stageUpper(looks: readonly Look[], at: number, k: number, alpha = ALPHA): number {
  checkLooks(looks);
  const reached = looks[at];
  if (!reached || k > reached.n) throw new RangeError('no such look, or more leaks than units');
  if (k === reached.n) return 1;
  const stages = [...looks.slice(0, at), { n: reached.n, accept: k }];
  let possible = 0;
  let tooMuch = 1;
  for (let i = 0; i < 100 && tooMuch - possible > 1e-13 * tooMuch; i++) {
    const middle = (possible + tooMuch) / 2;
    if (chanceToPass(stages, middle) > alpha) possible = middle;
    else tooMuch = middle;
  }
  return tooMuch;
}

/** @throws RangeError unless n grows from look to look and 0 <= accept < n */
export function checkLooks(looks: readonly Look[]): void {
  if (looks.length === 0) throw new RangeError('a plan has at least one look');
  for (const [i, { n, accept }] of looks.entries()) {
    const sound = Number.isInteger(n) && Number.isInteger(accept) && accept >= 0 && n > accept;
    if (!sound || n <= (looks[i - 1]?.n ?? 0)) throw new RangeError('looks grow, and allow fewer leaks than units');
  }
}

/**
 * Wald's lines: after n units accept p0 when leaks are below `accept(n)`, reject when above `reject(n)`. It tells p0
 * from p1 with errors (alpha, beta) and never bounds the share on the sample at which it stopped.
 * @see Wald (1945), Ann. Math. Stat. 16(2), 117-186
 */
export function sprt(plan: { p0: number; p1: number; alpha: number; beta: number }) {
  const { p0, p1, alpha, beta } = plan;
  const clean = Math.log((1 - p0) / (1 - p1));
  const leak = Math.log(p1 / p0) + clean;
  const slope = clean / leak;
  const acceptAt = Math.log(beta / (1 - alpha)) / leak;
  const rejectAt = Math.log((1 - beta) / alpha) / leak;
  return { slope, acceptAt, rejectAt, cleanUnits: Math.ceil(-acceptAt / slope) };
}
