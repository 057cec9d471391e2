import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { inTransaction } from '#lib/store/db.ts';
import { listProjectsOf } from '#lib/store/projects.ts';
import { permit } from '../permit.ts';

export async function showProjects(actor: Actor): Promise<{ id: string; name: string }[]> {
  await permit(actor, 'project.read');
  return (await listProjectsOf(actor.personId!)).map(({ id, name }) => ({ id, name }));
}

export const WorkIn = z.strictObject({ projectId: z.uuid() });

/** Changes the project of this session to another one of the person's. @throws Problem not_found */
export async function workInProject(actor: Actor, input: z.infer<typeof WorkIn>): Promise<void> {
  const projects = await showProjects(actor);
  if (!actor.sessionSha256 || !projects.some((project) => project.id === input.projectId))
    throw new Problem('not_found');
  const idSha256 = actor.sessionSha256;
  await inTransaction((tx) => tx.session.updateMany({ where: { idSha256 }, data: { projectId: input.projectId } }));
}
