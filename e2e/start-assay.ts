import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '#lib/store/embedded-postgres.ts';

export interface DemoUser {
  email: string;
  password: string;
  role: string;
}

/** The machine-readable lines of a start, each under its own name. */
export interface StartLines {
  ready?: { url: string };
  bootstrap?: { token: string; url: string; expiresAt: string };
  demo?: { users: DemoUser[]; url: string };
}

export interface Processes {
  supervisor: number;
  web: number;
  workers: number[];
  vault: number;
  database: number | null;
}

export interface RunningAssay {
  url: string;
  dataDir: string;
  lines: StartLines;
  /** all it said on standard error: what its processes logged */
  logFile: string;
  supervisor: ChildProcess;
  processes(): Processes;
  /** SIGTERM; settles with the exit status */
  stop(): Promise<number | null>;
}

/** A new data folder among the temporary ones, open enough for the account that runs Postgres to pass. */
export function newDataFolder(): string {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-e2e-'));
  fs.chmodSync(parent, 0o711);
  return path.join(parent, 'data');
}

/**
 * Starts the product as a user would, on a free port, and waits until it is ready.
 * @param command `['npm', 'start']` to go through npm itself
 * @throws Error with what it printed when it ends before it is ready
 */
export async function startAssay(
  env: Record<string, string> = {},
  dataDir = newDataFolder(),
  command = [process.execPath, 'scripts/start.mjs'],
): Promise<RunningAssay> {
  const port = String(await freePort());
  const logFile = path.join(path.dirname(dataDir), 'assay.log');
  const log = fs.openSync(logFile, 'a');
  const [program = '', ...args] = command;
  const supervisor = spawn(program, args, {
    env: { ...shell(), PORT: port, ASSAY_DATA: dataDir, ...env },
    stdio: ['ignore', 'pipe', log],
  });
  fs.closeSync(log);
  const exit = new Promise<number | null>((resolve) => supervisor.once('exit', resolve));
  const lines: StartLines = {};
  const ready = new Promise<boolean>((resolve) => {
    createInterface({ input: supervisor.stdout! }).on('line', (line) => {
      if (line.startsWith('{')) Object.assign(lines, JSON.parse(line));
      if (lines.ready) resolve(true);
    });
    void exit.then(() => resolve(false));
  });
  if (!(await ready)) throw new Error(`Assay did not start:\n${fs.readFileSync(logFile, 'utf8').slice(-4000)}`);
  return {
    url: lines.ready!.url,
    dataDir,
    lines,
    logFile,
    supervisor,
    processes: () => JSON.parse(fs.readFileSync(path.join(dataDir, 'run/processes.json'), 'utf8')),
    stop: () => {
      supervisor.kill('SIGTERM');
      return exit;
    },
  };
}

/** The shell's environment without what would steer the product. */
function shell(): NodeJS.ProcessEnv {
  const steering = /^(ASSAY_|DATABASE_URL$|HOST$|PORT$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name))) as NodeJS.ProcessEnv;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // Nobody may have collected it yet: a zombie holds nothing.
  return !fs.existsSync('/proc/self/stat') || !/\) Z /.test(readIfThere(`/proc/${pid}/stat`));
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return ') Z ';
  }
}
