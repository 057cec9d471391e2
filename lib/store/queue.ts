/**
 * pg-boss delivers: a message says "this run has work" and carries the run's id, nothing else. When a message is lost the
 * worker's own sweep finds the chunk, so correctness never rests on the queue.
 */
import { fromPrisma, PgBoss } from 'pg-boss';
import { databaseUrl, type Tx } from './db.ts';
import { WORK_QUEUE } from './work-queue.ts';

const open = globalThis as typeof globalThis & { assayBoss?: Promise<PgBoss> };

/** The serving processes may not make tables: the schema is made by the owner at start (`queue-schema`). */
export function boss(): Promise<PgBoss> {
  open.assayBoss ??= (async () => {
    const queue = new PgBoss({
      connectionString: databaseUrl(),
      max: 3,
      migrate: false,
      createSchema: false,
      supervise: false,
      schedule: false,
      useListenNotify: true,
    });
    queue.on('error', () => {});
    await queue.start();
    return queue;
  })();
  return open.assayBoss;
}

/** Announces a run in the caller's transaction. */
export async function announceRun(tx: Tx, runId: string): Promise<void> {
  await (await boss()).send(WORK_QUEUE, { runId }, { db: fromPrisma(tx as never) });
}

export async function closeQueue(): Promise<void> {
  const running = open.assayBoss;
  open.assayBoss = undefined;
  if (running) await (await running).stop({ graceful: false });
}
