import type { Metadata } from 'next';
import Link from 'next/link';
import { DataTable } from '#components/table/data-table.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count, percent } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { requireActor } from '#lib/http/require-actor.ts';
import { asSide, showClusters } from '#lib/usecases/clusters/show-clusters.ts';

export const metadata: Metadata = { title: 'Near-duplicates' };

export default async function ClustersPage({ searchParams }: { searchParams: Promise<{ side?: string }> }) {
  const actor = await requireActor('unit.read');
  const side = asSide((await searchParams).side);
  const { clusters, total, units, compared, waiting } = await showClusters(actor, side);
  const other = side === 'prompt' ? 'row' : 'prompt';
  return (
    <Page>
      <PageHeader
        above={<Link href="/coverage">Coverage</Link>}
        title="Near-duplicates"
        hint={
          side === 'prompt'
            ? 'Units in which people ask nearly the same. A cluster always stands on one side of the split.'
            : 'Units in which nearly the same is said from first to last.'
        }
        acts={
          <ButtonLink href={`/coverage/clusters?side=${other}`}>
            {other === 'row' ? 'Compare all that was said' : 'Compare what was asked'}
          </ButtonLink>
        }
      />
      <StatRow>
        <Stat label="Clusters of two and more" value={count(total)} />
        <Stat
          label="Units in them"
          value={count(units)}
          hint={compared > 0 ? `${percent(units / compared)} of ${count(compared)} compared` : undefined}
        />
        <Stat
          label="Not compared yet"
          value={count(waiting)}
          hint={waiting > 0 ? 'compared when their import closes' : 'every unit as it reads now'}
        />
      </StatRow>
      <Section
        title="Largest clusters"
        hint="Similarity of word runs of at least 0.7, masked values and numbers folded"
      >
        <DataTable
          label="Clusters of near-duplicates"
          total={clusters.length}
          columns={[
            { id: 'title', label: 'First member asks', width: 'rest', hideable: false },
            { id: 'size', label: 'Units', align: 'end', width: 'narrow' },
            { id: 'sets', label: 'Different texts', align: 'end', width: 'narrow' },
            { id: 'sources', label: 'Sources', align: 'end', width: 'narrow' },
          ]}
          rows={clusters.map(({ cluster, title, size, sets, sources }) => ({
            id: cluster,
            label: title,
            href: `/coverage/clusters/${encodeURIComponent(cluster)}?side=${side}`,
            cells: { title, size: count(size), sets: count(sets), sources: count(sources) },
          }))}
          empty={
            <EmptyState title={compared > 0 ? 'No two units are alike' : 'Nothing was compared yet'}>
              {compared > 0
                ? 'No unit shares 0.7 of its word runs with another one.'
                : 'Units are compared when their import closes, and again after they are masked again.'}
            </EmptyState>
          }
        />
      </Section>
    </Page>
  );
}
