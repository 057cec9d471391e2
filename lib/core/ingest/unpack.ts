/** Takes the packing off a source, told by its first bytes: gzip, zstd, ZIP, or none. */
import { createHash } from 'node:crypto';
import type { Compression } from '../trajectory/trajectory.ts';
import { type ArchiveLimits, Expansion, inflate } from './inflate.ts';
import { isTar, readTar } from './tar.ts';
import { SourceFault } from './window.ts';
import { type RandomAccess, readZipDirectory, readZipMember, type ZipMember } from './zip.ts';

export type ByteSource = AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>);

/** One stream of plain bytes. A fault (bomb, broken archive) is thrown by `bytes`, after what came out whole. */
export type Member = {
  name?: string;
  compression: Compression;
  bytes: AsyncIterable<Uint8Array>;
  /** Instead of `bytes`: the members that make one source together, in order. */
  parts?: AsyncIterable<{ name: string; bytes: AsyncIterable<Uint8Array> }>;
};

/** The source as given, counted and hashed. Readers may stop early; `drain` then reads the rest. */
export class Packed implements AsyncIterable<Uint8Array> {
  bytes = 0;
  sha256 = '';
  private readonly digest = createHash('sha256');
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(source: ByteSource) {
    this.chunks = (typeof source === 'function' ? source() : source)[Symbol.asyncIterator]();
  }

  /** Without `return`: a reader that leaves must not close what is still to be counted. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.pull() };
  }

  async drain(): Promise<void> {
    while (!(await this.pull()).done);
  }

  private async pull(): Promise<IteratorResult<Uint8Array>> {
    if (this.sha256 !== '') return { done: true, value: undefined };
    const next = await this.chunks.next();
    if (next.done) this.sha256 = this.digest.digest('hex');
    else {
      this.bytes += next.value.length;
      this.digest.update(next.value);
    }
    return next;
  }
}

/** A ZIP that can't be read at random places is held in memory up to this size. */
const MAX_HELD_ZIP = 512 * 1024 * 1024;

export async function* unpack(packed: Packed, limits: ArchiveLimits, random?: RandomAccess): AsyncGenerator<Member> {
  const expansion = new Expansion(limits);
  const stream = await peek(packed, 512);
  const kind = sniffPacking(stream.head);
  if (kind === 'zip') yield* zipMembers(stream.bytes, random, expansion);
  else if (kind === 'none') yield* plainOrTar(stream, 'none', expansion);
  else {
    const inner = await peek(inflate(stream.bytes, kind, expansion), 512);
    if (sniffPacking(inner.head) === 'none') yield* plainOrTar(inner, kind, expansion);
    else yield { compression: kind, bytes: refused(inner.bytes, 'an archive inside an archive') };
  }
  await packed.drain();
}

async function* plainOrTar(
  { head, bytes }: { head: Buffer; bytes: AsyncIterable<Uint8Array> },
  compression: Compression,
  expansion: Expansion,
): AsyncGenerator<Member> {
  if (!isTar(head)) {
    yield { compression, bytes };
    return;
  }
  try {
    for await (const member of readTar(bytes, expansion.limits.members))
      yield { name: member.name, compression, bytes: await unzipped(member.bytes, expansion) };
  } catch (thrown) {
    if (!(thrown instanceof SourceFault)) throw thrown;
    yield { name: '', compression, bytes: failing(thrown) };
  }
}

/** A member of an archive: gzip is taken off, another archive is refused. */
async function unzipped(bytes: AsyncIterable<Uint8Array>, expansion: Expansion): Promise<AsyncIterable<Uint8Array>> {
  const inner = await peek(bytes, 512);
  const kind = sniffPacking(inner.head);
  if (kind === 'none' && !isTar(inner.head)) return inner.bytes;
  if (kind !== 'gzip') return refused(inner.bytes, 'an archive inside an archive');
  const plain = await peek(inflate(inner.bytes, 'gzip', expansion), 512);
  const isPlain = sniffPacking(plain.head) === 'none' && !isTar(plain.head);
  return isPlain ? plain.bytes : refused(plain.bytes, 'an archive inside an archive');
}

async function* zipMembers(
  bytes: AsyncIterable<Uint8Array>,
  random: RandomAccess | undefined,
  expansion: Expansion,
): AsyncGenerator<Member> {
  let zip: RandomAccess;
  if (random) {
    // Read once for size and hash, then by place.
    for await (const _ of bytes);
    zip = random;
  } else {
    const held: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size <= MAX_HELD_ZIP) held.push(chunk);
    }
    if (size > MAX_HELD_ZIP) {
      yield { compression: 'zip', bytes: failing(new SourceFault('archive_limit', 'a ZIP this large must be a file')) };
      return;
    }
    const whole = Buffer.concat(held);
    zip = { size, read: async (offset, length) => whole.subarray(offset, offset + length) };
  }
  let members: Awaited<ReturnType<typeof readZipDirectory>>;
  try {
    members = await readZipDirectory(zip, expansion.limits.members);
  } catch (thrown) {
    if (!(thrown instanceof SourceFault)) throw thrown;
    yield { compression: 'zip', bytes: failing(thrown) };
    return;
  }
  const samples = evaluationParts(members);
  if (samples) {
    yield { compression: 'zip', bytes: nothing(), parts: inTurn(samples, zip, expansion) };
    return;
  }
  for (const member of members) {
    const bytes = await unzipped(readZipMember(zip, member, expansion), expansion);
    yield { name: member.name, compression: 'zip', bytes };
  }
}

/**
 * An Inspect `.eval` is one log, not many: its samples in the order of their names; what stands beside them says the same
 * in short. One without a sample has its header.
 */
function evaluationParts(members: readonly ZipMember[]): ZipMember[] | undefined {
  const header =
    members.find(({ name }) => name === 'header.json') ?? members.find(({ name }) => name === '_journal/start.json');
  if (!header) return undefined;
  const samples = members.filter(({ name }) => /^samples\/[^/]+\.json$/.test(name));
  if (samples.length === 0)
    return members.every(({ name }) => /^(?:header|summaries|reductions)\.json$|^_journal\//.test(name))
      ? [header]
      : undefined;
  return samples.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function* inTurn(members: readonly ZipMember[], zip: RandomAccess, expansion: Expansion) {
  for (const member of members) yield { name: member.name, bytes: readZipMember(zip, member, expansion) };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* [];
}

async function* failing(fault: SourceFault): AsyncGenerator<Uint8Array> {
  yield* [];
  throw fault;
}

async function* refused(bytes: AsyncIterable<Uint8Array>, message: string): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    yield chunk;
    break;
  }
  throw new SourceFault('archive_limit', message);
}

/** First bytes of a stream, and the stream from its start. A fault waits until the stream is read. */
async function peek(
  stream: AsyncIterable<Uint8Array>,
  length: number,
): Promise<{ head: Buffer; bytes: AsyncIterable<Uint8Array> }> {
  const chunks = stream[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let size = 0;
  let fault: unknown;
  let ended = false;
  while (size < length && !ended) {
    try {
      const next = await chunks.next();
      if (next.done) ended = true;
      else {
        held.push(next.value);
        size += next.value.length;
      }
    } catch (thrown) {
      fault = thrown;
      ended = true;
    }
  }
  async function* replay(): AsyncGenerator<Uint8Array> {
    try {
      yield* held;
      if (fault !== undefined) throw fault;
      while (!ended) {
        const next = await chunks.next();
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await chunks.return?.();
    }
  }
  return { head: Buffer.concat(held).subarray(0, length), bytes: replay() };
}

function sniffPacking(head: Buffer): Compression {
  if (head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  if (head.length >= 4 && (head.readUInt32LE(0) === 0x04034b50 || head.readUInt32LE(0) === 0x06054b50)) return 'zip';
  return 'none';
}
