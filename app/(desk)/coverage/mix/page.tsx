import type { Metadata } from 'next';
import Link from 'next/link';
import { HeatMatrix } from '#components/charts/heat-matrix.tsx';
import { DiversityFigures } from '#components/coverage/diversity-figures.tsx';
import { ReleaseMix } from '#components/coverage/release-mix.tsx';
import { Trend } from '#components/coverage/trend.tsx';
import { unitsHref } from '#components/coverage/unit-links.ts';
import { DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count, percent } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { requireActor } from '#lib/http/require-actor.ts';
import { asAxis, LEAST_IN_CELL, MAP_AXES, showMix, TABLE_AXES } from '#lib/usecases/coverage/show-mix.ts';

export const metadata: Metadata = { title: 'The mix' };

type Params = { row?: string; column?: string; release?: string };

export default async function MixPage({ searchParams }: { searchParams: Promise<Params> }) {
  const actor = await requireActor('coverage.read');
  const { release: releaseId, ...asked } = await searchParams;
  const [row, column] = [asAxis(asked.row, 'level'), asAxis(asked.column, 'tool')];
  const view = await showMix(actor, { row, column, ...(releaseId === undefined ? {} : { releaseId }) });
  const href = (more: Partial<Params>) =>
    `/coverage/mix?${new URLSearchParams({ row, column, ...(releaseId === undefined ? {} : { release: releaseId }), ...more })}`;
  const picker = (name: 'row' | 'column', now: string) => (
    <nav aria-label={name === 'row' ? 'Rows of the map' : 'Columns of the map'} className="flex flex-wrap gap-x-3">
      <span className="text-ink-3">{name === 'row' ? 'down' : 'across'}:</span>
      {MAP_AXES.map((axis) => (
        <Link
          key={axis}
          href={href({ [name]: axis })}
          aria-current={axis === now ? 'true' : undefined}
          className={axis === now ? 'font-semibold text-accent' : 'hover:text-accent hover:underline'}
        >
          {axis}
        </Link>
      ))}
    </nav>
  );
  const states = new Map(
    view.map.states.map((state) => [`${state.target.at[row]}\t${state.target.at[column]}`, state]),
  );
  return (
    <Page wide>
      <PageHeader
        above={<Link href="/coverage">Coverage</Link>}
        title="The mix"
        hint="Any two axes as a map, all five as a table, production beside a release, and how it moved."
      />
      {view.rows === 0 ? (
        <EmptyState title="No unit yet">The mix counts the units of all imports.</EmptyState>
      ) : (
        <>
          <Section
            title={`${row} by ${column}`}
            hint="Counts; a cell opens its units. Targets on these two axes are marked"
          >
            <div className="flex flex-col gap-1">
              {picker('row', row)}
              {picker('column', column)}
            </div>
            <HeatMatrix
              label={`Units by ${row} and ${column}`}
              corner={`${row} by ${column}`}
              rows={view.map.rows.map((id) => ({ id, label: id }))}
              columns={view.map.columns.map((id) => ({ id, label: id }))}
              cells={view.map.cells.map((cell) => {
                const state = states.get(`${cell.at[row]}\t${cell.at[column]}`);
                return {
                  row: cell.at[row]!,
                  column: cell.at[column]!,
                  value: cell.rows,
                  text: count(cell.rows),
                  hint: state && state.missing > 0 ? `−${count(state.missing)}` : percent(cell.share),
                  ...(state ? { tone: state.state === 'under' ? ('fail' as const) : ('pass' as const) } : {}),
                  href: unitsHref(cell.at) ?? undefined,
                };
              })}
            />
          </Section>
          <Section
            title="Every cell"
            hint={`${count(view.table.total)} cells hold a unit, ${count(view.table.thin)} of them fewer than ${LEAST_IN_CELL}; a unit stands in the cell of each tool it calls`}
          >
            <DataTable
              label={`Units by ${TABLE_AXES.join(', ')}`}
              total={view.table.cells.length}
              columns={[
                ...TABLE_AXES.map((axis) => ({
                  id: axis,
                  label: axis,
                  width: 'normal' as const,
                  hideable: axis !== 'level',
                })),
                { id: 'rows', label: 'Units', align: 'end', width: 'narrow' },
                { id: 'share', label: 'Share', align: 'end', width: 'narrow' },
                { id: 'tokens', label: 'Tokens', align: 'end', width: 'narrow' },
                { id: 'thin', label: 'Under the least', width: 'narrow' },
              ]}
              rows={view.table.cells.map((cell) => ({
                id: TABLE_AXES.map((axis) => cell.at[axis]).join('\t'),
                label: TABLE_AXES.map((axis) => cell.at[axis]).join(', '),
                href: unitsHref(cell.at) ?? undefined,
                cells: {
                  ...Object.fromEntries(TABLE_AXES.map((axis) => [axis, cell.at[axis]])),
                  rows: count(cell.rows),
                  share: percent(cell.share),
                  tokens: count(cell.tokens),
                  thin: cell.rows < LEAST_IN_CELL ? <Badge tone="warn">thin</Badge> : '',
                },
              }))}
              empty={<EmptyState title="No cell">Nothing to count.</EmptyState>}
            />
          </Section>
          {view.diversity && (
            <Section
              title="Diversity"
              hint={`On ${count(view.diversity.sampled)} units in an order that nobody chose; compare samples of one size`}
            >
              <DiversityFigures diversity={view.diversity} />
            </Section>
          )}
          <Section title="Production beside a release" hint="Shares of units; where they differ most first">
            {view.release ? (
              <ReleaseMix
                release={view.release}
                releases={view.releases}
                hrefOf={Object.fromEntries(view.releases.map(({ id }) => [id, href({ release: id })]))}
              />
            ) : (
              <EmptyState title="No release was built">Its mix then stands beside that of production.</EmptyState>
            )}
          </Section>
          <Section
            title="Import by import"
            hint="How far each one lies from all that came before: 0 the same mix, 1 nothing in common"
          >
            <Trend points={view.trend} />
          </Section>
        </>
      )}
    </Page>
  );
}
