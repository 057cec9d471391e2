import { z } from 'zod';
import { ROLES, type Role, SITE_ROLES } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { isPlainEmail } from '#lib/core/policy/email.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { hashPassword, isStrongPassword } from '#lib/store/password.ts';
import { addInvite, addPerson, findInvite, findPersonByEmail, setRole, takeInvite } from '#lib/store/people.ts';
import { permit } from '../permit.ts';

const LIFE_HOURS = 72;
const isSiteRole = (role: Role): boolean => (SITE_ROLES as readonly string[]).includes(role);

export const NewInvite = z.strictObject({ email: z.string().max(400), role: z.enum(ROLES) });

/** A link for one mailbox and one role, 72 hours, single use; its secret is stored as a hash. */
export async function invite(
  actor: Actor,
  input: z.infer<typeof NewInvite>,
  origin: string,
): Promise<{ url: string; expiresAt: Date }> {
  await permit(actor, 'person.invite');
  if (!isPlainEmail(input.email)) throw new Problem('bad_email');
  if (!isSiteRole(input.role) && actor.projectId === null) throw new Problem('not_found');
  const expiresAt = new Date(Date.now() + LIFE_HOURS * 3_600_000);
  const token = await inTransaction(async (tx) => {
    const secret = await addInvite(tx, {
      projectId: isSiteRole(input.role) ? null : actor.projectId,
      email: input.email,
      role: input.role,
      invitedBy: actor.personId!,
      expiresAt,
    });
    await appendLedger(tx, actor, { action: 'person.invite', object: 'person', details: { role: input.role } });
    return secret;
  });
  return { url: `${origin}/invite/${token}`, expiresAt };
}

export async function showInvite(token: string): Promise<{ email: string; role: string } | null> {
  const found = await findInvite(token);
  return found ? { email: found.email, role: found.role } : null;
}

export const AcceptedInvite = z.strictObject({
  token: z.string().min(1).max(200),
  name: z.string().trim().min(1).max(100),
  password: z.string().max(256),
});

/** @throws Problem link_used, weak_password, already_exists */
export async function acceptInvite(
  input: z.infer<typeof AcceptedInvite>,
): Promise<{ id: string; email: string; role: Role }> {
  const found = await findInvite(input.token);
  if (!found) throw new Problem('link_used');
  if (!isStrongPassword(input.password, found.email)) throw new Problem('weak_password');
  if (await findPersonByEmail(found.email)) throw new Problem('already_exists');
  const passwordHash = await hashPassword(input.password);
  return inTransaction(async (tx) => {
    const taken = await takeInvite(tx, input.token);
    if (!taken) throw new Problem('link_used');
    const role = taken.role as Role;
    const person = await addPerson(tx, {
      email: taken.email,
      name: input.name,
      passwordHash,
      siteRole: isSiteRole(role) ? role : undefined,
    });
    if (taken.projectId) await setRole(tx, taken.projectId, person.id, role);
    await appendLedger(tx, null, {
      action: 'invite.accept',
      object: 'person',
      objectId: person.id,
      projectId: taken.projectId,
      details: { role },
    });
    return { id: person.id, email: person.email, role };
  });
}
