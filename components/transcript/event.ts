/** What a transcript draws: plain data, made of a unit's events by `toTranscript` or by an endpoint. */
import type { EventKind } from '#lib/core/trajectory/event.ts';

/** A text with its place; `path` null is dressing (braces, commas) that nothing can be marked in. */
export type Piece = { path: string | null; text: string };
export type Block = {
  /** 'prose' reads as text, 'data' in the fixed font. */
  format: 'prose' | 'data';
  /** What it is besides the event's own words: 'reasoning', 'document 3: Refunds', 'arguments'. */
  label?: string;
  pieces: readonly Piece[];
};

export type TranscriptEvent = {
  id: string;
  seq: number;
  kind: EventKind;
  blocks: readonly Block[];
  /** Tool, agent, or who speaks when that is not plain from the kind. */
  name?: string;
  /** ISO instant. */
  at?: string;
  latencyMs?: number;
  /** A call's result points back to its call; the two are drawn as one. */
  resultOf?: string;
  status?: 'ok' | 'error' | 'unknown';
  errorType?: string;
  /** From 1; above 1 it is a try again. */
  attempt?: number;
  retryOfSeq?: number;
  /** 'feedback': thumbs and scores as written. */
  verdict?: string;
  flags?: readonly string[];
  /** Before the unit, shown greyed for sense; never exported. */
  isContext?: boolean;
};
