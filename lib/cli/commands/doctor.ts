import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Check } from '#lib/usecases/upkeep/examine.ts';
import { type RunCommand, UsageError, writeLine } from '../command.ts';
import { joinStore } from '../store-connection.ts';

interface Processes {
  supervisor: number;
  web: number;
  workers: number[];
  vault: number;
  database: number | null;
}

/** `assay doctor`: is everything well? `--digest`: one digest of every derived table, equal on equal stores. */
export const run: RunCommand = async (args, { stdout }) => {
  const { values } = parseArgs({ args, options: { digest: { type: 'boolean' }, source: { type: 'string' } } });
  if (values.source !== undefined && !values.digest) throw new UsageError('--source belongs to --digest');
  const { dataDir } = joinStore('worker');
  const { systemActor } = await import('#lib/store/session.ts');
  const actor = systemActor('assay doctor', null);
  if (values.digest) {
    const { digest } = await import('#lib/usecases/upkeep/digest.ts');
    await writeLine(stdout, JSON.stringify(await digest(actor, values.source)));
    return 0;
  }
  const { examine } = await import('#lib/usecases/upkeep/examine.ts');
  const { users, schema, checks } = await examine(actor);
  const processes = readProcesses(dataDir);
  const all = [...checks, ...checkProcesses(processes), ...checkFolders(dataDir)];
  await writeLine(stdout, JSON.stringify({ users, schema, processes, checks: all }));
  return all.every((check) => check.ok) ? 0 : 1;
};

function readProcesses(dataDir: string): Processes | null {
  const file = path.join(dataDir, 'run', 'processes.json');
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Processes) : null;
}

function checkProcesses(processes: Processes | null): Check[] {
  if (!processes) return [{ name: 'processes', ok: false, detail: 'no supervisor has run on this data folder' }];
  const { supervisor, web, vault, workers, database } = processes;
  const named = { supervisor, web, vault, ...(database === null ? {} : { database }) };
  const checks = Object.entries(named).map(([name, pid]) => ({ name: `process ${name}`, pid }));
  return [...checks, ...workers.map((pid, n) => ({ name: `process worker ${n + 1}`, pid }))].map(({ name, pid }) => ({
    name,
    ok: isAlive(pid),
    detail: `pid ${pid}`,
  }));
}

/** Only ours may read keys and runtime files. */
function checkFolders(dataDir: string): Check[] {
  return ['keys', 'run', 'incoming']
    .map((name) => ({ name, folder: path.join(dataDir, name) }))
    .filter(({ folder }) => fs.existsSync(folder))
    .map(({ name, folder }) => {
      const mode = fs.statSync(folder).mode & 0o777;
      return { name: `folder ${name}`, ok: (mode & 0o077) === 0, detail: `mode ${mode.toString(8).padStart(4, '0')}` };
    });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
