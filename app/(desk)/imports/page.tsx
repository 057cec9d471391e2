import type { Metadata } from 'next';
import { WorkState } from '#components/imports/import-state.tsx';
import { ChangeTerms, SourceForm } from '#components/imports/source-form.tsx';
import { UploadBox } from '#components/imports/upload-box.tsx';
import { DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { bytes, count } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { Refresh } from '#components/ui/refresh.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { Time } from '#components/ui/time.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showImports } from '#lib/usecases/imports/show-imports.ts';
import { showSources } from '#lib/usecases/imports/sources.ts';
import { change, register } from './actions.ts';

export const metadata: Metadata = { title: 'Imports' };

export default async function ImportsPage() {
  const actor = await requireActor('import.read');
  const [imports, sources] = await Promise.all([showImports(actor), showSources(actor)]);
  const mayImport = mayRole(actor.role, 'import.create');
  const isRunning = imports.some(({ state }) => state === 'queued' || state === 'running' || state === 'uploading');
  return (
    <Page wide>
      <PageHeader
        title="Imports"
        hint="Logs come in by source. Every record is mapped, a duplicate, or quarantined with its reason and place."
        acts={mayImport && <SourceForm onRegister={register} isFirst={sources.length === 0} />}
      />
      <Refresh while={isRunning} />
      {mayImport && sources.length > 0 && <UploadBox sources={sources.map(({ id, name }) => ({ id, name }))} />}
      {sources.length === 0 ? (
        <EmptyState title="No source is registered yet">
          A source says who owns the logs, for which purposes and on which legal basis they may be used, and how long
          they are kept. {mayImport ? 'Register one to bring in a file.' : 'An operator registers it.'}
        </EmptyState>
      ) : (
        <>
          <Section title="Files">
            <DataTable
              label="Imports"
              total={imports.length}
              columns={[
                { id: 'file', label: 'File', width: 'rest', hideable: false },
                { id: 'state', label: 'State', width: 'narrow' },
                { id: 'source', label: 'Source' },
                { id: 'adapter', label: 'Format' },
                { id: 'size', label: 'Size', align: 'end', width: 'narrow' },
                { id: 'records', label: 'Records', align: 'end', width: 'narrow' },
                { id: 'mapped', label: 'Mapped', align: 'end', width: 'narrow' },
                { id: 'duplicates', label: 'Duplicates', align: 'end', width: 'narrow' },
                { id: 'quarantined', label: 'Quarantined', align: 'end', width: 'narrow' },
                { id: 'units', label: 'Units', align: 'end', width: 'narrow' },
                { id: 'at', label: 'Started' },
              ]}
              rows={imports.slice(0, 200).map((row) => ({
                id: row.id,
                label: row.filename,
                href: `/imports/${row.id}`,
                cells: {
                  file: row.filename,
                  state: <WorkState state={row.state} />,
                  source: row.sourceName,
                  adapter: row.adapter ?? '',
                  size: bytes(row.sizeBytes),
                  records: count(row.counts.records),
                  mapped: count(row.counts.mapped),
                  duplicates: count(row.counts.duplicates),
                  quarantined: count(row.counts.quarantined),
                  units: count(row.units),
                  at: <Time at={row.createdAt} />,
                },
              }))}
              empty={
                <EmptyState title="No file yet">
                  Choose a log file above: chat, RAG or agent logs in any of the known formats.
                </EmptyState>
              }
            />
          </Section>
          <Section title="Sources" hint="What was registered before the first byte">
            <ul className="flex flex-col">
              {sources.map((source) => (
                <li
                  key={source.id}
                  className="grid gap-x-6 gap-y-1 border-line border-b py-2 md:grid-cols-[14rem_1fr_1fr_auto_auto] md:items-center"
                >
                  <span className="font-medium">{source.name}</span>
                  <span className="text-ink-2">
                    {source.controller} · {source.legalBasis.replaceAll('_', ' ')} · {source.region}
                  </span>
                  <span className="text-ink-2">
                    for {source.purposes.join(', ')} · to {source.recipientsAllowed.join(', ') || 'nobody outside'}
                  </span>
                  <span className="text-ink-3">
                    raw {source.retentionRawDays} d · redacted {source.retentionRedactedDays} d ·{' '}
                    {count(source.imports)} files
                  </span>
                  {mayImport && <ChangeTerms source={source} onChange={change} />}
                </li>
              ))}
            </ul>
          </Section>
        </>
      )}
    </Page>
  );
}
