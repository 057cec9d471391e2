/** Events as the rows of a transcript: a tool call and its result are one row, where the call stands. */
import type { Block, TranscriptEvent } from './event.ts';

export type Row = {
  /** Of the event, or of the call. */
  id: string;
  event: TranscriptEvent;
  result?: TranscriptEvent;
  /** Long text that stood before: 'same as event 12'. */
  sameAsSeq?: number;
  /** Characters, for the first guess of its height. */
  size: number;
};

const LONG = 400;

export const sizeOf = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, { pieces }) => sum + pieces.reduce((inner, { text }) => inner + text.length, 0), 0);
const textOf = (event: TranscriptEvent): string =>
  event.blocks.map(({ pieces }) => pieces.map(({ text }) => text).join('')).join('\n');

export function toRows(events: readonly TranscriptEvent[]): Row[] {
  const resultOf = new Map<string, TranscriptEvent>();
  const ids = new Set(events.map((event) => event.id));
  for (const event of events) {
    if (event.resultOf && ids.has(event.resultOf) && !resultOf.has(event.resultOf)) resultOf.set(event.resultOf, event);
  }
  const paired = new Set([...resultOf.values()].map((event) => event.id));
  const seen = new Map<string, number>();
  return events
    .filter((event) => !paired.has(event.id))
    .map((event) => {
      const size = sizeOf(event.blocks);
      const row: Row = { id: event.id, event, result: resultOf.get(event.id), size };
      if (size > LONG) {
        const text = textOf(event);
        const before = seen.get(text);
        if (before === undefined) seen.set(text, event.seq);
        else row.sameAsSeq = before;
      }
      return row;
    });
}

/** What an app noted beside the conversation is rarely what one came to read. */
const SHORT_NOTE = 120;

/** Folded at first: notes of the app, system prompts, repeats, and long tool results. */
export const isLongByNature = (row: Row): boolean =>
  row.sameAsSeq !== undefined ||
  (row.event.kind === 'meta' && row.size > SHORT_NOTE) ||
  (row.event.kind === 'system' && row.size > LONG) ||
  (row.event.kind === 'tool_result' && row.size > LONG) ||
  (row.result !== undefined && sizeOf(row.result.blocks) > LONG);

/** What a folded text shows, in code points. */
export const FOLDED_POINTS = 240;
/** Above this a text is opened in pages of its own (20 kB). */
export const PANE_UNITS = 20_000;
