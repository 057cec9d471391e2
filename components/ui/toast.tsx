'use client';
/**
 * Short notes at the lower edge. Our own, because the usual packages put a style element into the page when they are
 * loaded, and the Content-Security-Policy refuses that.
 */
import { X } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { StateGlyph, type Tone } from './badge.tsx';
import { Button, IconButton } from './button.tsx';

export type ToastAct = { label: string; run: () => void };
type Note = { id: number; text: string; tone: Tone; act?: ToastAct; lastsMs: number };

let notes: readonly Note[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
const NONE: readonly Note[] = [];

function set(next: readonly Note[]) {
  notes = next;
  for (const listener of listeners) listener();
}

/** @returns its id. A toast with an act (undo) stays longer; an error stays until it is closed. */
export function toast(text: string, options: { tone?: Tone; act?: ToastAct } = {}): number {
  const { tone = 'neutral', act } = options;
  const id = nextId++;
  const lastsMs = tone === 'fail' ? Number.POSITIVE_INFINITY : act ? 10_000 : 5_000;
  set([...notes.slice(-2), { id, text, tone, act, lastsMs }]);
  return id;
}

export const dismissToast = (id: number): void => set(notes.filter((note) => note.id !== id));

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function Toaster() {
  const shown = useSyncExternalStore(
    subscribe,
    () => notes,
    () => NONE,
  );
  return (
    <section
      aria-label="Notes"
      className="pointer-events-none fixed right-4 bottom-12 z-50 flex w-96 max-w-[calc(100%-2rem)] flex-col gap-2"
    >
      {shown.map((note) => (
        <ToastNote key={note.id} note={note} />
      ))}
    </section>
  );
}

function ToastNote({ note }: { note: Note }) {
  const { id, text, tone, act, lastsMs } = note;
  useEffect(() => {
    if (!Number.isFinite(lastsMs)) return;
    const timer = setTimeout(() => dismissToast(id), lastsMs);
    return () => clearTimeout(timer);
  }, [id, lastsMs]);
  return (
    <div
      role={tone === 'fail' ? 'alert' : 'status'}
      className="pointer-events-auto flex items-center gap-2 rounded-md border border-line-strong bg-bg py-1.5 ps-3 pe-1.5 shadow-raised"
    >
      {tone !== 'neutral' && <StateGlyph tone={tone} label={tone === 'fail' ? 'Failed' : 'Note'} />}
      <p className="min-w-0 flex-1 py-1">{text}</p>
      {act && (
        <Button
          size="small"
          onClick={() => {
            act.run();
            dismissToast(id);
          }}
        >
          {act.label}
        </Button>
      )}
      <IconButton label="Close note" size="small" onClick={() => dismissToast(id)}>
        <X aria-hidden />
      </IconButton>
    </div>
  );
}
