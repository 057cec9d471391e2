import Link from 'next/link';
import type { Share } from '#lib/core/stats/wilson.ts';
import { count, percent } from '../ui/figures.ts';
import { Time } from '../ui/time.tsx';

export type ReaderRow = { name: string; decisions: number; sensitivity: Share | null };

export const sayShare = (share: Share): string =>
  `${percent(share.value)} (${percent(share.low)} to ${percent(share.high)}, n ${count(share.n)})`;

/** By name, never by rank; a figure only from thirty decisions on. */
export function ReaderTable({ rows }: { rows: readonly ReaderRow[] }) {
  return (
    <table className="w-full max-w-2xl" aria-label="Readers">
      <thead>
        <tr className="border-line border-b text-left text-ink-2 text-label">
          <th scope="col" className="py-1 pe-4 font-medium">
            Reader
          </th>
          <th scope="col" className="pe-4 text-end font-medium">
            Decisions
          </th>
          <th scope="col" className="font-medium">
            Canaries found, 95 %
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, decisions, sensitivity }) => (
          <tr key={name} className="border-line border-b">
            <th scope="row" className="py-1.5 pe-4 text-start font-normal">
              {name}
            </th>
            <td className="pe-4 text-end tabular-nums">{count(decisions)}</td>
            <td className="tabular-nums">
              {sensitivity ? (
                sayShare(sensitivity)
              ) : (
                <span className="text-ink-3">
                  {decisions < 30 ? 'shown from 30 decisions on' : 'no canary of a sealed sample yet'}
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function FlagList({ flags }: { flags: readonly { at: string; unitId: string; queue: string; note: string }[] }) {
  return (
    <ul className="flex flex-col">
      {flags.map(({ at, unitId, queue, note }) => (
        <li key={`${at} ${unitId}`} className="flex items-baseline gap-4 border-line border-b py-1.5">
          <span className="min-w-0 flex-1">{note}</span>
          <span className="text-ink-3 text-label">
            {queue} · <Time at={at} />
          </span>
          <Link
            href={`/units/${encodeURIComponent(unitId)}`}
            className="font-mono text-accent text-label hover:underline"
          >
            {unitId.slice(0, 10)}
          </Link>
        </li>
      ))}
    </ul>
  );
}
