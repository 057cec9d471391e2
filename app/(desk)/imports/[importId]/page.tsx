import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Account } from '#components/imports/account.tsx';
import { WorkState } from '#components/imports/import-state.tsx';
import { QuarantineTable } from '#components/imports/quarantine-table.tsx';
import { RunPanel } from '#components/imports/run-panel.tsx';
import { Banner } from '#components/ui/banner.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Code } from '#components/ui/code-block.tsx';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { bytes, count } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { Refresh } from '#components/ui/refresh.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { Time } from '#components/ui/time.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { orNotFound } from '#lib/http/or-not-found.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showImport, showQuarantine } from '#lib/usecases/imports/show-imports.ts';
import { showImportRun } from '#lib/usecases/jobs/show-runs.ts';
import { control } from '../actions.ts';

export const metadata: Metadata = { title: 'Import' };

const REASONS: Record<string, string> = {
  over_declared: 'More bytes arrived than were declared. Nothing was ingested; send the file again.',
  length_mismatch: 'Fewer bytes arrived than were declared. Nothing was ingested; send the file again.',
  read_again:
    'Nothing of it was understood at the time; the same bytes were sent again and stand as an import of their own.',
  hash_mismatch:
    'The bytes that arrived have another SHA-256 than declared. Nothing was ingested; send the file again.',
};

export default async function ImportPage({ params }: { params: Promise<{ importId: string }> }) {
  const actor = await requireActor('import.read');
  const { importId } = await params;
  const row = await orNotFound(showImport(actor, importId));
  if (!row) notFound();
  const mayRefused = mayRole(actor.role, 'quarantine.read');
  const [run, refused] = await Promise.all([
    row.runId ? showImportRun(actor, row.runId) : null,
    mayRefused && row.counts.quarantined > 0 ? showQuarantine(actor, { importId }) : null,
  ]);
  const isOpen = ['uploading', 'queued', 'running', 'blocked'].includes(row.state);
  return (
    <Page>
      <Refresh while={isOpen} />
      <PageHeader
        above={<Link href="/imports">Imports</Link>}
        title={row.filename}
        hint={
          <span className="flex items-center gap-2">
            <WorkState state={row.state} /> {row.sourceName} · <Time at={row.createdAt} />
          </span>
        }
        acts={
          row.units > 0 &&
          mayRole(actor.role, 'unit.search') && (
            <ButtonLink href={`/units?importId=${row.id}`}>Units of this file</ButtonLink>
          )
        }
      />
      {row.reason && (
        <Banner tone="fail" title={row.reason === 'read_again' ? 'Read again since' : 'Refused whole'}>
          {REASONS[row.reason] ?? row.reason}
        </Banner>
      )}
      <Section title="Account" hint="records = mapped + duplicates + quarantined">
        <Account counts={row.counts} quarantineHref="#quarantine" isFinal={row.state === 'done'} />
      </Section>
      {run && (
        <Section title="Work">
          <RunPanel run={run} onControl={mayRole(actor.role, 'job.control') ? control : undefined} />
        </Section>
      )}
      <Section title="What came of it">
        <StatRow>
          <Stat label="trajectories" value={count(row.trajectories)} />
          <Stat
            label="units"
            value={count(row.units)}
            href={mayRole(actor.role, 'unit.search') ? `/units?importId=${row.id}` : undefined}
          />
          <Stat label="events" value={count(row.events)} />
          <Stat label="format" value={row.adapter ?? 'not known yet'} />
        </StatRow>
        <DescriptionList
          facts={[
            { term: 'Size', value: `${bytes(row.sizeBytes)} (${count(row.sizeBytes)} bytes)` },
            { term: 'SHA-256', value: <Code>{row.sha256}</Code> },
          ]}
        />
      </Section>
      {mayRefused && (
        <div id="quarantine">
          <Section title="Quarantined" hint="Kept sealed, with reason and place; nothing of it was used">
            {refused ? (
              <QuarantineTable rows={refused.rows} byReason={refused.byReason} />
            ) : (
              <EmptyState title="Nothing refused">{`${count(row.counts.records)} of ${count(row.counts.records)} records understood.`}</EmptyState>
            )}
          </Section>
        </div>
      )}
    </Page>
  );
}
