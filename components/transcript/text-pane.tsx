'use client';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { mapOf } from './code-points.ts';
import type { Block } from './event.ts';
import { cutIntoSegments } from './paint.ts';
import { type Paint, PaintedSegment } from './text-view.tsx';

/** Code points of a page. */
const PAGE = 20_000;

/** A text too long for the feed, in pages of its own. */
export function TextPane({
  block,
  title,
  paint,
  onClose,
}: {
  block: Block;
  title: string;
  paint: Paint;
  onClose: () => void;
}) {
  const [page, setPage] = useState(0);
  const pages = block.pieces.flatMap(({ path, text }) =>
    Array.from({ length: Math.ceil(mapOf(text).length / PAGE) }, (_, at) => ({ path, text, from: at * PAGE })),
  );
  const shown = pages[page];
  if (!shown) return null;
  const { path, text, from } = shown;
  const marks = path === null ? undefined : paint.marks?.get(path);
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={title}
      hint={`Page ${page + 1} of ${pages.length}`}
      footer={
        <>
          <Button disabled={page === 0} onClick={() => setPage(page - 1)}>
            Previous
          </Button>
          <Button disabled={page + 1 >= pages.length} onClick={() => setPage(page + 1)}>
            Next
          </Button>
        </>
      }
    >
      <div dir="auto" translate="no" data-path={path ?? undefined} className="tx tx-codes font-mono text-mono">
        {cutIntoSegments(text, { marks }, from, from + PAGE).map((segment) => (
          <PaintedSegment key={segment.at} segment={segment} isChosen={false} isWrong={false} isLive={false} />
        ))}
      </div>
    </Dialog>
  );
}
