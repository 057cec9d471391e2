import type { Metadata } from 'next';
import { LedgerCheck } from '#components/ledger/ledger-check.tsx';
import { DataTable } from '#components/table/data-table.tsx';
import { FilterMenu } from '#components/table/filters.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Code } from '#components/ui/code-block.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Page } from '#components/ui/page.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { Time } from '#components/ui/time.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showLedger } from '#lib/usecases/ledger/show-ledger.ts';
import { check } from './actions.ts';

export const metadata: Metadata = { title: 'Ledger' };

const whole = (text: string | undefined, fallback: number, max: number) =>
  Math.min(Math.max(Math.trunc(Number(text)) || fallback, 1), max);

export default async function LedgerPage({
  searchParams,
}: {
  searchParams: Promise<{ action?: string; page?: string; size?: string }>;
}) {
  const actor = await requireActor('ledger.read');
  const { action = '', page, size } = await searchParams;
  const { rows, total, actions } = await showLedger(actor, {
    action: action.split(',')[0]!.slice(0, 60),
    page: whole(page, 1, 100_000),
    size: whole(size, 50, 200),
  });
  return (
    <Page wide>
      <PageHeader
        title="Ledger"
        hint="Who saw, decided, approved and downloaded. Append-only; each entry is chained to the one before."
        acts={mayRole(actor.role, 'ledger.verify') && <LedgerCheck onCheck={check} />}
      />
      <DataTable
        label="Ledger entries"
        total={total}
        filters={<FilterMenu name="action" label="Act" options={actions.map((value) => ({ value, label: value }))} />}
        columns={[
          { id: 'seq', label: 'No.', align: 'end', width: 'narrow', hideable: false },
          { id: 'at', label: 'When' },
          { id: 'who', label: 'Who' },
          { id: 'action', label: 'Act' },
          { id: 'object', label: 'On', width: 'wide' },
          { id: 'outcome', label: 'Outcome', width: 'narrow' },
          { id: 'details', label: 'Details', width: 'rest' },
          { id: 'hash', label: 'Hash', width: 'narrow' },
        ]}
        rows={rows.map((row) => ({
          id: row.seq,
          label: `Entry ${row.seq}`,
          cells: {
            seq: row.seq,
            at: <Time at={row.at} />,
            who: row.who,
            action: row.action,
            object: (
              <span className="block truncate">
                {row.object} {row.objectId && <Code>{row.objectId}</Code>}
              </span>
            ),
            outcome: row.outcome === 'ok' ? 'ok' : <Badge tone="warn">{row.outcome}</Badge>,
            details: <span className="block truncate text-ink-2">{row.details}</span>,
            hash: <Code>{row.hash.slice(0, 8)}</Code>,
          },
        }))}
        empty={<EmptyState title="No entry fits">Nothing of this kind has happened yet.</EmptyState>}
      />
    </Page>
  );
}
