import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { applyTerms, lockSource, type SourceTerms } from '#lib/store/sources.ts';
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

/** What a source's logs may be used for, on which basis, by whom and how long. Retention in days. */
const Terms = z.strictObject({
  controller: z.string().trim().min(1).max(120),
  legalBasis: z.enum(LEGAL_BASES),
  purposes: z.array(Slug).min(1).max(12),
  region: z.string().trim().min(1).max(40),
  recipientsAllowed: z.array(z.string().trim().min(1).max(80)).max(40),
  retention: z.strictObject({ raw: z.int().min(1).max(3650), redacted: z.int().min(1).max(3650) }),
  consentRef: z.string().trim().max(200).optional(),
});

/** GDPR art. 30: nothing is accepted from a source that is not registered. */
export const NewSource = Terms.extend({
  name: z.string().trim().min(1).max(80),
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
  const { name, categories, maskPaths, keepPaths, ...terms } = input;
  const columns = columnsOf(terms);
  return inTransaction(async (tx) => {
    if (await tx.source.findFirst({ where: { projectId, name } })) throw new Problem('already_exists');
    const row = await tx.source.create({
      data: {
        ...columns,
        name,
        categories,
        maskPaths,
        keepPaths,
        projectId,
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

/** @throws Problem consent_ref_required */
function columnsOf({ retention, consentRef, ...terms }: z.infer<typeof Terms>) {
  if (terms.legalBasis === 'consent' && !consentRef) throw new Problem('consent_ref_required');
  return {
    ...terms,
    consentRef: consentRef ?? null,
    retentionRawDays: retention.raw,
    retentionRedactedDays: retention.redacted,
  };
}

export const ChangedTerms = Terms.extend({ sourceId: z.uuid() });

/**
 * Changes the terms of a source and of every unit that came from it; the ledger says which. How long raw text is
 * kept holds for later imports, because what is sealed already carries its own end.
 * @throws Problem not_found, consent_ref_required, conflict while an import of this source is running, whose units would
 *   be written under the terms that it began with
 */
export async function changeTerms(actor: Actor, input: z.infer<typeof ChangedTerms>): Promise<{ units: number }> {
  const projectId = projectOf(actor);
  const { sourceId, ...terms } = input;
  await permit(actor, 'source.manage', { objectId: sourceId });
  const columns = columnsOf(terms);
  return inTransaction(async (tx) => {
    const [before] = await lockSource(tx, projectId, sourceId);
    if (!before) throw new Problem('not_found');
    const running = await tx.import.count({ where: { sourceId, state: { in: ['queued', 'running'] } } });
    if (running > 0) throw new Problem('conflict');
    await tx.source.update({ where: { id: sourceId }, data: columns });
    const units = await applyTerms(tx, projectId, sourceId, columns);
    await appendLedger(tx, actor, {
      action: 'source.manage',
      object: 'source',
      objectId: sourceId,
      details: {
        changed: changedNames(before, columns),
        purposesBefore: before.purposes,
        purposesAfter: columns.purposes,
        units,
      },
    });
    return { units };
  });
}

const changedNames = (before: SourceTerms, after: SourceTerms): string[] =>
  (Object.keys(after) as (keyof SourceTerms)[]).filter((name) => String(before[name]) !== String(after[name]));

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
