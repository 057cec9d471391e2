/**
 * Workers are killed at random moments of an import and started again, until it is done; the store must be the one an
 * undisturbed run makes. `ASSAY_TEST_KILLS` and `ASSAY_TEST_KILL_SECONDS` say how many kills are tried in what time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { pool } from '#lib/store/db.ts';
import { digestStore } from '#lib/store/digest.ts';
import { FenceLost, saveProgress, takeChunk, withFence } from '#lib/store/runs.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { showImport } from '#lib/usecases/imports/show-imports.ts';
import { inventedLog } from '#lib/usecases/testing/invented-logs.ts';
import { sweepDatabase } from '#lib/usecases/testing/sweep.ts';
import { upload, withWorkshop, workUntilIdle } from '#lib/usecases/testing/workshop.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);

const KILLS = Number(process.env.ASSAY_TEST_KILLS ?? 100);
const SECONDS = Number(process.env.ASSAY_TEST_KILL_SECONDS ?? 30);
const CONVERSATIONS = 300;

const running = new Set<ChildProcess>();
let said = '';
function startWorker(): ChildProcess {
  const child = spawn(process.execPath, ['--conditions=react-server', 'lib/worker/main.ts'], {
    env: {
      PATH: process.env.PATH,
      TZ: 'UTC',
      NODE_ENV: 'production',
      ASSAY_ROLE: 'worker',
      ASSAY_LOG_LEVEL: 'info',
      ASSAY_DATA: shop.folder,
      ASSAY_VAULT_SOCKET: shop.vaultSocket,
      ASSAY_VAULT_TOKEN: shop.workerToken,
      ASSAY_DB_WORKER_URL: database.urls.worker,
    } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const hear = (bytes: Buffer) => {
    said += bytes.toString('utf8');
  };
  child.stdout!.on('data', hear);
  child.stderr!.on('data', hear);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}
const kill = async (child: ChildProcess): Promise<void> => {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (!child.kill('SIGKILL')) return;
  await gone;
};
const stopAll = () => Promise.all([...running].map(kill));
afterAll(stopAll);

/** A killed worker's lease is let run out at once: waiting for it a hundred times would prove nothing more. */
const endLeases = () =>
  database.query(`update chunk set heartbeat_at = now() - interval '1 hour' where state = 'running'`);
const isDone = async (importId: string) =>
  (await database.query('select 1 from import where id = $1 and state = $2', [importId, 'done'])).length === 1;
/** What a run leaves behind is taken away, as if it had never been. */
async function forget(): Promise<void> {
  for (const table of ['placeholder', 'span', 'tag', 'event', 'unit', 'trajectory', 'quarantine', 'record'])
    await database.query(`delete from ${table}`);
  for (const table of ['entity_value', 'trajectory', 'record', 'dek'])
    await database.query(`delete from vault.${table}`);
  await database.query('delete from chunk');
  await database.query('delete from run');
  await database.query('delete from import');
}

describe('workers that are killed', () => {
  const { bytes, planted } = inventedLog('kills', CONVERSATIONS);
  const file = Buffer.concat([bytes, Buffer.from('{"cut": \n'), inventedLog('kills', 20, 100).bytes]);

  it(
    'lose and double nothing: the store is that of an undisturbed run',
    async () => {
      const first = await upload(shop.as.operator, shop.sourceId, file);
      await workUntilIdle();
      const undisturbed = await digestStore();
      const counts = (await showImport(shop.as.operator, first)).counts;
      expect(counts).toMatchObject({ mapped: CONVERSATIONS, duplicates: 20, quarantined: 1 });
      expect(undisturbed.tables.trajectories!.rows).toBe(CONVERSATIONS);

      let kills = 0;
      let rounds = 0;
      const end = Date.now() + SECONDS * 1000;
      let seed = 20261123;
      const chance = () => {
        seed = (seed * 1103515245 + 12345) % 2 ** 31;
        return seed / 2 ** 31;
      };
      while (rounds === 0 || (kills < KILLS && Date.now() < end)) {
        rounds++;
        await forget();
        const importId = await upload(shop.as.operator, shop.sourceId, file);
        // One works while the next one starts, so that the time goes into work and not into starts.
        const workers = [startWorker(), startWorker()];
        while (!(await isDone(importId))) {
          await pause(100 + chance() * 600);
          if (kills >= KILLS || Date.now() >= end) continue;
          const [busy] = await database.query<{ pid: string }>(
            `select split_part(leased_by, '-', 2) as pid from chunk where state = 'running' limit 1`,
          );
          const at = workers.findIndex((worker) => String(worker.pid) === busy?.pid);
          if (at < 0) continue;
          await kill(workers[at]!);
          kills++;
          await endLeases();
          workers[at] = startWorker();
        }
        await stopAll();
        expect(await digestStore()).toEqual(undisturbed);
        expect((await showImport(shop.as.operator, importId)).counts).toEqual(counts);
      }
      process.stdout.write(`${kills} kills in ${rounds} imports of ${CONVERSATIONS + 21} records\n`);
      expect(kills).toBeGreaterThan(3);
    },
    SECONDS * 1000 + 180_000,
  );

  it('write no planted value into their logs or outside the vault', async () => {
    expect(said).toContain('worker ready');
    for (const value of planted.detected.concat(planted.unknown)) expect(said.includes(value)).toBe(false);
    expect(await sweepDatabase(database, planted.detected.slice(0, 100))).toEqual([]);
  });

  it('are taken over within 15 seconds', async () => {
    said = '';
    const workers = [startWorker(), startWorker()];
    await expect.poll(() => said.split('worker ready').length, { timeout: 30_000 }).toBeGreaterThan(2);
    await pause(2000); // both stand ready
    const importId = await upload(shop.as.operator, shop.sourceId, inventedLog('takeover', 150).bytes);
    const holder = async () =>
      (
        await database.query<{ pid: string }>(
          `select split_part(leased_by, '-', 2) as pid from chunk where state = 'running' and run_id = (select id from run where ref_id = $1)`,
          [importId],
        )
      )[0]?.pid;
    let held = await holder();
    for (; !held; held = await holder()) await pause(20);
    const first = workers.find((worker) => String(worker.pid) === held)!;
    await kill(first);
    const killedAt = Date.now();
    const other = String(workers.find((worker) => worker !== first)!.pid);
    await expect.poll(holder, { timeout: 20_000, interval: 50 }).toBe(other);
    const tookMs = Date.now() - killedAt;
    process.stdout.write(`taken over after ${(tookMs / 1000).toFixed(1)} s\n`);
    expect(tookMs).toBeLessThanOrEqual(15_000);
    await expect.poll(() => isDone(importId), { timeout: 60_000, interval: 300 }).toBe(true);
    await stopAll();
  }, 120_000);
});

describe('a worker that slept through its lease', () => {
  it('writes nothing once another holds the chunk', async () => {
    // Work that the killed workers before left open would be taken first.
    await forget();
    const importId = await upload(shop.as.operator, shop.sourceId, inventedLog('fence', 3).bytes);
    const asleep = (await takeChunk('asleep-1-x'))!;
    expect(asleep).toMatchObject({ refId: importId, stage: 'read' });
    expect(await takeChunk('other-2-x')).toBeNull();
    await endLeases();
    const other = (await takeChunk('other-2-x'))!;
    expect(other.fence).toBe(asleep.fence + 1n);
    const write = async (chunk: typeof asleep) =>
      withFence(chunk, async (client) => {
        await saveProgress(client, chunk, 7n);
        await client.query(`update import set filename = 'written' where id = $1`, [importId]);
      });
    await expect(write(asleep)).rejects.toBeInstanceOf(FenceLost);
    const { rows } = await pool().query('select filename from import where id = $1', [importId]);
    expect(rows[0].filename).not.toBe('written');
    await write(other);
    await database.query(`update chunk set state = 'ready', progress = 0 where run_id = $1`, [other.runId]);
    await workUntilIdle();
    expect(await isDone(importId)).toBe(true);
  });

  it('leaves no file of the upload behind after all', () => {
    expect(fs.readdirSync(`${shop.folder}/incoming`)).toEqual([]);
  });
});
