/**
 * Freezes a frame and draws whom to read. Order is fixed: freeze, plan, seed, draw; the seed follows from the frame and
 * the head of the ledger, so nobody can shop for one. Drawn units keep the text they had, whatever is fixed meanwhile.
 */
import { z } from 'zod';
import { alphaOfAttempt } from '#lib/core/pii/audit/canary.ts';
import { drawRandom, drawSecond, drawSeed, drawStratified } from '#lib/core/pii/audit/draw.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { sha256 } from '#lib/core/trajectory/hash.ts';
import { addFrame, addPlan, frameCandidates, freezeUnits, ledgerHead, previousAttempts } from '#lib/store/audits.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { findProject } from '#lib/store/projects.ts';
import { addTasks, type NewTask } from '#lib/store/tasks.ts';
import { permit, projectOf } from '../permit.ts';

export const NewSample = z.strictObject({
  name: z.string().trim().min(1).max(80),
  sampleSize: z.int().min(1).max(5000),
  design: z.enum(['random', 'stratified']),
  purpose: z.string().max(40).optional(),
  importId: z.uuid().optional(),
});

export type DrawnSample = { planId: string; queueId: string; frameUnits: number; units: number; items: number };

/** @throws Problem invalid when no unit fits the filter */
export async function drawSample(actor: Actor, input: z.infer<typeof NewSample>): Promise<DrawnSample> {
  await permit(actor, 'queue.manage');
  const projectId = projectOf(actor);
  const project = await findProject(projectId);
  const filter = { purpose: input.purpose ?? null, importId: input.importId ?? null };
  return inTransaction(async (tx) => {
    const frame = await frameCandidates(tx, projectId, filter);
    if (frame.length === 0) throw new Problem('invalid', { fields: ['filter'] });
    const frameHash = sha256(frame.map((unit) => `${unit.unitId}\n${unit.unitHash}\n`).join(''));
    const seed = drawSeed(frameHash, await ledgerHead(tx));
    const n = Math.min(input.sampleSize, frame.length);
    const drawn = input.design === 'random' ? drawRandom(frame, n, seed) : drawStratified(frame, n, seed).drawn;
    const second = new Set(drawSecond(drawn, seed, project.doubleShare).map((unit) => unit.unitId));
    const hashOf = new Map(frame.map((unit) => [unit.unitId, unit.unitHash]));

    const attempt = (await previousAttempts(tx, projectId, input.name)) + 1;
    const frameId = await addFrame(tx, {
      projectId,
      name: input.name,
      filter,
      frameHash,
      units: frame,
      createdBy: actor.personId!,
    });
    const { planId, queueId } = await addPlan(tx, {
      projectId,
      frameId,
      name: input.name,
      attempt,
      design: input.design,
      sampleSize: drawn.length,
      alpha: alphaOfAttempt(attempt),
      seed,
      overlap: second.size > 0 ? 2 : 1,
      createdBy: actor.personId!,
    });
    const tasks: NewTask[] = drawn.flatMap((unit, position) => {
      const item = {
        subjectId: unit.unitId,
        subjectHash: hashOf.get(unit.unitId)!,
        design: unit.design,
        stratum: unit.stratum,
        pi: unit.pi,
        drawIndex: unit.drawIndex,
      };
      const first = { ...item, slot: 1, position };
      return second.has(unit.unitId) ? [first, { ...item, slot: 2, position: position + drawn.length }] : [first];
    });
    await addTasks(tx, projectId, queueId, tasks);
    await freezeUnits(
      tx,
      projectId,
      planId,
      drawn.map((unit) => unit.unitId),
    );
    await appendLedger(tx, actor, {
      action: 'audit.draw',
      object: 'queue',
      objectId: queueId,
      details: {
        frameHash,
        seed,
        frameUnits: frame.length,
        drawn: drawn.length,
        second: second.size,
        attempt,
        design: input.design,
      },
    });
    return { planId, queueId, frameUnits: frame.length, units: drawn.length, items: tasks.length };
  });
}
