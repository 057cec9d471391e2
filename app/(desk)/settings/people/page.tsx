import type { Metadata } from 'next';
import { PeopleTable } from '#components/people/people-table.tsx';
import { Page } from '#components/ui/page.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showPeople } from '#lib/usecases/people/manage-people.ts';
import { invite, setRole, setState } from './actions.ts';

export const metadata: Metadata = { title: 'People' };

export default async function PeoplePage() {
  const actor = await requireActor('person.read');
  const people = await showPeople(actor);
  return (
    <Page>
      <PageHeader
        title="People"
        hint={`One role each in ${actor.projectName || 'a project'}. A change of role or state ends their sessions at once.`}
      />
      <PeopleTable
        people={people}
        me={actor.personId ?? ''}
        mayChange={mayRole(actor.role, 'person.invite')}
        onInvite={invite}
        onState={setState}
        onRole={setRole}
      />
    </Page>
  );
}
