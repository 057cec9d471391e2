import { z } from 'zod';
import { patternFault } from '#lib/core/pii/patterns.ts';
import { PII_TYPE_NAMES } from '#lib/core/pii/taxonomy.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { raiseDictVersion } from '#lib/store/dictionaries.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { findProject } from '#lib/store/projects.ts';
import { keepValue } from '#lib/store/vault.ts';
import { redactAgain } from '../audit/mask-missed.ts';
import { startPreview } from '../dictionary/preview-entry.ts';
import { permit, projectOf } from '../permit.ts';

export type EntryView = {
  id: string;
  type: string;
  mode: string;
  action: string;
  scope: string;
  state: string;
  version: number;
  origin: string;
  createdBy: string;
  createdAt: string;
  /** Units that hold a placeholder of this entity now. */
  units: number;
  isOwn: boolean;
};

/** Entries without their values: those stay in the vault. */
export async function showDictionary(actor: Actor): Promise<{ entries: EntryView[]; version: number }> {
  await permit(actor, 'dictionary.read');
  const projectId = projectOf(actor);
  const [rows, project] = await Promise.all([
    db().dictionaryEntry.findMany({ where: { projectId }, orderBy: { createdAt: 'desc' }, take: 500 }),
    findProject(projectId),
  ]);
  const counts = await db().placeholder.groupBy({
    by: ['entity'],
    where: { projectId, entity: { in: rows.map((row) => row.entity) } },
    _count: { _all: true },
  });
  const people = await db().person.findMany({
    where: { id: { in: rows.map((row) => row.createdBy) } },
    select: { id: true, name: true },
  });
  const units = new Map(counts.map((row) => [row.entity, row._count._all]));
  const names = new Map(people.map((row) => [row.id, row.name]));
  return {
    version: project.dictVersion,
    entries: rows.map((row) => ({
      id: row.id,
      type: row.type,
      mode: row.mode,
      action: row.action,
      scope: row.scope,
      state: row.state,
      version: row.version,
      origin: row.origin.split(':')[0]!,
      createdBy: names.get(row.createdBy) ?? '',
      createdAt: row.createdAt.toISOString(),
      units: units.get(row.entity) ?? 0,
      isOwn: row.createdBy === actor.personId,
    })),
  };
}

export const NewEntry = z.strictObject({
  value: z.string().trim().min(2).max(200),
  type: z.enum(PII_TYPE_NAMES as [string, ...string[]]),
  mode: z.enum(['exact', 'folded', 'word', 'pattern']).default('word'),
});

/** Proposes a term or a pattern and counts what it would touch; its value goes to the vault at once and is not shown again. Someone
 * else accepts it. @throws Problem invalid for a pattern that RE2 refuses or that cuts words apart */
export async function proposeEntry(actor: Actor, input: z.infer<typeof NewEntry>): Promise<{ id: string }> {
  await permit(actor, 'dictionary.propose');
  const projectId = projectOf(actor);
  const fault = input.mode === 'pattern' ? patternFault(input.value) : null;
  if (fault) throw new Problem('invalid', { fields: ['value'], fault });
  const [project, source] = await Promise.all([
    findProject(projectId),
    db().source.findFirst({ where: { projectId }, orderBy: { createdAt: 'asc' } }),
  ]);
  if (!source) throw new Problem('source_missing');
  const id = crypto.randomUUID();
  const { entity } = await keepValue({
    projectId,
    projectSlug: project.slug,
    sourceId: source.id,
    type: input.type,
    value: input.value,
    entryId: id,
  });
  return inTransaction(async (tx) => {
    await tx.dictionaryEntry.create({
      data: {
        id,
        projectId,
        type: input.type,
        mode: input.mode,
        entity,
        state: 'proposed',
        version: project.dictVersion,
        origin: 'person',
        createdBy: actor.personId!,
      },
    });
    await appendLedger(tx, actor, {
      action: 'dictionary.propose',
      object: 'dictionary',
      objectId: id,
      details: { type: input.type },
    });
    await startPreview(tx, projectId, id, actor.personId);
    return { id };
  });
}

export const EntryDecision = z.strictObject({ id: z.uuid(), accept: z.boolean() });

/** Accepts or refuses a proposal and redacts again what it touches. @throws Problem not_proposer, not_found */
export async function decideEntry(actor: Actor, input: z.infer<typeof EntryDecision>): Promise<void> {
  await permit(actor, 'dictionary.accept');
  const projectId = projectOf(actor);
  await inTransaction(async (tx) => {
    const entry = await tx.dictionaryEntry.findFirst({ where: { id: input.id, projectId, state: 'proposed' } });
    if (!entry) throw new Problem('not_found');
    if (entry.createdBy === actor.personId) throw new Problem('not_proposer');
    if (!input.accept) {
      await tx.dictionaryEntry.update({
        where: { id: entry.id },
        data: { state: 'refused', acceptedBy: actor.personId },
      });
    } else {
      const version = await raiseDictVersion(tx, projectId);
      await tx.dictionaryEntry.update({
        where: { id: entry.id },
        data: { state: 'accepted', acceptedBy: actor.personId, version },
      });
      if (entry.scopeId)
        await tx.$executeRaw`UPDATE trajectory SET redact_due = ${version} WHERE project_id = ${projectId}::uuid
          AND id IN (SELECT trajectory_id FROM unit WHERE project_id = ${projectId}::uuid AND id = ${entry.scopeId})`;
      await redactAgain(tx, projectId, version, actor.personId);
    }
    await appendLedger(tx, actor, {
      action: 'dictionary.accept',
      object: 'dictionary',
      objectId: entry.id,
      details: { accept: input.accept },
    });
  });
}
