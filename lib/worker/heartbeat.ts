/**
 * Runs in a thread of its own, so that a long stretch of work does not look like a dead worker. It stops with the
 * process: a worker that is stopped or killed is taken over after the lease.
 */
import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';

const { databaseUrl, workerId } = workerData as { databaseUrl: string; workerId: string };
const EVERY_MS = 3_000;
let client: pg.Client | null = null;

async function beat(): Promise<void> {
  try {
    if (!client) {
      client = new pg.Client({ connectionString: databaseUrl });
      client.on('error', () => {
        client = null;
      });
      await client.connect();
    }
    await client.query(`UPDATE chunk SET heartbeat_at = now() WHERE leased_by = $1 AND state = 'running'`, [workerId]);
    await client.query(
      `INSERT INTO worker_beat (worker_id) VALUES ($1) ON CONFLICT (worker_id) DO UPDATE SET seen_at = now()`,
      [workerId],
    );
  } catch {
    await client?.end().catch(() => {});
    client = null;
  }
}

const timer = setInterval(() => void beat(), EVERY_MS);
void beat();
parentPort?.on('message', () => {
  clearInterval(timer);
  void client?.end();
  parentPort?.close();
});
