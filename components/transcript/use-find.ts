'use client';
import { useDeferredValue, useMemo, useState } from 'react';
import type { TranscriptEvent } from './event.ts';
import { type Found, findInEvents } from './find.ts';

const NONE: readonly Found[] = [];
export const MOST_HITS = 1000;

/** Words to find in a transcript and where one stands among the hits. */
export function useFind(events: readonly TranscriptEvent[]) {
  const [isOpen, setOpen] = useState(false);
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const sought = useDeferredValue(isOpen ? words : '');
  const hits = useMemo(() => (sought === '' ? NONE : findInEvents(events, sought, MOST_HITS)), [events, sought]);
  const place = hits.length === 0 ? 0 : ((at % hits.length) + hits.length) % hits.length;
  return {
    isOpen,
    words,
    hits,
    place,
    current: hits[place] as Found | undefined,
    open: () => setOpen(true),
    close: () => setOpen(false),
    next: () => setAt(place + 1),
    previous: () => setAt(place - 1),
    seek(next: string) {
      setWords(next);
      setAt(0);
    },
  };
}
export type Find = ReturnType<typeof useFind>;
