/** Searches a text in every reading of it: as it stands, folded, decoded, re-joined. Hits are stretches of the source. */
import type { ViewId } from './span.ts';
import { buildViews } from './views/build-views.ts';
import { extentOf, readsAnew, type View } from './views/view.ts';

/** Views of a text besides the source, kept because dictionaries and propagation read the same leaves again. */
const NONE: readonly View[] = [];
export class ViewCache {
  private readonly views = new Map<string, readonly View[]>();
  viewsOf(text: string): readonly View[] {
    const known = this.views.get(text);
    if (known !== undefined) return known;
    const { views } = buildViews(text);
    const kept = views.length === 0 ? NONE : views;
    this.views.set(text, kept);
    return kept;
  }
}

/** UTF-16 offsets, in the source; `reads`: what the view reads there, when that is not what the source has. */
export type ViewHit<H> = H & { view: ViewId; reads?: string };

export function searchViews<H extends { start: number; end: number }>(
  text: string,
  views: readonly View[],
  search: (text: string) => H[],
): ViewHit<H>[] {
  const hits: ViewHit<H>[] = search(text).map((hit) => ({ ...hit, view: 'source' }));
  for (const view of views)
    for (const hit of outermost(search(view.text))) {
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
