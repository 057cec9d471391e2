/**
 * A moving window over the unpacked bytes of a source, as UTF-8, that still knows where everything stood in the
 * original. UTF-16 is transcoded while it is read; each of its code units is two original bytes, so offsets are counted, not stored.
 */
import type { Encoding } from '../trajectory/trajectory.ts';
import type { QuarantineReason } from './adapter.ts';

/** The source can't be read any further; what came before still counts. */
export class SourceFault extends Error {
  readonly reason: QuarantineReason;
  constructor(reason: QuarantineReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A stretch of the source: `bytes` are the original ones, `utf8` the same as
 * UTF-8, `asciiWidth` the bytes of one ASCII character. Half open, in original bytes. */
export type Stretch = { byteStart: number; byteEnd: number; bytes: Uint8Array; utf8: Buffer; asciiWidth: 1 | 2 };

const CHUNK = 256 * 1024;

export class Window {
  encoding: Encoding = 'utf-8';
  /** UTF-8 bytes that are held; those before `at` are done with. Never written to after it was handed out. */
  held: Buffer = Buffer.alloc(0);
  at = 0;
  ended = false;
  fault: SourceFault | undefined;
  /** Told of every byte that is taken, in order. */
  onTake: ((bytes: Uint8Array) => void) | undefined;
  /** Original bytes from `originAt` on (UTF-16 only; in UTF-8 they are `held` itself). */
  private wide: Buffer = Buffer.alloc(0);
  private wideTail: Buffer = Buffer.alloc(0);
  /** Offset in the source of `held[at]`. */
  private origin = 0;
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.chunks = bytes[Symbol.asyncIterator]();
  }

  get left(): number {
    return this.held.length - this.at;
  }
  get offset(): number {
    return this.origin;
  }

  /** Looks at the first bytes for a byte order mark or the zero bytes of UTF-16. To be called once, first. */
  async open(): Promise<void> {
    while (!this.ended && this.held.length < 4096) await this.fill(4096);
    const head = this.held.subarray(0, 4096);
    const found = sniffEncoding(head);
    this.encoding = found.encoding;
    this.origin = found.markBytes;
    if (found.encoding === 'utf-16le' || found.encoding === 'utf-16be') {
      const raw = this.held.subarray(found.markBytes);
      this.held = Buffer.alloc(0);
      this.appendWide([raw]);
    } else this.at = found.markBytes;
  }

  /** Reads on until at least `wanted` bytes wait, or the source ends. @returns whether anything came */
  async fill(wanted = Math.max(CHUNK, 2 * this.left)): Promise<boolean> {
    if (this.ended) return false;
    const before = this.left;
    const fresh: Buffer[] = [];
    let bytes = before;
    while (bytes < wanted) {
      const next = await this.pull();
      if (next === undefined) break;
      fresh.push(next);
      bytes += next.length;
    }
    if (this.encoding === 'utf-16le' || this.encoding === 'utf-16be') this.appendWide(fresh);
    else if (fresh.length > 0) {
      const rest = this.held.subarray(this.at);
      this.held = rest.length === 0 && fresh.length === 1 ? fresh[0]! : Buffer.concat([rest, ...fresh]);
      this.at = 0;
    }
    return this.left > before;
  }

  /** Takes the next `length` UTF-8 bytes; at the very end also half a UTF-16 unit that is left over. */
  take(length: number): Stretch {
    const utf8 = this.held.subarray(this.at, this.at + length);
    const byteStart = this.origin;
    this.at += length;
    if (this.encoding !== 'utf-16le' && this.encoding !== 'utf-16be') {
      this.origin += length;
      this.onTake?.(utf8);
      return { byteStart, byteEnd: this.origin, bytes: utf8, utf8, asciiWidth: 1 };
    }
    let size = 2 * countUnits(utf8);
    if (this.ended && this.left === 0) size = this.wide.length;
    const bytes = this.wide.subarray(0, size);
    this.wide = this.wide.subarray(size);
    this.origin += size;
    this.onTake?.(bytes);
    return { byteStart, byteEnd: this.origin, bytes, utf8, asciiWidth: 2 };
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  private async pull(): Promise<Buffer | undefined> {
    try {
      const next = await this.chunks.next();
      if (!next.done) return Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    } catch (thrown) {
      if (!(thrown instanceof SourceFault)) throw thrown;
      this.fault = thrown;
    }
    this.ended = true;
    return undefined;
  }

  private appendWide(fresh: Buffer[]): void {
    const raw = Buffer.concat([this.wideTail, ...fresh]);
    let whole = raw.length - (raw.length % 2);
    if (!this.ended && whole >= 2 && isHighSurrogate(raw, whole - 2, this.encoding)) whole -= 2;
    if (this.ended) whole = raw.length;
    this.wideTail = raw.subarray(whole);
    const usable = raw.subarray(0, whole);
    const even = Buffer.from(usable.subarray(0, whole - (whole % 2)));
    if (this.encoding === 'utf-16be') even.swap16();
    this.wide = Buffer.concat([this.wide, usable]);
    const text = even.toString('utf16le').toWellFormed();
    this.held = Buffer.concat([this.held.subarray(this.at), Buffer.from(whole % 2 === 1 ? `${text}\uFFFD` : text)]);
    this.at = 0;
  }
}

function isHighSurrogate(raw: Buffer, at: number, encoding: Encoding): boolean {
  const unit = encoding === 'utf-16be' ? raw.readUInt16BE(at) : raw.readUInt16LE(at);
  return unit >= 0xd800 && unit < 0xdc00;
}

/** UTF-16 code units of well-formed UTF-8. */
function countUnits(utf8: Buffer): number {
  let units = 0;
  for (const byte of utf8) {
    if ((byte & 0xc0) !== 0x80) units++;
    if (byte >= 0xf0) units++;
  }
  return units;
}

function sniffEncoding(head: Buffer): { encoding: Encoding; markBytes: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8-bom', markBytes: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', markBytes: 2 };
  const pairs = Math.floor(head.length / 2);
  let evenZeros = 0;
  let oddZeros = 0;
  for (let pair = 0; pair < pairs; pair++) {
    if (head[2 * pair] === 0) evenZeros++;
    if (head[2 * pair + 1] === 0) oddZeros++;
  }
  // One kind of zero only: a file that is all zeros is no text.
  if (pairs >= 2 && evenZeros >= 0.9 * pairs && oddZeros < 0.1 * pairs) return { encoding: 'utf-16be', markBytes: 0 };
  if (pairs >= 2 && oddZeros >= 0.9 * pairs && evenZeros < 0.1 * pairs) return { encoding: 'utf-16le', markBytes: 0 };
  return { encoding: 'utf-8', markBytes: 0 };
}
