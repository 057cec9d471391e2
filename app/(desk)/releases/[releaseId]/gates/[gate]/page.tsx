import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { WaiveButton } from '#components/releases/release-acts.tsx';
import { GATE_NAMES, GateMark } from '#components/releases/release-state.tsx';
import { DataTable } from '#components/table/data-table.tsx';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Page } from '#components/ui/page.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { orNotFound } from '#lib/http/or-not-found.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showGate } from '#lib/usecases/releases/show-releases.ts';
import { waive } from '../../../actions.ts';

export const metadata: Metadata = { title: 'Gate' };

function hrefOf(actor: Actor, row: { refKind: string; refId: string }): string | undefined {
  if (row.refKind === 'unit' && mayRole(actor.role, 'unit.read')) return `/units/${row.refId}`;
  if (row.refKind === 'pair' && mayRole(actor.role, 'pair.read')) return `/pairs/render/${row.refId}`;
  if (row.refKind === 'plan' && mayRole(actor.role, 'quality.read')) return `/quality#${row.refId}`;
  return undefined;
}

export default async function GatePage({ params }: { params: Promise<{ releaseId: string; gate: string }> }) {
  const actor = await requireActor('release.read');
  const { releaseId, gate: name } = await params;
  const sheet = await orNotFound(showGate(actor, releaseId, name));
  if (!sheet) notFound();
  const { gate, rows, release } = sheet;
  return (
    <Page>
      <PageHeader
        above={
          <Link href={`/releases/${release.id}`}>
            {release.number}. {release.name}
          </Link>
        }
        title={GATE_NAMES[gate.gate] ?? gate.gate}
        hint={
          <span className="flex items-center gap-2">
            <GateMark state={gate.state} wordy /> {gate.rule}
          </span>
        }
        acts={
          gate.isWaivable &&
          gate.state === 'fail' &&
          mayRole(actor.role, 'release.approve') && (
            <WaiveButton releaseId={release.id} gate={gate.gate} onWaive={waive} />
          )
        }
      />
      <DescriptionList
        facts={[
          { term: 'Found', value: gate.value },
          { term: 'Limit', value: gate.limit },
          { term: 'Waiver', value: gate.isWaivable ? 'with a written reason' : 'none: it cannot be waived' },
        ]}
      />
      <DataTable
        label="Rows of this gate"
        total={rows.length}
        columns={[
          { id: 'ref', label: 'What', width: 'rest', hideable: false },
          { id: 'code', label: 'Why', width: 'wide' },
          { id: 'detail', label: 'Where', width: 'wide' },
        ]}
        rows={rows.map((row, at) => ({
          id: String(at),
          label: row.refId,
          href: hrefOf(actor, row),
          cells: {
            ref: `${row.refKind === 'plan' ? 'audit' : row.refKind} ${row.refId}`,
            code: row.code.replaceAll('_', ' '),
            detail: row.detail,
          },
        }))}
        empty={<EmptyState title="No rows">This gate found nothing to show.</EmptyState>}
      />
    </Page>
  );
}
