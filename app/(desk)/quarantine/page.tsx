import type { Metadata } from 'next';
import { QuarantineTable } from '#components/imports/quarantine-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Page } from '#components/ui/page.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { requireActor } from '#lib/http/require-actor.ts';
import { showQuarantine } from '#lib/usecases/imports/show-imports.ts';

export const metadata: Metadata = { title: 'Quarantine' };

export default async function QuarantinePage() {
  const actor = await requireActor('quarantine.read');
  const { rows, byReason } = await showQuarantine(actor, {});
  return (
    <Page>
      <PageHeader
        title="Quarantine"
        hint="Records that were refused: sealed in the vault, with reason, place and a redacted excerpt. Nothing of them is used."
      />
      {byReason.length === 0 ? (
        <EmptyState title="Nothing refused">Every record of every import was understood.</EmptyState>
      ) : (
        <QuarantineTable rows={rows} byReason={byReason} showFile />
      )}
    </Page>
  );
}
