/**
 * The last look at what is about to leave: detectors and all known values over the final text, in every view. Any hit
 * blocks the row; only our own placeholders and declared surrogates are exempt.
 */

import { findSpans } from './find-spans.ts';
import { leavesOf } from './leaves.ts';
import { offsetsOf } from './offsets.ts';
import { findPlaceholders } from './placeholder.ts';
import { buildPropagator } from './propagate.ts';
import { ReadingCache, searchViews } from './search-views.ts';
import type { Leaf, Tier, ViewId } from './span.ts';
import type { PiiType } from './taxonomy.ts';
import { classOf } from './taxonomy.ts';

/** A value of the vault, a canary, a honeytoken. */
export type Needle = { value: string; aliases?: readonly string[] };
/** Where in the text, in code points of the leaf; which rule, never the value. */
export type Hit = { path: string; start: number; end: number; type: PiiType; rule: string; view: ViewId };
export type ResidueConfig = {
  /** Lowest tier that counts; both by default. */
  tier?: Tier;
  /** Types that the policy keeps in exports. */
  quasi?: Partial<Record<PiiType, 'mask' | 'keep'>>;
  /** Leaves that this program wrote (hashes, byte ranges, counts): no detector reads them, known values still count. */
  isOurs?: (path: string) => boolean;
  /** Values that reviewers released and surrogates that the row declares. */
  exempt?: (type: PiiType, value: string) => boolean;
};

export type ResidueScanner = (text: string) => Hit[];

/** For many rows with the same needles: builds the automaton once. */
export function compileResidue(needles: readonly Needle[], config: ResidueConfig = {}): ResidueScanner {
  const known = buildPropagator(
    needles.map(({ value, aliases = [] }) => ({
      type: 'CONFIDENTIAL',
      normalised: value,
      values: [value, ...aliases],
    })),
  );
  return (text) => {
    const cache = new ReadingCache();
    return leavesOf(text).flatMap((leaf) => {
      const hits = config.isOurs?.(leaf.path) === true ? valuesIn(leaf) : [...valuesIn(leaf), ...detectedIn(leaf)];
      return hits.filter((hit) => !isExempt(leaf, hit));
    });

    function valuesIn(leaf: Leaf): Hit[] {
      if (known.needles === 0) return [];
      const offsets = offsetsOf(leaf.text);
      return searchViews(leaf.text, cache, known.search).map((hit) => ({
        path: leaf.path,
        start: offsets.toPoint(hit.start),
        end: offsets.toPoint(hit.end),
        type: hit.type,
        rule: 'known-value',
        view: hit.view,
      }));
    }
  };

  function detectedIn(leaf: Leaf): Hit[] {
    return findSpans(leaf, { tier: config.tier ?? 'suggest' }).map(({ start, end, type, detector, view }) => ({
      path: leaf.path,
      start,
      end,
      type,
      rule: detector,
      view,
    }));
  }

  function isExempt(leaf: Leaf, hit: Hit): boolean {
    const offsets = offsetsOf(leaf.text);
    const start = offsets.toUnit(hit.start);
    const end = offsets.toUnit(hit.end);
    if (isAllPlaceholders(leaf.text, start, end)) return true;
    if (hit.rule === 'known-value') return false;
    if (classOf(hit.type) === 'quasi' && config.quasi?.[hit.type] === 'keep') return true;
    return config.exempt?.(hit.type, leaf.text.slice(start, end)) === true;
  }
}

export const residueIn = (text: string, needles: readonly Needle[], config: ResidueConfig = {}): Hit[] =>
  compileResidue(needles, config)(text);

/** No letter or digit of [start, end) stands outside our own tokens. */
function isAllPlaceholders(text: string, start: number, end: number): boolean {
  let rest = '';
  let at = start;
  for (const token of findPlaceholders(text)) {
    if (token.end <= start || token.start >= end) continue;
    rest += text.slice(at, Math.max(at, token.start));
    at = token.end;
  }
  rest += text.slice(Math.min(at, end), end);
  return at > start && !/[\p{L}\p{N}]/u.test(rest);
}
