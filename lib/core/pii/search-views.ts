/** Searches a text in every reading of it: as it stands, folded, decoded, re-joined. Hits are stretches of the source. */
import { type FoldedText, foldText } from './fold-text.ts';
import type { ViewId } from './span.ts';
import { buildViews } from './views/build-views.ts';
import { extentOf, readsAnew, sourceView, type View } from './views/view.ts';

/** A text in all its readings, each folded: dictionaries and every round of propagation read the same leaves again. */
export type Readings = { text: string; folded: FoldedText; views: readonly { view: View; folded: FoldedText }[] };

export class ReadingCache {
  private readonly known = new Map<string, Readings>();
  of(text: string): Readings {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const views = buildViews(sourceView(text)).views.map((view) => ({ view, folded: foldText(view.text) }));
    const readings = { text, folded: foldText(text), views };
    this.known.set(text, readings);
    return readings;
  }
}

/** UTF-16 offsets, in the source; `reads`: what the view reads there, when that is not what the source has. */
export type ViewHit<H> = H & { view: ViewId; reads?: string };

export function searchViews<H extends { start: number; end: number }>(
  { text, folded, views }: Readings,
  search: (text: string, folded: FoldedText) => H[],
): ViewHit<H>[] {
  const hits: ViewHit<H>[] = search(text, folded).map((hit) => ({ ...hit, view: 'source' }));
  for (const { view, folded } of views)
    for (const hit of outermost(search(view.text, folded))) {
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
