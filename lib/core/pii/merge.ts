/**
 * Overlapping spans become one over their union, so a character that one detector covered is covered whatever the
 * others say. Type: higher class, then checksum-valid, longer, higher score.
 */
import type { Span } from './span.ts';
import { classOf, PII_TYPE_NAMES } from './taxonomy.ts';

const RANK = { secret: 2, direct: 1, quasi: 0 } as const;
const ORDER = new Map(PII_TYPE_NAMES.map((type, index) => [type, index]));

/** Whose type, detector and view a union keeps; the last resorts make the order total, hence the same bytes. */
function outranks(a: Span, b: Span): boolean {
  const byClass = RANK[classOf(a.type)] - RANK[classOf(b.type)];
  if (byClass !== 0) return byClass > 0;
  const byCheck = Number(a.checked === true) - Number(b.checked === true);
  if (byCheck !== 0) return byCheck > 0;
  const byLength = a.end - a.start - (b.end - b.start);
  if (byLength !== 0) return byLength > 0;
  if (a.score !== b.score) return a.score > b.score;
  if (a.type !== b.type) return ORDER.get(a.type)! < ORDER.get(b.type)!;
  return a.detector < b.detector;
}

/** Sorted and disjoint; empty spans are dropped. Touching spans stay two. */
export function mergeSpans<S extends Span>(spans: readonly S[]): S[] {
  const sorted = spans.filter((span) => span.end > span.start).sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: S[] = [];
  let best: S | undefined;
  let start = 0;
  let end = 0;
  let tier: Span['tier'] = 'suggest';
  const flush = (): void => {
    if (best !== undefined) merged.push({ ...best, start, end, tier });
  };
  for (const span of sorted) {
    if (best !== undefined && span.start < end) {
      if (span.end > end) end = span.end;
      if (outranks(span, best)) best = span;
      if (span.tier === 'auto') tier = 'auto';
    } else {
      flush();
      best = span;
      start = span.start;
      end = span.end;
      tier = span.tier;
    }
  }
  flush();
  return merged;
}
