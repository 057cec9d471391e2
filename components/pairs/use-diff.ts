'use client';
import { useEffect, useMemo, useState } from 'react';
import { answerDiff, type DiffAnswer, type DiffAsk } from './diff.ts';

/** Longer ones would hold up the page and go to a thread of their own. */
const HERE_UP_TO = 6_000;

const sizeOf = (ask: DiffAsk): number =>
  'words' in ask
    ? ask.words.left.length + ask.words.right.length
    : [...ask.steps.left, ...ask.steps.right].reduce((sum, step) => sum + step.text.length, 0);

/** @returns null while it is worked out; 'failed' where the browser starts no thread */
export function useDiff(ask: DiffAsk): DiffAnswer | null | 'failed' {
  const isShort = sizeOf(ask) <= HERE_UP_TO;
  const here = useMemo(() => (isShort ? answerDiff(ask) : null), [ask, isShort]);
  const [there, setThere] = useState<DiffAnswer | null | 'failed'>(null);
  useEffect(() => {
    if (isShort) return;
    setThere(null);
    const worker = new Worker(new URL('./diff-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = (event: MessageEvent<DiffAnswer>) => setThere(event.data);
    worker.onerror = () => setThere('failed');
    worker.postMessage(ask);
    return () => worker.terminate();
  }, [ask, isShort]);
  return here ?? there;
}
