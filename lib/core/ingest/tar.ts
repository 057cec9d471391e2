/**
 * Reads a tar (POSIX ustar and pax, GNU long names) in one pass. Names are data, never paths; folders, links and devices
 * hold no log and are passed over.
 */
import { SourceFault } from './window.ts';

const BLOCK = 512;

export type TarMember = { name: string; bytes: AsyncIterable<Uint8Array> };

/** @param head at least the first 512 bytes */
export const isTar = (head: Buffer): boolean =>
  head.length >= BLOCK && head.toString('latin1', 257, 262) === 'ustar' && hasChecksum(head.subarray(0, BLOCK));

/**
 * Members one after another; what is left unread of one is passed over before the next.
 * @throws SourceFault `corrupt_archive` on a broken header, `archive_limit` above the limit; a member that ends early
 * throws when it is read
 */
export async function* readTar(packed: AsyncIterable<Uint8Array>, maxMembers: number): AsyncGenerator<TarMember> {
  const source = new Blocks(packed);
  try {
    let longName: string | undefined;
    let longSize: number | undefined;
    for (let count = 0; ; ) {
      const header = await source.take(BLOCK);
      if (header === undefined || header.every((byte) => byte === 0)) return;
      if (header.length < BLOCK || !hasChecksum(header)) throw broken();
      const type = String.fromCharCode(header[156]!);
      const size = longSize ?? readNumber(header.subarray(124, 136));
      const padded = Math.ceil(size / BLOCK) * BLOCK;
      if (type === 'x' || type === 'g' || type === 'L' || type === 'K') {
        if (size > 1024 * 1024) throw broken();
        const body = await source.take(padded);
        if (body === undefined || body.length < padded) throw broken();
        const text = body.subarray(0, size).toString('utf8');
        if (type === 'L') longName = text.replace(/\0.*$/s, '');
        if (type === 'x') {
          longName = paxField(text, 'path') ?? longName;
          const bytes = paxField(text, 'size');
          if (bytes !== undefined) longSize = Number(bytes);
        }
        continue;
      }
      const name = longName ?? nameOf(header);
      longName = undefined;
      longSize = undefined;
      if (type !== '0' && type !== '\0' && type !== '7') {
        await source.skip(padded);
        continue;
      }
      if (++count > maxMembers) throw new SourceFault('archive_limit', `more than ${maxMembers} members`);
      const body = new Body(source, size);
      yield { name: name.replaceAll('\0', '\uFFFD'), bytes: body };
      await source.skip(body.left + padded - size);
    }
  } finally {
    await source.close();
  }
}

const broken = (): SourceFault => new SourceFault('corrupt_archive', 'the archive ends early or has a broken header');

/** The content of a member, read once. */
class Body implements AsyncIterable<Uint8Array> {
  left: number;
  private readonly source: Blocks;

  constructor(source: Blocks, size: number) {
    this.source = source;
    this.left = size;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (this.left > 0) {
      const piece = await this.source.some(this.left);
      if (piece === undefined) {
        this.left = 0;
        throw broken();
      }
      this.left -= piece.length;
      yield piece;
    }
  }
}

/** Bytes by the number that is asked for, however they arrive. */
class Blocks {
  private held: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.chunks = bytes[Symbol.asyncIterator]();
  }

  /** Up to `most` bytes of what is there; undefined at the end. */
  async some(most: number): Promise<Buffer | undefined> {
    while (this.held.length === 0) {
      const next = await this.chunks.next();
      if (next.done) return undefined;
      this.held = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
    const piece = this.held.subarray(0, most);
    this.held = this.held.subarray(piece.length);
    return piece;
  }

  /** Exactly `length` bytes, fewer at the end; undefined when there are none. */
  async take(length: number): Promise<Buffer | undefined> {
    const pieces: Buffer[] = [];
    let taken = 0;
    while (taken < length) {
      const piece = await this.some(length - taken);
      if (piece === undefined) break;
      pieces.push(piece);
      taken += piece.length;
    }
    return taken === 0 ? undefined : Buffer.concat(pieces);
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) {
      const piece = await this.some(left);
      if (piece === undefined) return;
      left -= piece.length;
    }
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}

const text = (field: Buffer): string => field.toString('utf8').replace(/\0.*$/s, '');

function nameOf(header: Buffer): string {
  const prefix = text(header.subarray(345, 500));
  const name = text(header.subarray(0, 100));
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal digits; or, for sizes that don't fit, the number itself behind a set high bit. */
function readNumber(field: Buffer): number {
  if ((field[0]! & 0x80) !== 0) {
    const number = field.subarray(4).reduce((sum, byte) => sum * 256 + byte, 0);
    if (!Number.isSafeInteger(number)) throw broken();
    return number;
  }
  const digits = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trim();
  if (!/^[0-7]{0,12}$/.test(digits)) throw broken();
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function hasChecksum(header: Buffer): boolean {
  const logged = Number.parseInt(header.toString('latin1', 148, 156).replace(/[\0 ]/g, ''), 8);
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 0x20 : header[at]!;
  return sum === logged;
}

/** Records `LENGTH KEY=VALUE`, one a line. */
function paxField(records: string, key: string): string | undefined {
  const found = records.split('\n').findLast((line) => line.replace(/^\d+ /, '').startsWith(`${key}=`));
  return found?.slice(found.indexOf('=') + 1);
}
