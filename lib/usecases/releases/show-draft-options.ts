import type { Actor } from '#lib/core/policy/actor.ts';
import { db } from '#lib/store/db.ts';
import { permit, projectOf } from '../permit.ts';
import { type RecipientView, showRecipients } from '../settings/recipients.ts';

export type DraftOptions = {
  recipients: (RecipientView & { allowedBy: string[] })[];
  imports: { id: string; label: string; units: number }[];
  sources: { name: string; purposes: string[]; recipientsAllowed: string[] }[];
  units: number;
  gold: number;
  pairs: number;
  sealedAudits: number;
};

/** What a draft may name, and what is still missing for one. */
export async function showDraftOptions(actor: Actor): Promise<DraftOptions> {
  await permit(actor, 'release.read');
  const projectId = projectOf(actor);
  const [recipients, imports, sources, units, gold, pairs, sealedAudits] = await Promise.all([
    showRecipients(actor),
    db().import.findMany({
      where: { projectId, state: 'done', units: { gt: 0 } },
      orderBy: { createdAt: 'desc' },
      take: 100,
      select: { id: true, filename: true, units: true },
    }),
    db().source.findMany({ where: { projectId }, orderBy: { name: 'asc' } }),
    db().unit.count({ where: { projectId, withdrawnAt: null, eligible: true } }),
    db().goldUnit.count({ where: { projectId, state: 'sealed' } }),
    db().pair.count({ where: { projectId, state: { in: ['candidate', 'labelled'] } } }),
    db().auditPlan.count({ where: { projectId, state: 'sealed' } }),
  ]);
  return {
    recipients: recipients.map((row) => ({
      ...row,
      allowedBy: sources.filter((source) => source.recipientsAllowed.includes(row.name)).map((source) => source.name),
    })),
    imports: imports.map((row) => ({ id: row.id, label: row.filename, units: row.units })),
    sources: sources.map(({ name, purposes, recipientsAllowed }) => ({ name, purposes, recipientsAllowed })),
    units,
    gold,
    pairs,
    sealedAudits,
  };
}
