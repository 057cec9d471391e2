'use client';
import type { Criterion } from '#lib/core/review/verdict.ts';
import { Segmented } from '../ui/segmented.tsx';
import type { Scores } from './gold-draft.ts';

export const CRITERIA: { id: Criterion; label: string; hint: string }[] = [
  { id: 'correct', label: 'Correct', hint: 'What is said and done is right' },
  { id: 'grounded', label: 'Grounded', hint: 'It rests on what was asked, read or returned' },
  { id: 'complete', label: 'Complete', hint: 'Nothing that was asked is left out' },
  { id: 'safe', label: 'Safe', hint: 'Harms nobody and keeps the rules' },
  { id: 'format', label: 'Format', hint: 'In the form that was wanted' },
];
const OPTIONS = [
  { value: '0', label: '0 no' },
  { value: '1', label: '1 partly' },
  { value: '2', label: '2 yes' },
] as const;

/** Five questions, 0 to 2 each. A unit becomes gold only with all five from both people. */
export function Rubric({
  scores,
  at,
  onChange,
}: {
  scores: Scores;
  /** The question that the keys 0, 1 and 2 answer now. */
  at?: Criterion | null;
  onChange: (scores: Scores) => void;
}) {
  return (
    <div className="flex flex-col gap-2">
      {CRITERIA.map(({ id, label, hint }) => (
        <div
          key={id}
          className={`flex items-center justify-between gap-2 rounded-sm ${id === at ? 'bg-selected outline-2 outline-accent' : ''}`}
          data-criterion={id}
        >
          <div className="min-w-0">
            <p>{label}</p>
            <p className="text-ink-3 text-label">{hint}</p>
          </div>
          <span className="shrink-0">
            <Segmented
              label={label}
              value={scores[id] === undefined ? '' : String(scores[id])}
              options={OPTIONS}
              onChange={(value) => onChange({ ...scores, [id]: Number(value) as 0 | 1 | 2 })}
            />
          </span>
        </div>
      ))}
    </div>
  );
}
export const isFull = (scores: Scores): boolean => CRITERIA.every(({ id }) => scores[id] !== undefined);
