/** Finding words in the data: the browser's own find does not see what is not drawn. */
import { pointMap } from './code-points.ts';
import type { TranscriptEvent } from './event.ts';
import type { TextRange } from './paint.ts';

/** Lower case with the same UTF-16 length, so that places in it are places in the text. */
export function foldCase(text: string): string {
  const folded = text.toLowerCase();
  if (folded.length === text.length) return folded;
  return Array.from(text, (sign) => {
    const low = sign.toLowerCase();
    return low.length === sign.length ? low : sign;
  }).join('');
}

export type Found = TextRange & { eventId: string };

/** @returns in reading order, at most `limit` */
export function findInEvents(events: readonly TranscriptEvent[], words: string, limit = 1000): Found[] {
  const needle = foldCase(words);
  const found: Found[] = [];
  if (needle === '') return found;
  for (const event of events) {
    for (const { pieces } of event.blocks) {
      for (const { path, text } of pieces) {
        if (path === null) continue;
        const hay = foldCase(text);
        let at = hay.indexOf(needle);
        if (at < 0) continue;
        const map = pointMap(text);
        while (at >= 0) {
          found.push({ eventId: event.id, path, start: map.toPoint(at), end: map.toPoint(at + needle.length) });
          if (found.length >= limit) return found;
          at = hay.indexOf(needle, at + needle.length);
        }
      }
    }
  }
  return found;
}
