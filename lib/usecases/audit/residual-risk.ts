/** What may be claimed from an audit, as it stands: the function behind the lead's page and the release gate. */
import { z } from 'zod';
import { type Sensitivity, splitAlpha } from '#lib/core/pii/audit/canary.ts';
import { unitsNeeded } from '#lib/core/pii/audit/plan.ts';
import { findsCanary } from '#lib/core/pii/audit/plant.ts';
import { type Residual, residual } from '#lib/core/pii/audit/residual.ts';
import { CONFIDENCE_NOTE, riskSentence } from '#lib/core/pii/audit/statement.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import type { PayloadOf } from '#lib/core/review/verdict.ts';
import { canariesOfPlan, listPlans, type PlanRow, planProgress, strataOfFrame } from '#lib/store/audits.ts';
import { inTransaction } from '#lib/store/db.ts';
import { standingDecisions } from '#lib/store/decisions.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { findProject } from '#lib/store/projects.ts';
import { permit, projectOf } from '../permit.ts';

export type Risk = {
  planId: string;
  queueId: string;
  name: string;
  attempt: number;
  design: string;
  state: string;
  sealedAt: string | null;
  frameUnits: number;
  frameHash: string;
  items: number;
  decided: number;
  residual: Residual;
  sentence: string | null;
  note: string;
  /** Shares, 0 to 1. */
  gate: number;
  /** Copies with a planted identifier: read so far, found, and how many the queue holds. */
  canaries: { planted: number; found: number; inQueue: number };
  /** Further clean units until the direct bound would meet the gate, at the sensitivity seen so far; null when it is met. */
  cleanUnitsToGo: number | null;
  strata: Record<string, number>;
  misses: { type: string; count: number }[];
  /** Units as they were audited; a release compares them with its own. */
  audited: { unitId: string; stratum: string }[];
};

type Verdict = PayloadOf<'audit'>;

/** Every decided item of the plan. Later readings of a unit are passes of their own; k takes their union. */
async function riskOf(projectId: string, plan: PlanRow, gate: number): Promise<Risk> {
  const [decisions, strata, progress, canaryRows] = await Promise.all([
    standingDecisions(projectId, plan.queueId),
    strataOfFrame(plan.frameId),
    planProgress(plan.queueId),
    canariesOfPlan(plan.id),
  ]);
  const canaryOf = new Map(canaryRows.map((row) => [row.taskId, row]));
  const read = decisions.filter((row) => row.body.kind === 'audit');
  // Canaries measure the readers and never stand in the sample.
  const verdicts = read.filter((row) => !canaryOf.has(row.task_id));
  const copies = read.filter((row) => canaryOf.has(row.task_id));
  const canaries = {
    planted: copies.length,
    found: copies.filter((row) => findsCanary((row.body as Verdict).leaks, canaryOf.get(row.task_id)!)).length,
  };
  const sample = verdicts.map((row) => {
    const body = row.body as Verdict;
    return {
      id: row.id,
      unit: row.subject_id,
      stratum: plan.design === 'stratified' ? row.stratum : null,
      verdict: body.verdict,
      leaks: body.leaks.map((leak) => ({ type: leak.type })),
      pass: (row.slot === 2 ? 2 : 1) as 1 | 2,
      reviewer: row.reviewer_id,
      design: row.slot === 2 ? 'second' : row.design,
    };
  });
  const computed =
    sample.length === 0
      ? { bounds: [], assumptions: [], refused: ['nothing has been read yet'] }
      : residual({
          units: plan.frameUnits,
          design: plan.design === 'stratified' ? 'stratified' : 'simple',
          ...(plan.design === 'stratified' ? { strata } : {}),
          attempt: plan.attempt,
          ...(canaries.planted > 0 ? { canaries } : {}),
          sample,
        });
  const direct = computed.bounds.find((bound) => bound.class === 'direct' && bound.stratum === null);
  // What two readers of one unit both found is one miss.
  const places = new Map<string, string>();
  for (const row of verdicts)
    for (const { path, start, end, type } of (row.body as Verdict).leaks)
      places.set(`${row.subject_id} ${path} ${start} ${end} ${type}`, type);
  const byType = new Map<string, number>();
  for (const type of places.values()) byType.set(type, (byType.get(type) ?? 0) + 1);
  return {
    planId: plan.id,
    queueId: plan.queueId,
    name: plan.name,
    attempt: plan.attempt,
    design: plan.design,
    state: plan.state,
    sealedAt: plan.sealedAt?.toISOString() ?? null,
    frameUnits: plan.frameUnits,
    frameHash: plan.frameHash,
    items: progress.reduce((sum, row) => sum + row.items, 0),
    decided: progress.reduce((sum, row) => sum + row.decided, 0),
    residual: computed,
    sentence: riskSentence(computed),
    note: CONFIDENCE_NOTE,
    gate,
    canaries: { ...canaries, inQueue: canaryRows.length },
    cleanUnitsToGo: direct && direct.upper > gate ? cleanUnitsToGo(plan, gate, direct, computed.sensitivity) : null,
    strata,
    misses: [...byType].map(([type, count]) => ({ type, count })).sort((a, b) => b.count - a.count),
    audited: verdicts
      .filter((row) => row.slot === 1)
      .map((row) => ({ unitId: row.subject_id, stratum: row.stratum ?? '' })),
  };
}

/** As many as the gate needs with the leaks found so far, less those read; a frame read whole needs no more. */
function cleanUnitsToGo(
  plan: PlanRow,
  gate: number,
  direct: { n: number; k: number },
  sensitivity: Sensitivity | undefined,
): number {
  const alpha = sensitivity ? splitAlpha(plan.alpha).count : plan.alpha;
  const sensitivityLower = sensitivity?.lower ?? 1;
  const needed =
    sensitivityLower > 0 ? unitsNeeded({ share: gate, accept: direct.k, alpha, sensitivityLower }) : plan.frameUnits;
  return Math.max(0, Math.min(needed, plan.frameUnits) - direct.n);
}

/** Live figures, newest plan first; for leads and auditors. Readers see a plan's figure once it is sealed. */
export async function showRisk(actor: Actor): Promise<Risk[]> {
  await permit(actor, 'quality.read');
  const projectId = projectOf(actor);
  const { gateDirect } = await findProject(projectId);
  const plans = await listPlans(projectId);
  return Promise.all(plans.map((plan) => riskOf(projectId, plan, gateDirect)));
}

/** @throws Problem not_found */
export async function showPlanRisk(actor: Actor, queueId: string): Promise<Risk> {
  await permit(actor, 'quality.read');
  if (!z.uuid().safeParse(queueId).success) throw new Problem('not_found');
  const projectId = projectOf(actor);
  const [plan] = await listPlans(projectId, queueId);
  if (!plan) throw new Problem('not_found');
  return riskOf(projectId, plan, (await findProject(projectId)).gateDirect);
}

/** One plan's figures for the release job, which acts for the system. */
export async function showPlanRiskForBuild(projectId: string, queueId: string): Promise<Risk | null> {
  const [plan] = await listPlans(projectId, queueId);
  return plan ? riskOf(projectId, plan, (await findProject(projectId)).gateDirect) : null;
}

/** For the release job, which acts for the system. */
export async function latestSealedRisk(projectId: string, frameHash?: string): Promise<Risk | null> {
  const plans = (await listPlans(projectId)).filter(
    (plan) => plan.state === 'sealed' && (!frameHash || plan.frameHash === frameHash),
  );
  const plan = plans[0];
  return plan ? riskOf(projectId, plan, (await findProject(projectId)).gateDirect) : null;
}

/** What everybody sees of a plan: a sealed one's statement. */
export async function showSealed(
  actor: Actor,
): Promise<{ queueId: string; name: string; sealedAt: string; sentence: string | null; upper: number | null }[]> {
  await permit(actor, 'queue.list');
  const plans = (await listPlans(projectOf(actor))).filter((plan) => plan.state === 'sealed');
  return plans.map((plan) => {
    const statement = plan.statement as { sentence?: string; upper?: number } | null;
    return {
      queueId: plan.queueId,
      name: plan.name,
      sealedAt: plan.sealedAt!.toISOString(),
      sentence: statement?.sentence ?? null,
      upper: statement?.upper ?? null,
    };
  });
}

export const SealPlan = z.strictObject({ queueId: z.uuid() });

/**
 * Ends undo, evaluates once, shreds the frozen text. Only when every item is decided.
 * @throws Problem conflict while items are open, already_sealed
 */
export async function sealPlan(actor: Actor, input: z.infer<typeof SealPlan>): Promise<Risk> {
  await permit(actor, 'queue.manage');
  const projectId = projectOf(actor);
  const risk = await showPlanRisk(actor, input.queueId);
  if (risk.state === 'sealed') throw new Problem('already_sealed');
  await inTransaction(async (tx) => {
    const open = await tx.$queryRaw<
      unknown[]
    >`SELECT id FROM task WHERE queue_id = ${input.queueId}::uuid AND state = 'open' FOR UPDATE`;
    const disputed = await tx.$queryRaw<unknown[]>`
      SELECT t.id FROM task t JOIN dispute d ON d.task_id = t.id
       WHERE d.audit_queue_id = ${input.queueId}::uuid AND t.state = 'open' FOR UPDATE OF t`;
    // The frozen text goes with the seal: what a third person has to see must be ruled before.
    if (open.length + disputed.length > 0) throw new Problem('conflict', { open: open.length + disputed.length });
    const direct = risk.residual.bounds.find((bound) => bound.class === 'direct' && bound.stratum === null);
    const statement = { sentence: risk.sentence, upper: direct?.upper ?? null, n: direct?.n ?? 0, k: direct?.k ?? 0 };
    const sealed = await tx.auditPlan.updateMany({
      where: { id: risk.planId, projectId, state: 'drawn' },
      data: { state: 'sealed', sealedAt: new Date(), statement },
    });
    if (sealed.count === 0) throw new Problem('already_sealed');
    await tx.task.updateMany({
      where: { queueId: input.queueId, state: 'decided' },
      data: { state: 'sealed', sealedAt: new Date() },
    });
    await tx.queue.updateMany({ where: { id: input.queueId }, data: { state: 'sealed' } });
    await tx.frozenUnit.deleteMany({ where: { planId: risk.planId } });
    await appendLedger(tx, actor, {
      action: 'audit.seal',
      object: 'queue',
      objectId: input.queueId,
      details: { n: statement.n, k: statement.k, upper: String(statement.upper) },
    });
  });
  return showPlanRisk(actor, input.queueId);
}
