/** Spans of one text by itself, merged: what `assay detect` prints. Nothing is linked or propagated. */
import { mergeSpans } from './merge.ts';
import { newLeaf, readOnce } from './read-leaves.ts';
import { type RedactionConfig, readConfigOf } from './redact.ts';
import type { Span, Tier } from './span.ts';

/** Sorted and disjoint, in code points. `tier` 'auto' gives auto spans only, 'suggest' both. */
export function detectText(text: string, config: RedactionConfig, tier: Tier): Span[] {
  const read = newLeaf({ path: '', text, kind: 'string', key: '' }, 'free');
  readOnce([{ id: '', leaves: [read] }], { ...readConfigOf(config), tier });
  return mergeSpans(read.found)
    .filter((span) => span.origin === undefined)
    .map(({ start, end, type, tier, score, detector, view, subtype }) => {
      const span: Span = {
        start: read.offsets.toPoint(start),
        end: read.offsets.toPoint(end),
        type,
        tier,
        score,
        detector,
        view,
      };
      return subtype === undefined ? span : { ...span, subtype };
    });
}
