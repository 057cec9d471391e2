import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { SettingsError } from '#lib/store/env.ts';

/** The store's own folder on disk. */
export interface DataFolder {
  root: string;
  /** cluster of the embedded Postgres */
  db: string;
  run: string;
  /** the vault's Unix socket */
  vaultSocket: string;
  /** written by the first start with ASSAY_DEMO=1 */
  demoMark: string;
}

/** Longest path of a Unix socket that every system takes. */
const longestSocketPath = 100;

/**
 * Makes the folder and what belongs in it.
 * @throws SettingsError when the parent folder does not exist
 */
export function prepareDataFolder(root: string): DataFolder {
  if (!fs.existsSync(path.dirname(root))) throw new SettingsError('ASSAY_DATA: its parent folder does not exist');
  // As root the embedded Postgres runs as another account, which must be able to pass through to db/.
  makePrivate(root, process.getuid?.() === 0 ? 0o711 : 0o700);
  for (const name of ['run', 'incoming']) makePrivate(path.join(root, name), 0o700);
  const run = path.join(root, 'run');
  return {
    root,
    db: path.join(root, 'db'),
    run,
    vaultSocket: path.join(socketFolder(root, run), 'vault.sock'),
    demoMark: path.join(root, 'demo.json'),
  };
}

/** `run/`, or for a data folder with a very long path a private folder among the system's temporary ones. */
function socketFolder(root: string, run: string): string {
  if (path.join(run, 'supervisor.sock').length <= longestSocketPath) return run;
  const folder = path.join(os.tmpdir(), `assay-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`);
  makePrivate(folder, 0o700);
  if (process.getuid && fs.statSync(folder).uid !== process.getuid())
    throw new Error(`${folder} belongs to someone else`);
  return folder;
}

/**
 * Takes the folder for this supervisor. The lock is a listening socket: it can't outlive its process, so nothing is ever left to clean.
 * @throws SettingsError when another supervisor runs on it
 */
export async function lockDataFolder(folder: DataFolder): Promise<void> {
  const socket = path.join(path.dirname(folder.vaultSocket), 'supervisor.sock');
  if (await answers(socket)) throw new SettingsError('ASSAY_DATA is in use: another Assay runs on this data folder');
  fs.rmSync(socket, { force: true });
  const server = net.createServer((connection) => connection.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  server.unref();
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

function makePrivate(folder: string, mode: number): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(folder, mode);
}

/** Whole or not at all, for readers at any moment. */
export function writeJson(file: string, value: unknown): void {
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}
