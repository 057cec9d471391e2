'use client';
import { ChevronDown, ChevronRight, RotateCcw } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { Badge } from '../ui/badge.tsx';
import type { Block, TranscriptEvent } from './event.ts';
import { KINDS } from './kinds.tsx';
import { FOLDED_POINTS, PANE_UNITS, type Row, sizeOf } from './rows.ts';
import { type Paint, TextView } from './text-view.tsx';

export type CardProps = {
  row: Row;
  isFolded: boolean;
  isAt: boolean;
  place: number;
  count: number;
  paint?: Paint;
  onFold: (id: string) => void;
  onPane: (block: Block, title: string) => void;
  onFocus: (id: string) => void;
  /** Set by the page beside an event: step marks, tags. */
  aside?: ReactNode;
};

/** One event, or a call with its result. Who on the left, what in the middle, how it went on the right. */
export const EventCard = memo(function EventCard(props: CardProps) {
  const { row, isFolded, isAt, place, count, paint, onFold, onPane, onFocus, aside } = props;
  const { event, result, sameAsSeq } = row;
  const kind = KINDS[event.kind];
  const Icon = kind.icon;
  const isError = event.kind === 'error' || result?.status === 'error' || event.status === 'error';
  const isFoldable = row.size + (result ? sizeOf(result.blocks) : 0) > FOLDED_POINTS || result !== undefined;
  const title = `${event.seq} ${kind.word}${event.name ? ` ${event.name}` : ''}`;
  return (
    <article
      aria-label={title}
      aria-posinset={place}
      aria-setsize={count}
      data-event={event.id}
      tabIndex={isAt ? 0 : -1}
      onFocus={() => onFocus(event.id)}
      className={`grid grid-cols-[2.25rem_6rem_minmax(0,1fr)_auto] gap-x-2 border-line border-b py-2 ps-1 pe-2 focus-visible:-outline-offset-2 ${
        event.isContext ? 'opacity-60' : ''
      } ${isError ? 'border-s-2 border-s-fail' : 'border-s-2 border-s-transparent'} ${isAt ? 'bg-surface' : ''}`}
    >
      <span className="pt-0.5 text-end text-ink-3 text-label">{event.seq}</span>
      <span className={`flex items-start gap-1.5 font-medium ${kind.ink}`}>
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span className="truncate">{kind.word}</span>
      </span>
      <div className="flex min-w-0 flex-col gap-1.5">
        <Words event={event} result={result} />
        {sameAsSeq !== undefined && isFolded ? (
          <p className="text-ink-3">Same as event {sameAsSeq}</p>
        ) : (
          <Blocks
            event={event}
            isFolded={isFolded && (event.kind !== 'tool_call' || result === undefined)}
            paint={paint}
            onPane={onPane}
            title={title}
          />
        )}
        {result && <Result result={result} isFolded={isFolded} paint={paint} onPane={onPane} title={title} />}
      </div>
      <span className="flex h-5 items-center justify-end gap-2 text-ink-3 text-label">
        {aside}
        <Times event={event} result={result} />
        <span className="flex size-6 items-center justify-center">
          {isFoldable && <FoldButton isFolded={isFolded} onFold={() => onFold(row.id)} />}
        </span>
      </span>
    </article>
  );
});

/** What is said about an event before its text: tool, verdict, try, how it went, flags. */
function Words({ event, result }: { event: TranscriptEvent; result?: TranscriptEvent }) {
  const status = result?.status ?? event.status;
  const errorType = result?.errorType ?? event.errorType;
  const isRetry = (event.attempt ?? 1) > 1 || event.retryOfSeq !== undefined;
  const isTold = status === 'error' || status === 'ok';
  if (!event.name && !event.verdict && !isRetry && !isTold && !event.flags?.length) return null;
  const again = event.retryOfSeq === undefined ? '' : `, again after ${event.retryOfSeq}`;
  return (
    <header className="flex min-h-5 flex-wrap items-center gap-x-2 gap-y-1">
      {event.name && <span className="font-medium font-mono text-mono">{event.name}</span>}
      {event.verdict && <span>{event.verdict}</span>}
      {isRetry && (
        <Badge tone="warn" glyph={false}>
          <RotateCcw aria-hidden className="size-3" />
          try {event.attempt ?? 2}
          {again}
        </Badge>
      )}
      {status === 'error' && <Badge tone="fail">{errorType || 'error'}</Badge>}
      {status === 'ok' && <Badge tone="pass">ok</Badge>}
      {event.flags?.map((flag) => (
        <Badge key={flag}>{flag.replaceAll('_', ' ')}</Badge>
      ))}
    </header>
  );
}

function Times({ event, result }: { event: TranscriptEvent; result?: TranscriptEvent }) {
  const latencyMs = result?.latencyMs ?? event.latencyMs;
  return (
    <>
      {latencyMs !== undefined && (
        <span>{latencyMs < 1000 ? `${Math.round(latencyMs)} ms` : `${(latencyMs / 1000).toFixed(1)} s`}</span>
      )}
      {event.at && <time dateTime={event.at}>{event.at.slice(11, 19)}</time>}
    </>
  );
}

function FoldButton({ isFolded, onFold }: { isFolded: boolean; onFold: () => void }) {
  const Chevron = isFolded ? ChevronRight : ChevronDown;
  return (
    <button
      type="button"
      aria-expanded={!isFolded}
      aria-label={isFolded ? 'Unfold' : 'Fold'}
      onClick={onFold}
      className="inline-flex size-6 items-center justify-center rounded-sm hover:bg-sunken hover:text-ink"
    >
      <Chevron aria-hidden className="size-4" />
    </button>
  );
}

function Result({
  result,
  isFolded,
  paint,
  onPane,
  title,
}: {
  result: TranscriptEvent;
  isFolded: boolean;
  paint?: Paint;
  onPane: CardProps['onPane'];
  title: string;
}) {
  return (
    <section aria-label={`${result.seq} result`} className="flex flex-col gap-1 border-line border-s-2 ps-3">
      <span className="text-ink-3 text-label">
        {result.seq} result{isFolded && `, ${sizeOf(result.blocks).toLocaleString('en')} characters`}
      </span>
      <Blocks event={result} isFolded={isFolded} paint={paint} onPane={onPane} title={title} />
    </section>
  );
}

function Blocks({
  event,
  isFolded,
  paint,
  onPane,
  title,
}: {
  event: TranscriptEvent;
  isFolded: boolean;
  paint?: Paint;
  onPane: CardProps['onPane'];
  title: string;
}) {
  const shown = isFolded ? event.blocks.slice(0, 1) : event.blocks;
  return shown.map((block, at) => {
    const size = sizeOf([block]);
    const isHuge = !isFolded && size > PANE_UNITS;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: blocks of an event never move
      <div key={at} className={isFolded ? 'line-clamp-3 text-ink-2' : undefined}>
        {block.label && <span className="text-ink-3 text-label">{block.label}</span>}
        <TextView block={block} paint={paint} to={isFolded ? FOLDED_POINTS : isHuge ? 2000 : undefined} />
        {isHuge && (
          <button
            type="button"
            onClick={() => onPane(block, title)}
            className="h-6 rounded-sm text-accent hover:underline"
          >
            Open all {size.toLocaleString('en')} characters
          </button>
        )}
      </div>
    );
  });
}
