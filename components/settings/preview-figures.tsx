import Link from 'next/link';
import { Badge } from '../ui/badge.tsx';
import { Banner } from '../ui/banner.tsx';
import { count } from '../ui/figures.ts';
import { Section } from '../ui/section.tsx';
import { Stat, StatRow } from '../ui/stat.tsx';
import { Time } from '../ui/time.tsx';

export type Preview = {
  madeAt: string;
  hits: number;
  units: number;
  bySource: { source: string; hits: number }[];
  byEvent: { kind: string; hits: number }[];
  examples: { unitId: string; before: string; hit: string; after: string }[];
  lookAlikes: string[];
  keptByOthers: number;
  releases: { id: string; number: number; name: string; state: string }[];
};

const listed = (rows: { name: string; hits: number }[]): string =>
  rows.map(({ name, hits }) => `${name} ${count(hits)}`).join(', ');

/** What an entry touches, conflicts first. */
export function PreviewFigures({ of, isRelease }: { of: Preview; isRelease: boolean }) {
  const hasConflict = of.lookAlikes.length > 0 || of.keptByOthers > 0;
  return (
    <div className="flex flex-col gap-6">
      {hasConflict && (
        <Banner tone="warn" title="It finds what is no personal data">
          {of.lookAlikes.length > 0 && (
            <>Hits among texts without personal data: {of.lookAlikes.map((text) => `“${text}”`).join(', ')}. </>
          )}
          {of.keptByOthers > 0 && 'The same value was judged no personal data before.'}
        </Banner>
      )}
      <StatRow>
        <Stat label={isRelease ? 'masks that would be released' : 'hits that stand in clear'} value={count(of.hits)} />
        <Stat label="units" value={count(of.units)} />
        <Stat label="false hits" value={count(of.lookAlikes.length)} hint="among 30 texts without personal data" />
        <Stat label="counted" value={<Time at={of.madeAt} />} />
      </StatRow>
      {of.hits > 0 && (
        <p className="text-ink-2">
          By source: {listed(of.bySource.map(({ source, hits }) => ({ name: source, hits })))}. By event:{' '}
          {listed(of.byEvent.map(({ kind, hits }) => ({ name: kind.replaceAll('_', ' '), hits })))}.
        </p>
      )}
      {of.releases.length > 0 && (
        <p className="flex flex-wrap items-center gap-2">
          Releases that hold such a unit:
          {of.releases.map(({ id, number, name, state }) => (
            <Link key={id} href={`/releases/${id}`} className="text-accent hover:underline">
              r{number} {name} <Badge>{state}</Badge>
            </Link>
          ))}
        </p>
      )}
      {of.examples.length > 0 && (
        <Section title="In context" hint={`${count(of.examples.length)} of ${count(of.hits)} places`}>
          <ul className="flex flex-col">
            {of.examples.map(({ unitId, before, hit, after }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: places never move
              <li key={at} className="flex items-baseline gap-4 border-line border-b py-1.5">
                <span className="min-w-0 flex-1 text-read" dir="auto" translate="no">
                  …{before}
                  <mark className="rounded-sm bg-find px-0.5 text-ink">{hit}</mark>
                  {after}…
                </span>
                <Link
                  href={`/units/${encodeURIComponent(unitId)}`}
                  className="shrink-0 font-mono text-accent text-label hover:underline"
                >
                  {unitId.slice(0, 10)}
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}
