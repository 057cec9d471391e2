/**
 * All readings of a text besides the source: each builder looks at the source and at what the others made of it, a few
 * layers deep. Builders answer at once where their prefilter finds nothing, which is nearly always.
 */
import { hasAny, maskOf, type Traits } from '../traits.ts';
import { TRIGGER } from '../triggers.ts';
import { decodeViews } from './decode.ts';
import { entityViews } from './entities.ts';
import { escapeViews } from './escapes.ts';
import { foldViews } from './fold.ts';
import { percentViews } from './percent.ts';
import { spelledViews } from './spelled.ts';
import { turnedViews } from './turned.ts';
import { unwrapViews } from './unwrap.ts';
import { type Extent, extentOf, sourceView, type View } from './view.ts';

const MAX_LAYERS = 4;
/** Read at most this many times the source's length over all views, plus what decoding may give. */
const MAX_READINGS = 6;
const DECODED_CHARS = 1 << 21;

type Builder = { needs: (traits: Traits) => boolean; build: (parent: View) => View[] };
const SLASHES = maskOf('\\"\'');
const BUILDERS: readonly Builder[] = [
  { needs: (traits) => traits.hasNonAscii, build: foldViews },
  { needs: (traits) => hasAny(traits, maskOf('&')), build: entityViews },
  { needs: (traits) => hasAny(traits, maskOf('%+')), build: percentViews },
  { needs: (traits) => hasAny(traits, SLASHES), build: escapeViews },
  { needs: (traits) => traits.hasLines || hasAny(traits, maskOf('*`_~')), build: unwrapViews },
  { needs: ({ bits, singles }) => (bits & TRIGGER.SPELLED) !== 0 || singles >= 4, build: spelledViews },
  { needs: ({ bits, hasNonAscii }) => (bits & TRIGGER.TURNED) !== 0 || hasNonAscii, build: turnedViews },
];

export type Views = {
  views: View[];
  /** Stretches of the source that nothing could open, or that would have cost too much to read: masked whole. */
  blobs: Extent[];
};

/** A text as it stands and in all other readings. */
export type Readings = Views & { source: View };
export function readingsOf(text: string): Readings {
  const source = sourceView(text);
  return { source, ...buildViews(source) };
}

/** @param source of `sourceView`, which reads the text's traits */
export function buildViews(source: View): Views {
  const views: View[] = [];
  const blobs: Extent[] = [];
  const seen = new Set<string>();
  let left = MAX_READINGS * source.text.length + DECODED_CHARS;
  let layer: View[] = [source];
  for (let depth = 0; depth < MAX_LAYERS && layer.length > 0; depth++) {
    const next: View[] = [];
    for (const view of layer) {
      const decoded = decodeViews(view);
      for (const blob of decoded.blobs) blobs.push(extentOf(view, blob.start, blob.end));
      for (const made of [
        ...decoded.views,
        ...BUILDERS.flatMap(({ needs, build }) => (needs(view.traits) ? build(view) : [])),
      ]) {
        const name = `${made.from?.[0]}:${made.text}`;
        if (made.text === '' || seen.has(name)) continue;
        seen.add(name);
        left -= made.text.length;
        if (left < 0) blobs.push(extentOf(made, 0, made.text.length));
        else next.push(made);
      }
    }
    views.push(...next);
    layer = next;
  }
  return { views, blobs };
}
