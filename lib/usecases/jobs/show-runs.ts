import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { announceRun } from '#lib/store/queue.ts';
import { abandonRetry } from '#lib/store/retries.ts';
import { controlRun } from '#lib/store/runs.ts';
import { permit, projectOf } from '../permit.ts';

export type ChunkView = {
  no: number;
  stage: string;
  state: string;
  attempts: number;
  done: number;
  total: number;
  errorCode: string | null;
  leasedBy: string | null;
};
export type RunView = {
  id: string;
  kind: string;
  refId: string;
  label: string;
  state: string;
  isPaused: boolean;
  chunksDone: number;
  chunksTotal: number;
  itemsDone: number;
  itemsTotal: number;
  /** Items a second over the last minute of work; null before anything was done. */
  perSecond: number | null;
  secondsLeft: number | null;
  attempts: number;
  errorCode: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
};
export type WorkerHealth = { workers: number; secondsSinceBeat: number | null };

type RunRow = NonNullable<Awaited<ReturnType<typeof runRows>>>[number];
const runRows = (projectId: string, id?: string) =>
  db().run.findMany({
    where: { projectId, ...(id ? { id } : {}) },
    include: { chunks: { orderBy: { no: 'asc' } } },
    orderBy: { createdAt: 'desc' },
    take: 200,
  });

function toView(row: RunRow, label: string): RunView {
  const measured = row.chunks.filter((chunk) => chunk.stage !== 'close' && chunk.stage !== 'settle');
  const itemsDone = measured.reduce((sum, chunk) => sum + Number(chunk.progress), 0);
  const itemsTotal = Math.max(
    itemsDone,
    measured.reduce((sum, chunk) => sum + Number(chunk.itemsTotal), 0),
  );
  const isOpen = (row.state === 'running' || row.state === 'ready') && !row.paused;
  const { perSecond, secondsLeft } = paceOf(row, measured, itemsDone, isOpen);
  return {
    id: row.id,
    kind: row.kind,
    refId: row.refId,
    label,
    state: row.state,
    isPaused: row.paused,
    chunksDone: row.chunks.filter((chunk) => chunk.state === 'done').length,
    chunksTotal: row.chunks.length,
    itemsDone,
    itemsTotal,
    perSecond,
    secondsLeft,
    attempts: row.chunks.reduce((sum, chunk) => sum + chunk.attempts, 0),
    errorCode: row.errorCode ?? row.chunks.find((chunk) => chunk.errorCode)?.errorCode ?? null,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/**
 * Of the step that is being worked on, since items of two steps take different time; of the whole run once it is over.
 * No time is said while it waits, is paused, or nobody knows how much there is.
 */
function paceOf(
  row: RunRow,
  measured: RunRow['chunks'],
  itemsDone: number,
  isOpen: boolean,
): Pick<RunView, 'perSecond' | 'secondsLeft'> {
  const since = (startedMs: number, endMs: number) => Math.max(0.5, (endMs - startedMs) / 1000);
  const open = measured.find((chunk) => chunk.state !== 'done');
  if (!isOpen || !open) {
    const isOver = row.finishedAt !== null && row.startedAt !== null && itemsDone > 0;
    const seconds = isOver ? since(row.startedAt!.getTime(), row.finishedAt!.getTime()) : 0;
    return { perSecond: isOver ? itemsDone / seconds : null, secondsLeft: null };
  }
  const step = measured.filter((chunk) => chunk.stage === open.stage);
  const done = step.reduce((sum, chunk) => sum + Number(chunk.progress), 0);
  const total = step.reduce((sum, chunk) => sum + Number(chunk.itemsTotal), 0);
  const started = Math.min(...step.flatMap((chunk) => chunk.startedAt?.getTime() ?? []));
  if (done === 0 || !Number.isFinite(started)) return { perSecond: null, secondsLeft: null };
  const perSecond = done / since(started, Date.now());
  return { perSecond, secondsLeft: total > done ? Math.round((total - done) / perSecond) : null };
}

const KINDS: Record<string, string> = {
  import: 'Import',
  reredact: 'Redact again',
  release: 'Build release',
  pairs: 'Find pairs',
  dedup: 'Find near-duplicates',
  retry_quarantine: 'Retry quarantine',
};

async function labelsOf(rows: RunRow[]): Promise<Map<string, string>> {
  const imports = await db().import.findMany({
    where: { id: { in: rows.filter((row) => row.kind === 'import').map((row) => row.refId) } },
    select: { id: true, filename: true },
  });
  const names = new Map(imports.map((row) => [row.id, row.filename]));
  return new Map(
    rows.map((row) => [
      row.id,
      `${KINDS[row.kind] ?? row.kind}${names.has(row.refId) ? ` ${names.get(row.refId)}` : ''}`,
    ]),
  );
}

/** Seen by everyone who may read jobs, and by those who may read the import it belongs to. */
export async function showRuns(actor: Actor): Promise<{ runs: RunView[]; health: WorkerHealth }> {
  await permit(actor, 'job.read');
  const rows = await runRows(projectOf(actor));
  const labels = await labelsOf(rows);
  return { runs: rows.map((row) => toView(row, labels.get(row.id)!)), health: await workerHealth() };
}

/** @throws Problem not_found */
export async function showRun(actor: Actor, runId: string): Promise<RunView & { chunks: ChunkView[] }> {
  await permit(actor, 'job.read');
  return runWithChunks(projectOf(actor), runId);
}

/** The run of an import that the actor may read. */
export async function showImportRun(actor: Actor, runId: string): Promise<RunView & { chunks: ChunkView[] }> {
  await permit(actor, 'import.read');
  return runWithChunks(projectOf(actor), runId);
}

async function runWithChunks(projectId: string, runId: string) {
  if (!z.uuid().safeParse(runId).success) throw new Problem('not_found');
  const [row] = await runRows(projectId, runId);
  if (!row) throw new Problem('not_found');
  const labels = await labelsOf([row]);
  return {
    ...toView(row, labels.get(row.id)!),
    chunks: row.chunks.map((chunk) => ({
      no: chunk.no,
      stage: chunk.stage,
      state: chunk.state,
      attempts: chunk.attempts,
      done: Number(chunk.progress),
      total: Number(chunk.itemsTotal),
      errorCode: chunk.errorCode,
      leasedBy: chunk.leasedBy,
    })),
  };
}

/** Workers that beat lately; a beat older than 15 s means nobody works. */
export async function workerHealth(): Promise<WorkerHealth> {
  const rows = await db().workerBeat.findMany({ orderBy: { seenAt: 'desc' } });
  const latest = rows[0]?.seenAt;
  return {
    workers: rows.filter((row) => Date.now() - row.seenAt.getTime() < 15_000).length,
    secondsSinceBeat: latest ? Math.round((Date.now() - latest.getTime()) / 1000) : null,
  };
}

export const RunControl = z.strictObject({ runId: z.uuid(), what: z.enum(['pause', 'resume', 'cancel', 'retry']) });

/** @throws Problem not_found, conflict when the run's state does not allow it */
export async function changeRun(actor: Actor, input: z.infer<typeof RunControl>): Promise<void> {
  await permit(actor, 'job.control');
  const projectId = projectOf(actor);
  await inTransaction(async (tx) => {
    const run = await tx.run.findFirst({ where: { id: input.runId, projectId } });
    if (!run) throw new Problem('not_found');
    if (!(await controlRun(tx, projectId, input.runId, input.what))) throw new Problem('conflict');
    if (input.what === 'cancel' && run.kind === 'retry_quarantine') await abandonRetry(tx, run.refId);
    if (input.what === 'resume' || input.what === 'retry') await announceRun(tx, input.runId);
    await appendLedger(tx, actor, {
      action: 'job.control',
      object: 'job',
      objectId: input.runId,
      details: { what: input.what },
    });
  });
}
