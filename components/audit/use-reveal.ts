'use client';
import { useEffect, useRef, useState } from 'react';

export type RevealReason = { code: string; reason: string };
/** A reason once given serves for further reveals; each is a row in the ledger all the same. */
const REASON_MS = 5 * 60_000;
const SHOWN_MS = 5_000;

/** One value at a time, five seconds at most, never in a cache or a store of the browser. */
export function useReveal(taskId: string | null, placeholder: string | null) {
  const [shown, setShown] = useState<{ placeholder: string; value: string } | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const given = useRef<{ reason: RevealReason; untilMs: number } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [isHeld, setIsHeld] = useState(false);
  // Shown by a key it is shown for as long as the key is down.
  useEffect(() => {
    if (!isHeld) return;
    const release = () => {
      setIsHeld(false);
      clearTimeout(timer.current);
      setShown(null);
    };
    window.addEventListener('keyup', release);
    window.addEventListener('blur', release);
    return () => {
      window.removeEventListener('keyup', release);
      window.removeEventListener('blur', release);
    };
  }, [isHeld]);

  function hide() {
    clearTimeout(timer.current);
    setShown(null);
  }
  /** @param byKey hidden again when the key comes up @returns whether it was asked for; false: a reason is needed first */
  async function show(byKey: boolean, reason?: RevealReason): Promise<boolean> {
    const nowMs = performance.now();
    const known = given.current && given.current.untilMs > nowMs ? given.current.reason : null;
    const because = reason ?? known;
    if (!because || !taskId || !placeholder) return false;
    setFault(null);
    setIsHeld(byKey);
    const answer = await fetch('/api/v1/reveal', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ taskId, placeholder, ...because }),
      cache: 'no-store',
    }).catch(() => null);
    const body = (await answer?.json().catch(() => null)) as { value?: string; error?: { message: string } } | null;
    if (!answer?.ok || body?.value === undefined) {
      setFault(body?.error?.message ?? 'The vault does not answer.');
      return true;
    }
    given.current = { reason: because, untilMs: known ? given.current!.untilMs : nowMs + REASON_MS };
    setShown({ placeholder, value: body.value });
    timer.current = setTimeout(hide, SHOWN_MS);
    return true;
  }
  return { shown, fault, show, hide };
}
