/** Long texts are sent in pieces that overlap, so that no value is cut in both; what is found twice is one. */
import type { PluginSpan } from './plugin.ts';

export const CHUNK_POINTS = 4000;
export const OVERLAP_POINTS = 400;

/** In code points. */
export type Chunk = { start: number; text: string };

export function chunksOf(text: string): Chunk[] {
  if (text.length <= CHUNK_POINTS) return [{ start: 0, text }];
  const points = [...text];
  const chunks: Chunk[] = [];
  for (let start = 0; ; start += CHUNK_POINTS - OVERLAP_POINTS) {
    chunks.push({ start, text: points.slice(start, start + CHUNK_POINTS).join('') });
    if (start + CHUNK_POINTS >= points.length) return chunks;
  }
}

/** Spans of all chunks at their places in the text; of equal ones the highest score. */
export function joinChunks(found: readonly { start: number; spans: readonly PluginSpan[] }[]): PluginSpan[] {
  const best = new Map<string, PluginSpan>();
  for (const { start, spans } of found)
    for (const span of spans) {
      const moved = { ...span, start: span.start + start, end: span.end + start };
      const name = `${moved.start}:${moved.end}:${moved.type}`;
      const known = best.get(name);
      if (known === undefined || known.score < moved.score) best.set(name, moved);
    }
  return [...best.values()].sort((a, b) => a.start - b.start || a.end - b.end || (a.type < b.type ? -1 : 1));
}
