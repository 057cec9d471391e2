'use server';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { action } from '#lib/http/action.ts';
import { cookieName, seenAsOf } from '#lib/http/identity.ts';
import { Confirm, confirmPerson, signOut } from '#lib/usecases/people/sign-in.ts';
import { WorkIn, workInProject } from '#lib/usecases/people/work-in.ts';

const change = action('work-in', WorkIn, workInProject);
export const confirm = action('confirm', Confirm, async (actor, input) => {
  const given = await headers();
  return confirmPerson(
    actor,
    input,
    seenAsOf((name) => given.get(name)),
  );
});
const end = action('sign-out', z.strictObject({}), (actor) => signOut(actor));

export async function workIn(projectId: string): Promise<void> {
  await change({ projectId });
  redirect('/');
}

export async function leave(): Promise<void> {
  await end({});
  (await cookies()).delete(cookieName());
  redirect('/sign-in');
}
