/**
 * Can one tell the chosen answer by its looks alone? A logistic classifier sees length and layout, nothing else. If it
 * does well, a model trained on the pairs learns to be long or to write lists.
 */
import { seededRandom } from '../stats/random.ts';

const REFUSAL =
  /\b(?:i(?:'m| am) (?:sorry|unable|not able)|i can(?:'t|not)|as an ai|i won't|es tut mir leid|ich kann (?:nicht|leider)|je suis désolée?|je ne peux pas|lo siento|no puedo)\b/iu;

/** Numbers a reader could take in at a glance. */
export function looksOf(text: string): number[] {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return [
    Math.log1p([...text].length),
    Math.log1p(count(/\n/g)),
    Math.log1p(count(/^[ \t]*(?:[-*•]|[0-9]+[.)])[ \t]/gm)),
    Math.min(5, count(/```/g)),
    Math.min(10, count(/\*\*/g)),
    Math.min(5, count(/\p{Extended_Pictographic}/gu)),
    text.trimEnd().endsWith('?') ? 1 : 0,
    REFUSAL.test(text) ? 1 : 0,
  ];
}

const FOLDS = 5;
const FEWEST_PAIRS = 20;
const RIDGE = 1;
const STEPS = 60;

/**
 * Area under the curve of telling chosen from rejected, on pairs the classifier was not trained on.
 * @param seed decides the five folds; both texts of a pair fall on one
 * @returns 0.5 is chance, 1 always; null under 20 pairs
 */
export const surfaceAuc = (pairs: readonly { chosen: string; rejected: string }[], seed: number): number | null =>
  surfaceScores(pairs, seed)?.auc ?? null;

/** @returns the area, and the pairs whose chosen side looks most unlike the rejected one to the classifier, by index */
export function surfaceScores(
  pairs: readonly { chosen: string; rejected: string }[],
  seed: number,
): { auc: number; telling: number[] } | null {
  if (pairs.length < FEWEST_PAIRS) return null;
  const chance = seededRandom(seed);
  const folds = pairs.map((_, i) => i % FOLDS);
  for (let i = folds.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1));
    [folds[i], folds[j]] = [folds[j]!, folds[i]!];
  }
  const texts = pairs.flatMap(({ chosen, rejected }, i) => [
    { looks: looksOf(chosen), isChosen: 1, fold: folds[i]! },
    { looks: looksOf(rejected), isChosen: 0, fold: folds[i]! },
  ]);
  const scores = new Float64Array(texts.length);
  const areas = Array.from({ length: FOLDS }, (_, fold) => {
    const score = trainLogistic(texts.filter((text) => text.fold !== fold));
    for (const [at, text] of texts.entries()) if (text.fold === fold) scores[at] = score(text.looks);
    const held = texts.flatMap((text, at) =>
      text.fold === fold ? [{ score: scores[at]!, isChosen: text.isChosen }] : [],
    );
    return areaOf(held);
  });
  const lead = (pair: number) => scores[pair * 2]! - scores[pair * 2 + 1]!;
  const telling = pairs.map((_, pair) => pair).filter((pair) => lead(pair) > 0);
  return {
    auc: areas.reduce((sum, area) => sum + area, 0) / FOLDS,
    telling: telling.sort((a, b) => lead(b) - lead(a)),
  };
}

type Text = { looks: number[]; isChosen: number };

/** Ridge logistic regression by gradient descent on standardised looks; eight weights need no more. */
function trainLogistic(texts: readonly Text[]): (looks: readonly number[]) => number {
  const width = texts[0]!.looks.length;
  const each = Array.from({ length: width }, (_, k) => k);
  const mean = each.map((k) => texts.reduce((sum, { looks }) => sum + looks[k]!, 0) / texts.length);
  const spread = each.map(
    (k) => Math.sqrt(texts.reduce((sum, { looks }) => sum + (looks[k]! - mean[k]!) ** 2, 0) / texts.length) || 1,
  );
  const rows = texts.map(({ looks, isChosen }) => ({
    x: each.map((k) => (looks[k]! - mean[k]!) / spread[k]!),
    isChosen,
  }));
  const weights = new Array<number>(width).fill(0);
  // Standardised and bounded by 1/4 of the largest eigenvalue (at most the width): this step can't overshoot.
  const step = 4 / (width + RIDGE / texts.length);
  for (let round = 0; round < STEPS; round++) {
    const gradient = weights.map((weight) => (RIDGE * weight) / texts.length);
    for (const { x, isChosen } of rows) {
      const sum = x.reduce((total, value, k) => total + value * weights[k]!, 0);
      const off = 1 / (1 + Math.exp(-sum)) - isChosen;
      for (const k of each) gradient[k]! += (off * x[k]!) / texts.length;
    }
    for (const k of each) weights[k]! -= step * gradient[k]!;
  }
  return (looks) => each.reduce((sum, k) => sum + ((looks[k]! - mean[k]!) / spread[k]!) * weights[k]!, 0);
}

/** Chance that a chosen text scores above a rejected one, ties counting half. */
function areaOf(texts: readonly { score: number; isChosen: number }[]): number {
  const sorted = texts.toSorted((a, b) => a.score - b.score);
  let ranks = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to]!.score === sorted[from]!.score) to++;
    for (let i = from; i < to; i++) if (sorted[i]!.isChosen) ranks += (from + to + 1) / 2;
    from = to;
  }
  const chosen = texts.filter((text) => text.isChosen).length;
  const rejected = texts.length - chosen;
  return chosen * rejected === 0 ? 0.5 : (ranks - (chosen * (chosen + 1)) / 2) / (chosen * rejected);
}
