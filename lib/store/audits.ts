import type { PiiType } from '#lib/core/pii/taxonomy.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { db, pool, type Tx } from './db.ts';
import { rebuildUnit } from './units.ts';

export type FrameFilter = { purpose: string | null; importId: string | null };
export type Candidate = { unitId: string; unitHash: string; stratum: string };

/** Units that could be released, by id: eligible, in force, and for the purpose when one is named. Strata are kinds. */
export async function frameCandidates(tx: Tx, projectId: string, filter: FrameFilter): Promise<Candidate[]> {
  return tx.$queryRaw<Candidate[]>`
    SELECT id AS "unitId", hash AS "unitHash", kind AS stratum FROM unit
     WHERE project_id = ${projectId}::uuid AND withdrawn_at IS NULL AND eligible AND expires_at > now()
       AND (${filter.purpose}::text IS NULL OR ${filter.purpose} = ANY(purposes))
       AND (${filter.importId}::uuid IS NULL OR import_id = ${filter.importId}::uuid)
     ORDER BY id COLLATE "C"`;
}

export async function ledgerHead(tx: Tx): Promise<string> {
  const rows = await tx.$queryRaw<{ hash: string }[]>`SELECT hash FROM ledger_head WHERE id = 1`;
  return rows[0]!.hash;
}

/**
 * How often this lineage was tried before, each try spending less error (privacy contract, 6.5): frames of the same name,
 * or that share more than half of the units of the smaller one. A new name buys no new chance.
 */
export async function previousAttempts(tx: Tx, projectId: string, name: string, unitIds: readonly string[]) {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM frame f
     WHERE f.project_id = ${projectId}::uuid AND (f.name = ${name} OR 2 * (
       SELECT count(*) FROM frame_unit u WHERE u.frame_id = f.id AND u.unit_id = ANY(${unitIds as string[]}))
         > least(f.units, ${unitIds.length}::int))`;
  return row!.count;
}

export async function addFrame(
  tx: Tx,
  frame: {
    projectId: string;
    name: string;
    filter: FrameFilter;
    frameHash: string;
    units: readonly Candidate[];
    createdBy: string;
  },
): Promise<string> {
  const row = await tx.frame.create({
    data: {
      projectId: frame.projectId,
      name: frame.name,
      filter: frame.filter,
      frameHash: frame.frameHash,
      units: frame.units.length,
      createdBy: frame.createdBy,
    },
  });
  await tx.$executeRaw`
    INSERT INTO frame_unit (frame_id, unit_id, unit_hash, stratum)
    SELECT ${row.id}::uuid, * FROM unnest(${frame.units.map((unit) => unit.unitId)}::text[], ${frame.units.map((unit) => unit.unitHash)}::text[], ${frame.units.map((unit) => unit.stratum)}::text[])`;
  return row.id;
}

export async function addPlan(
  tx: Tx,
  plan: {
    projectId: string;
    frameId: string;
    name: string;
    attempt: number;
    design: string;
    sampleSize: number;
    alpha: number;
    seed: string;
    overlap: number;
    createdBy: string;
  },
): Promise<{ planId: string; queueId: string }> {
  const { projectId, createdBy, seed } = plan;
  const queue = await tx.queue.create({
    data: { projectId, kind: 'audit', name: plan.name, overlap: plan.overlap, seed, createdBy },
  });
  const row = await tx.auditPlan.create({
    data: {
      projectId,
      frameId: plan.frameId,
      queueId: queue.id,
      attempt: plan.attempt,
      design: plan.design,
      sampleSize: plan.sampleSize,
      alpha: plan.alpha,
      looks: [],
      seed,
      createdBy,
    },
  });
  return { planId: row.id, queueId: queue.id };
}

/** Keeps the text that is to be judged as it is now; it is deleted at the seal. */
export const freezeUnits = (tx: Tx, projectId: string, planId: string, unitIds: readonly string[]) =>
  tx.$executeRaw`
    INSERT INTO frozen_unit (plan_id, unit_id, unit_hash, head, events)
    SELECT ${planId}::uuid, u.id, u.hash, u.head, json_agg(e.body ORDER BY e.position)::text
      FROM unit u JOIN event e ON e.project_id = u.project_id AND e.unit_id = u.id
     WHERE u.project_id = ${projectId}::uuid AND u.id = ANY(${unitIds as string[]}) GROUP BY u.id, u.hash, u.head`;

export type CanaryRow = {
  taskId: string;
  unitId: string;
  type: string;
  path: string;
  start: number;
  end: number;
  putStart: number;
  putEnd: number;
};

/** Keeps the copy of a unit that carries a canary beside the drawn ones; nothing in it says which it is. */
export const freezeCopy = (
  tx: Tx,
  planId: string,
  copy: { unitId: string; hash: string; head: string; bodies: readonly string[] },
) =>
  tx.$executeRaw`INSERT INTO frozen_unit (plan_id, unit_id, unit_hash, head, events)
    VALUES (${planId}::uuid, ${copy.unitId}, ${copy.hash}, ${copy.head}, ${JSON.stringify(copy.bodies)})`;

export const addCanaries = (tx: Tx, projectId: string, planId: string, rows: readonly CanaryRow[]) =>
  tx.canary.createMany({ data: rows.map((row) => ({ ...row, projectId, planId })) });

export const canariesOfPlan = (planId: string): Promise<CanaryRow[]> => db().canary.findMany({ where: { planId } });

/** The canary of a task, for the scorer and for the effect of its verdict; null for every other item. */
export const findCanary = (taskId: string): Promise<CanaryRow | null> => db().canary.findUnique({ where: { taskId } });

/** The text of an audit item as it was drawn; null once the plan is sealed. */
export async function findFrozenUnit(queueId: string, unitId: string): Promise<Redacted<Unit> | null> {
  const { rows } = await pool().query<{ head: string; events: string; unit_hash: string }>(
    `SELECT f.head, f.events, f.unit_hash FROM frozen_unit f JOIN audit_plan p ON p.id = f.plan_id WHERE p.queue_id = $1 AND f.unit_id = $2`,
    [queueId, unitId],
  );
  const row = rows[0];
  return row ? rebuildUnit(row.head, JSON.parse(row.events) as string[], row.unit_hash) : null;
}

export type PlanRow = {
  id: string;
  queueId: string;
  name: string;
  attempt: number;
  design: string;
  sampleSize: number;
  alpha: number;
  seed: string;
  state: string;
  sealedAt: Date | null;
  statement: unknown;
  frameId: string;
  frameHash: string;
  frameUnits: number;
  createdAt: Date;
};

export async function listPlans(projectId: string, queueId?: string): Promise<PlanRow[]> {
  const rows = await db().auditPlan.findMany({
    where: { projectId, ...(queueId ? { queueId } : {}) },
    include: { frame: true },
    orderBy: { createdAt: 'desc' },
  });
  return rows.map(({ frame, ...plan }) => ({
    id: plan.id,
    queueId: plan.queueId,
    name: frame.name,
    attempt: plan.attempt,
    design: plan.design,
    sampleSize: plan.sampleSize,
    alpha: plan.alpha,
    seed: plan.seed,
    state: plan.state,
    sealedAt: plan.sealedAt,
    statement: plan.statement,
    frameId: plan.frameId,
    frameHash: frame.frameHash,
    frameUnits: frame.units,
    createdAt: plan.createdAt,
  }));
}

export async function strataOfFrame(frameId: string): Promise<Record<string, number>> {
  const { rows } = await pool().query<{ stratum: string; units: number }>(
    'SELECT stratum, count(*)::int AS units FROM frame_unit WHERE frame_id = $1 GROUP BY stratum ORDER BY stratum',
    [frameId],
  );
  return Object.fromEntries(rows.map((row) => [row.stratum, row.units]));
}

/** Items of a plan's queue with their state, for progress by stratum. */
export const planProgress = (queueId: string) =>
  db().$queryRaw<{ stratum: string; design: string; slot: number; items: number; decided: number }[]>`
    SELECT stratum, design, slot, count(*)::int AS items, count(*) FILTER (WHERE state <> 'open')::int AS decided
      FROM task WHERE queue_id = ${queueId}::uuid GROUP BY stratum, design, slot ORDER BY stratum, design, slot`;

export type NewMiss = { unitId: string; type: PiiType; path: string; start: number; end: number; entity: string };

export const addMisses = (tx: Tx, projectId: string, decisionId: string, misses: readonly NewMiss[]) =>
  tx.miss.createMany({ data: misses.map((miss) => ({ ...miss, projectId, decisionId })) });
