import { type ChildProcess, spawn } from 'node:child_process';
import type { ProcessEnvironment } from '#lib/store/process-environment.ts';

/** Something that runs: a process of ours or the embedded Postgres. */
export interface Running {
  pid: number;
  /** settles when it is gone, whoever ended it */
  exited: Promise<void>;
  stop(): Promise<void>;
}

export interface Kept {
  /** of the present or, between death and restart, the last one */
  pid(): number;
  stop(): Promise<void>;
}

export interface KeepEvents {
  /** the first start and each restart */
  onStart(): void;
  onDeath(name: string, restartInMs: number): void;
}

/** Waits before the 1st, 2nd, … restart in a row: at once, then 0.5 s doubling to 8 s. */
export const restartDelaysMs = [0, 500, 1000, 2000, 4000, 8000];
/** Who lived that long was well: the next death counts as the first. */
const steadyMs = 2000;

/**
 * Starts something and starts it again whenever it dies, until it is stopped.
 * @returns when the first start succeeded; a first start that fails is the caller's to explain
 */
export async function keepRunning(name: string, start: () => Promise<Running>, events: KeepEvents): Promise<Kept> {
  let stopping = false;
  let deaths = 0;
  let wake = () => {};
  let current = await start();
  let startedAt = performance.now();
  events.onStart();

  const watch = async () => {
    for (;;) {
      await current.exited;
      if (stopping) return;
      if (performance.now() - startedAt > steadyMs) deaths = 0;
      for (let failed = true; failed; ) {
        const delayMs = restartDelaysMs[Math.min(deaths++, restartDelaysMs.length - 1)]!;
        events.onDeath(name, delayMs);
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, delayMs);
        });
        if (stopping) return;
        failed = await start().then(
          (running) => {
            current = running;
            return false;
          },
          () => true,
        );
      }
      startedAt = performance.now();
      if (stopping) await current.stop();
      else events.onStart();
    }
  };
  const watching = watch();

  return {
    pid: () => current.pid,
    stop: async () => {
      stopping = true;
      wake();
      await current.stop();
      await watching;
    },
  };
}

/** How long a process may take to end its work after SIGTERM before SIGKILL. */
const graceMs = 11_000;

/**
 * Starts one of our own processes. It leaves by itself when we die, because its standard input is a pipe of ours (leave-with-supervisor.mjs).
 * @param args for Node
 * @param env all that it gets of the environment
 */
export async function startProcess(args: string[], env: ProcessEnvironment, cwd: string): Promise<Running> {
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    // Logs go to standard error; standard output belongs to the supervisor's own lines.
    stdio: ['pipe', process.stderr, process.stderr],
    detached: true, // Ctrl-C reaches the whole foreground group: only the supervisor may act on it
  });
  child.stdin?.on('error', () => {}); // it left; `exited` says so
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return { pid: child.pid ?? 0, exited, stop: () => stopProcess(child, exited) };
}

async function stopProcess(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const last = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(last);
}
