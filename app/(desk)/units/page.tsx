import type { Metadata } from 'next';
import { Badge } from '#components/ui/badge.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { Time } from '#components/ui/time.tsx';
import { UnitTable } from '#components/units/unit-table.tsx';
import { requireActor } from '#lib/http/require-actor.ts';
import { showViews } from '#lib/usecases/settings/saved-views.ts';
import { showUnits } from '#lib/usecases/units/show-units.ts';
import { readUnitQuery } from '#lib/usecases/units/unit-query.ts';
import { drop, save } from './actions.ts';

export const metadata: Metadata = { title: 'Units' };

const KINDS: Record<string, string> = { qa: 'Q&A', thread: 'thread', agent: 'agent' };
const TONES = { success: 'pass', failure: 'fail', partial: 'warn', unknown: 'neutral' } as const;

export default async function UnitsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const actor = await requireActor('unit.search');
  const query = readUnitQuery(await searchParams);
  const [{ rows, total, facets }, views] = await Promise.all([showUnits(actor, query), showViews(actor, 'units')]);
  return (
    <Page wide>
      <PageHeader
        title="Units"
        hint="What became of the logs: redacted, cut and tagged, one row for each piece that can become a training example."
      />
      <UnitTable
        rows={rows.map((row) => ({
          id: row.id,
          label: row.title,
          href: `/units/${row.id}`,
          cells: {
            title: (
              <span className="block truncate" dir="auto" translate="no">
                {row.title}
              </span>
            ),
            kind: KINDS[row.kind] ?? row.kind,
            level: row.level,
            domain: row.domain,
            lang: row.lang,
            outcome:
              row.outcome === 'unknown' ? (
                <span className="text-ink-3">unknown</span>
              ) : (
                <Badge tone={TONES[row.outcome as keyof typeof TONES] ?? 'neutral'} glyph>
                  {row.outcome}
                </Badge>
              ),
            tools: (
              <span className="block max-w-44 truncate text-ink-2">
                {row.tools.slice(0, 3).join(', ')}
                {row.tools.length > 3 ? ` +${row.tools.length - 3}` : ''}
              </span>
            ),
            events: count(row.events),
            calls: count(row.calls),
            tokens: count(row.tokens),
            spans: count(row.spans),
            suggested: count(row.suggested),
            source: row.sourceName,
            started: row.startedAt ? <Time at={row.startedAt.toISOString()} /> : '',
          },
        }))}
        total={total}
        facets={facets}
        views={views}
        onSave={save}
        onDrop={drop}
        empty={
          facets.length === 0 ? (
            <EmptyState title="No units yet" act={<ButtonLink href="/imports">Imports</ButtonLink>}>
              Units are cut from imported logs once those are redacted.
            </EmptyState>
          ) : (
            <EmptyState title="No unit fits this query" act={<ButtonLink href="/units">Drop all filters</ButtonLink>}>
              {query.q
                ? `Nothing holds these words${Object.keys(query).length > 0 ? ' under the filters set' : ''}. `
                : ''}
              Filters that remove too much stand as chips above the table.
            </EmptyState>
          )
        }
      />
    </Page>
  );
}
