'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Payload } from '#lib/core/review/verdict.ts';
import { ActiveClock } from './active-clock.ts';
import { type Answered, browserStorage, Outbox, type OutboxState, sendVerdicts, toEvent } from './outbox.ts';
import { useClaims } from './use-claims.ts';

export type DeskTask = { id: string; subjectId: string; subjectHash: string; claimToken: string };
/** A decision that can still be taken back. `task` is whole while this page has its text, else only its names. */
export type Done<T extends DeskTask = DeskTask> = {
  eventId: string;
  task: DeskTask & Partial<T>;
  isWhole: boolean;
  payload: Payload;
  isHasty: boolean;
};
/** `taking`: a claim is on its way or about to be; with items in hand nobody notices. */
type Loading = 'taking' | 'empty' | 'failed';
type OwnWork = {
  recent: { id: string; taskId: string; subjectId: string; subjectHash: string; payload: Payload; isHasty: boolean }[];
  pace: { decided: number; medianMs: number | null };
};

const AHEAD = 3;
const HISTORY = 10;
const REMEMBERED = 40;
/** As on the server: sooner than this nobody has read anything. */
const HASTY_BELOW_MS = 400;
/** An undo names the task; its claim ended with the decision. */
const NO_CLAIM = '00000000-0000-4000-8000-000000000000';

/**
 * The engine of a desk: items claimed ahead, the one at hand, decisions through the outbox, undo across items and
 * reloads. It never waits for the network to show the next item.
 */
export function useDesk<T extends DeskTask>(queueId: string, personId: string, onConflict: (reason: string) => void) {
  const [items, setItems] = useState<T[]>([]);
  const [left, setLeft] = useState<number | null>(null);
  const [loading, setLoading] = useState<Loading>('taking');
  const [saved, setSaved] = useState<OutboxState>({ waiting: 0, isOffline: false, isSending: false });
  const [history, setHistory] = useState<Done<T>[]>([]);
  const [undone, setUndone] = useState<Payload[]>([]);
  const [pace, setPace] = useState<OwnWork['pace'] | null>(null);
  const outbox = useRef<Outbox | null>(null);
  const held = useRef<T[]>([]);
  /** Decided lately: their verdict may still be on its way, so they must not be claimed again. */
  const decided = useRef<string[]>([]);
  /** Taken back after a reload: its text is on the way, and it goes first. */
  const returning = useRef<string | null>(null);
  const isClaiming = useRef(false);
  const clock = useRef<ActiveClock | null>(null);
  const conflict = useRef(onConflict);
  conflict.current = onConflict;
  held.current = items;

  const refill = useCallback(async () => {
    if (isClaiming.current || (held.current.length > AHEAD && !returning.current)) return;
    isClaiming.current = true;
    try {
      const answer = await fetch(`/api/v1/queues/${queueId}/claim`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          want: Math.max(1, AHEAD + 1 - held.current.length),
          have: [...held.current.map((item) => item.id), ...decided.current],
        }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const claimed = (await answer.json()) as { items: T[]; left: number; work?: OwnWork };
      setItems((now) => {
        const known = new Set(now.map((item) => item.id));
        const next = [...now, ...claimed.items.filter((item) => !known.has(item.id))];
        const back = next.findIndex((item) => item.id === returning.current);
        if (back > 0) next.unshift(...next.splice(back, 1));
        if (back >= 0) returning.current = null;
        setLoading(next.length === 0 ? 'empty' : 'taking');
        return next;
      });
      setLeft(claimed.left);
      const { work } = claimed;
      if (work) {
        setPace(work.pace);
        setHistory((now) => (now.length > 0 ? now : work.recent.map((row) => fromServer<T>(row))));
      }
    } catch {
      setLoading((now) => (held.current.length === 0 ? 'failed' : now));
    } finally {
      isClaiming.current = false;
    }
  }, [queueId]);

  const answered = useCallback(
    (taskId: string, answer: Answered) => {
      if (answer.result === 'conflict') conflict.current(answer.reason);
      const token = answer.result === 'conflict' ? undefined : answer.reopenedClaim;
      if (!token) return;
      // An undone item is back in hand with a new claim.
      setItems((now) => now.map((item) => (item.id === taskId ? { ...item, claimToken: token } : item)));
      if (returning.current === taskId) void refill();
    },
    [refill],
  );

  useEffect(() => {
    const box = new Outbox({
      storage: browserStorage(personId),
      send: sendVerdicts,
      onState: setSaved,
      onAnswer: (event, answer) => answered(event.taskId, answer),
    });
    outbox.current = box;
    void box.open();
    const online = () => void box.flush();
    window.addEventListener('online', online);
    return () => {
      window.removeEventListener('online', online);
      box.close();
    };
  }, [personId, answered]);

  useEffect(() => {
    const timer = new ActiveClock(performance.now());
    clock.current = timer;
    const touch = () => timer.touch(performance.now());
    const see = () => timer.see(document.visibilityState === 'visible', performance.now());
    const inputs = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;
    for (const name of inputs) window.addEventListener(name, touch, { passive: true, capture: true });
    document.addEventListener('visibilitychange', see);
    return () => {
      for (const name of inputs) window.removeEventListener(name, touch, { capture: true });
      document.removeEventListener('visibilitychange', see);
    };
  }, []);

  useClaims(held, clock, (lost) => {
    setItems((now) => now.filter((item, at) => at === 0 || !lost.includes(item.id)));
    if (held.current[0] && lost.includes(held.current[0].id)) conflict.current('claim_lost');
  });

  // Whenever the stack got shorter or a claim brought fewer than the reader has taken meanwhile.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the number in hand changes
  useEffect(() => {
    void refill();
  }, [items.length, refill]);

  const current = items[0] ?? null;
  const currentId = current?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock starts anew with each item
  useEffect(() => {
    clock.current?.restart(performance.now());
  }, [currentId]);

  const decide = useCallback((payload: Payload) => {
    const task = held.current[0];
    if (!task) return;
    const activeMs = Math.round(clock.current?.readMs(performance.now()) ?? 0);
    const event = toEvent(task, payload, activeMs);
    const done: Done<T> = { eventId: event.id, task, isWhole: true, payload, isHasty: activeMs < HASTY_BELOW_MS };
    decided.current = [task.id, ...decided.current].slice(0, REMEMBERED);
    if (payload.kind !== 'skip') setHistory((now) => [done, ...now].slice(0, HISTORY));
    setUndone([]);
    // At once, so that a second key before the next paint decides the next item and not this one again.
    held.current = held.current.slice(1);
    setItems((now) => now.slice(1));
    setLeft((now) => (now === null ? null : Math.max(0, now - 1)));
    void outbox.current?.add(event);
  }, []);

  /** Says something of the item at hand without ending it. */
  const say = useCallback((payload: Payload) => {
    const task = held.current[0];
    if (task) void outbox.current?.add(toEvent(task, payload, 0));
  }, []);

  /** Takes a decision back, the last one when none is named: its item is at hand again, with what was decided. */
  const undo = useCallback(
    (eventId?: string): Done<T> | null => {
      const done = eventId === undefined ? history[0] : history.find((one) => one.eventId === eventId);
      if (!done) return null;
      setHistory((now) => now.filter((one) => one !== done));
      setUndone((now) => [done.payload, ...now]);
      decided.current = decided.current.filter((id) => id !== done.task.id);
      if (done.isWhole) setItems((now) => [done.task as T, ...now]);
      else returning.current = done.task.id;
      setLeft((now) => (now === null ? null : now + 1));
      setLoading('taking');
      void outbox.current?.add(toEvent(done.task, { kind: 'undo', of: done.eventId }, 0));
      return done;
    },
    [history],
  );

  /** What was taken back last, to be decided again as it was. */
  const redo = useCallback(() => {
    const [payload, ...rest] = undone;
    if (!payload || !held.current[0]) return null;
    decide(payload);
    setUndone(rest);
    return payload;
  }, [undone, decide]);

  return { current, left, loading, saved, history, pace, canRedo: undone.length > 0, decide, say, undo, redo, refill };
}

export type Desk = ReturnType<typeof useDesk>;

const fromServer = <T extends DeskTask>(row: OwnWork['recent'][number]): Done<T> => ({
  eventId: row.id,
  task: {
    id: row.taskId,
    subjectId: row.subjectId,
    subjectHash: row.subjectHash,
    claimToken: NO_CLAIM,
  } as Done<T>['task'],
  isWhole: false,
  payload: row.payload,
  isHasty: row.isHasty,
});
