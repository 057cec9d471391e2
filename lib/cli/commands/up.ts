import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunCommand } from '../command.ts';

/** `assay up`: what `npm start` does, in the foreground. */
export const run: RunCommand = (args) => {
  const start = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url));
  const child = spawn(process.execPath, [start, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
};
