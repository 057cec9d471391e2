import type { Metadata } from 'next';
import { QuarantineDesk } from '#components/imports/quarantine-desk.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Page } from '#components/ui/page.tsx';
import { Refresh } from '#components/ui/refresh.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showMappings } from '#lib/usecases/imports/mappings.ts';
import { DeskFilter, showQuarantineDesk } from '#lib/usecases/imports/show-quarantine-desk.ts';
import { retry } from './actions.ts';

export const metadata: Metadata = { title: 'Quarantine' };

type Query = { [name: string]: string | string[] | undefined };

export default async function QuarantinePage({ searchParams }: { searchParams: Promise<Query> }) {
  const actor = await requireActor('quarantine.read');
  const { reason, source } = await searchParams;
  const filter = DeskFilter.safeParse({ reason, sourceId: source }).data ?? {};
  const [{ groups, rows }, mappings] = await Promise.all([showQuarantineDesk(actor, filter), showMappings(actor)]);
  const chosen = groups.find((group) => group.reason === filter.reason && group.sourceId === filter.sourceId) ?? null;
  return (
    <Page wide>
      <Refresh while={groups.some(({ reading }) => reading > 0)} />
      <PageHeader
        title="Quarantine"
        hint="Records that were refused: sealed in the vault, with reason, place and a redacted excerpt. Nothing of them is used."
      />
      {groups.length === 0 ? (
        <EmptyState title="Nothing refused">Every record of every import was understood.</EmptyState>
      ) : (
        <QuarantineDesk
          groups={groups}
          chosen={chosen}
          rows={rows}
          mappings={mappings.map(({ id, name, version }) => ({ id, label: `${name} @${version}` }))}
          onRetry={mayRole(actor.role, 'quarantine.retry') ? retry : undefined}
        />
      )}
    </Page>
  );
}
