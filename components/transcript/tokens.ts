/** Where a selection may begin and end: tokens, and graphemes for fine edges. Code points throughout. */
import { PLACEHOLDER } from '#lib/core/pii/taxonomy.ts';
import { mapOf } from './code-points.ts';

export type Token = { start: number; end: number };

const words = new Intl.Segmenter('und', { granularity: 'word' });
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Words, numbers and placeholders; blanks and punctuation stand between them. Placeholders are one token each. */
export function tokensOf(text: string): Token[] {
  const map = mapOf(text);
  const whole = [...text.matchAll(PLACEHOLDER)].map((match) => [match.index, match.index + match[0].length] as const);
  const tokens: Token[] = whole.map(([start, end]) => ({ start: map.toPoint(start), end: map.toPoint(end) }));
  for (const { segment, index, isWordLike } of words.segment(text)) {
    if (!isWordLike || whole.some(([start, end]) => index < end && index + segment.length > start)) continue;
    tokens.push({ start: map.toPoint(index), end: map.toPoint(index + segment.length) });
  }
  return tokens.sort((a, b) => a.start - b.start);
}

/**
 * Grows a selection to whole tokens and drops blanks at its ends; a selection of signs alone stays as it is.
 * @returns null when nothing but blanks is left
 */
export function snapToTokens(text: string, range: Token): Token | null {
  const touched = tokensOf(text).filter((token) => token.start < range.end && token.end > range.start);
  const [first, last] = [touched[0], touched.at(-1)];
  const start = first ? Math.min(range.start, first.start) : range.start;
  const end = last ? Math.max(range.end, last.end) : range.end;
  const map = mapOf(text);
  const slice = text.slice(map.toUnit(start), map.toUnit(end));
  const lead = slice.length - slice.trimStart().length;
  const trail = slice.length - slice.trimEnd().length;
  if (lead === slice.length) return null;
  return { start: map.toPoint(map.toUnit(start) + lead), end: map.toPoint(map.toUnit(end) - trail) };
}

/** The next or previous token from a range, for ← and →. */
export function neighbourToken(text: string, range: Token, step: 1 | -1): Token | null {
  const tokens = tokensOf(text);
  return step === 1
    ? (tokens.find((token) => token.start >= range.end) ?? null)
    : (tokens.findLast((token) => token.end <= range.start) ?? null);
}

/** Moves one edge of a range by one grapheme; never past the other edge, never into a pair or a ZWJ sequence. */
export function moveEdge(text: string, range: Token, edge: 'start' | 'end', step: 1 | -1): Token {
  const map = mapOf(text);
  const borders = [...graphemes.segment(text)].map(({ index }) => map.toPoint(index));
  borders.push(map.length);
  const now = range[edge];
  const next = step === 1 ? borders.find((at) => at > now) : borders.findLast((at) => at < now);
  if (next === undefined) return range;
  const moved = { ...range, [edge]: next };
  return moved.start < moved.end ? moved : range;
}
