import { z } from 'zod';
import { PROJECT_ROLES, type Role } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { listPeople, setRole } from '#lib/store/people.ts';
import { revokeSessionsOf } from '#lib/store/session.ts';
import { permit, projectOf } from '../permit.ts';

export type PersonRow = { id: string; email: string; name: string; role: Role | null; state: string };

export async function showPeople(actor: Actor): Promise<PersonRow[]> {
  await permit(actor, 'person.read');
  const people = await listPeople(actor.projectId);
  return people.map((person) => ({
    id: person.id,
    email: person.email,
    name: person.name,
    role: (person.memberships[0]?.role ?? person.siteRole) as Role | null,
    state: person.state,
  }));
}

export const PersonChange = z.strictObject({ personId: z.uuid(), state: z.enum(['active', 'disabled']) });

/** Ends every session of a disabled person at once. Nobody disables themselves. */
export async function changePersonState(actor: Actor, input: z.infer<typeof PersonChange>): Promise<void> {
  await permit(actor, 'person.disable');
  if (input.personId === actor.personId) throw new Problem('forbidden');
  await inTransaction(async (tx) => {
    const changed = await tx.person.updateMany({ where: { id: input.personId }, data: { state: input.state } });
    if (changed.count === 0) throw new Problem('not_found');
    await revokeSessionsOf(tx, input.personId);
    await appendLedger(tx, actor, {
      action: 'person.disable',
      object: 'person',
      objectId: input.personId,
      details: { state: input.state },
    });
  });
}

export const RoleChange = z.strictObject({ personId: z.uuid(), role: z.enum(PROJECT_ROLES) });

/** A person has one role in a project; a change ends their sessions. Never one's own. */
export async function changeRole(actor: Actor, input: z.infer<typeof RoleChange>): Promise<void> {
  await permit(actor, 'person.role');
  if (input.personId === actor.personId) throw new Problem('forbidden');
  const projectId = projectOf(actor);
  await inTransaction(async (tx) => {
    const person = await tx.person.findUnique({ where: { id: input.personId } });
    if (!person) throw new Problem('not_found');
    await setRole(tx, projectId, input.personId, input.role);
    await revokeSessionsOf(tx, input.personId);
    await appendLedger(tx, actor, {
      action: 'person.role',
      object: 'person',
      objectId: input.personId,
      details: { role: input.role },
    });
  });
}
