import type { Metadata } from 'next';
import Link from 'next/link';
import { MappingDesk } from '#components/imports/mapping-desk.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Page } from '#components/ui/page.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showMappingGround, showMappings } from '#lib/usecases/imports/mappings.ts';
import { DeskFilter } from '#lib/usecases/imports/show-quarantine-desk.ts';
import { preview, retry, save } from '../actions.ts';

export const metadata: Metadata = { title: 'Map refused records' };

type Query = { [name: string]: string | string[] | undefined };

export default async function MappingPage({ searchParams }: { searchParams: Promise<Query> }) {
  const actor = await requireActor('mapping.edit');
  const { reason, source } = await searchParams;
  const of = DeskFilter.safeParse({ reason, sourceId: source }).data ?? {};
  const [ground, mappings] = await Promise.all([showMappingGround(actor, of), showMappings(actor)]);
  return (
    <Page wide>
      <PageHeader
        above={<Link href="/quarantine">Quarantine</Link>}
        title="Map refused records"
        hint="On the first hundred, masked. Say what each field is; what you leave is kept beside and never trained on."
      />
      {ground.kind === 'none' ? (
        <EmptyState title="Nothing to map">
          No sample of such records is kept: they are of another reason, too large, or came in before samples were kept.
        </EmptyState>
      ) : (
        <MappingDesk
          ground={{ ...ground, kind: ground.kind }}
          of={of}
          saved={mappings.map(({ id, name, version, body }) => ({ id, name, version, body }))}
          onPreview={preview}
          onSave={save}
          onRetry={mayRole(actor.role, 'quarantine.retry') ? retry : undefined}
        />
      )}
    </Page>
  );
}
