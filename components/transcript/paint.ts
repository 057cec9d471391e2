/** What is painted over a text, and the text cut at every border of it. Offsets are code points, half open. */
import { PII_TYPES, type PiiType, PLACEHOLDER } from '#lib/core/pii/taxonomy.ts';
import { mapOf } from './code-points.ts';
import { findGlyphs } from './glyphs.ts';

export type TextRange = { path: string; start: number; end: number };
export type MarkState = 'machine' | 'suggested' | 'missed' | 'wrong' | 'disputed';
export type PaintMark = TextRange & {
  id: string;
  type: PiiType;
  state: MarkState;
  /** Shown as its first and last letter: a found leak is not read out again. */
  isVeiled?: boolean;
  isCurrent?: boolean;
};
export type FindHit = { start: number; end: number; isCurrent: boolean };
/** Code point at which a stretch starts, and the letters that jump to it. */
export type HintMark = { start: number; letters: string };
export type PlaceholderRef = { type: PiiType; n: number };

export type Segment = {
  /** Code point at which it starts. */
  at: number;
  text: string;
  placeholder?: PlaceholderRef;
  glyph?: string;
  hit?: 'hit' | 'current';
  /** Letters that jump to what starts here. */
  hint?: string;
  /** Outermost first. */
  marks: readonly PaintMark[];
  /** Of the mark that starts here: its text as first and last letter. */
  veil?: string;
};

/** Text nodes stay short: layout of one long node costs more than of several. */
const LONGEST = 2000;
const NONE: readonly PaintMark[] = [];

/** First and last letter, e.g. `O•••r`; never the length. */
export function veil(text: string): string {
  const letters = [...text];
  return letters.length < 3 ? '•••' : `${letters[0]}•••${letters.at(-1)}`;
}

/** A cut that leaves surrogate pairs whole. */
const isInsidePair = (text: string, unit: number): boolean =>
  /[\udc00-\udfff]/.test(text[unit] ?? '') && /[\ud800-\udbff]/.test(text[unit - 1] ?? '');

/**
 * Segments from `from` to `to` (code points) in order; their texts joined are exactly that slice.
 */
export function cutIntoSegments(
  text: string,
  paint: { marks?: readonly PaintMark[]; hits?: readonly FindHit[]; hints?: readonly HintMark[] } = {},
  from = 0,
  to = Number.POSITIVE_INFINITY,
  /** UTF-16 places at which it is cut besides: starts of lines. */
  extraCuts: readonly number[] = [],
): Segment[] {
  const map = mapOf(text);
  const first = map.toUnit(from);
  const last = map.toUnit(Math.min(to, map.length));
  const borders = new Set<number>([first, last]);
  const inside = (unit: number) => unit > first && unit < last && borders.add(unit);

  const placeholders = [...text.matchAll(PLACEHOLDER)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    ref: { type: match[1] as PiiType, n: Number(match[2]) },
  }));
  const glyphs = findGlyphs(text);
  const marks = (paint.marks ?? []).map((mark) => ({ mark, start: map.toUnit(mark.start), end: map.toUnit(mark.end) }));
  const hits = (paint.hits ?? []).map((hit) => ({ hit, start: map.toUnit(hit.start), end: map.toUnit(hit.end) }));
  for (const list of [placeholders, glyphs, marks, hits]) {
    for (const { start, end } of list) {
      inside(start);
      inside(end);
    }
  }
  for (const unit of extraCuts) inside(unit);
  const hintAt = new Map((paint.hints ?? []).map(({ start, letters }) => [map.toUnit(start), letters]));
  for (const unit of hintAt.keys()) inside(unit);
  for (let unit = first + LONGEST; unit < last; unit += LONGEST) inside(isInsidePair(text, unit) ? unit + 1 : unit);

  const cuts = [...borders].sort((a, b) => a - b);
  const byStart = [...marks].sort((a, b) => a.start - b.start || b.end - a.end);
  const segments: Segment[] = [];
  let open: typeof byStart = [];
  let nextMark = 0;
  let nextPlaceholder = 0;
  let nextGlyph = 0;
  for (let i = 0; i + 1 < cuts.length; i++) {
    const start = cuts[i] as number;
    const end = cuts[i + 1] as number;
    while (nextMark < byStart.length && byStart[nextMark]!.start <= start) open.push(byStart[nextMark++]!);
    open = open.filter((item) => item.end > start);
    while (nextPlaceholder < placeholders.length && placeholders[nextPlaceholder]!.end <= start) nextPlaceholder++;
    while (nextGlyph < glyphs.length && glyphs[nextGlyph]!.end <= start) nextGlyph++;
    const placeholder = placeholders[nextPlaceholder];
    const glyph = glyphs[nextGlyph];
    const hit = hits.find((one) => one.start <= start && one.end >= end);
    const segment: Segment = {
      at: map.toPoint(start),
      text: text.slice(start, end),
      marks: open.length > 0 ? open.map(({ mark }) => mark) : NONE,
    };
    if (placeholder && placeholder.start <= start && placeholder.end >= end) segment.placeholder = placeholder.ref;
    if (glyph && glyph.start <= start && glyph.end >= end) segment.glyph = glyph.name;
    if (hit) segment.hit = hit.hit.isCurrent ? 'current' : 'hit';
    const letters = hintAt.get(start);
    if (letters) segment.hint = letters;
    const veiled = open.find(({ mark }) => mark.isVeiled);
    if (veiled) segment.veil = veiled.start === start ? veil(text.slice(veiled.start, veiled.end)) : '';
    if (segment.text !== '') segments.push(segment);
  }
  return segments;
}

/** "person 1, masked"; "missed, address, marked by you". */
export const sayPlaceholder = ({ type, n }: PlaceholderRef): string => `${PII_TYPES[type].label} ${n}, masked`;
const STATES: Record<MarkState, string> = {
  machine: 'masked',
  suggested: 'suggested',
  missed: 'missed, marked by a person',
  wrong: 'wrong mask',
  disputed: 'disputed',
};
export const sayMark = (mark: PaintMark): string => `${PII_TYPES[mark.type].label}, ${STATES[mark.state]}`;
