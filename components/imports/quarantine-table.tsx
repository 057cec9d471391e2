import Link from 'next/link';
import { Badge } from '../ui/badge.tsx';
import { Code } from '../ui/code-block.tsx';
import { count } from '../ui/figures.ts';
import { SAYS } from './quarantine-reasons.ts';

export type RefusedRow = {
  importId: string;
  filename: string;
  member: string;
  recordNo: number;
  reason: string;
  byteStart: number;
  byteEnd: number;
  excerpt: string;
  message: string | null;
};

/** Refused records by reason, each with its place and a redacted excerpt. */
export function QuarantineTable({
  rows,
  byReason,
  showFile,
}: {
  rows: readonly RefusedRow[];
  byReason: readonly { reason: string; count: number }[];
  showFile?: boolean;
}) {
  return (
    <div className="flex flex-col gap-4">
      {byReason.map(({ reason, count: n }) => {
        const own = rows.filter((row) => row.reason === reason);
        return (
          <section key={reason} aria-label={reason} className="flex flex-col gap-1">
            <p className="flex flex-wrap items-center gap-2">
              <Badge tone="warn" glyph>
                {reason}
              </Badge>
              <span className="font-medium">{count(n)}</span>
              <span className="text-ink-2">{SAYS[reason] ?? ''}</span>
            </p>
            <ol className="flex flex-col">
              {own.slice(0, 100).map((row) => (
                <li
                  key={`${row.importId}:${row.member}:${row.recordNo}`}
                  className="grid grid-cols-[13rem_minmax(0,1fr)] gap-4 border-line border-b py-1.5"
                >
                  <span className="text-ink-2">
                    {showFile && (
                      <Link className="block truncate text-accent hover:underline" href={`/imports/${row.importId}`}>
                        {row.filename}
                      </Link>
                    )}
                    record {count(row.recordNo)}
                    {row.member && ` in ${row.member}`}
                    <span className="block text-ink-3 text-label">
                      bytes {count(row.byteStart)} to {count(row.byteEnd)}
                    </span>
                  </span>
                  <RefusedText row={row} />
                </li>
              ))}
            </ol>
            {own.length > 100 && <p className="text-ink-3">and {count(own.length - 100)} more of this reason</p>}
          </section>
        );
      })}
    </div>
  );
}

/** Why, and what it looks like with everything masked. */
export const RefusedText = ({ row }: { row: Pick<RefusedRow, 'message' | 'excerpt'> }) => (
  <span className="min-w-0">
    {row.message && <span className="block text-ink-2">{row.message}</span>}
    {row.excerpt && (
      <span className="line-clamp-3 break-all">
        <Code>{row.excerpt}</Code>
      </span>
    )}
  </span>
);
