/**
 * Decompression in a stream, under our own byte counter: Node's stream decompressors know no output limit
 * (200 MB passed a limit of 1 MB in a trial), and they drop what came out before an error. Here all of it is handed on first.
 */
import { createGunzip, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { SourceFault } from './window.ts';

export type ArchiveLimits = {
  /** Most unpacked bytes of one source. */
  expandedBytes: number;
  /** Most times the packed size, looked at once `ratioFromBytes` are out. */
  ratio: number;
  ratioFromBytes: number;
  members: number;
};

export const ARCHIVE_LIMITS: ArchiveLimits = {
  expandedBytes: 64 * 1024 ** 3,
  ratio: 200,
  ratioFromBytes: 32 * 1024 * 1024,
  members: 10_000,
};

/** Shared by the members of one archive, so that many small bombs count as one. */
export class Expansion {
  packed = 0;
  out = 0;
  readonly limits: ArchiveLimits;
  constructor(limits: ArchiveLimits) {
    this.limits = limits;
  }
  /** @throws SourceFault when the unpacked bytes pass a limit */
  count(bytes: number): void {
    this.out += bytes;
    const { expandedBytes, ratio, ratioFromBytes } = this.limits;
    if (this.out > expandedBytes) throw new SourceFault('archive_limit', 'unpacks to more bytes than allowed');
    if (this.out > ratioFromBytes && this.out > ratio * this.packed) {
      throw new SourceFault('archive_limit', `unpacks to more than ${ratio} times its size`);
    }
  }
}

export type Method = 'gzip' | 'deflate' | 'zstd';

/**
 * @throws SourceFault `corrupt_archive` when the packed bytes end early or fail their checksum, `archive_limit` on a
 * bomb; always after everything that came out whole
 */
export async function* inflate(
  packed: AsyncIterable<Uint8Array>,
  method: Method,
  expansion: Expansion,
): AsyncGenerator<Uint8Array> {
  const stream = method === 'gzip' ? createGunzip() : method === 'zstd' ? createZstdDecompress() : createInflateRaw();
  const out: Buffer[] = [];
  let failed = false;
  let settled = () => {};
  stream.on('data', (chunk: Buffer) => out.push(chunk));
  stream.on('end', () => settled());
  stream.on('error', () => {
    failed = true;
    settled();
  });
  const settle = (act: () => void) =>
    new Promise<void>((resolve) => {
      settled = resolve;
      act();
    });
  try {
    for await (const chunk of packed) {
      // Small bites: one write of 64 KB gives at most 64 MB before it is counted.
      for (let at = 0; at < chunk.length && !failed; at += 65_536) {
        const bite = chunk.subarray(at, at + 65_536);
        expansion.packed += bite.length;
        await settle(() => stream.write(bite, () => settled()));
        for (const piece of out.splice(0)) {
          expansion.count(piece.length);
          yield piece;
        }
      }
      if (failed) break;
    }
    if (!failed) await settle(() => stream.end());
    for (const piece of out.splice(0)) {
      expansion.count(piece.length);
      yield piece;
    }
    if (failed) throw new SourceFault('corrupt_archive', 'the packed bytes end early or fail their checksum');
  } finally {
    stream.destroy();
  }
}
