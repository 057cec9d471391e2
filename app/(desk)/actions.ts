'use server';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { action } from '#lib/http/action.ts';
import { cookieName } from '#lib/http/identity.ts';
import { signOut } from '#lib/usecases/people/sign-in.ts';
import { WorkIn, workInProject } from '#lib/usecases/people/work-in.ts';

const change = action('work-in', WorkIn, workInProject);
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
