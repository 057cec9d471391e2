/**
 * A second reading of a text: decoded, folded or re-joined, each unit of it carrying the stretch of the source that it
 * came from. Offsets here are UTF-16; `findSpans` turns them into code points at the very end.
 */
import type { ViewId } from '../span.ts';
import { type Traits, traitsOf } from '../traits.ts';

export type View = {
  id: ViewId;
  text: string;
  traits: Traits;
  /** Source extent of `text[i]` is [from[i], to[i]); undefined: the text is the source itself. */
  from?: readonly number[];
  to?: readonly number[];
  /** Reversed text: extents are not in order. */
  unordered?: boolean;
};
export type Extent = { start: number; end: number };

export const sourceView = (text: string): View => ({ id: 'source', text, traits: traitsOf(text) });

/** The smallest stretch of the source that covers [start, end) of a view. */
export function extentOf(view: View, start: number, end: number): Extent {
  const { from, to } = view;
  if (from === undefined || to === undefined) return { start, end };
  if (!view.unordered) return { start: from[start]!, end: to[end - 1]! };
  let first = from[start]!;
  let last = to[start]!;
  for (let i = start + 1; i < end; i++) {
    first = Math.min(first, from[i]!);
    last = Math.max(last, to[i]!);
  }
  return { start: first, end: last };
}

/** True when the view reads something else there than the source does; else the hit is already known. */
export function readsAnew(view: View, source: string, start: number, end: number): boolean {
  const extent = extentOf(view, start, end);
  return extent.end - extent.start !== end - start || !source.startsWith(view.text.slice(start, end), extent.start);
}

/** Writes a view of `parent`: stretches copied as they are, and others put differently. */
export class ViewWriter {
  private readonly parent: View;
  private readonly pieces: string[] = [];
  private readonly from: number[] = [];
  private readonly to: number[] = [];

  constructor(parent: View) {
    this.parent = parent;
  }

  copy(start: number, end: number): void {
    if (end <= start) return;
    const { text, from, to } = this.parent;
    this.pieces.push(text.slice(start, end));
    for (let i = start; i < end; i++) {
      this.from.push(from?.[i] ?? i);
      this.to.push(to?.[i] ?? i + 1);
    }
  }

  /** `text` instead of [start, end) of the parent; an empty `text` leaves the stretch out. */
  put(text: string, start: number, end: number): void {
    if (text === '') return;
    const extent = extentOf(this.parent, start, Math.max(end, start + 1));
    this.pieces.push(text);
    for (let i = 0; i < text.length; i++) {
      this.from.push(extent.start);
      this.to.push(extent.end);
    }
  }

  view(id: ViewId): View {
    const text = this.pieces.join('');
    const view: View = { id, text, traits: traitsOf(text), from: this.from, to: this.to };
    if (this.parent.unordered) view.unordered = true;
    return view;
  }
}

/** Room around a change: enough for a context word and for the rest of a value that it cuts. */
const REACH = 60;
const MORE_TO_BLANK = 200;

/** A stretch of the parent to be read differently, and how. */
export type Change = Extent & { text: string };

/**
 * Views of the stretches around some changes (sorted, disjoint): text is only read again where it reads differently,
 * so the cost follows the number of changes.
 */
export function viewsAround(parent: View, changes: readonly Change[], id: ViewId): View[] {
  const views: View[] = [];
  for (let first = 0; first < changes.length; ) {
    let last = first;
    const start = edge(parent.text, changes[first]!.start - REACH, -1);
    let end = edge(parent.text, changes[first]!.end + REACH, 1);
    while (last + 1 < changes.length && changes[last + 1]!.start - REACH <= end) {
      last++;
      end = edge(parent.text, changes[last]!.end + REACH, 1);
    }
    const writer = new ViewWriter(parent);
    let at = start;
    for (let n = first; n <= last; n++) {
      const change = changes[n]!;
      writer.copy(at, change.start);
      writer.put(change.text, change.start, change.end);
      at = change.end;
    }
    writer.copy(at, end);
    views.push(writer.view(id));
    first = last + 1;
  }
  return views;
}

/** The next blank at or beyond `at`, so that no value is cut in half; gives up after some steps. */
function edge(text: string, at: number, step: 1 | -1): number {
  if (at <= 0) return 0;
  if (at >= text.length) return text.length;
  for (let i = 0; i < MORE_TO_BLANK; i++) {
    const here = at + i * step;
    if (here <= 0 || here >= text.length) return here <= 0 ? 0 : text.length;
    if (text.charCodeAt(here) <= 0x20) return step === 1 ? here : here + 1;
  }
  return at + MORE_TO_BLANK * step;
}
