/** Texts with their spans replaced, and the way back from them. Offsets are UTF-16. */
import { type FoundPlaceholder, placeholderOf } from './placeholder.ts';
import type { Found, ReadLeaf } from './read-leaves.ts';
import { lastFrom } from './sorted.ts';

/** What is left of a span outside bracket tokens, without blanks and punctuation at its cut ends. */
export function cutAround(span: Found, tokens: readonly FoundPlaceholder[], text: string): Found[] {
  const inside: FoundPlaceholder[] = [];
  for (let i = Math.max(0, lastFrom(tokens, span.start)); i < tokens.length && tokens[i]!.start < span.end; i++)
    if (tokens[i]!.end > span.start) inside.push(tokens[i]!);
  if (inside.length === 0) return span.end > span.start ? [span] : [];
  const pieces: Found[] = [];
  let from = span.start;
  for (const stop of [...inside, { start: span.end, end: span.end }]) {
    const to = Math.min(stop.start, span.end);
    const piece = text.slice(from, Math.max(from, to));
    const first = piece.search(/[\p{L}\p{N}]/u);
    if (first >= 0) {
      const trail = /[^\p{L}\p{N}]*$/u.exec(piece)![0].length;
      pieces.push({ ...span, start: from + first, end: to - trail });
    }
    from = stop.end;
  }
  return pieces;
}

/** The leaf as it would be written, every number 1: detectors must not care which number a token has. */
export function maskedText(read: ReadLeaf): string {
  const { text } = read.leaf;
  let out = '';
  let at = 0;
  for (const span of read.masked) {
    out += text.slice(at, span.start) + placeholderOf(span.type, 1);
    at = span.end;
  }
  return out + text.slice(at);
}

/** Source offset of an offset of `maskedText`, for places outside its tokens. */
export function sourceOffsets(read: ReadLeaf): (unit: number) => number {
  const steps: { start: number; shift: number }[] = [{ start: 0, shift: 0 }];
  let shift = 0;
  for (const span of read.masked) {
    const token = placeholderOf(span.type, 1).length;
    const end = span.start - shift + token;
    shift += span.end - span.start - token;
    steps.push({ start: end, shift });
  }
  return (unit) => unit + steps[Math.max(0, lastFrom(steps, unit))]!.shift;
}
