import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { EntryActs } from '#components/settings/entry-acts.tsx';
import { PreviewFigures } from '#components/settings/preview-figures.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Page } from '#components/ui/page.tsx';
import { Refresh } from '#components/ui/refresh.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { PII_TYPES, type PiiType } from '#lib/core/pii/taxonomy.ts';
import { mayRole } from '#lib/core/policy/access.ts';
import { orNotFound } from '#lib/http/or-not-found.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showEntry } from '#lib/usecases/dictionary/show-entry.ts';
import { decide, preview, undo } from '../actions.ts';

export const metadata: Metadata = { title: 'Dictionary entry' };

export default async function EntryPage({ params }: { params: Promise<{ entryId: string }> }) {
  const actor = await requireActor('dictionary.read');
  const { entryId } = await params;
  const entry = await orNotFound(showEntry(actor, entryId));
  if (!entry) notFound();
  const kind = PII_TYPES[entry.type as PiiType]?.label ?? entry.type;
  const what = entry.mode === 'pattern' ? 'pattern' : entry.action === 'keep' ? 'mask to release' : 'term';
  return (
    <Page>
      <Refresh everyMs={1000} while={entry.preview.state === 'counting'} />
      <PageHeader
        above={
          <Link href="/settings/dictionaries" className="hover:text-ink">
            Dictionaries
          </Link>
        }
        title={`A ${what}, ${kind}`}
        hint={
          entry.action === 'keep'
            ? 'Accepted, the text behind this mask is shown again where it stands.'
            : `Accepted, whatever it finds is masked in ${entry.scope === 'project' ? 'every unit' : 'its place'}, and what it touches is redacted again.`
        }
        acts={
          <EntryActs
            id={entry.id}
            state={entry.state}
            isOwn={entry.isOwn}
            mayDecide={mayRole(actor.role, 'dictionary.accept')}
            isCounting={entry.preview.state === 'counting'}
            onDecide={decide}
            onPreview={preview}
            onUndo={undo}
          />
        }
      />
      <p className="flex items-center gap-3 text-ink-2">
        <Badge tone={entry.state === 'accepted' ? 'pass' : entry.state === 'proposed' ? 'accent' : 'neutral'}>
          {entry.state}
        </Badge>
        {entry.scope === 'unit' ? 'one unit' : entry.scope === 'trajectory' ? 'one trajectory' : 'the whole project'}
        {entry.origin === 'audit' && ' · from an audit'}
      </p>
      {entry.preview.state === 'done' ? (
        <PreviewFigures of={entry.preview} isRelease={entry.action === 'keep'} />
      ) : (
        <EmptyState title={entry.preview.state === 'counting' ? 'Counting over the whole corpus' : 'Not counted yet'}>
          {entry.preview.state === 'counting'
            ? 'The page shows what it touches as soon as the job has looked everywhere.'
            : 'Preview counts every place it would touch, with twenty of them in their texts, before anybody accepts it.'}
        </EmptyState>
      )}
    </Page>
  );
}
