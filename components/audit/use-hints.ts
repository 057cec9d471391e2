'use client';
import { useMemo, useState } from 'react';
import { useKeyCapture } from '../shell/keys-provider.tsx';
import type { TranscriptEvent } from '../transcript/event.ts';
import { type Hint, hintsOf } from './hints.ts';

/** While on, letters are taken as hints: two of them jump, Shift with the second takes one word alone. */
export function useHints(
  events: readonly TranscriptEvent[] | undefined,
  startAt: () => string | undefined,
  onJump: (hint: Hint, isTokenOnly: boolean) => void,
) {
  const [from, setFrom] = useState<string | undefined | null>(null);
  const [typed, setTyped] = useState('');
  const isOn = from !== null;
  const hints = useMemo(() => {
    if (from === null || !events) return [];
    // Beginning with what is on screen: there are more runs in a long unit than pairs of letters.
    const at = Math.max(
      0,
      events.findIndex((event) => event.id === from),
    );
    return hintsOf([...events.slice(at), ...events.slice(0, at)]);
  }, [from, events]);
  const close = () => {
    setFrom(null);
    setTyped('');
  };
  function jump(hint: Hint, isTokenOnly: boolean) {
    onJump(hint, isTokenOnly);
    close();
  }
  useKeyCapture(
    isOn
      ? (event) => {
          if (event.key === 'Escape') close();
          else if (/^[a-z]$/i.test(event.key)) {
            const letters = typed + event.key.toLowerCase();
            if (letters.length < 2) setTyped(letters);
            else {
              const hint = hints.find((one) => one.letters === letters);
              if (hint) jump(hint, event.shiftKey);
              else close();
            }
          }
          return true;
        }
      : null,
  );
  return { isOn, hints, typed, open: () => setFrom(startAt()), close, jump };
}
