'use client';
import { useMemo } from 'react';
import type { TranscriptEvent } from '../transcript/event.ts';
import { KINDS } from '../transcript/kinds.tsx';
import type { Step } from './diff.ts';
import { useDiff } from './use-diff.ts';

const stepsOf = (events: readonly TranscriptEvent[]): Step[] =>
  events.map((event) => ({
    name: `${KINDS[event.kind].word}${event.name ? ` ${event.name}` : ''}`,
    text: event.blocks.flatMap(({ pieces }) => pieces.map(({ text }) => text)).join(' '),
  }));

/** Two runs with equal steps beside each other: where they part, and where they meet again. */
export function StepDiff({ left, right }: { left: readonly TranscriptEvent[]; right: readonly TranscriptEvent[] }) {
  const ask = useMemo(() => ({ steps: { left: stepsOf(left), right: stepsOf(right) } }), [left, right]);
  const answer = useDiff(ask);
  if (answer === 'failed') return <p className="px-6 py-4 text-ink-2">These runs could not be compared.</p>;
  const rows = answer && 'rows' in answer ? answer.rows : [];
  return (
    <section
      aria-label="Steps side by side"
      aria-busy={answer === null}
      className="min-h-0 flex-1 overflow-y-auto px-6 py-4"
    >
      {answer === null && <p className="text-ink-2">Comparing</p>}
      <table className="w-full table-fixed" aria-label="Steps">
        <thead>
          <tr className="border-line border-b text-left text-ink-2 text-label">
            <th scope="col" className="w-16 py-1 font-medium">
              Step
            </th>
            <th scope="col" className="pe-4 font-medium">
              Left
            </th>
            <th scope="col" className="font-medium">
              Right
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => {
            const isSame = row.left !== null && row.right !== null && row.left.text === row.right.text;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: steps never move
              <tr key={at} className="border-line border-b align-top">
                <th scope="row" className="py-1.5 text-start font-normal text-ink-3 text-label">
                  {at + 1} {isSame ? '=' : '≠'}
                </th>
                <Side step={row.left} look={isSame ? '' : 'bg-delete'} />
                <Side step={row.right} look={isSame ? '' : 'bg-insert'} />
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Side({ step, look }: { step: Step | null; look: string }) {
  if (!step) return <td className="py-1.5 pe-4 text-ink-3">no such step</td>;
  return (
    <td className={`py-1.5 pe-4 ${look}`}>
      <span className="font-medium">{step.name}</span>{' '}
      <span className="line-clamp-4 break-words" dir="auto" translate="no">
        {step.text}
      </span>
    </td>
  );
}
