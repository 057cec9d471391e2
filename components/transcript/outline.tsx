'use client';
import { useMemo } from 'react';
import type { TranscriptEvent } from './event.ts';
import { KINDS } from './kinds.tsx';
import { toRows } from './rows.ts';
import { VirtualList } from './virtual-list.tsx';

const ROW_PX = 28;

/** The whole run at a glance: turns, tools, errors. Pressing one goes there. */
export function Outline({
  label,
  events,
  current,
  markedIds,
  onGo,
  className = 'h-full',
}: {
  label: string;
  events: readonly TranscriptEvent[];
  current?: string;
  /** Events that hold something of the reader's: a dot beside them. */
  markedIds?: ReadonlySet<string>;
  onGo: (eventId: string) => void;
  className?: string;
}) {
  const rows = useMemo(() => toRows(events), [events]);
  return (
    <nav aria-label={label} className={className}>
      <VirtualList
        fixed
        count={rows.length}
        keyOf={(at) => rows[at]?.id ?? ''}
        estimate={() => ROW_PX}
        className="h-full"
      >
        {(index) => {
          const { event, result } = rows[index]!;
          const kind = KINDS[event.kind];
          const isError = event.kind === 'error' || event.status === 'error' || result?.status === 'error';
          const Icon = kind.icon;
          return (
            <button
              type="button"
              aria-current={event.id === current ? 'location' : undefined}
              onClick={() => onGo(event.id)}
              className="flex h-7 w-full items-center gap-2 px-2 text-start text-ink-2 text-label hover:bg-sunken hover:text-ink focus-visible:-outline-offset-2 aria-[current]:bg-selected aria-[current]:text-ink"
            >
              <span className="w-7 shrink-0 text-end text-ink-3">{event.seq}</span>
              <Icon aria-hidden className={`size-3.5 shrink-0 ${isError ? 'text-fail' : kind.ink}`} />
              <span className="min-w-0 flex-1 truncate">{event.name ?? kind.word}</span>
              {(event.attempt ?? 1) > 1 && <span>try {event.attempt}</span>}
              {isError && <span className="font-medium text-fail">error</span>}
              {markedIds?.has(event.id) && (
                <span className="size-2 rounded-full bg-accent">
                  <span className="sr-only">marked</span>
                </span>
              )}
            </button>
          );
        }}
      </VirtualList>
    </nav>
  );
}
