import type { OutboxState } from './outbox.ts';

/** Whether what was decided has reached the server: said honestly, never assumed. */
export function SavedState({ state }: { state: OutboxState }) {
  if (state.isOffline)
    return (
      <span role="alert" className="text-warn">
        ○ offline, {state.waiting} kept here
      </span>
    );
  return <span className="text-ink-2">{state.waiting > 0 ? `◐ ${state.waiting} sending` : '● saved'}</span>;
}
