'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { count } from '../ui/figures.ts';
import { SavedState } from './saved-state.tsx';
import type { Desk, Done } from './use-desk.ts';

type Says = {
  /** While the first items are on their way. */
  taking: string;
  /** The installation does not answer; what happens to what was decided. */
  kept: string;
  empty: string;
  /** Until when a decision can be taken back. */
  undo: string;
  /** Why it may be empty though nothing was decided here. */
  others: string;
};

/** Head, item or what stands in its place, toolbar: what all desks share. */
export function DeskFrame({
  desk,
  room,
  queueName,
  note,
  says,
  conflict,
  onReturn,
  toolbar,
  dialogs,
  children,
}: {
  desk: Desk;
  /** Where the queues are. */
  room: { href: string; name: string };
  queueName: string;
  note?: string;
  says: Says;
  conflict: string | null;
  /** Brings a decision back to be looked at again. */
  onReturn?: (eventId: string) => void;
  toolbar: ReactNode;
  dialogs: ReactNode;
  /** The item at hand; nothing while there is none. */
  children: ReactNode;
}) {
  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)_auto]">
      <header className="flex flex-wrap items-center gap-x-5 gap-y-1 border-line border-b px-6 py-2">
        <Link href={room.href} className="text-ink-3 hover:text-ink">
          {room.name}
        </Link>
        <h1 className="font-semibold" tabIndex={-1}>
          {queueName}
        </h1>
        <span className="text-ink-2">{desk.left === null ? '' : `${count(desk.left)} left for you`}</span>
        {note && <span className="text-ink-3 text-label">{note}</span>}
        {desk.pace && <Pace decided={desk.pace.decided} medianMs={desk.pace.medianMs} />}
        <span className="ms-auto">
          <SavedState state={desk.saved} />
        </span>
      </header>
      {desk.current === null ? (
        <div className="p-6">
          {conflict && <Banner tone="warn" title={conflict} live />}
          {desk.loading === 'taking' && <p className="text-ink-2">{says.taking}</p>}
          {desk.loading === 'failed' && (
            <EmptyState
              title="The installation does not answer"
              act={<Button onClick={() => void desk.refill()}>Try again</Button>}
            >
              {says.kept}
            </EmptyState>
          )}
          {desk.loading === 'empty' && (
            <EmptyState
              title={says.empty}
              act={
                <Link className="text-accent hover:underline" href={room.href}>
                  Back to the queues
                </Link>
              }
            >
              {desk.history.length > 0 ? `${desk.history.length} just now. ${says.undo}` : says.others}
            </EmptyState>
          )}
          {desk.loading === 'empty' && onReturn && <HastyStrip done={desk.history} onReturn={onReturn} />}
        </div>
      ) : (
        children
      )}
      {toolbar}
      {dialogs}
    </div>
  );
}

/** Something else won: said above the item until it is understood. */
export function Conflict({ says, onUnderstood }: { says: string | null; onUnderstood: () => void }) {
  return (
    says && (
      <div className="px-6 pt-3">
        <Banner
          tone="warn"
          title={says}
          live
          act={
            <Button size="small" onClick={onUnderstood}>
              Understood
            </Button>
          }
        />
      </div>
    )
  );
}

/** One's own pace, shown to nobody else. */
function Pace({ decided, medianMs }: { decided: number; medianMs: number | null }) {
  if (decided === 0 || medianMs === null) return null;
  return (
    <span className="text-ink-3 text-label">
      your pace: {count(decided)} decided, {Math.max(1, Math.round(medianMs / 1000))} s at the middle
    </span>
  );
}

/** What was decided sooner than anybody reads comes back once, so that a double tap certifies nothing. */
function HastyStrip({ done, onReturn }: { done: readonly Done[]; onReturn: (eventId: string) => void }) {
  const hasty = done.filter(({ isHasty }) => isHasty);
  if (hasty.length === 0) return null;
  return (
    <section aria-label="Decided within 0.4 seconds" className="mt-6 flex flex-col gap-2">
      <h2 className="font-semibold">Decided within 0.4 seconds ({hasty.length})</h2>
      <p className="text-ink-2">Nobody reads so fast. Look again before the sample is sealed.</p>
      <ul className="flex flex-wrap gap-2">
        {hasty.map(({ eventId, task }) => (
          <li key={eventId}>
            <Button size="small" onClick={() => onReturn(eventId)}>
              Look again at {task.subjectId.slice(0, 8)}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
