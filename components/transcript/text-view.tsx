'use client';
import { memo, useMemo } from 'react';
import { PII_TYPES } from '#lib/core/pii/taxonomy.ts';
import { mapOf } from './code-points.ts';
import type { Block } from './event.ts';
import { layOutJson } from './json-lines.ts';
import {
  cutIntoSegments,
  type FindHit,
  type HintMark,
  type PaintMark,
  type Segment,
  sayMark,
  sayPlaceholder,
} from './paint.ts';

/** Everything painted in one event, by path. */
export type Paint = {
  marks?: ReadonlyMap<string, readonly PaintMark[]>;
  hits?: ReadonlyMap<string, readonly FindHit[]>;
  hints?: ReadonlyMap<string, readonly HintMark[]>;
  /** Chosen, not yet marked: by keyboard or by mouse. */
  chosen?: { path: string; start: number; end: number } | null;
  /** Code points at which a wrongly masked placeholder starts, by path. */
  wrong?: ReadonlyMap<string, ReadonlySet<number>>;
  /** Placeholders can be pressed (desks). */
  isLive?: boolean;
};

const INDENTS = [
  'ps-0',
  'ps-4',
  'ps-8',
  'ps-12',
  'ps-16',
  'ps-20',
  'ps-24',
  'ps-28',
  'ps-32',
  'ps-36',
  'ps-40',
  'ps-44',
  'ps-48',
];

/** One block of text. @param to code points shown of each text when it is folded */
export const TextView = memo(function TextView({ block, paint, to }: { block: Block; paint?: Paint; to?: number }) {
  const face = block.format === 'data' ? 'font-mono text-mono' : 'max-w-[78ch] text-read';
  return (
    <div dir="auto" translate="no" className={`tx ${face}`}>
      {block.pieces.map((piece, at) =>
        piece.path === null ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces never move
          <span key={at} className="text-ink-3">
            {piece.text}
          </span>
        ) : (
          <Leaf
            key={piece.path}
            path={piece.path}
            text={piece.text}
            paint={paint}
            to={to}
            isAlone={block.pieces.length === 1}
          />
        ),
      )}
    </div>
  );
});

function Leaf({
  path,
  text,
  paint,
  to,
  isAlone,
}: {
  path: string;
  text: string;
  paint?: Paint;
  to?: number;
  isAlone: boolean;
}) {
  const marks = paint?.marks?.get(path);
  const hits = paint?.hits?.get(path);
  const hints = paint?.hints?.get(path);
  const chosen = paint?.chosen?.path === path ? paint.chosen : null;
  const lines = useMemo(() => (isAlone ? layOutJson(text) : null), [isAlone, text]);
  const parts = useMemo(() => {
    const map = mapOf(text);
    const chosenAsHit = chosen ? [{ start: chosen.start, end: chosen.end, isCurrent: false }] : [];
    const paintHere = { marks, hits: [...chosenAsHit, ...(hits ?? [])], hints };
    const segments = cutIntoSegments(
      text,
      paintHere,
      0,
      to,
      lines?.map((line) => line.start),
    );
    if (!lines) return [{ depth: 0, segments }];
    return lines
      .map(({ start, end, depth }) => {
        const [from, until] = [map.toPoint(start), map.toPoint(end)];
        return { depth, segments: segments.filter(({ at }) => at >= from && at < until) };
      })
      .filter((line) => line.segments.length > 0);
  }, [text, lines, marks, hits, hints, chosen, to]);
  const isChosen = (segment: Segment): boolean =>
    chosen !== null && segment.at >= chosen.start && segment.at < chosen.end;
  const wrong = paint?.wrong?.get(path);
  return (
    <span data-path={path} className={to !== undefined && to < mapOf(text).length ? 'tx-cut' : undefined}>
      {parts.map(({ depth, segments }, line) => {
        const drawn = segments.map((segment) => (
          <PaintedSegment
            key={segment.at}
            segment={segment}
            isChosen={isChosen(segment)}
            isWrong={wrong?.has(segment.at) ?? false}
            isLive={paint?.isLive ?? false}
          />
        ));
        return lines ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
          <span key={line} className={`block ${INDENTS[depth] ?? 'ps-48'}`}>
            {drawn}
          </span>
        ) : (
          drawn
        );
      })}
    </span>
  );
}

export function PaintedSegment({
  segment,
  isChosen,
  isWrong,
  isLive,
}: {
  segment: Segment;
  isChosen: boolean;
  isWrong: boolean;
  isLive: boolean;
}) {
  const { at, text, placeholder, glyph, hit, hint, marks, veil } = segment;
  if (marks.length > 0 && !placeholder) {
    const mark = marks[marks.length - 1] as PaintMark;
    const edges = [mark.start === at && 'start', mark.end === at + mapOf(text).length && 'end']
      .filter(Boolean)
      .join(' ');
    return (
      <mark
        data-o={at}
        data-mark={mark.id}
        data-state={mark.state}
        data-family={PII_TYPES[mark.type].family}
        data-edge={edges}
        data-veil={veil}
        data-glyph={glyph}
        data-hint={hint}
        title={marks.map(sayMark).join('; ')}
        className={`tx-mark ${mark.isCurrent ? 'tx-current' : ''}`}
      >
        {text}
      </mark>
    );
  }
  if (placeholder) {
    const kind = PII_TYPES[placeholder.type];
    const said = sayPlaceholder(placeholder) + (isWrong ? ', wrong mask' : '');
    const shared = {
      'data-o': at,
      'data-placeholder': `${placeholder.type}_${placeholder.n}`,
      'data-code': `${kind.chip} ${placeholder.n}`,
      'data-family': kind.family,
      'data-wrong': isWrong || undefined,
      title: said,
      className: `tx-ph ${isChosen ? 'tx-current' : ''} ${marks.some((mark) => mark.isCurrent) ? 'tx-current' : ''}`,
    };
    return isLive ? (
      <button type="button" tabIndex={-1} aria-label={`${said} ${text}`} {...shared}>
        {text}
      </button>
    ) : (
      <mark {...shared}>{text}</mark>
    );
  }
  if (glyph) {
    return (
      <span data-o={at} data-glyph={glyph} className="tx-glyph">
        {text}
      </span>
    );
  }
  const look = isChosen ? 'tx-chosen' : hit ? 'tx-hit' : undefined;
  return (
    <span data-o={at} className={look} data-hint={hint} data-current={!isChosen && hit === 'current' ? '' : undefined}>
      {text}
    </span>
  );
}
