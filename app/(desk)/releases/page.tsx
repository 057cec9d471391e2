import type { Metadata } from 'next';
import { ReleaseStateBadge } from '#components/releases/release-state.tsx';
import { DataTable } from '#components/table/data-table.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { Refresh } from '#components/ui/refresh.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { Time } from '#components/ui/time.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showReleases } from '#lib/usecases/releases/show-releases.ts';

export const metadata: Metadata = { title: 'Releases' };

export default async function ReleasesPage() {
  const actor = await requireActor('release.read');
  const releases = await showReleases(actor);
  const mayDraft = mayRole(actor.role, 'release.draft');
  return (
    <Page wide>
      <Refresh while={releases.some(({ state }) => state === 'building')} />
      <PageHeader
        title="Releases"
        hint="Frozen files for one purpose and one recipient: built by one, checked by gates, approved by others."
        acts={
          mayDraft && (
            <ButtonLink tone="primary" href="/releases/new">
              Draft a release
            </ButtonLink>
          )
        }
      />
      <DataTable
        label="Releases"
        total={releases.length}
        columns={[
          { id: 'number', label: 'No.', align: 'end', width: 'narrow' },
          { id: 'name', label: 'Name', width: 'rest', hideable: false },
          { id: 'state', label: 'State' },
          { id: 'purpose', label: 'Purpose', width: 'narrow' },
          { id: 'recipient', label: 'Recipient' },
          { id: 'rows', label: 'Rows', align: 'end', width: 'narrow' },
          { id: 'units', label: 'Units', align: 'end', width: 'narrow' },
          { id: 'built', label: 'Built' },
        ]}
        rows={releases.map((row) => ({
          id: row.id,
          label: row.name,
          href: `/releases/${row.id}`,
          cells: {
            number: row.number,
            name: row.name,
            state: <ReleaseStateBadge state={row.state} />,
            purpose: row.purpose,
            recipient: row.recipient,
            rows: row.rows === null ? '' : count(row.rows),
            units: row.units === null ? '' : count(row.units),
            built: row.builtAt ? <Time at={row.builtAt} /> : '',
          },
        }))}
        empty={
          <EmptyState title="No release yet">
            {mayDraft
              ? 'Draft one: say for what and for whom. The build then says what is still missing.'
              : 'A lead or curator drafts one.'}
          </EmptyState>
        }
      />
    </Page>
  );
}
