/** What a reader has found in the unit at hand, before it is sent: offsets and kinds, never text. */
import type { PiiType } from '#lib/core/pii/taxonomy.ts';
import type { Mark, PayloadOf, WrongMask } from '#lib/core/review/verdict.ts';
import { countPoints } from '../transcript/code-points.ts';
import type { TranscriptEvent } from '../transcript/event.ts';
import type { TextRange } from '../transcript/paint.ts';

export type Wrong = WrongMask & { path: string; start: number; placeholder: string };
export type AuditDraft = { marks: Mark[]; wrong: Wrong[] };
export const EMPTY_DRAFT: AuditDraft = { marks: [], wrong: [] };

/** The texts of a unit by path, in reading order. */
export const textsOf = (events: readonly TranscriptEvent[]): Map<string, string> =>
  new Map(
    events
      .flatMap((event) => event.blocks.flatMap(({ pieces }) => pieces))
      .flatMap(({ path, text }) => (path === null ? [] : [[path, text] as const])),
  );

/** Every place of the same string in the unit. */
export function placesOf(texts: ReadonlyMap<string, string>, value: string): TextRange[] {
  if (value === '') return [];
  const size = countPoints(value);
  return [...texts].flatMap(([path, text]) => {
    const found: TextRange[] = [];
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
      const start = countPoints(text.slice(0, at));
      found.push({ path, start, end: start + size });
    }
    return found;
  });
}

const overlaps = (a: TextRange, b: TextRange): boolean => a.path === b.path && a.start < b.end && a.end > b.start;

/** @returns the marks with the new places; one that touches an earlier mark takes its place */
export function addMarks(
  marks: readonly Mark[],
  places: readonly TextRange[],
  type: PiiType,
  scope: Mark['scope'],
): Mark[] {
  const kept = marks.filter((mark) => !places.some((place) => overlaps(mark, place)));
  return [
    ...kept,
    ...places.map((place): Mark => ({ path: place.path, start: place.start, end: place.end, type, scope })),
  ];
}

/** The last `count` marks reach over the whole trajectory. */
export const widenLast = (marks: readonly Mark[], count: number): Mark[] =>
  marks.map((mark, at) => (at >= marks.length - count ? { ...mark, scope: 'trajectory' } : mark));

/** The reader is not sure of the last mark, or is again. */
export const toggleDoubt = (marks: readonly Mark[]): Mark[] =>
  marks.map((mark, at) => {
    if (at < marks.length - 1) return mark;
    const { doubt, ...sure } = mark;
    return doubt ? sure : { ...sure, doubt: true };
  });

export const verdictOf = ({ marks, wrong }: AuditDraft, isUnreadable = false): PayloadOf<'audit'> => ({
  kind: 'audit',
  verdict: isUnreadable ? 'unreadable' : marks.length > 0 ? 'leaky' : 'clean',
  leaks: marks,
  wrongMasks: wrong.map(({ spanId, why, to }) => ({ spanId, why, ...(to ? { to } : {}) })),
});

/** A verdict taken back, as a draft again; masks find their place by number. */
export function draftOf(
  payload: PayloadOf<'audit'>,
  masks: readonly { no: number; path: string; placeholder: string }[] = [],
): AuditDraft {
  const byNo = new Map(masks.map((mask) => [String(mask.no), mask]));
  return {
    marks: [...payload.leaks],
    wrong: payload.wrongMasks.map((one) => ({
      ...one,
      path: byNo.get(one.spanId)?.path ?? '',
      start: -1,
      placeholder: byNo.get(one.spanId)?.placeholder ?? 'a mask',
    })),
  };
}
