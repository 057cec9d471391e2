import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { isAlive, newDataFolder, type RunningAssay, startAssay } from './start-assay.ts';

/** The start-up contract (docs/operations.md), on a store of its own and without a browser. */
test.describe.configure({ mode: 'serial' });

let assay: RunningAssay;
const dataDir = newDataFolder();
const health = async () =>
  (await fetch(`${assay.url}/api/health`, { signal: AbortSignal.timeout(3000) }).catch(() => null))?.status;

test.afterAll(async () => {
  await assay?.stop();
  fs.rmSync(path.dirname(dataDir), { recursive: true, force: true });
});

test('a fresh store comes up with nobody in it and one link for the first admin', async () => {
  assay = await startAssay({ ASSAY_WORKERS: '2' }, dataDir);
  const { bootstrap, demo } = assay.lines;
  expect(demo).toBeUndefined();
  expect(Buffer.from(bootstrap!.token, 'base64url').length).toBeGreaterThanOrEqual(32);
  expect(bootstrap!.url.startsWith(`${assay.url}/`)).toBe(true);
  const lifeMs = new Date(bootstrap!.expiresAt).getTime() - Date.now();
  expect(lifeMs).toBeGreaterThan(13 * 60_000);
  expect(lifeMs).toBeLessThanOrEqual(15 * 60_000);
  expect(await health()).toBe(200);
});

test('the token is in no file of the data folder and in no log', () => {
  const { token } = assay.lines.bootstrap!;
  const files = [assay.logFile, ...['run', 'keys', 'incoming'].flatMap((part) => listFiles(path.join(dataDir, part)))];
  for (const file of files) expect(fs.readFileSync(file).includes(token), path.basename(file)).toBe(false);
});

test('health answers with a status and nothing else, to anyone', async () => {
  const answer = await fetch(`${assay.url}/api/health`);
  expect(await answer.json()).toEqual({ status: 'ok' });
  expect(answer.headers.get('cache-control')).toBe('private, no-store');
  expect(answer.headers.get('x-powered-by')).toBeNull();
});

test('the web process holds neither the vault’s key nor another role’s address', () => {
  test.skip(!fs.existsSync('/proc/self/environ'), 'needs /proc');
  const { web, vault } = assay.processes();
  const names = (pid: number) =>
    fs
      .readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .map((pair) => pair.split('=')[0]);
  expect(names(web)).toContain('ASSAY_DB_WEB_URL');
  for (const foreign of [
    'ASSAY_KEY_VAULT_KEK',
    'ASSAY_DB_VAULT_URL',
    'ASSAY_DB_WORKER_URL',
    'DATABASE_URL',
    'ASSAY_KEY_SIGNING',
  ]) {
    expect(names(web)).not.toContain(foreign);
  }
  expect(names(vault)).toContain('ASSAY_KEY_VAULT_KEK');
});

for (const kind of ['worker', 'vault', 'web', 'database'] as const) {
  test(`${kind} comes back after kill -9, and processes.json says so`, async () => {
    const pidOf = () => (kind === 'worker' ? assay.processes().workers[0]! : assay.processes()[kind]!);
    const before = pidOf();
    process.kill(before, 'SIGKILL');
    await expect.poll(pidOf, { timeout: 10_000, intervals: [50] }).not.toBe(before);
    expect(isAlive(pidOf())).toBe(true);
    await expect.poll(health, { timeout: 10_000, intervals: [100] }).toBe(200);
  });
}

test('a second start on the same data folder is refused and does no harm', async () => {
  await expect(startAssay({}, dataDir)).rejects.toThrow(/another Assay runs on this data folder/);
  expect(await health()).toBe(200);
});

test('all leave within 5 s when the supervisor is killed, and the next start needs no cleaning', async () => {
  const { supervisor, web, vault, workers, database } = assay.processes();
  const children = [web, vault, database!, ...workers];
  process.kill(supervisor, 'SIGKILL');
  await expect.poll(() => children.filter(isAlive), { timeout: 5000, intervals: [50] }).toEqual([]);
  const first = assay.lines.bootstrap!.token;
  assay = await startAssay({}, dataDir);
  expect(await health()).toBe(200);
  expect(assay.lines.bootstrap!.token).not.toBe(first);
});

test('SIGTERM stops everything, status 0', async () => {
  const { web, vault, workers, database } = assay.processes();
  expect(await assay.stop()).toBe(0);
  expect([web, vault, database!, ...workers].filter(isAlive)).toEqual([]);
});

test('npm passes the signal on', async () => {
  assay = await startAssay({}, dataDir, ['npm', 'start', '--silent']);
  const { web, database } = assay.processes();
  await assay.stop();
  await expect.poll(() => [web, database!].filter(isAlive), { timeout: 10_000, intervals: [100] }).toEqual([]);
});

function listFiles(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
