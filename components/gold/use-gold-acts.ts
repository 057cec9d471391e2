'use client';
import { useRouter } from 'next/navigation';
import { type RefObject, useRef, useState } from 'react';
import type { PiiType } from '#lib/core/pii/taxonomy.ts';
import type { Criterion } from '#lib/core/review/verdict.ts';
import { TYPE_ACTS } from '../audit/mark-keys.ts';
import { useActs } from '../shell/keys-provider.tsx';
import type { TranscriptHandle } from '../transcript/transcript.tsx';
import { announce } from '../ui/announcer.tsx';
import type { Draft, Machine, Scores } from './gold-draft.ts';
import { CRITERIA, isFull } from './rubric.tsx';

type Place = { seq: number; kind: string };

/** A unit that starts here; one that would be empty stays as it is. */
export const splitAt = (draft: Draft, seq: number): Draft =>
  seq > draft.range[0] && seq < draft.range[1] ? { ...draft, range: [seq, draft.range[1]] } : draft;

/** One turn more at the front: up to the question before, or to the first event there is. */
export function mergeUp(draft: Draft, places: readonly Place[]): Draft {
  const before = places.filter(({ seq }) => seq < draft.range[0]).sort((a, b) => b.seq - a.seq);
  const start = (before.find(({ kind }) => kind === 'user') ?? before.at(-1))?.seq;
  return start === undefined ? draft : { ...draft, range: [start, draft.range[1]] };
}

/** The keys of the gold desk: differences one after the other, the cut, kinds, scores, and Space for what is next. */
export function useGoldActs(of: {
  unitId: string;
  draft: Draft;
  machine: Machine;
  places: readonly Place[];
  scores: Scores;
  differences: number;
  hasChosen: boolean;
  transcript: RefObject<TranscriptHandle | null>;
  events: readonly { id: string; seq: number }[];
  setDraft: (draft: Draft) => void;
  setScores: (scores: Scores) => void;
  onMissed: (type: PiiType) => void;
  onTakeRest: () => void;
  /** Seals or proposes, whichever is this person's. */
  onDone: () => void;
}): { scoring: Criterion | null } {
  const { draft, scores, differences, hasChosen } = of;
  const router = useRouter();
  const seen = useRef(-1);
  const [scoring, setScoring] = useState<number | null>(null);

  const stops = () => [
    ...document.querySelectorAll<HTMLElement>('[data-difference] :is(select,input), [data-fault] button'),
  ];
  function goTo(step: 1 | -1): boolean {
    const all = stops();
    const next = seen.current + step;
    if (next < 0 || next >= all.length) return false;
    seen.current = next;
    all[next]!.focus();
    announce(`difference ${next + 1} of ${all.length}`);
    return true;
  }
  function goRound() {
    if (goTo(1)) return;
    seen.current = -1;
    goTo(1);
  }
  function takeHere() {
    const here = document.activeElement?.closest('[data-difference], [data-fault]');
    here?.querySelector<HTMLElement>('button')?.click();
    seen.current -= 1;
  }
  const seqAtHand = () => of.events.find(({ id }) => id === of.transcript.current?.at())?.seq;
  function cut(next: Draft, says: string) {
    of.setDraft(next);
    announce(next === draft ? 'The cut stays as it is' : says);
  }
  function score(value: 0 | 1 | 2) {
    if (scoring === null) return;
    const { id, label } = CRITERIA[scoring]!;
    of.setScores({ ...scores, [id]: value });
    announce(`${label}: ${value}`);
    setScoring(scoring + 1 < CRITERIA.length ? scoring + 1 : null);
  }
  function goOn() {
    if (goTo(1)) return;
    if (!isFull(scores)) setScoring(CRITERIA.findIndex(({ id }) => scores[id] === undefined));
    else of.onDone();
  }
  const isScoring = scoring !== null;
  const isFree = !hasChosen && !isScoring;
  useActs({
    ...Object.fromEntries(TYPE_ACTS.map(({ act, type }) => [act, hasChosen && (() => of.onMissed(type))])),
    'gold.next-difference': isFree && differences > 0 && goRound,
    'gold.previous-difference': isFree && differences > 0 && (() => goTo(-1)),
    'gold.take': isFree && differences > 0 && takeHere,
    'gold.take-rest': isFree && differences > 0 && of.onTakeRest,
    'gold.split': isFree && (() => cut(splitAt(draft, seqAtHand() ?? -1), `The unit starts at event ${seqAtHand()}`)),
    'gold.merge': isFree && (() => cut(mergeUp(draft, of.places), 'One turn more at the front')),
    'gold.role':
      isFree && (() => document.querySelector<HTMLElement>(`[aria-label="Kind of event ${seqAtHand()}"]`)?.focus()),
    'gold.tags': isFree && (() => document.querySelector<HTMLElement>('[aria-label="Gold: level"]')?.focus()),
    'gold.steps': isFree && (() => router.push(`/steps/${encodeURIComponent(of.unitId)}`)),
    'gold.rubric': isFree && (() => setScoring(0)),
    'rubric.0': isScoring && (() => score(0)),
    'rubric.1': isScoring && (() => score(1)),
    'rubric.2': isScoring && (() => score(2)),
    'rubric.leave': isScoring && (() => setScoring(null)),
    'desk.decide': isFree && goOn,
  });
  return { scoring: scoring === null ? null : CRITERIA[scoring]!.id };
}
