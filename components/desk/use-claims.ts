'use client';
import { type RefObject, useEffect, useRef } from 'react';
import type { ActiveClock } from './active-clock.ts';

const BEAT_MS = 20_000;
/** Without any input for so long the items are free for others. */
const IDLE_MS = 10 * 60_000;

type Claimed = { id: string; claimToken: string };

/** Keeps what is held: a beat every 20 s while somebody is there; leaving the page frees it at once. */
export function useClaims(
  held: RefObject<readonly Claimed[]>,
  clock: RefObject<ActiveClock | null>,
  onLost: (ids: string[]) => void,
): void {
  const lostRef = useRef(onLost);
  lostRef.current = onLost;
  useEffect(() => {
    const post = (path: string) =>
      fetch(`/api/v1/claims/${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ claims: held.current.map((item) => ({ taskId: item.id, token: item.claimToken })) }),
        keepalive: true,
      });
    const beat = setInterval(() => {
      if (held.current.length === 0 || (clock.current?.idleMs(performance.now()) ?? 0) > IDLE_MS) return;
      post('beat')
        .then((answer) => answer.json() as Promise<{ lost?: string[] }>)
        .then(({ lost }) => lost?.length && lostRef.current(lost))
        .catch(() => {});
    }, BEAT_MS);
    const leave = () => {
      if (held.current.length > 0) void post('release');
    };
    window.addEventListener('pagehide', leave);
    return () => {
      clearInterval(beat);
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [held, clock]);
}
