import { count } from '../ui/figures.ts';

export type AccountCounts = { records: number; mapped: number; duplicates: number; quarantined: number };

/** The sum that must hold: every record of the file is in exactly one of the three. */
export function Account({
  counts,
  quarantineHref,
  isFinal,
}: {
  counts: AccountCounts;
  quarantineHref: string;
  isFinal: boolean;
}) {
  const left = counts.records - counts.mapped - counts.duplicates - counts.quarantined;
  const Figure = ({ value, label, tone = '' }: { value: number; label: string; tone?: string }) => (
    <span className="flex flex-col">
      <span className={`font-semibold text-figure tracking-tight ${tone}`}>{count(value)}</span>
      <span className="text-ink-2 text-label">{label}</span>
    </span>
  );
  return (
    <div className="flex flex-wrap items-start gap-x-5 gap-y-3">
      <Figure value={counts.records} label="records" />
      <Sign text="=" />
      <Figure value={counts.mapped} label="mapped" />
      <Sign text="+" />
      <Figure value={counts.duplicates} label="duplicates" />
      <Sign text="+" />
      <a href={quarantineHref} className="rounded-sm hover:underline">
        <Figure value={counts.quarantined} label="quarantined" tone={counts.quarantined > 0 ? 'text-warn' : ''} />
      </a>
      {!isFinal && left > 0 && (
        <>
          <Sign text="+" />
          <Figure value={left} label="not settled yet" tone="text-ink-3" />
        </>
      )}
    </div>
  );
}

const Sign = ({ text }: { text: string }) => <span className="text-figure text-ink-3">{text}</span>;
