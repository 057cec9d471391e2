/** Files of the data folder: uploads on their way in, releases on their way out. Names are ids of ours, never a user's. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

/** Never an asset of the build: what lies in it is data, and its cache holds links that lead out of the checkout. */
export const dataFolder = (): string => path.resolve(/* turbopackIgnore: true */ process.env.ASSAY_DATA ?? '.assay');
const incomingFolder = (): string => path.join(dataFolder(), 'incoming');
export const releaseFolder = (releaseId: string): string => path.join(dataFolder(), 'releases', releaseId);

const UUID = /^[0-9a-f-]{36}$/;
function incomingPath(importId: string): string {
  if (!UUID.test(importId)) throw new Error('not an import id');
  return path.join(incomingFolder(), importId);
}

const SPARE_BYTES = 1024 ** 3;

/** False when storing `bytes` would leave less than 1 GiB of the disk. */
export async function hasRoomFor(bytes: number): Promise<boolean> {
  await mkdir(incomingFolder(), { recursive: true, mode: 0o700 });
  const disk = await statfs(incomingFolder());
  return disk.bavail * disk.bsize - bytes >= SPARE_BYTES;
}

/** Bytes of an upload that are on disk. */
export const receivedBytes = (importId: string): Promise<number> =>
  stat(incomingPath(importId)).then(
    (found) => found.size,
    () => 0,
  );

/**
 * Appends a stream at `offset`, never holding it in memory. What arrived before a cut connection is kept.
 * @returns the bytes on disk afterwards, and whether more than `limit` were sent (then nothing past it is written)
 */
export async function appendUpload(
  importId: string,
  offset: number,
  limit: number,
  body: AsyncIterable<Uint8Array>,
): Promise<{ received: number; isOver: boolean }> {
  await mkdir(incomingFolder(), { recursive: true, mode: 0o700 });
  const file = await open(incomingPath(importId), offset === 0 ? 'w' : 'r+', 0o600);
  let at = offset;
  try {
    for await (const chunk of body) {
      if (at + chunk.byteLength > limit) return { received: at, isOver: true };
      await file.write(chunk, 0, chunk.byteLength, at);
      at += chunk.byteLength;
    }
  } finally {
    await file.sync().catch(() => {});
    await file.close();
  }
  return { received: at, isOver: false };
}

/** SHA-256 of what is on disk, streamed. */
export async function uploadSha256(importId: string): Promise<string> {
  const hash = createHash('sha256');
  if ((await receivedBytes(importId)) > 0) for await (const chunk of readUpload(importId)) hash.update(chunk);
  return hash.digest('hex');
}

export const readUpload = (importId: string): AsyncIterable<Uint8Array> =>
  createReadStream(incomingPath(importId), { highWaterMark: 1 << 20 });

/** Puts a local file in place, for the command line. */
export async function copyIntoIncoming(importId: string, file: string): Promise<void> {
  await appendUpload(importId, 0, Number.MAX_SAFE_INTEGER, createReadStream(file, { highWaterMark: 1 << 20 }));
  if ((await receivedBytes(importId)) === 0)
    await open(incomingPath(importId), 'w', 0o600).then((handle) => handle.close());
}

export const removeUpload = (importId: string): Promise<void> => rm(incomingPath(importId), { force: true });
