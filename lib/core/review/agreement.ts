/** How far two readers, or machine and gold, agree. Every figure comes with its n and a 95 % interval. */
import { seededRandom } from '../stats/random.ts';
import { type Share, wilson } from '../stats/wilson.ts';

export type Kappa = {
  /** 1: always alike; 0: as chance would have it; NaN when chance alone makes all alike. */
  kappa: number;
  n: number;
  observed: number;
  expected: number;
  low: number;
  high: number;
};

/**
 * Cohen's kappa of two readers who each gave one label to the same items.
 *
 * Worked example: of 50 pairs both prefer left on 20 and right on 15; on 5 only A and on 10 only B says left.
 * They agree on 35 of 50 (0.70). By chance they would on 0.5 x 0.6 + 0.5 x 0.4 = 0.50. Kappa = 0.20 / 0.50 = 0.40.
 * @see Cohen (1960), Educational and Psychological Measurement 20(1), 37-46; interval: Wilson of the observed share, chance held fixed
 */
export function cohenKappa(labels: readonly (readonly [a: string, b: string])[]): Kappa {
  const n = labels.length;
  const byA = new Map<string, number>();
  const byB = new Map<string, number>();
  let alike = 0;
  for (const [a, b] of labels) {
    byA.set(a, (byA.get(a) ?? 0) + 1);
    byB.set(b, (byB.get(b) ?? 0) + 1);
    if (a === b) alike++;
  }
  const observed = alike / n;
  let expected = 0;
  for (const [label, count] of byA) expected += (count / n) * ((byB.get(label) ?? 0) / n);
  if (n === 0 || expected === 1) return { kappa: Number.NaN, n, observed, expected, low: -1, high: 1 };
  const kappa = (observed - expected) / (1 - expected);
  // Wilson, not the normal error: full agreement on few items must not look certain.
  const share = wilson(alike, n);
  const scaled = (value: number) => (value - expected) / (1 - expected);
  return { kappa, n, observed, expected, low: Math.max(-1, scaled(share.low)), high: scaled(share.high) };
}

export type Alpha = { alpha: number; n: number; observed: number; expected: number; low: number; high: number };

/**
 * Krippendorff's alpha of any number of readers over nominal labels; items with one reading say nothing and are left out.
 *
 * Worked example: three items, read twice each: yes/yes, yes/no, no/no. Of 6 values 3 are yes. Disagreement seen:
 * 2 of 6 pairs, 0.333; by chance 2 x 3 x 3 / (6 x 5) = 0.600. Alpha = 1 - 0.333 / 0.600 = 0.444.
 * @param seed of the bootstrap over items that gives the 95 % interval
 * @see Krippendorff (2011), Computing Krippendorff's Alpha-Reliability
 */
export function krippendorffAlpha(items: readonly (readonly string[])[], seed = 1, resamples = 400): Alpha {
  const read = items.filter((labels) => labels.length > 1);
  const whole = alphaOf(read);
  const random = seededRandom(seed);
  const drawn = Array.from({ length: read.length === 0 ? 0 : resamples }, () =>
    alphaOf(read.map(() => read[Math.floor(random() * read.length)]!)),
  )
    .map(({ alpha }) => alpha)
    .filter((alpha) => !Number.isNaN(alpha))
    .sort((a, b) => a - b);
  const at = (share: number) => drawn[Math.min(drawn.length - 1, Math.floor(share * drawn.length))] ?? Number.NaN;
  return { ...whole, n: read.length, low: at(0.025), high: at(0.975) };
}

function alphaOf(items: readonly (readonly string[])[]): { alpha: number; observed: number; expected: number } {
  const totals = new Map<string, number>();
  let values = 0;
  let unlike = 0;
  for (const labels of items) {
    const counts = new Map<string, number>();
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    values += labels.length;
    for (const [label, count] of counts) {
      totals.set(label, (totals.get(label) ?? 0) + count);
      unlike += (count * (labels.length - count)) / (labels.length - 1);
    }
  }
  const observed = unlike / values;
  let alike = 0;
  for (const count of totals.values()) alike += count * (count - 1);
  const expected = 1 - alike / (values * (values - 1));
  return { alpha: expected === 0 || values === 0 ? Number.NaN : 1 - observed / expected, observed, expected };
}

/** A span as both sides mark it; `type` is a PII type or any other label. */
export type MarkedSpan = { path: string; start: number; end: number; type: string };

export type SpanScore = {
  precision: Share;
  recall: Share;
  /** n: marks of either side, matched ones once. Interval by way of the share of marks that both made. */
  f1: Share;
};

/**
 * Agreement on spans: `exact` asks for the same place, bounds and type; `overlap` for one common character and the
 * same type. Each span of one side is matched to at most one of the other.
 *
 * Worked example: gold marks [0,10) PERSON and [20,30) EMAIL; the machine marks [0,10) PERSON, [22,30) EMAIL and
 * [40,44) DATE. Exact: 1 of 3 right, 1 of 2 found, F1 = 2x1 / (3 + 2) = 0.40. Overlap: 2 of 3, 2 of 2, F1 = 0.80.
 */
export function spanAgreement(
  gold: readonly MarkedSpan[],
  marked: readonly MarkedSpan[],
): { exact: SpanScore; overlap: SpanScore } {
  return {
    exact: score(
      countMatches(gold, marked, (a, b) => a.start === b.start && a.end === b.end),
      gold.length,
      marked.length,
    ),
    overlap: score(
      countMatches(gold, marked, (a, b) => a.start < b.end && b.start < a.end),
      gold.length,
      marked.length,
    ),
  };
}

function countMatches(
  gold: readonly MarkedSpan[],
  marked: readonly MarkedSpan[],
  fits: (a: MarkedSpan, b: MarkedSpan) => boolean,
): number {
  const place = (span: MarkedSpan) => `${span.type} ${span.path}`;
  const byPlace = Map.groupBy(
    [...marked].sort((a, b) => a.end - b.end || a.start - b.start),
    place,
  );
  let matches = 0;
  // Ending first, greedily: on intervals that gives as many matches as any other pairing of disjoint spans.
  for (const span of [...gold].sort((a, b) => a.end - b.end || a.start - b.start)) {
    const free = byPlace.get(place(span));
    const at = free?.findIndex((other) => fits(span, other)) ?? -1;
    if (at < 0) continue;
    free!.splice(at, 1);
    matches++;
  }
  return matches;
}

function score(matches: number, gold: number, marked: number): SpanScore {
  // F1 = 2J / (1 + J) with J = matches / (gold + marked - matches): J is a share, so its interval carries over.
  const joint = wilson(matches, gold + marked - matches);
  const toF1 = (share: number) => (2 * share) / (1 + share);
  return {
    precision: wilson(matches, marked),
    recall: wilson(matches, gold),
    f1: { value: toF1(joint.value), n: joint.n, low: toF1(joint.low), high: toF1(joint.high) },
  };
}
