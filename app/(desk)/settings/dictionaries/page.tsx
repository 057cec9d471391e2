import type { Metadata } from 'next';
import { DictionaryTable, ProposeDialog } from '#components/settings/dictionary-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showDictionary } from '#lib/usecases/settings/dictionary.ts';
import { decide, propose } from './actions.ts';

export const metadata: Metadata = { title: 'Dictionaries' };

export default async function DictionariesPage() {
  const actor = await requireActor('dictionary.read');
  const { entries, version } = await showDictionary(actor);
  const waiting = entries.filter(({ state }) => state === 'proposed').length;
  return (
    <Page wide>
      <PageHeader
        title="Dictionaries"
        hint={`What this project always masks. Version ${count(version)}; ${count(waiting)} proposed. Terms themselves stay in the vault. Open one to see what it touches.`}
        acts={mayRole(actor.role, 'dictionary.propose') && <ProposeDialog onPropose={propose} />}
      />
      {entries.length === 0 ? (
        <EmptyState title="No term yet">
          Terms come from audits, where a reader marks what was missed, or are proposed here: project names, code names,
          customers.
        </EmptyState>
      ) : (
        <DictionaryTable entries={entries} mayDecide={mayRole(actor.role, 'dictionary.accept')} onDecide={decide} />
      )}
    </Page>
  );
}
