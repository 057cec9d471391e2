/** Approval is of one snapshot: by a lead who did not build it, freshly signed in, while every gate stands. */
import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import type { ReleaseState } from '#lib/core/review/lifecycle.ts';
import { db, inTransaction, type Tx } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { findProject } from '#lib/store/projects.ts';
import { announceRun } from '#lib/store/queue.ts';
import {
  type ApprovalRow,
  addApproval,
  breakingUnits,
  moveRelease,
  type ReleaseRow,
  type ReleaseSummary,
  releasedUnits,
  replaceGate,
} from '#lib/store/releases.ts';
import { createRun } from '#lib/store/runs.ts';
import { permit } from '../permit.ts';
import { countingApprovals, standingHash } from './approval-rules.ts';
import { ownRelease } from './draft-release.ts';

export const Approve = z.strictObject({
  releaseId: z.uuid(),
  /** As the sheet showed it; another one was not read. */
  standing: z.string().regex(/^[0-9a-f]{64}$/),
  /** The release's name, typed. */
  name: z.string().max(80),
});

/** @throws Problem not_builder, gates_failing, conflict (another snapshot, or not ready), invalid (another name) */
export async function approveRelease(
  actor: Actor,
  input: z.infer<typeof Approve>,
): Promise<{ approvals: number; needed: number }> {
  await permit(actor, 'release.approve');
  const release = await ownRelease(actor, input.releaseId);
  if (release.builtBy === actor.personId) throw new Problem('not_builder');
  if (input.name.trim() !== release.name) throw new Problem('invalid', { fields: ['name'] });
  if (await dropWhenChanged(actor, release)) throw new Problem('gates_failing');
  const project = await findProject(release.projectId);
  return inTransaction(async (tx) => {
    const row = await lockRelease(tx, release.id);
    if (row.state === 'blocked') throw new Problem('gates_failing');
    const summary = row.summary as ReleaseSummary | null;
    if (row.state !== 'ready' || !summary || !row.snapshotHash) throw new Problem('conflict');
    const standing = standingHash(row.snapshotHash, summary);
    if (standing !== input.standing) throw new Problem('conflict');
    await addApproval(tx, row.id, actor.personId!, standing);
    await appendLedger(tx, actor, {
      action: 'release.approve',
      object: 'release',
      objectId: row.id,
      details: { snapshotHash: standing, number: row.number },
    });
    const all = await tx.$queryRaw<ApprovalRow[]>`
      SELECT a.person_id AS "personId", '' AS name, m.role, a.snapshot_hash AS "snapshotHash", a.at FROM approval a
        LEFT JOIN membership m ON m.person_id = a.person_id AND m.project_id = ${row.projectId}::uuid
       WHERE a.release_id = ${row.id}::uuid`;
    const approvals = countingApprovals(all, standing, row.builtBy).length;
    if (approvals >= project.approvals) {
      const runId = await createRun(tx, {
        projectId: row.projectId,
        kind: 'release',
        refId: row.id,
        createdBy: actor.personId,
        chunks: [{ stage: 'seal' }],
      });
      await announceRun(tx, runId);
    }
    return { approvals, needed: project.approvals };
  });
}

async function lockRelease(tx: Tx, id: string): Promise<ReleaseRow & { state: ReleaseState }> {
  await tx.$queryRaw`SELECT 1 FROM release WHERE id = ${id}::uuid FOR UPDATE`;
  return (await tx.release.findUniqueOrThrow({ where: { id } })) as ReleaseRow & { state: ReleaseState };
}

/**
 * A unit that was masked again, withdrawn or ran out after the build is another input: the release is blocked, and what
 * was approved no longer counts.
 * @returns true when it was dropped
 */
export async function dropWhenChanged(actor: Actor, release: ReleaseRow): Promise<boolean> {
  if (release.state !== 'ready') return false;
  const recipient = await db().recipient.findUniqueOrThrow({ where: { id: release.recipientId } });
  const units = await releasedUnits(release.id);
  const policy = { purpose: release.purpose, recipient: recipient.name };
  const breaking = await breakingUnits(release.projectId, policy, units);
  const isOver = recipient.agreementExpires.getTime() < Date.now();
  if (breaking.length === 0 && !isOver) return false;
  await inTransaction(async (tx) => {
    if (!(await moveRelease(tx, release.id, ['ready'], 'blocked'))) return;
    await replaceGate(tx, release.id, 'policy', {
      state: 'fail',
      value: isOver ? 'the agreement with the recipient is over' : `${breaking.length} units changed after the build`,
      rows: breaking.map(({ unitId, why }) => ({ refKind: 'unit', refId: unitId, code: why, detail: '' })),
    });
    await appendLedger(tx, actor, {
      action: 'release.blocked',
      object: 'release',
      objectId: release.id,
      details: { changed: breaking.length, agreementOver: isOver },
    });
  });
  return true;
}

export const Waive = z.strictObject({
  releaseId: z.uuid(),
  gate: z.string().max(40),
  reason: z.string().trim().min(10).max(500),
});

/** A reason in writing for a gate that allows one; it is printed in the manifest. Approvals given before no longer count. */
export async function waiveGate(actor: Actor, input: z.infer<typeof Waive>): Promise<{ state: string }> {
  await permit(actor, 'release.approve');
  const release = await ownRelease(actor, input.releaseId);
  return inTransaction(async (tx) => {
    const row = await lockRelease(tx, release.id);
    const summary = row.summary as ReleaseSummary | null;
    const gates = await tx.releaseGate.findMany({ where: { releaseId: row.id } });
    const gate = gates.find((one) => one.gate === input.gate);
    if (!gate || !summary || (row.state !== 'blocked' && row.state !== 'ready')) throw new Problem('conflict');
    if (!gate.isWaivable || gate.state === 'pass') throw new Problem('gates_failing');
    const waivers = [
      ...summary.waivers.filter((waiver) => waiver.gate !== gate.gate),
      { gate: gate.gate, reason: input.reason, by: actor.personId! },
    ];
    const isOpen = gates.every((one) => one.gate === gate.gate || one.state !== 'fail');
    const state = isOpen ? 'ready' : row.state;
    await tx.releaseGate.update({
      where: { releaseId_gate: { releaseId: row.id, gate: gate.gate } },
      data: { state: 'waived' },
    });
    await tx.release.update({ where: { id: row.id }, data: { state, summary: { ...summary, waivers } as object } });
    await appendLedger(tx, actor, {
      action: 'release.waive',
      object: 'release',
      objectId: row.id,
      reason: input.reason,
      details: { gate: gate.gate },
    });
    return { state };
  });
}
