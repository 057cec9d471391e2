import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { permit, projectOf } from '../permit.ts';

export const NewView = z.strictObject({
  page: z.enum(['units', 'imports', 'jobs', 'ledger', 'quarantine', 'releases']),
  name: z.string().trim().min(1).max(60),
  query: z.string().max(1000),
});
export const ViewId = z.strictObject({ id: z.uuid() });

/** A named address of a list, one's own. */
export async function saveView(actor: Actor, input: z.infer<typeof NewView>): Promise<void> {
  await permit(actor, 'me.view');
  const key = { projectId: projectOf(actor), personId: actor.personId!, page: input.page, name: input.name };
  await inTransaction((tx) =>
    tx.savedView.upsert({
      where: { projectId_personId_page_name: key },
      create: { ...key, query: input.query },
      update: { query: input.query },
    }),
  );
}

export async function dropView(actor: Actor, input: z.infer<typeof ViewId>): Promise<void> {
  await permit(actor, 'me.view');
  await inTransaction((tx) =>
    tx.savedView.deleteMany({ where: { id: input.id, personId: actor.personId!, projectId: projectOf(actor) } }),
  );
}

export async function showViews(actor: Actor, page: string): Promise<{ id: string; name: string; query: string }[]> {
  await permit(actor, 'me.view');
  const rows = await db().savedView.findMany({
    where: { projectId: projectOf(actor), personId: actor.personId!, page },
    orderBy: { name: 'asc' },
  });
  return rows.map(({ id, name, query }) => ({ id, name, query }));
}
