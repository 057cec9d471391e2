import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { WORK_QUEUE, WORK_QUEUE_OPTIONS } from './work-queue.ts';

/**
 * Installs or updates the queue's own tables (schema `pgboss`) and lets web and worker use them. Runs as the owner beside the migrations,
 * so no serving process needs the right to make tables: they start the queue with `migrate: false, createSchema: false, reindex: false`.
 */
export async function ensureQueueSchema(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, max: 2, supervise: false, schedule: false, migrate: true });
  boss.on('error', () => {}); // start() rejects with the same error
  await boss.start();
  await boss.createQueue(WORK_QUEUE, WORK_QUEUE_OPTIONS);
  await boss.updateQueue(WORK_QUEUE, WORK_QUEUE_OPTIONS);
  await boss.stop({ graceful: false });
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'assay queue' });
  await client.connect();
  try {
    await client.query(`
      grant usage on schema pgboss to assay_web, assay_worker;
      grant select, insert, update, delete on all tables in schema pgboss to assay_web, assay_worker;
      grant usage on all sequences in schema pgboss to assay_web, assay_worker;
      grant execute on all functions in schema pgboss to assay_web, assay_worker;`);
  } finally {
    await client.end();
  }
}
