// The supervisor: database, vault, workers and web from one command (docs/operations.md). Started by start.mjs on the pinned Node.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { roleUrl, type ServingRole, servingRoles } from '#lib/store/database-roles.ts';
import { isLoopback, readSettings, type Settings, SettingsError } from '#lib/store/env.ts';
import { ensureKeys, KeyError, type KeyName, type KeyRing, keysHeldBy, readKeys } from '#lib/store/keys.ts';
import { isMigrated } from '#lib/store/migrate.ts';
import { prepareDatabase } from '#lib/store/prepare-database.ts';
import { type ProcessEnvironment, processEnvironment } from '#lib/store/process-environment.ts';
import { isPublished } from '#lib/store/published-secret.ts';
import { ensureBuild, ensureClient, root } from './build.ts';
import { type DataFolder, lockDataFolder, prepareDataFolder, writeJson } from './data-folder.ts';
import { checkOutsideDatabase, startOwnDatabase, withGivenSecret } from './store-database.ts';
import { type KeepEvents, type Kept, keepRunning, startProcess } from './supervisor.ts';

/** The programs of the serving processes, relative to the checkout. */
const programs: Record<ServingRole, string> = {
  vault: 'lib/vault/main.ts',
  worker: 'lib/worker/main.ts',
  web: '.next/standalone/server.js',
};

const began = performance.now();
const kept: { database?: Kept; vault?: Kept; workers: Kept[]; web?: Kept } = { workers: [] };
let publish = () => {};
let stopping = false;

/** A line for people; machines read the JSON lines. */
function say(line: string): void {
  process.stdout.write(`Assay: ${line}\n`);
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

const events: KeepEvents = {
  onStart: () => publish(),
  onDeath: (name, inMs) =>
    process.stderr.write(`Assay: ${name} died, starting it again${inMs ? ` in ${inMs / 1000} s` : ''}\n`),
};

async function up(): Promise<void> {
  const settings = readSettings(process.env, process.cwd());
  if (settings.secret && isPublished(settings.secret, root, [settings.dataDir, settings.keysDir])) {
    throw new SettingsError('ASSAY_SECRET stands in a file of the repository: everybody who has it knows the secret');
  }
  const folder = prepareDataFolder(settings.dataDir);
  await lockDataFolder(folder);
  await refuseTakenPort(settings);
  const outside = settings.databaseUrl;
  if (outside) await checkOutsideDatabase(outside);
  const storeExists = outside
    ? await isMigrated(outside)
    : fs.existsSync(path.join(folder.db, 'pgdata')) || fs.existsSync(`${folder.db}.location`);
  const demo = decideDemo(settings, folder, storeExists);
  const ring = withGivenSecret(ensureKeys(settings.keysDir, storeExists), settings);

  if (ensureClient()) say('database client made');
  ensureBuild(say);
  const ownerUrl = outside ?? (await ownDatabase(folder, ring));
  const { urls, applied } = await prepareDatabase(ownerUrl, {
    web: ring['db-web.password'],
    worker: ring['db-worker.password'],
    vault: ring['db-vault.password'],
  });
  say(applied.length ? `database ready, ${applied.length} migrations applied` : 'database ready');
  writeStoreFile(folder, ownerUrl, settings);

  const gift = { settings: { ...settings, demo }, ring, vaultSocket: folder.vaultSocket };
  const environment = (role: ServingRole) =>
    processEnvironment(role, { ...gift, databaseUrl: urls[role] }, process.env);
  publish = () => publishProcesses(folder);
  await startServing(environment, servingRoles, settings.workers);
  publish();
  await runOnStart(environment('worker'));
  await healthy(settings);
  say(`ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  printJson({ ready: { url: settings.url } });
}

/** `--only web|worker|vault`: one role on this host, against a store that a full start prepared elsewhere. */
async function upOnly(role: ServingRole): Promise<void> {
  const settings = readSettings(process.env, process.cwd());
  if (!settings.databaseUrl) throw new SettingsError(`--only ${role} needs DATABASE_URL`);
  const password: KeyName = `db-${role}.password`;
  const ring = readKeys(settings.keysDir, [...keysHeldBy(role), password]);
  if (settings.secret) ring['session-secret'] = settings.secret;
  const folder = prepareDataFolder(settings.dataDir);
  if (role === 'web') await refuseTakenPort(settings);
  ensureClient();
  if (role === 'web') ensureBuild(say);
  const databaseUrl = roleUrl(settings.databaseUrl, role, ring[password] ?? '');
  const environment = () =>
    processEnvironment(role, { settings, ring, databaseUrl, vaultSocket: folder.vaultSocket }, process.env);
  await startServing(environment, [role], settings.workers);
  // Workers and vault may run elsewhere: here it is enough that web answers.
  if (role === 'web') await healthy(settings, [200, 503]);
  printJson({ ready: { url: settings.url } });
}

async function ownDatabase(folder: DataFolder, ring: KeyRing): Promise<string> {
  const { kept: database, ownerUrl } = await startOwnDatabase(folder.db, ring, events, say);
  kept.database = database;
  return ownerUrl;
}

/** A demo store stays one: its people have printed passwords and no second factor, so it never leaves loopback and never takes in a real store. */
function decideDemo(settings: Settings, folder: DataFolder, storeExists: boolean): boolean {
  const madeByDemo = fs.existsSync(folder.demoMark);
  if (settings.demo && storeExists && !madeByDemo) {
    throw new SettingsError('ASSAY_DEMO=1 is refused: this store was not made by a demo start and may hold other data');
  }
  if (madeByDemo && !isLoopback(settings.host)) {
    throw new SettingsError('this is a demo store: HOST must be a loopback address');
  }
  if (settings.demo && !madeByDemo) writeJson(folder.demoMark, { demo: true });
  return settings.demo || madeByDemo;
}

async function startServing(
  environment: (role: ServingRole) => ProcessEnvironment,
  roles: readonly ServingRole[],
  workers: number,
) {
  const start = (role: ServingRole) => {
    const preload = ['--import', path.join(root, 'scripts/leave-with-supervisor.mjs')];
    const conditions = role === 'web' ? [] : ['--conditions=react-server'];
    const args = [...preload, ...conditions, path.join(root, programs[role])];
    return keepRunning(role, () => startProcess(args, environment(role), root), events);
  };
  if (roles.includes('vault')) kept.vault = await start('vault');
  if (roles.includes('worker')) for (let n = 0; n < workers; n++) kept.workers.push(await start('worker'));
  if (roles.includes('web')) kept.web = await start('web');
}

function publishProcesses(folder: DataFolder): void {
  if (!kept.vault || !kept.web) return;
  writeJson(path.join(folder.run, 'processes.json'), {
    supervisor: process.pid,
    web: kept.web.pid(),
    workers: kept.workers.map((worker) => worker.pid()),
    vault: kept.vault.pid(),
    database: kept.database?.pid() ?? null,
  });
}

/** What `bin/assay` needs to find the running store; passwords stay in the key folder. */
function writeStoreFile(folder: DataFolder, ownerUrl: string, settings: Settings): void {
  const database = new URL(ownerUrl);
  database.username = '';
  database.password = '';
  writeJson(path.join(folder.run, 'store.json'), {
    database: database.href,
    keysDir: settings.keysDir,
    vaultSocket: folder.vaultSocket,
    url: settings.url,
    demo: fs.existsSync(folder.demoMark),
  });
}

/** The first admin's link and the demo's people come from the use cases, in a process with the worker's rights; its JSON lines are ours. */
async function runOnStart(env: ProcessEnvironment): Promise<void> {
  const args = ['--conditions=react-server', path.join(root, 'scripts/on-start.ts')];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0 && !stopping) throw new Error('the first link or the demo could not be made (see above)');
}

async function healthy(settings: Settings, good = [200]): Promise<void> {
  const host = { '0.0.0.0': '127.0.0.1', '::': '[::1]', '::1': '[::1]' }[settings.host] ?? settings.host;
  const address = `http://${host}:${settings.port}/api/health`;
  for (const until = performance.now() + 120_000; performance.now() < until && !stopping; ) {
    const answer = await fetch(address, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    if (answer && good.includes(answer.status)) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  if (!stopping) throw new Error('the application did not become healthy within two minutes');
}

/** A web process of a supervisor that was just killed may still hold the port for some seconds. */
async function refuseTakenPort({ host, port }: Settings): Promise<void> {
  for (let tries = 0; ; tries++) {
    const code = await new Promise<string | undefined>((resolve) => {
      const probe = net.createServer();
      probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      probe.listen({ port, host }, () => probe.close(() => resolve(undefined)));
    });
    if (code === undefined) return;
    if (code !== 'EADDRINUSE') throw new SettingsError(`HOST and PORT: cannot listen there (${code})`);
    if (tries === 14) throw new SettingsError(`PORT ${port} is in use by another program: set PORT to a free one`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await Promise.all([kept.web, ...kept.workers, kept.vault].map((process) => process?.stop()));
  await kept.database?.stop();
  process.exit(code);
}

function explain(error: unknown): void {
  const expected = error instanceof SettingsError || error instanceof KeyError;
  const text =
    expected || !(error instanceof Error) ? String((error as Error)?.message ?? error) : (error.stack ?? error.message);
  for (const line of text.split('\n')) process.stderr.write(`Assay: ${line}\n`);
}

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
process.on('disconnect', () => void stop(0)); // start.mjs is gone
process.on('uncaughtException', (error) => {
  explain(error);
  void stop(1);
});

const only = process.argv.indexOf('--only');
const role = only === -1 ? undefined : process.argv[only + 1];
try {
  if (only !== -1 && !servingRoles.includes(role as ServingRole))
    throw new SettingsError('--only takes web, worker or vault');
  await (role ? upOnly(role as ServingRole) : up());
} catch (error) {
  if (!stopping) explain(error);
  await stop(1);
}
