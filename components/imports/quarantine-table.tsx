import Link from 'next/link';
import { Badge } from '../ui/badge.tsx';
import { Code } from '../ui/code-block.tsx';
import { count } from '../ui/figures.ts';

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

/** What each reason means, and what to do about it. */
const SAYS: Record<string, string> = {
  archive_limit: 'The archive unpacks to far more than it should. Unpack it yourself and import the parts.',
  bad_csv: 'A row has another number of fields than the header, or an open quote.',
  bad_json: 'Not JSON. The lines around it were read; mend the line and import it again.',
  bad_yaml: 'Not YAML.',
  binary: 'Not text.',
  corrupt_archive: 'The archive ends early or fails its checksum. What came out whole was read.',
  encrypted: 'Needs a password.',
  not_a_conversation: 'A known envelope without a conversation, such as an embedding call.',
  schema_mismatch: 'A known format, but a required field is missing or of another type.',
  too_deep: 'Nested deeper than 512 levels.',
  too_large: 'A record over 64 MB.',
  truncated: 'The last record is not complete; it is read again with the next import of the file.',
  unknown_format: 'Readable, but no format fits.',
  unsupported_container: 'Recognised, but not readable here.',
  scan_gap: 'Some of its text was not scanned for personal data, so none of it is used.',
  detector_failed: 'The detector could not read it, so none of it is used.',
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
                  <span className="min-w-0">
                    {row.message && <span className="block text-ink-2">{row.message}</span>}
                    {row.excerpt && (
                      <span className="line-clamp-3 break-all">
                        <Code>{row.excerpt}</Code>
                      </span>
                    )}
                  </span>
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
