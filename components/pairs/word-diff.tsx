'use client';
import { useMemo } from 'react';
import type { Part } from './diff.ts';
import { useDiff } from './use-diff.ts';

/** What differs from the left answer to the right one, word by word. */
export function WordDiff({
  left,
  right,
  label = 'Differences, left to right',
}: {
  left: string;
  right: string;
  /** Tells several on one page apart. */
  label?: string;
}) {
  const ask = useMemo(() => ({ words: { left, right } }), [left, right]);
  const answer = useDiff(ask);
  if (answer === 'failed') return <p className="px-6 py-4 text-ink-2">These answers could not be compared.</p>;
  return (
    <section aria-label={label} aria-busy={answer === null} className="min-h-0 flex-1 overflow-y-auto px-6 py-4">
      {answer === null ? (
        <p className="text-ink-2">Comparing</p>
      ) : (
        'parts' in answer && <DiffText parts={answer.parts} />
      )}
    </section>
  );
}

/** Inserted and deleted words, told apart by line and strike as well as by colour. */
export function DiffText({ parts }: { parts: readonly Part[] }) {
  let at = 0;
  return (
    <p className="max-w-[78ch] whitespace-pre-wrap text-read" dir="auto" translate="no">
      {parts.map(({ text, is }) => {
        const key = at;
        at += text.length + 1;
        if (is === 'added')
          return (
            <ins key={key} className="bg-insert">
              {text}
            </ins>
          );
        if (is === 'removed')
          return (
            <del key={key} className="bg-delete">
              {text}
            </del>
          );
        return <span key={key}>{text}</span>;
      })}
    </p>
  );
}
