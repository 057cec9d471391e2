'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Payload } from '#lib/core/review/verdict.ts';
import { type Answered, browserStorage, Outbox, type OutboxState, sendVerdicts, toEvent } from './outbox.ts';

export type DeskTask = { id: string; subjectId: string; subjectHash: string; claimToken: string };
export type Done<T> = { eventId: string; task: T; payload: Payload };
type Loading = 'first' | 'idle' | 'empty' | 'failed';

const AHEAD = 3;
const BEAT_MS = 20_000;
const HISTORY = 10;
const REMEMBERED = 40;

/**
 * The engine of a desk: items claimed ahead, the one at hand, decisions through the outbox, undo across items. It never
 * waits for the network to show the next item.
 */
export function useDesk<T extends DeskTask>(queueId: string, personId: string, onConflict: (reason: string) => void) {
  const [items, setItems] = useState<T[]>([]);
  const [left, setLeft] = useState<number | null>(null);
  const [loading, setLoading] = useState<Loading>('first');
  const [saved, setSaved] = useState<OutboxState>({ waiting: 0, isOffline: false, isSending: false });
  const [history, setHistory] = useState<Done<T>[]>([]);
  const outbox = useRef<Outbox | null>(null);
  const held = useRef<T[]>([]);
  /** Decided lately: their verdict may still be on its way, so they must not be claimed again. */
  const decided = useRef<string[]>([]);
  const isClaiming = useRef(false);
  const shownAtMs = useRef(0);
  const conflict = useRef(onConflict);
  conflict.current = onConflict;
  held.current = items;

  const refill = useCallback(async () => {
    if (isClaiming.current || held.current.length > AHEAD) return;
    isClaiming.current = true;
    try {
      const answer = await fetch(`/api/v1/queues/${queueId}/claim`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          want: AHEAD + 1 - held.current.length || 1,
          have: [...held.current.map((item) => item.id), ...decided.current],
        }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { items: claimed, left: remaining } = (await answer.json()) as { items: T[]; left: number };
      setItems((now) => {
        const known = new Set(now.map((item) => item.id));
        const next = [...now, ...claimed.filter((item) => !known.has(item.id))];
        setLoading(next.length === 0 ? 'empty' : 'idle');
        return next;
      });
      setLeft(remaining);
    } catch {
      setLoading((now) => (held.current.length === 0 ? 'failed' : now));
    } finally {
      isClaiming.current = false;
    }
  }, [queueId]);

  const answered = useCallback((taskId: string, answer: Answered) => {
    if (answer.result === 'conflict') conflict.current(answer.reason);
    const token = answer.result === 'conflict' ? undefined : answer.reopenedClaim;
    // An undone item is back in hand with a new claim.
    if (token) setItems((now) => now.map((item) => (item.id === taskId ? { ...item, claimToken: token } : item)));
  }, []);

  useEffect(() => {
    const box = new Outbox({
      storage: browserStorage(personId),
      send: sendVerdicts,
      onState: setSaved,
      onAnswer: (event, answer) => answered(event.taskId, answer),
    });
    outbox.current = box;
    void box.open();
    void refill();
    const online = () => void box.flush();
    window.addEventListener('online', online);
    return () => {
      window.removeEventListener('online', online);
      box.close();
    };
  }, [personId, refill, answered]);

  useEffect(() => {
    const claims = () => held.current.map((item) => ({ taskId: item.id, token: item.claimToken }));
    const post = (path: string) =>
      fetch(`/api/v1/claims/${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ claims: claims() }),
        keepalive: true,
      });
    const beat = setInterval(() => {
      if (held.current.length === 0) return;
      post('beat')
        .then((answer) => answer.json() as Promise<{ lost?: string[] }>)
        .then(({ lost }) => {
          if (!lost?.length) return;
          setItems((now) => now.filter((item, at) => at === 0 || !lost.includes(item.id)));
          if (held.current[0] && lost.includes(held.current[0].id)) conflict.current('claim_lost');
        })
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
  }, []);

  const current = items[0] ?? null;
  const currentId = current?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock starts anew with each item
  useEffect(() => {
    shownAtMs.current = performance.now();
  }, [currentId]);

  const decide = useCallback(
    (payload: Payload) => {
      const task = held.current[0];
      if (!task) return;
      const event = toEvent(task, payload, Math.round(performance.now() - shownAtMs.current));
      decided.current = [task.id, ...decided.current].slice(0, REMEMBERED);
      setHistory((now) =>
        payload.kind === 'skip' ? now : [{ eventId: event.id, task, payload }, ...now].slice(0, HISTORY),
      );
      setItems((now) => now.slice(1));
      setLeft((now) => (now === null ? null : Math.max(0, now - 1)));
      void outbox.current?.add(event);
      queueMicrotask(() => void refill());
    },
    [refill],
  );

  /** Says something of the item at hand without ending it. */
  const say = useCallback((payload: Payload) => {
    const task = held.current[0];
    if (task) void outbox.current?.add(toEvent(task, payload, 0));
  }, []);

  /** Takes the last decision back: its item is at hand again, with what was decided. */
  const undo = useCallback((): Done<T> | null => {
    const [last] = history;
    if (!last) return null;
    setHistory((now) => now.slice(1));
    decided.current = decided.current.filter((id) => id !== last.task.id);
    setItems((now) => [last.task, ...now]);
    setLeft((now) => (now === null ? null : now + 1));
    setLoading('idle');
    void outbox.current?.add(toEvent(last.task, { kind: 'undo', of: last.eventId }, 0));
    return last;
  }, [history]);

  return { current, left, loading, saved, history, decide, say, undo, refill };
}

export type Desk = ReturnType<typeof useDesk>;
