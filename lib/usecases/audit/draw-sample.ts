/**
 * Freezes a frame and draws whom to read. Order is fixed: freeze, plan, seed, draw; the seed follows from the frame and
 * the head of the ledger, so nobody can shop for one. Drawn units keep the text they had, whatever is fixed meanwhile.
 */
import { z } from 'zod';
import { alphaOfAttempt } from '#lib/core/pii/audit/canary.ts';
import { drawCarriers, drawRandom, drawSecond, drawSeed, drawStratified } from '#lib/core/pii/audit/draw.ts';
import { type Planted, plantCanary } from '#lib/core/pii/audit/plant.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { keyedShare } from '#lib/core/stats/random.ts';
import { sha256 } from '#lib/core/trajectory/hash.ts';
import {
  addCanaries,
  addFrame,
  addPlan,
  frameCandidates,
  freezeCopy,
  freezeUnits,
  ledgerHead,
  previousAttempts,
} from '#lib/store/audits.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { findProject } from '#lib/store/projects.ts';
import { addTasks, type NewTask } from '#lib/store/tasks.ts';
import { findUnits, writtenUnit } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';

export const NewSample = z.strictObject({
  name: z.string().trim().min(1).max(80),
  sampleSize: z.int().min(1).max(5000),
  design: z.enum(['random', 'stratified']),
  purpose: z.string().max(40).optional(),
  importId: z.uuid().optional(),
  /** Review copies with one planted identifier each, beside the sample; fewer where the frame has no more units. */
  canaries: z.int().min(0).max(500).default(0),
});

export type DrawnSample = {
  planId: string;
  queueId: string;
  frameUnits: number;
  units: number;
  items: number;
  canaries: number;
};

/** @throws Problem invalid when no unit fits the filter */
export async function drawSample(actor: Actor, input: z.input<typeof NewSample>): Promise<DrawnSample> {
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

    const placeIn = (what: string): number => keyedShare(seed, `position\n${what}`) * drawn.length;
    const unitIds = frame.map((unit) => unit.unitId);
    const attempt = (await previousAttempts(tx, projectId, input.name, unitIds)) + 1;
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
    const copies = await plantInCopies(
      projectId,
      drawCarriers(frame, drawn, input.canaries ?? 0, seed).map(({ unitId }) => unitId),
      seed,
    );
    const tasks: (NewTask & { at: number })[] = drawn.flatMap((unit, position) => {
      const item = {
        subjectId: unit.unitId,
        subjectHash: hashOf.get(unit.unitId)!,
        design: unit.design,
        stratum: unit.stratum,
        pi: unit.pi,
        drawIndex: unit.drawIndex,
      };
      const first = { ...item, slot: 1, position: 0, at: position };
      if (!second.has(unit.unitId)) return [first];
      // Second readings and canaries stand anywhere among the first ones, so that no place in the queue tells them apart.
      return [
        first,
        { ...item, slot: 2, position: 0, at: Math.max(position, placeIn(`second\n${unit.unitId}`)) + 0.5 },
      ];
    });
    const stratumOf = new Map(frame.map((unit) => [unit.unitId, unit.stratum]));
    for (const { taskId, unitId, hash } of copies)
      tasks.push({
        id: taskId,
        subjectId: unitId,
        subjectHash: hash,
        design: 'random',
        stratum: stratumOf.get(unitId)!,
        slot: 1,
        position: 0,
        at: placeIn(`copy\n${unitId}`),
      });
    const inOrder = tasks.sort((a, b) => a.at - b.at || (a.subjectId < b.subjectId ? -1 : 1));
    await addTasks(
      tx,
      projectId,
      queueId,
      inOrder.map(({ at: _, ...task }, position) => ({ ...task, position })),
    );
    for (const copy of copies) await freezeCopy(tx, planId, copy);
    await addCanaries(
      tx,
      projectId,
      planId,
      copies.map(({ taskId, unitId, planted }) => ({ taskId, unitId, ...planted })),
    );
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
        canaries: copies.length,
      },
    });
    return {
      planId,
      queueId,
      frameUnits: frame.length,
      units: drawn.length,
      items: tasks.length,
      canaries: copies.length,
    };
  });
}

type Copy = { taskId: string; unitId: string; hash: string; head: string; bodies: string[]; planted: Planted };

/** Copies of units outside the sample, each with one canary. The units themselves stay as they are. */
async function plantInCopies(projectId: string, unitIds: readonly string[], seed: string): Promise<Copy[]> {
  const units = await findUnits(projectId, unitIds);
  return units.flatMap((unit) => {
    const made = plantCanary(unit, seed);
    if (!made) return [];
    const { hash, planted } = made;
    return [{ taskId: crypto.randomUUID(), unitId: unit.id, hash, planted, ...writtenUnit(made.unit) }];
  });
}
