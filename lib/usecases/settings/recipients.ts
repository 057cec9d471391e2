import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { permit, projectOf } from '../permit.ts';

export const NewRecipient = z.strictObject({
  name: z.string().trim().min(1).max(80),
  region: z.string().trim().min(1).max(40),
  purposes: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/))
    .min(1)
    .max(12),
  agreementDate: z.iso.date(),
  agreementExpires: z.iso.date(),
});
export type RecipientView = {
  id: string;
  name: string;
  region: string;
  purposes: string[];
  agreementDate: string;
  agreementExpires: string;
  isExpired: boolean;
};

/** Who a release may be made for. @throws Problem already_exists */
export async function addRecipient(actor: Actor, input: z.infer<typeof NewRecipient>): Promise<{ id: string }> {
  await permit(actor, 'recipient.manage');
  const projectId = projectOf(actor);
  return inTransaction(async (tx) => {
    if (await tx.recipient.findFirst({ where: { projectId, name: input.name } })) throw new Problem('already_exists');
    const row = await tx.recipient.create({
      data: {
        ...input,
        projectId,
        agreementDate: new Date(input.agreementDate),
        agreementExpires: new Date(input.agreementExpires),
        createdBy: actor.personId!,
      },
    });
    await appendLedger(tx, actor, { action: 'recipient.manage', object: 'recipient', objectId: row.id });
    return { id: row.id };
  });
}

export async function showRecipients(actor: Actor): Promise<RecipientView[]> {
  await permit(actor, 'recipient.read');
  const rows = await db().recipient.findMany({ where: { projectId: projectOf(actor) }, orderBy: { name: 'asc' } });
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    region: row.region,
    purposes: row.purposes,
    agreementDate: row.agreementDate.toISOString().slice(0, 10),
    agreementExpires: row.agreementExpires.toISOString().slice(0, 10),
    isExpired: row.agreementExpires.getTime() < Date.now(),
  }));
}
