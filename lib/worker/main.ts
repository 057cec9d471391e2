/** The second front door: takes chunks and hands them to use cases. */
import { Worker } from 'node:worker_threads';
import { closeDb, databaseUrl, pool } from '#lib/store/db.ts';
import { errorFields, log } from '#lib/store/log.ts';
import { boss, closeQueue } from '#lib/store/queue.ts';
import { FenceLost, failChunk, newWorkerId, releaseChunks, takeChunk } from '#lib/store/runs.ts';
import { WORK_QUEUE } from '#lib/store/work-queue.ts';
import { handlerOf } from './tasks.ts';

const SWEEP_MS = 2_000;
const TELEMETRY_MS = 5_000;
const workerId = newWorkerId();
const stopping = new AbortController();
let isBusy = false;
let wantsMore = false;

/** Works until no chunk is ready. A call while busy makes it look once more. */
async function drain(): Promise<void> {
  wantsMore = true;
  if (isBusy) return;
  isBusy = true;
  try {
    while (wantsMore && !stopping.signal.aborted) {
      wantsMore = false;
      for (
        let chunk = await takeChunk(workerId);
        chunk && !stopping.signal.aborted;
        chunk = await takeChunk(workerId)
      ) {
        const startedMs = performance.now();
        try {
          await handlerOf(chunk.kind, chunk.stage)(chunk, stopping.signal);
          log.info('chunk left', {
            run: chunk.runId,
            chunk: chunk.no,
            step: chunk.stage,
            elapsedMs: Math.round(performance.now() - startedMs),
          });
        } catch (error) {
          if (error instanceof FenceLost || stopping.signal.aborted) continue;
          const code = (error as { code?: unknown }).code;
          const errorCode = typeof code === 'string' ? code : error instanceof Error ? error.name : 'unexpected';
          log.error('chunk failed', { run: chunk.runId, chunk: chunk.no, step: chunk.stage, ...errorFields(error) });
          if (process.env.ASSAY_TEST === '1' && error instanceof Error)
            process.stderr.write(
              `${error.stack
                ?.split('\n')
                .filter((line) => line.includes('/lib/'))
                .slice(0, 6)
                .join('\n')}\n`,
            );
          await failChunk(chunk, errorCode);
        }
      }
    }
  } catch (error) {
    log.error('worker could not take work', errorFields(error));
  } finally {
    isBusy = false;
  }
}

let isClosing = false;
/** Telemetry that is over becomes imports, also while a chunk is being worked on. */
async function closeReceived(): Promise<void> {
  if (isClosing || stopping.signal.aborted) return;
  isClosing = true;
  try {
    const { closeTelemetry } = await import('#lib/usecases/imports/close-telemetry.ts');
    if ((await closeTelemetry()).length > 0) void drain();
  } catch (error) {
    log.error('telemetry could not be closed', errorFields(error));
  } finally {
    isClosing = false;
  }
}

const heartbeat = new Worker(new URL('./heartbeat.ts', import.meta.url), {
  workerData: { databaseUrl: databaseUrl(), workerId },
});
heartbeat.on('error', () => process.exit(1));
const sweep = setInterval(() => void drain(), SWEEP_MS);
const telemetry = setInterval(() => void closeReceived(), TELEMETRY_MS);

async function listen(): Promise<void> {
  try {
    const queue = await boss();
    await queue.work(
      WORK_QUEUE,
      { pollingIntervalSeconds: 30, notifyPollingIntervalSeconds: 0.5, batchSize: 10 },
      async () => {
        void drain();
      },
    );
  } catch {
    // The sweep alone is enough; the queue is tried again.
    await closeQueue().catch(() => {});
    if (!stopping.signal.aborted) setTimeout(() => void listen(), 5_000).unref();
  }
}

async function stop(): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  clearInterval(sweep);
  clearInterval(telemetry);
  const deadline = Date.now() + 8_000;
  while (isBusy && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  heartbeat.postMessage('stop');
  await releaseChunks(workerId).catch(() => {});
  await pool()
    .query('DELETE FROM worker_beat WHERE worker_id = $1', [workerId])
    .catch(() => {});
  await closeQueue().catch(() => {});
  await closeDb();
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
process.on('disconnect', () => void stop());
log.info('worker ready');
void listen();
void drain();
