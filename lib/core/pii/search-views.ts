/** Searches a text in every reading of it: as it stands, folded, decoded, re-joined. Hits are stretches of the source. */
import { type FoldedText, foldText } from './fold-text.ts';
import type { ViewId } from './span.ts';
import { type Readings, readingsOf } from './views/build-views.ts';
import { extentOf, readsAnew } from './views/view.ts';

/** Texts in all their readings: detectors, dictionaries and every round of propagation read the same leaves again. */
export class ReadingCache {
  private readonly known = new Map<string, Readings>();
  private readonly folded = new Map<string, FoldedText>();

  readonly of = (text: string): Readings => {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const readings = readingsOf(text);
    this.known.set(text, readings);
    return readings;
  };

  foldedOf(text: string): FoldedText {
    const known = this.folded.get(text);
    if (known !== undefined) return known;
    const folded = foldText(text);
    this.folded.set(text, folded);
    return folded;
  }
}

/** A word or short number reads the same in every view. */
const ONE_READING = /^[A-Za-z0-9_ -]{0,11}$/;

/** UTF-16 offsets, in the source; `reads`: what the view reads there, when that is not what the source has. */
export type ViewHit<H> = H & { view: ViewId; reads?: string };

export function searchViews<H extends { start: number; end: number }>(
  text: string,
  cache: ReadingCache,
  search: (text: string, folded: FoldedText) => H[],
): ViewHit<H>[] {
  const hits: ViewHit<H>[] = search(text, cache.foldedOf(text)).map((hit) => ({ ...hit, view: 'source' }));
  if (ONE_READING.test(text)) return hits;
  for (const view of cache.of(text).views)
    for (const hit of outermost(search(view.text, cache.foldedOf(view.text)))) {
      if (!readsAnew(view, text, hit.start, hit.end)) continue;
      const reads = view.text.slice(hit.start, hit.end);
      hits.push({ ...hit, ...extentOf(view, hit.start, hit.end), view: view.id, reads });
    }
  return hits;
}

/** Without the hits that lie inside another: a decoded stretch is masked whole, so the fullest value names it. */
function outermost<H extends { start: number; end: number }>(hits: readonly H[]): H[] {
  const kept: H[] = [];
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end))
    if (kept.length === 0 || hit.end > kept.at(-1)!.end) kept.push(hit);
  return kept;
}
