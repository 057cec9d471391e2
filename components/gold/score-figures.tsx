import Link from 'next/link';
import type { ReactNode } from 'react';
import type { SpanScore } from '#lib/core/review/agreement.ts';
import type { Share } from '#lib/core/stats/wilson.ts';
import { count, percent } from '../ui/figures.ts';

type Difference = { unitId: string; machine: string; gold: string };
export type SpanRow = {
  name: string;
  matches: number;
  marked: number;
  gold: number;
  score: SpanScore;
  errors: Difference[];
};
export type ShareRow = { name: string; right: number; share: Share; errors: Difference[] };

const figure = (share: Share): ReactNode =>
  share.n === 0 || Number.isNaN(share.value) ? (
    <span className="text-ink-3">none</span>
  ) : (
    <>
      <span className="font-medium">{percent(share.value)}</span>
      <span className="block text-ink-3 text-label">
        {percent(share.low)} to {percent(share.high)}, n {count(share.n)}
      </span>
    </>
  );

/** Precision, recall and F1 with their sums written out. */
export function SpanScores({ label, rows }: { label: string; rows: readonly SpanRow[] }) {
  return (
    <Table label={label} heads={['', 'Precision', 'Recall', 'F1', 'How it is counted', 'Errors']}>
      {rows.map(({ name, matches, marked, gold, score, errors }) => (
        <tr key={name}>
          <Name>{name}</Name>
          <Cell>{figure(score.precision)}</Cell>
          <Cell>{figure(score.recall)}</Cell>
          <Cell>{figure(score.f1)}</Cell>
          <Cell>
            <span className="text-ink-2">
              {matches} of {marked} marked are right, {matches} of {gold} true ones found; F1 = 2 × {matches} / (
              {marked} + {gold})
            </span>
          </Cell>
          <Cell>
            <Errors errors={errors} />
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

export function ShareScores({ label, rows }: { label: string; rows: readonly ShareRow[] }) {
  return (
    <Table label={label} heads={['', 'Right', 'How it is counted', 'Errors']}>
      {rows.map(({ name, right, share, errors }) => (
        <tr key={name}>
          <Name>{name}</Name>
          <Cell>{figure(share)}</Cell>
          <Cell>
            <span className="text-ink-2">
              {right} of {share.n} say what gold says
            </span>
          </Cell>
          <Cell>
            <Errors errors={errors} />
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

/** The same gold, the machine then and now. */
export function DriftTable({ rows }: { rows: readonly { name: string; before: Share; now: Share }[] }) {
  return (
    <Table label="Drift" heads={['', 'At the seal', 'Now', 'Change']}>
      {rows.map(({ name, before, now }) => {
        const change = now.value - before.value;
        return (
          <tr key={name}>
            <Name>{name}</Name>
            <Cell>{figure(before)}</Cell>
            <Cell>{figure(now)}</Cell>
            <Cell>
              {Number.isNaN(change) || change === 0 ? (
                <span className="text-ink-3">none</span>
              ) : (
                <span className={change > 0 ? 'text-pass' : 'text-fail'}>
                  {change > 0 ? '▲ ' : '▼ '}
                  {percent(Math.abs(change))}
                </span>
              )}
            </Cell>
          </tr>
        );
      })}
    </Table>
  );
}

function Errors({ errors }: { errors: readonly Difference[] }) {
  if (errors.length === 0) return <span className="text-ink-3">none</span>;
  return (
    <details>
      <summary className="cursor-pointer rounded-sm text-accent">{count(errors.length)}</summary>
      <ul className="mt-1 flex flex-col gap-1">
        {errors.map((error) => (
          <li key={`${error.unitId} ${error.machine} ${error.gold}`}>
            <Link href={`/gold/${error.unitId}`} className="text-accent hover:underline">
              {error.unitId.slice(0, 10)}
            </Link>{' '}
            <span className="text-ink-2">
              machine: {error.machine}; gold: {error.gold}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Table({ label, heads, children }: { label: string; heads: string[]; children: ReactNode }) {
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="w-full border-separate border-spacing-0">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col" className="py-1 pe-4 text-start font-normal text-ink-3 text-label">
                {head || <span className="sr-only">What</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
const Name = ({ children }: { children: ReactNode }) => (
  <th scope="row" className="border-line border-b py-2 pe-4 text-start align-top font-medium">
    {children}
  </th>
);
const Cell = ({ children }: { children: ReactNode }) => (
  <td className="border-line border-b py-2 pe-4 align-top">{children}</td>
);
