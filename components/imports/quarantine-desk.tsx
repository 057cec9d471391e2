'use client';
import Link from 'next/link';
import { useState } from 'react';
import { Badge } from '../ui/badge.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { count } from '../ui/figures.ts';
import { Checkbox } from '../ui/input.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';
import { SAYS } from './quarantine-reasons.ts';
import { type RefusedRow, RefusedText } from './quarantine-table.tsx';

export type RefusedGroup = {
  reason: string;
  sourceId: string;
  sourceName: string;
  records: number;
  files: number;
  reading: number;
  isRetryable: boolean;
  isMappable: boolean;
};
type Retry = {
  reason: string;
  sourceId?: string;
  importId?: string;
  records?: { member: string; recordNo: number }[];
  mappingId?: string;
};
type Started = { records: number; imports: number; runIds: string[] };

const hrefOf = ({ reason, sourceId }: RefusedGroup) => `/quarantine?reason=${reason}&source=${sourceId}`;

/** Groups by reason and source; of the chosen one its records, to be read again all at once or picked. */
export function QuarantineDesk({
  groups,
  chosen,
  rows,
  mappings,
  onRetry,
}: {
  groups: readonly RefusedGroup[];
  chosen: RefusedGroup | null;
  rows: readonly RefusedRow[];
  mappings: readonly { id: string; label: string }[];
  /** Left out for roles that may only look. */
  onRetry?: (input: Retry) => Promise<Answer<Started>>;
}) {
  return (
    <div className="flex flex-col gap-6">
      <ul aria-label="Groups" className="flex flex-col">
        {groups.map((group) => {
          const isChosen = group === chosen;
          return (
            <li key={`${group.reason} ${group.sourceId}`} className="border-line border-b">
              <Link
                href={hrefOf(group)}
                aria-current={isChosen ? 'true' : undefined}
                className={`grid grid-cols-[12rem_10rem_9rem_minmax(0,1fr)] items-center gap-4 px-2 py-1.5 hover:bg-sunken ${isChosen ? 'bg-selected' : ''}`}
              >
                <span>
                  <Badge tone="warn" glyph>
                    {group.reason}
                  </Badge>
                </span>
                <span className="truncate">{group.sourceName}</span>
                <span>
                  <span className="font-medium">{count(group.records)}</span>
                  <span className="text-ink-3">
                    {' '}
                    in {count(group.files)} {group.files === 1 ? 'file' : 'files'}
                  </span>
                </span>
                <span className="truncate text-ink-2">
                  {group.reading > 0 ? `${count(group.reading)} being read again` : (SAYS[group.reason] ?? '')}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
      {chosen && <Group key={hrefOf(chosen)} group={chosen} rows={rows} mappings={mappings} onRetry={onRetry} />}
    </div>
  );
}

const keyOf = ({ importId, member, recordNo }: RefusedRow) => `${importId} ${recordNo} ${member}`;

function Group({
  group,
  rows,
  mappings,
  onRetry,
}: {
  group: RefusedGroup;
  rows: readonly RefusedRow[];
  mappings: readonly { id: string; label: string }[];
  onRetry?: (input: Retry) => Promise<Answer<Started>>;
}) {
  const { run, isPending, fault } = useAct();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [mappingId, setMappingId] = useState('');
  const chosen = rows.filter((row) => picked.has(keyOf(row)));
  const withMapping = mappingId ? { mappingId } : {};
  const toggle = (key: string) =>
    setPicked((now) => {
      const next = new Set(now);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  /** Picked records of several files are a retry each. */
  async function retryPicked(): Promise<Answer<Started>> {
    let total: Started = { records: 0, imports: 0, runIds: [] };
    for (const [importId, own] of Map.groupBy(chosen, (row) => row.importId)) {
      const records = own.map(({ member, recordNo }) => ({ member, recordNo }));
      const answer = await onRetry!({ reason: group.reason, importId, records, ...withMapping });
      if (!answer.ok) return answer;
      total = {
        records: total.records + answer.value.records,
        imports: total.imports + 1,
        runIds: [...total.runIds, ...answer.value.runIds],
      };
    }
    return { ok: true, value: total };
  }
  return (
    <section aria-label={`${group.reason} of ${group.sourceName}`} className="flex flex-col gap-3">
      {fault && <Banner tone="fail" title={fault} live />}
      <div className="flex flex-wrap items-end gap-3">
        <p className="me-auto max-w-prose text-ink-2">{SAYS[group.reason] ?? ''}</p>
        {onRetry && group.isRetryable && (
          <>
            {group.isMappable && (
              <div className="w-56">
                <SelectField label="Read with" value={mappingId} onChange={(event) => setMappingId(event.target.value)}>
                  <option value="">the adapters, as they are now</option>
                  {mappings.map(({ id, label }) => (
                    <option key={id} value={id}>
                      {label}
                    </option>
                  ))}
                </SelectField>
              </div>
            )}
            {group.isMappable && (
              <ButtonLink href={`/quarantine/map?reason=${group.reason}&source=${group.sourceId}`}>
                Map these
              </ButtonLink>
            )}
            <Button
              disabled={isPending || chosen.length === 0}
              onClick={() => run(retryPicked, () => setPicked(new Set()), 'Being read again')}
            >
              Retry picked{chosen.length > 0 && ` (${count(chosen.length)})`}
            </Button>
            <Button
              tone="primary"
              disabled={isPending || group.reading > 0}
              onClick={() =>
                run(
                  () => onRetry({ reason: group.reason, sourceId: group.sourceId, ...withMapping }),
                  undefined,
                  'Being read again',
                )
              }
            >
              Retry all {count(group.records)}
            </Button>
          </>
        )}
      </div>
      {!group.isRetryable && (
        <p className="text-ink-3">Reading it again would change nothing: mend the file and send it once more.</p>
      )}
      <ol className="flex flex-col">
        {rows.map((row) => (
          <li
            key={keyOf(row)}
            className="grid grid-cols-[1.5rem_13rem_minmax(0,1fr)] gap-3 border-line border-b py-1.5"
          >
            {onRetry && group.isRetryable ? (
              <Checkbox
                aria-label={`Pick record ${row.recordNo} of ${row.filename}`}
                checked={picked.has(keyOf(row))}
                onChange={() => toggle(keyOf(row))}
              />
            ) : (
              <span />
            )}
            <span className="text-ink-2">
              <Link className="block truncate text-accent hover:underline" href={`/imports/${row.importId}`}>
                {row.filename}
              </Link>
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
      {rows.length < group.records && (
        <p className="text-ink-3">and {count(group.records - rows.length)} more of this reason and source</p>
      )}
    </section>
  );
}
