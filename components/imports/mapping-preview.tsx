import type { Preview } from '#lib/core/ingest/mapping/preview.ts';
import { Badge } from '../ui/badge.tsx';
import { count } from '../ui/figures.ts';

/** What was understood, what was not, every field that is left, and how the first conversation reads. */
export function MappingPreview({ preview, isText }: { preview: Preview; isText: boolean }) {
  const what = isText ? 'lines' : 'records';
  const isWhole = preview.understood === preview.records;
  return (
    <div className="flex flex-col gap-4" aria-live="polite">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={isWhole ? 'pass' : 'warn'} glyph>
          {`${count(preview.understood)} of ${count(preview.records)} ${what} understood`}
        </Badge>
        <span className="text-ink-2">{count(preview.conversations)} conversations</span>
        {isText && preview.unlabelled > 0 && (
          <span className="text-ink-2">
            {count(preview.unlabelled)} before the first label or between conversations
          </span>
        )}
      </p>
      {preview.misfits.length > 0 && (
        <List
          title="Does not fit"
          rows={preview.misfits.map(({ why, records }) => ({ key: why, text: why, records }))}
        />
      )}
      {preview.dropped.length > 0 && (
        <List
          title={`Not bound: ${count(preview.dropped.length)} ${preview.dropped.length === 1 ? 'field' : 'fields'}, kept beside, never trained on`}
          rows={preview.dropped.map(({ at, records }) => ({ key: at, text: at, records, mono: true }))}
        />
      )}
      {preview.turns.length > 0 && (
        <div>
          <h3 className="mb-1 font-medium">The first conversation</h3>
          <ol aria-label="The first conversation" className="flex flex-col">
            {preview.turns.map((turn, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: turns have no other name than their place
              <li key={n} className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-3 border-line border-b py-1">
                <span className="text-ink-2">{turn.kind.replace('_', ' ')}</span>
                <span className="whitespace-pre-wrap break-words">{turn.text}</span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </div>
  );
}

const List = ({
  title,
  rows,
}: {
  title: string;
  rows: readonly { key: string; text: string; records: number; mono?: boolean }[];
}) => (
  <div>
    <h3 className="mb-1 font-medium">{title}</h3>
    <ul className="flex flex-col">
      {rows.map(({ key, text, records, mono }) => (
        <li key={key} className="flex gap-3 border-line border-b py-0.5">
          <span className={`min-w-0 flex-1 break-words ${mono ? 'font-mono text-mono' : ''}`}>{text}</span>
          <span className="text-ink-3">{count(records)}</span>
        </li>
      ))}
    </ul>
  </div>
);
