/**
 * A gold unit goes draft -> proposed -> sealed. Whoever wrote it last cannot seal it; both score it by the rubric, neither
 * seeing the other's. A sealed version stays as it is: the next change begins the next version.
 */
import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { isFullRubric } from '#lib/core/review/verdict.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { lockGold } from '#lib/store/gold.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { findProject } from '#lib/store/projects.ts';
import { findUnit, findUnitRow } from '#lib/store/units.ts';
import { type Kept, keepMissed, maskMissed } from '../audit/mask-missed.ts';
import { permit, projectOf } from '../permit.ts';
import { GoldBody, Rubric } from './gold-body.ts';
import { machineOf } from './show-gold.ts';

export const GoldDraft = z.strictObject({
  unitId: z.string().min(1).max(200),
  /** Hash of the unit as it was read. */
  unitHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** When the draft at hand was last written; null when there was none. */
  stamp: z.iso.datetime().nullable(),
  body: GoldBody,
  rubric: Rubric,
  propose: z.boolean(),
});

/** @throws Problem not_found, text_changed, conflict, invalid */
export async function saveGold(
  actor: Actor,
  input: z.infer<typeof GoldDraft>,
): Promise<{ id: string; version: number; stamp: string }> {
  await permit(actor, 'gold.propose');
  const projectId = projectOf(actor);
  const { row, machine } = await machineOf(projectId, input.unitId);
  if (row.hash !== input.unitHash) throw new Problem('text_changed');
  if (input.propose && !isFullRubric(input.rubric)) throw new Problem('invalid', { fields: ['rubric'] });
  const eventIds = new Set(machine.kinds.map(({ eventId }) => eventId));
  if (!input.body.kinds.every(({ eventId }) => eventIds.has(eventId)))
    throw new Problem('invalid', { fields: ['kinds'] });
  const numbers = new Set(machine.spans.map(({ no }) => no));
  if (!input.body.wrong.every(({ no }) => numbers.has(no))) throw new Problem('invalid', { fields: ['wrong'] });
  return inTransaction(async (tx) => {
    const newest = await lockGold(tx, projectId, input.unitId);
    const open = newest && newest.state !== 'sealed' ? newest : null;
    if ((open?.updatedAt.toISOString() ?? null) !== input.stamp) throw new Problem('conflict');
    const personId = actor.personId!;
    const now = new Date();
    const written = {
      unitHash: row.hash,
      state: input.propose ? 'proposed' : 'draft',
      machine: machine as object,
      gold: input.body as object,
      rubric: { ...((open?.rubric ?? {}) as object), [personId]: input.rubric } as object,
      createdBy: personId,
      updatedAt: now,
    };
    const saved = open
      ? await tx.goldUnit.update({ where: { id: open.id }, data: written })
      : await tx.goldUnit.create({
          data: { ...written, projectId, unitId: input.unitId, version: (newest?.version ?? 0) + 1 },
        });
    await appendLedger(tx, actor, {
      action: input.propose ? 'gold.propose' : 'gold.draft',
      object: 'gold',
      objectId: saved.id,
      details: { unitId: input.unitId, version: saved.version },
    });
    return { id: saved.id, version: saved.version, stamp: saved.updatedAt.toISOString() };
  });
}

export const GoldRuling = z.strictObject({
  unitId: z.string().min(1).max(200),
  stamp: z.iso.datetime(),
  accept: z.boolean(),
  rubric: Rubric,
});

/** Seals what another proposed, or gives it back as a draft. @throws Problem not_found, conflict, not_proposer, text_changed, invalid */
export async function ruleGold(actor: Actor, input: z.infer<typeof GoldRuling>): Promise<void> {
  await permit(actor, 'gold.accept');
  const projectId = projectOf(actor);
  const { row } = await machineOf(projectId, input.unitId);
  const kept = input.accept ? await keepMissedOf(projectId, input) : [];
  await inTransaction(async (tx) => {
    const open = await lockGold(tx, projectId, input.unitId);
    if (!open) throw new Problem('not_found');
    if (open.state === 'sealed') throw new Problem('already_sealed');
    if (open.state !== 'proposed' || open.updatedAt.toISOString() !== input.stamp) throw new Problem('conflict');
    if (open.createdBy === actor.personId) throw new Problem('not_proposer');
    const now = new Date();
    if (!input.accept) {
      await tx.goldUnit.update({ where: { id: open.id }, data: { state: 'draft', updatedAt: now } });
    } else {
      if (!isFullRubric(input.rubric)) throw new Problem('invalid', { fields: ['rubric'] });
      if (open.unitHash !== row.hash) throw new Problem('text_changed');
      await tx.goldUnit.update({
        where: { id: open.id },
        data: {
          state: 'sealed',
          rubric: { ...(open.rubric as object), [actor.personId!]: input.rubric },
          sealedBy: actor.personId,
          sealedAt: now,
          updatedAt: now,
        },
      });
      await maskMissed(
        tx,
        { projectId, unitId: input.unitId, origin: `gold:${open.id}`, createdBy: actor.personId! },
        kept,
      );
    }
    await appendLedger(tx, actor, {
      action: 'gold.accept',
      object: 'gold',
      objectId: open.id,
      details: { unitId: input.unitId, version: open.version, accept: input.accept },
    });
  });
}

/** What two people agree was missed is sealed and masked like a miss of the audit. */
async function keepMissedOf(projectId: string, { unitId, stamp }: z.infer<typeof GoldRuling>): Promise<Kept[]> {
  const [row, unit, project, open] = await Promise.all([
    findUnitRow(projectId, unitId),
    findUnit(projectId, unitId),
    findProject(projectId),
    db().goldUnit.findFirst({ where: { projectId, unitId, state: 'proposed', updatedAt: new Date(stamp) } }),
  ]);
  const body = open && GoldBody.safeParse(open.gold).data;
  if (!row || !unit || !open || !body || open.unitHash !== row.hash) return [];
  return keepMissed({ projectId, projectSlug: project.slug, sourceId: row.sourceId }, unit, body.missed);
}
