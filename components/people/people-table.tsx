'use client';
import { type FormEvent, useState } from 'react';
import { Badge } from '../ui/badge.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Select } from '../ui/input.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

type Person = { id: string; email: string; name: string; role: string | null; state: string };
type Role = 'reviewer' | 'curator' | 'lead' | 'operator' | 'admin' | 'auditor';
type ProjectRole = Exclude<Role, 'admin' | 'auditor'>;
const PROJECT_ROLES: ProjectRole[] = ['reviewer', 'curator', 'lead', 'operator'];
const ROLES: Role[] = [...PROJECT_ROLES, 'auditor', 'admin'];

type PeopleTableProps = {
  people: readonly Person[];
  me: string;
  mayChange: boolean;
  onInvite: (input: { email: string; role: Role }) => Promise<Answer<{ url: string; expiresAt: Date }>>;
  onState: (input: { personId: string; state: 'active' | 'disabled' }) => Promise<Answer<void>>;
  onRole: (input: { personId: string; role: ProjectRole }) => Promise<Answer<void>>;
};

export function PeopleTable({ people, me, mayChange, onInvite, onState, onRole }: PeopleTableProps) {
  const { run, isPending, fault } = useAct();
  return (
    <div className="flex flex-col gap-4">
      {mayChange && <InviteButton onInvite={onInvite} />}
      {fault && <Banner tone="fail" title={fault} live />}
      <table className="w-full">
        <thead>
          <tr className="border-line border-b text-left text-ink-2 text-label">
            <th className="py-1.5 font-medium">Name</th>
            <th className="font-medium">E-mail</th>
            <th className="font-medium">Role</th>
            <th className="font-medium">State</th>
            <th className="font-medium">
              <span className="sr-only">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => {
            const isSite = person.role === 'admin' || person.role === 'auditor';
            const isChangeable = mayChange && person.id !== me;
            return (
              <tr key={person.id} className="border-line border-b">
                <td className="h-10 font-medium">{person.name}</td>
                <td className="text-ink-2">{person.email}</td>
                <td>
                  {isChangeable && !isSite ? (
                    <Select
                      aria-label={`Role of ${person.name}`}
                      className="w-32"
                      value={person.role ?? ''}
                      disabled={isPending}
                      onChange={(event) =>
                        run(
                          () => onRole({ personId: person.id, role: event.target.value as ProjectRole }),
                          undefined,
                          'Role changed; their sessions ended',
                        )
                      }
                    >
                      {person.role === null && <option value="">none</option>}
                      {PROJECT_ROLES.map((role) => (
                        <option key={role}>{role}</option>
                      ))}
                    </Select>
                  ) : (
                    (person.role ?? 'none')
                  )}
                </td>
                <td>
                  <Badge tone={person.state === 'active' ? 'pass' : 'neutral'} glyph>
                    {person.state}
                  </Badge>
                </td>
                <td className="text-right">
                  {isChangeable && (
                    <Button
                      size="small"
                      tone="quiet"
                      disabled={isPending}
                      onClick={() =>
                        run(() =>
                          onState({ personId: person.id, state: person.state === 'active' ? 'disabled' : 'active' }),
                        )
                      }
                    >
                      {person.state === 'active' ? `Disable ${person.name}` : `Enable ${person.name}`}
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function InviteButton({ onInvite }: Pick<PeopleTableProps, 'onInvite'>) {
  const [isOpen, setIsOpen] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const { run, isPending, fault } = useAct();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    run(
      () => onInvite({ email: String(form.get('email')), role: String(form.get('role')) as Role }),
      ({ url }) => setLink(url),
    );
  }
  return (
    <div>
      <Button
        tone="primary"
        onClick={() => {
          setLink(null);
          setIsOpen(true);
        }}
      >
        Invite someone
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title="Invite someone"
        hint="You get a link for this mailbox and role. It works once, for 72 hours; Assay sends no mail."
        footer={
          link ? (
            <Button onClick={() => setIsOpen(false)}>Done</Button>
          ) : (
            <Button tone="primary" type="submit" form="invite-form" disabled={isPending}>
              Make the link
            </Button>
          )
        }
      >
        {link ? (
          <CodeBlock text={link} label="invitation link" />
        ) : (
          <form id="invite-form" onSubmit={submit} className="flex flex-col gap-4">
            {fault && <Banner tone="fail" title={fault} live />}
            <TextField label="E-mail" name="email" type="email" />
            <SelectField label="Role" name="role" defaultValue="reviewer">
              {ROLES.map((role) => (
                <option key={role}>{role}</option>
              ))}
            </SelectField>
          </form>
        )}
      </Dialog>
    </div>
  );
}
