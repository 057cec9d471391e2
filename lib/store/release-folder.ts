/** A release's files on disk, one folder a snapshot. Written whole or not at all, read-only from then on. */
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { releaseFolder } from './files.ts';

export type FileToWrite = { path: string; chunks: readonly Uint8Array[] };

/** Folder of one build; `snapshot` is the hash that its approvals name. */
export function snapshotFolder(releaseId: string, snapshot: string): string {
  if (!/^[0-9a-f-]{36}$/.test(releaseId) || !/^[0-9a-f]{64}$/.test(snapshot)) throw new Error('not a release');
  return path.join(releaseFolder(releaseId), snapshot);
}

async function writeFile(root: string, file: FileToWrite): Promise<void> {
  const target = path.join(root, ...file.path.split('/'));
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  const handle = await open(target, 'w', 0o400);
  try {
    for (const chunk of file.chunks) await handle.write(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().catch(() => {});
  await handle.close();
}

/** Written beside its place and renamed into it: a kill leaves either the whole folder or none. */
export async function writeSnapshot(releaseId: string, snapshot: string, files: readonly FileToWrite[]): Promise<void> {
  const root = releaseFolder(releaseId);
  const target = snapshotFolder(releaseId, snapshot);
  if (await isThere(target)) return;
  const fresh = path.join(root, '.new');
  await discard(fresh);
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  for (const file of files) await writeFile(fresh, file);
  await syncFolder(fresh);
  await rename(fresh, target);
  await syncFolder(root);
  await lock(target);
}

/** Adds the verdict of the trainers to a build, or manifest, signature and sums to one that people approved. */
export async function addToSnapshot(releaseId: string, snapshot: string, files: readonly FileToWrite[]): Promise<void> {
  const root = snapshotFolder(releaseId, snapshot);
  const beside = path.join(releaseFolder(releaseId), '.seal');
  await discard(beside);
  await mkdir(beside, { recursive: true, mode: 0o700 });
  for (const file of files) await writeFile(beside, file);
  for (const file of files) {
    const target = path.join(root, ...file.path.split('/'));
    await chmod(root, 0o700);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await chmod(path.dirname(target), 0o700);
    await rename(path.join(beside, ...file.path.split('/')), target);
  }
  await discard(beside);
  await syncFolder(root);
  await lock(root);
}

const isThere = (folder: string): Promise<boolean> =>
  stat(folder).then(
    () => true,
    () => false,
  );

async function foldersIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return [
    root,
    ...entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name)),
  ];
}

async function lock(root: string): Promise<void> {
  for (const folder of (await foldersIn(root)).reverse()) await chmod(folder, 0o500);
}

async function discard(root: string): Promise<void> {
  if (!(await isThere(root))) return;
  for (const folder of await foldersIn(root)) await chmod(folder, 0o700);
  await rm(root, { recursive: true, force: true });
}

/** Removes builds that no release points at any more. */
export async function keepOnly(releaseId: string, snapshot: string): Promise<void> {
  const root = releaseFolder(releaseId);
  for (const name of await readdir(root)) if (name !== snapshot) await discard(path.join(root, name));
}

/** Relative paths with forward slashes, sorted. */
export async function listSnapshot(releaseId: string, snapshot: string): Promise<string[]> {
  const root = snapshotFolder(releaseId, snapshot);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

/** @param file one that `listSnapshot` named; nothing else may be asked for */
export function readSnapshotFile(releaseId: string, snapshot: string, file: string): AsyncIterable<Uint8Array> {
  return createReadStream(path.join(snapshotFolder(releaseId, snapshot), ...file.split('/')), {
    highWaterMark: 1 << 20,
  });
}

export const snapshotFileBytes = async (releaseId: string, snapshot: string, file: string): Promise<number> =>
  (await stat(path.join(snapshotFolder(releaseId, snapshot), ...file.split('/')))).size;
