/** What the gold desk is given and hands back. */
import type { PiiType } from '#lib/core/pii/taxonomy.ts';
import type { Criterion } from '#lib/core/review/verdict.ts';
import type { EventKind } from '#lib/core/trajectory/event.ts';

export type Level = 'L0' | 'L1' | 'L2' | 'L3' | 'L4' | 'L5';
export type Outcome = 'success' | 'failure' | 'partial' | 'unknown';
export type Tags = { level: Level; domain: string; lang: string; task: string; outcome: Outcome };
export type Missed = { path: string; start: number; end: number; type: PiiType };
export type Wrong = { no: number; why: 'not_pii' | 'type' | 'bounds' | 'entity'; to?: PiiType };
export type Draft = {
  range: [number, number];
  kinds: { eventId: string; kind: EventKind }[];
  tags: Tags;
  missed: Missed[];
  wrong: Wrong[];
};
export type Scores = Partial<Record<Criterion, 0 | 1 | 2>>;
export type Machine = {
  range: [number, number];
  kinds: { eventId: string; seq: number; kind: string }[];
  tags: Record<keyof Tags, string>;
  spans: { no: number; path: string; type: string; placeholder: string }[];
};
export type Version = { version: number; state: string; who: string; sealedBy: string | null; at: string };

export const LEVELS: readonly Level[] = ['L0', 'L1', 'L2', 'L3', 'L4', 'L5'];
export const OUTCOMES: readonly Outcome[] = ['success', 'failure', 'partial', 'unknown'];

/** How many things differ from the machine's reading. */
export function countDifferences(draft: Draft, machine: Machine): number {
  const bounds = draft.range.filter((seq, at) => seq !== machine.range[at]).length;
  const tags = (Object.keys(draft.tags) as (keyof Tags)[]).filter((tag) => draft.tags[tag] !== machine.tags[tag]);
  return bounds + tags.length + draft.kinds.length + draft.missed.length + draft.wrong.length;
}
