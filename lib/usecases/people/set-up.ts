import { z } from 'zod';
import { isPlainEmail } from '#lib/core/policy/email.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { hashPassword, isStrongPassword } from '#lib/store/password.ts';
import { addPerson, countPeople, lockSetup, replaceBootstrapToken, takeBootstrapToken } from '#lib/store/people.ts';
import { addProject } from '#lib/store/projects.ts';

const LIFE_MINUTES = 15;

export const FirstAdmin = z.strictObject({
  token: z.string().min(1).max(200),
  email: z.string().max(320),
  name: z.string().trim().min(1).max(100),
  password: z.string().max(256),
  project: z.string().trim().min(1).max(60).optional(),
});

export const isSetUp = async (): Promise<boolean> => (await countPeople()) > 0;

/** Called at start while nobody exists. Earlier tokens end. @returns null once a person exists */
export async function makeBootstrapToken(): Promise<{ token: string; expiresAt: Date } | null> {
  if (await isSetUp()) return null;
  const expiresAt = new Date(Date.now() + LIFE_MINUTES * 60_000);
  return { token: await inTransaction((tx) => replaceBootstrapToken(tx, expiresAt)), expiresAt };
}

/**
 * Makes the first admin and the first project. A weak password or bad address does not use up the token.
 * @throws Problem not_found once a person exists, bad_email, weak_password, link_used
 */
export async function setUp(input: z.infer<typeof FirstAdmin>): Promise<{ id: string; email: string; role: 'admin' }> {
  if (await isSetUp()) throw new Problem('not_found');
  if (!isPlainEmail(input.email)) throw new Problem('bad_email');
  if (!isStrongPassword(input.password, input.email)) throw new Problem('weak_password');
  const passwordHash = await hashPassword(input.password);
  return inTransaction(async (tx) => {
    await lockSetup(tx);
    if ((await tx.person.count()) > 0) throw new Problem('not_found');
    if (!(await takeBootstrapToken(tx, input.token))) throw new Problem('link_used');
    const person = await addPerson(tx, {
      email: input.email,
      name: input.name,
      passwordHash,
      siteRole: 'admin',
      isFirstAdmin: true,
    });
    const project = await addProject(tx, { name: input.project ?? 'First project' });
    await appendLedger(tx, null, { action: 'setup', object: 'person', objectId: person.id, projectId: project.id });
    return { id: person.id, email: person.email, role: 'admin' as const };
  });
}
