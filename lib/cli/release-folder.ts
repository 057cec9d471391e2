/** A release's folder on disk, as the validator and the verifier read it: streamed, never whole. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { ReleaseFolder } from '#lib/core/export/verify-release.ts';

const CHUNK_BYTES = 1 << 20;

export const readPacked = (path: string): AsyncIterable<Uint8Array> =>
  createReadStream(path, { highWaterMark: CHUNK_BYTES });

/** Unpacked when the name ends in .gz. An error of the file ends the reading, whichever stream it came from. */
export function readUnpacked(path: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!path.endsWith('.gz')) return file;
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  file.on('error', (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
}

/** @throws the file system's error when the folder can't be read */
export async function openReleaseFolder(root: string): Promise<ReleaseFolder> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    // Links and devices are listed like files: nothing may lie in a release that its manifest does not name.
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort((a, b) => (a < b ? -1 : 1));
  return {
    paths,
    packed: (path) => readPacked(join(root, path)),
    unpacked: (path) => readUnpacked(join(root, path)),
  };
}
