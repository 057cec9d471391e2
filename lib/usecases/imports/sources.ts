import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { permit, projectOf } from '../permit.ts';

export const LEGAL_BASES = [
  'consent',
  'contract',
  'legal_obligation',
  'vital_interests',
  'public_task',
  'legitimate_interests',
] as const;
const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);

/** GDPR art. 30: nothing is accepted from a source that is not registered. Retention in days. */
export const NewSource = z.strictObject({
  name: z.string().trim().min(1).max(80),
  controller: z.string().trim().min(1).max(120),
  legalBasis: z.enum(LEGAL_BASES),
  purposes: z.array(Slug).min(1).max(12),
  region: z.string().trim().min(1).max(40),
  recipientsAllowed: z.array(z.string().trim().min(1).max(80)).max(40),
  retention: z.strictObject({ raw: z.int().min(1).max(3650), redacted: z.int().min(1).max(3650) }),
  consentRef: z.string().trim().max(200).optional(),
  categories: z.array(z.string().trim().min(1).max(60)).max(20).default([]),
  maskPaths: z.array(z.string().max(200)).max(100).default([]),
  keepPaths: z.array(z.string().max(200)).max(100).default([]),
});

/** @throws Problem consent_ref_required, already_exists */
export async function registerSource(
  actor: Actor,
  input: z.infer<typeof NewSource>,
): Promise<{ id: string; name: string }> {
  await permit(actor, 'source.manage');
  const projectId = projectOf(actor);
  if (input.legalBasis === 'consent' && !input.consentRef) throw new Problem('consent_ref_required');
  return inTransaction(async (tx) => {
    if (await tx.source.findFirst({ where: { projectId, name: input.name } })) throw new Problem('already_exists');
    const { retention, consentRef, ...rest } = input;
    const row = await tx.source.create({
      data: {
        ...rest,
        projectId,
        consentRef: consentRef ?? null,
        retentionRawDays: retention.raw,
        retentionRedactedDays: retention.redacted,
        createdBy: actor.personId ?? '00000000-0000-0000-0000-000000000000',
      },
    });
    await appendLedger(tx, actor, {
      action: 'source.manage',
      object: 'source',
      objectId: row.id,
      details: { legalBasis: input.legalBasis, purposes: input.purposes },
    });
    return { id: row.id, name: row.name };
  });
}

export type SourceView = {
  id: string;
  name: string;
  controller: string;
  legalBasis: string;
  purposes: string[];
  region: string;
  recipientsAllowed: string[];
  retentionRawDays: number;
  retentionRedactedDays: number;
  consentRef: string | null;
  imports: number;
};

export async function showSources(actor: Actor): Promise<SourceView[]> {
  await permit(actor, 'source.read');
  const projectId = projectOf(actor);
  const [rows, counts] = await Promise.all([
    db().source.findMany({ where: { projectId }, orderBy: { name: 'asc' } }),
    db().import.groupBy({ by: ['sourceId'], where: { projectId }, _count: { _all: true } }),
  ]);
  const imports = new Map(counts.map((row) => [row.sourceId, row._count._all]));
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    controller: row.controller,
    legalBasis: row.legalBasis,
    purposes: row.purposes,
    region: row.region,
    recipientsAllowed: row.recipientsAllowed,
    retentionRawDays: row.retentionRawDays,
    retentionRedactedDays: row.retentionRedactedDays,
    consentRef: row.consentRef,
    imports: imports.get(row.id) ?? 0,
  }));
}
