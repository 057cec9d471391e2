import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type Account,
  ensureCluster,
  postgresEnvironment,
  reachableHome,
  unprivilegedAccount,
  usableBinaries,
} from './postgres-home.ts';

export interface EmbeddedPostgres {
  /** on 127.0.0.1 */
  port: number;
  /** of the postmaster */
  pid: number;
  /** settles when the postmaster is gone, whoever ended it */
  exited: Promise<void>;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** absolute; holds the cluster; made when missing (its parent exists) */
  home: string;
  /** of the superuser `assay_admin`; used at the cluster's making */
  adminPassword: string;
  /** free one when not named; a restart names the old one, so that connection strings stay true */
  port?: number;
  /** false only in tests: no fsync */
  durable?: boolean;
  /** for people: what was put where, and why */
  say?: (line: string) => void;
}

/** Messages of a postmaster whose predecessor is not quite gone: after kill -9 its backends take a moment to leave. */
const predecessorLingers = /lock file .* already exists|still in use|starting up|shutting down/;
const lingerMs = 60_000;
/** From here on whoever still holds the folder is asked to leave: the caller holds the supervisor's lock, so it is an orphan. */
const orphanMs = 6_000;

/**
 * Starts PostgreSQL on this folder: makes the cluster at the first time, waits for a killed predecessor, recovers from a crash.
 * The postmaster leaves within 5 s when our process dies.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { durable = true, say = () => {} } = options;
  const account = unprivilegedAccount();
  const binaries = usableBinaries(account, say);
  const home = reachableHome(options.home, account, say);
  const cluster = ensureCluster(home, binaries, account, options.adminPassword, durable);
  const started = performance.now();
  for (;;) {
    const port = options.port ?? (await freePort());
    clearForeignLock(cluster);
    const outcome = await boot(path.join(binaries, 'bin/postgres'), cluster, port, account, durable);
    if ('pid' in outcome) return outcome;
    const elapsedMs = performance.now() - started;
    const portTaken = /could not bind/.test(outcome.log) && options.port === undefined;
    if (elapsedMs > lingerMs || !(portTaken || predecessorLingers.test(outcome.log))) {
      throw new Error(`the embedded Postgres did not start:\n${outcome.log.trim()}`);
    }
    if (elapsedMs > orphanMs) endOrphan(cluster);
    await wait(500);
  }
}

async function boot(
  program: string,
  cluster: string,
  port: number,
  account: Account,
  durable: boolean,
): Promise<EmbeddedPostgres | { log: string }> {
  const settings = { ...baseSettings, ...(durable ? {} : fastSettings), port };
  const args = ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const order = JSON.stringify({ command: program, args, env: postgresEnvironment(), ...account });
  const minder = spawn(process.execPath, [minderFile, order], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached: true, // Ctrl-C reaches the whole foreground group: only the supervisor may act on it
  });
  let pid = 0;
  let log = '';
  minder.on('message', (message: { pid: number }) => {
    pid = message.pid;
  });
  const exited = new Promise<void>((resolve) => {
    minder.once('exit', () => {
      if (pid) signal(pid, 'SIGQUIT'); // the minder was killed: its postmaster must not stay behind
      resolve();
    });
  });
  const ready = new Promise<boolean>((resolve) => {
    minder.stderr?.on('data', (bytes: Buffer) => {
      log = (log + bytes.toString('utf8')).slice(-8000);
      if (log.includes('database system is ready to accept connections')) resolve(true);
    });
    void exited.then(() => resolve(false));
  });
  if (!(await ready)) return { log };
  return { port, pid, exited, stop: () => stop(pid, minder, exited) };
}

async function stop(pid: number, minder: ChildProcess, exited: Promise<void>): Promise<void> {
  signal(pid, 'SIGINT');
  const harder = setTimeout(() => signal(pid, 'SIGQUIT'), 10_000);
  const hardest = setTimeout(() => minder.kill('SIGKILL'), 20_000);
  await exited;
  clearTimeout(harder);
  clearTimeout(hardest);
}

/** Errors of statements quote values (`invalid input syntax … "…"`): the server logs nothing below its own messages and no statement text. */
const baseSettings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
};
const fastSettings: Record<string, string> = {
  shared_buffers: '64MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '200',
};
const minderFile = fileURLToPath(new URL('./postgres-minder.mjs', import.meta.url));

/** Removes a lock that names a process which is not Postgres: after a reboot or in a new container the number belongs to someone else. */
function clearForeignLock(cluster: string): void {
  const pid = lockHolder(cluster);
  if (pid === undefined || !fs.existsSync('/proc/self/cmdline')) return;
  let commandLine: string;
  try {
    commandLine = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return; // nobody has that number: Postgres sees it too and goes on
  }
  if (!commandLine.includes('postgres')) fs.rmSync(path.join(cluster, 'postmaster.pid'), { force: true });
}

function endOrphan(cluster: string): void {
  const pid = lockHolder(cluster);
  if (pid !== undefined) signal(pid, 'SIGQUIT');
}

function lockHolder(cluster: string): number | undefined {
  try {
    const pid = Number(fs.readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}

/** @returns a TCP port on 127.0.0.1 that nobody holds at this moment */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
