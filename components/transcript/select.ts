/** What is selected in the page, as a range of one text. Read from `data-o`, never from `selection.toString()`. */
import { countPoints } from './code-points.ts';
import type { TextRange } from './paint.ts';

type Place = { path: string; point: number };

/** @returns null outside any text of a transcript */
export function placeOf(node: Node, offset: number): Place | null {
  const element = node instanceof Element ? node : node.parentElement;
  const segment = element?.closest<HTMLElement>('[data-o]');
  const text = element?.closest<HTMLElement>('[data-path]');
  if (!text) return null;
  const path = text.dataset.path as string;
  if (segment) {
    const start = Number(segment.dataset.o);
    if (node.nodeType === Node.TEXT_NODE) {
      return { path, point: start + countPoints((node.nodeValue ?? '').slice(0, offset)) };
    }
    return { path, point: offset === 0 ? start : start + countPoints(segment.textContent ?? '') };
  }
  // Between segments: the offset counts children.
  const child = node.childNodes[offset];
  const next = child instanceof Element ? (child.matches('[data-o]') ? child : child.querySelector('[data-o]')) : null;
  if (next) return { path, point: Number((next as HTMLElement).dataset.o) };
  const all = text.querySelectorAll<HTMLElement>('[data-o]');
  const last = all[all.length - 1];
  return last ? { path, point: Number(last.dataset.o) + countPoints(last.textContent ?? '') } : { path, point: 0 };
}

/** A selection over several texts is taken up to the end of the text in which it starts. */
export function rangeOf(selection: Selection | null, lengthOf: (path: string) => number): TextRange | null {
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const start = placeOf(range.startContainer, range.startOffset);
  const end = placeOf(range.endContainer, range.endOffset);
  if (!start) return null;
  const stop = end?.path === start.path ? end.point : lengthOf(start.path);
  return stop > start.point ? { path: start.path, start: start.point, end: stop } : null;
}
