'use client';
import {
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { PiiType } from '#lib/core/pii/taxonomy.ts';
import { useActs } from '../shell/keys-provider.tsx';
import { countPoints } from './code-points.ts';
import type { Block, TranscriptEvent } from './event.ts';
import { EventCard } from './event-card.tsx';
import { FindBar } from './find-bar.tsx';
import type { FindHit, HintMark, PaintMark, PlaceholderRef, TextRange } from './paint.ts';
import { isLongByNature, type Row, toRows } from './rows.ts';
import { rangeOf } from './select.ts';
import { TextPane } from './text-pane.tsx';
import type { Paint } from './text-view.tsx';
import { snapToTokens } from './tokens.ts';
import { useFind } from './use-find.ts';
import { type ListHandle, VirtualList } from './virtual-list.tsx';

export type TranscriptHandle = {
  goTo: (eventId: string) => void;
  /** The text of a path, for walking tokens by key. */
  textAt: (path: string) => string | undefined;
  /** Event that is focused. */
  at: () => string | undefined;
  openFind: () => void;
};
export type PressedPlaceholder = TextRange & PlaceholderRef & { element: HTMLElement };

/** Pixels; only a first guess, each row is measured when drawn. */
function guessHeight(row: Row, isFolded: boolean): number {
  if (isFolded) return 120;
  const size = Math.min(row.size + (row.result ? 400 : 0), 4000);
  return 56 + Math.ceil(size / 85) * 24;
}

function byPath<T extends { path: string }>(items: readonly T[]): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const item of items) {
    const list = map.get(item.path);
    if (list) list.push(item);
    else map.set(item.path, [item]);
  }
  return map;
}

const NO_HINTS: readonly (HintMark & { path: string })[] = [];

/**
 * Redacted events to read and to mark. One flat feed, drawn near the window only, so ten thousand events stay usable.
 * It shows what it is given and tells what was chosen; deciding is the desk's.
 */
export function Transcript({
  label,
  events,
  marks,
  wrong,
  hints,
  chosen,
  startAt,
  placeholders = 'codes',
  onChoose,
  onPlaceholder,
  onMark,
  aside,
  onScrollRange,
  className = 'h-full',
  ref,
}: {
  label: string;
  events: readonly TranscriptEvent[];
  marks?: readonly PaintMark[];
  /** Placeholders marked as wrong masks, by the place at which they start. */
  wrong?: readonly { path: string; start: number }[];
  /** Letters drawn where they jump to. */
  hints?: readonly (HintMark & { path: string })[];
  /** Drawn as chosen, before it has a kind. */
  chosen?: TextRange | null;
  /** Event to open at (deep link). */
  startAt?: string;
  /** 'codes' draws placeholders as short chips, 'literal' as they are exported. */
  placeholders?: 'codes' | 'literal';
  /** Something was selected with the mouse or the browser's caret; already grown to whole tokens. */
  onChoose?: (range: TextRange | null) => void;
  onPlaceholder?: (pressed: PressedPlaceholder) => void;
  onMark?: (id: string) => void;
  aside?: (event: TranscriptEvent) => ReactNode;
  /** First and last drawn row: fetch ahead of it. */
  onScrollRange?: (first: number, last: number) => void;
  className?: string;
  ref?: Ref<TranscriptHandle>;
}) {
  const list = useRef<ListHandle>(null);
  const rows = useMemo(() => toRows(events), [events]);
  const indexOf = useMemo(() => {
    const index = new Map<string, number>();
    rows.forEach((row, at) => {
      index.set(row.id, at);
      if (row.result) index.set(row.result.id, at);
    });
    return index;
  }, [rows]);
  const texts = useMemo(() => {
    const all = events.flatMap((event) => event.blocks.flatMap(({ pieces }) => pieces));
    return new Map(all.flatMap(({ path, text }) => (path === null ? [] : [[path, text] as const])));
  }, [events]);

  const [atId, setAtId] = useState(startAt ?? rows[0]?.id);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [pane, setPane] = useState<{ block: Block; title: string } | null>(null);
  const find = useFind(events);

  const at = indexOf.get(atId ?? '') ?? 0;
  const hitId = find.current?.eventId;
  /** What is found is seen, also in a folded row, for as long as one stands on it. */
  const isFolded = (row: Row): boolean =>
    isLongByNature(row) !== toggled.has(row.id) && row.id !== hitId && row.result?.id !== hitId;
  // Handed to every card, so they stay the same: a scroll draws only the cards that come in.
  const toggle = useCallback((id: string) => {
    setToggled((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const openPane = useCallback((block: Block, title: string) => setPane({ block, title }), []);
  function moveTo(index: number, align: 'auto' | 'start' | 'center' = 'auto', takesFocus = true) {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (!row) return;
    setAtId(row.id);
    list.current?.scrollTo(indexOf.get(row.id) ?? 0, align);
    if (!takesFocus) return;
    // The row may be drawn only after the scroll.
    requestAnimationFrame(() => {
      const drawn = list.current?.element?.querySelector<HTMLElement>(`[data-event="${CSS.escape(row.id)}"]`);
      drawn?.focus({ preventScroll: true });
    });
  }

  function turnPage(direction: 1 | -1) {
    const box = list.current?.element;
    box?.scrollBy({ top: direction * (box.clientHeight - 48) });
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new place to go moves the window
  useEffect(() => {
    const hit = find.current;
    if (!hit) return;
    const index = indexOf.get(hit.eventId);
    if (index !== undefined) moveTo(index, 'center', false);
  }, [find.current]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    if (startAt) moveTo(indexOf.get(startAt) ?? 0, 'start', false);
  }, []);

  useImperativeHandle(ref, () => ({
    goTo: (eventId) => moveTo(indexOf.get(eventId) ?? 0, 'start'),
    textAt: (path) => texts.get(path),
    at: () => rows[at]?.id,
    openFind: find.open,
  }));
  const hasRows = rows.length > 0;
  useActs({
    'desk.next-event': hasRows && (() => moveTo(at + 1)),
    'desk.previous-event': hasRows && (() => moveTo(at - 1)),
    'desk.first-event': hasRows && (() => moveTo(0)),
    'desk.last-event': hasRows && (() => moveTo(rows.length - 1)),
    'desk.page-down': hasRows && (() => turnPage(1)),
    'desk.page-up': hasRows && (() => turnPage(-1)),
    'desk.fold': hasRows && (() => rows[at] && toggle(rows[at].id)),
    find: find.open,
  });

  const hits = find.hits;
  const currentHit = find.current;
  const paint: Paint = useMemo(() => {
    const hitsByPath = new Map<string, FindHit[]>();
    for (const [path, found] of byPath(hits)) {
      hitsByPath.set(
        path,
        found.map((hit) => ({ start: hit.start, end: hit.end, isCurrent: hit === currentHit })),
      );
    }
    const wrongAt = new Map<string, Set<number>>();
    for (const [path, places] of byPath(wrong ?? [])) wrongAt.set(path, new Set(places.map(({ start }) => start)));
    return {
      marks: byPath(marks ?? []),
      hits: hitsByPath,
      hints: byPath(hints ?? NO_HINTS),
      chosen,
      wrong: wrongAt,
      isLive: onPlaceholder !== undefined,
    };
  }, [marks, wrong, hints, chosen, hits, currentHit, onPlaceholder]);

  function choose() {
    if (!onChoose) return;
    const selection = window.getSelection();
    const range = rangeOf(selection, (path) => countPoints(texts.get(path) ?? ''));
    if (!range) return;
    const snapped = snapToTokens(texts.get(range.path) ?? '', range);
    selection?.removeAllRanges();
    onChoose(snapped && { path: range.path, ...snapped });
  }
  function press(event: React.MouseEvent) {
    const target = event.target as Element;
    const chip = target.closest<HTMLElement>('[data-placeholder]');
    const path = chip?.closest<HTMLElement>('[data-path]')?.dataset.path;
    const name = /^(.+)_(\d+)$/.exec(chip?.dataset.placeholder ?? '');
    if (chip && path !== undefined && name) {
      const start = Number(chip.dataset.o);
      const end = start + countPoints(chip.textContent ?? '');
      onPlaceholder?.({ path, start, end, type: name[1] as PiiType, n: Number(name[2]), element: chip });
      return;
    }
    const mark = target.closest<HTMLElement>('[data-mark]');
    if (mark) onMark?.(mark.dataset.mark as string);
  }

  return (
    <div className={`flex min-h-0 flex-col ${className}`}>
      {find.isOpen && <FindBar find={find} />}
      <VirtualList
        ref={list}
        role="feed"
        aria-label={label}
        aria-busy={false}
        count={rows.length}
        keyOf={(index) => rows[index]?.id ?? String(index)}
        estimate={(index) => guessHeight(rows[index] as Row, isFolded(rows[index] as Row))}
        onClick={press}
        onMouseUp={choose}
        onScrollRange={onScrollRange}
        className={`min-h-0 flex-1 ${placeholders === 'codes' ? 'tx-codes' : ''}`}
      >
        {(index) => {
          const row = rows[index] as Row;
          return (
            <EventCard
              row={row}
              isFolded={isFolded(row)}
              isAt={index === at}
              place={index + 1}
              count={rows.length}
              paint={paint}
              onFold={toggle}
              onPane={openPane}
              onFocus={setAtId}
              aside={aside?.(row.event)}
            />
          );
        }}
      </VirtualList>
      {pane && <TextPane block={pane.block} title={pane.title} paint={paint} onClose={() => setPane(null)} />}
    </div>
  );
}
