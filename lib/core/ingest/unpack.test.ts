import { createHash } from 'node:crypto';
import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ARCHIVE_LIMITS } from './inflate.ts';
import { Packed, unpack } from './unpack.ts';
import { SourceFault } from './window.ts';

async function* inChunks(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function open(bytes: Uint8Array, limits = ARCHIVE_LIMITS) {
  const packed = new Packed(inChunks(bytes));
  const members: { name?: string; compression: string; text: string; fault?: string }[] = [];
  for await (const { name, compression, bytes: inner } of unpack(packed, limits)) {
    let text = '';
    let fault: string | undefined;
    try {
      for await (const chunk of inner) text += Buffer.from(chunk).toString('latin1');
    } catch (thrown) {
      if (!(thrown instanceof SourceFault)) throw thrown;
      fault = thrown.reason;
    }
    members.push({ ...(name !== undefined && { name }), compression, text, ...(fault !== undefined && { fault }) });
  }
  expect(packed.bytes).toBe(bytes.length);
  expect(packed.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  return members;
}

type Entry = { name: string; text: string; flags?: number; claims?: number };

/** A ZIP made here, so that it can lie. */
function zip(entries: Entry[], { overlap = false } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, text, flags = 0, claims } of entries) {
    const raw = Buffer.from(text);
    const packed = deflateRawSync(raw);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(crc32(raw), 16);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(claims ?? raw.length, 24);
    central.writeUInt16LE(Buffer.byteLength(name), 28);
    central.writeUInt32LE(overlap ? 0 : at, 42);
    parts.push(local, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    at += 30 + Buffer.byteLength(name) + packed.length;
  }
  const tail = Buffer.alloc(22);
  tail.writeUInt32LE(0x06054b50);
  tail.writeUInt16LE(entries.length, 10);
  tail.writeUInt32LE(Buffer.concat(directory).length, 12);
  tail.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, tail]);
}

describe('taking the packing off', () => {
  const text = 'one line\n'.repeat(5000);

  it('reads plain, gzip and zstd bytes', async () => {
    expect(await open(Buffer.from(text))).toEqual([{ compression: 'none', text }]);
    expect(await open(gzipSync(text))).toEqual([{ compression: 'gzip', text }]);
    expect(await open(Buffer.concat([gzipSync('a\n'), gzipSync('b\n')]))).toEqual([
      { compression: 'gzip', text: 'a\nb\n' },
    ]);
    expect(await open(zstdCompressSync(text))).toEqual([{ compression: 'zstd', text }]);
  });

  it('hands on what came out of a gzip that ends early', async () => {
    let seed = 1;
    const next = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed & 0x7f;
    };
    const random = Buffer.from(Array.from({ length: 60_000 }, next));
    const packed = gzipSync(random);
    const [member] = await open(packed.subarray(0, packed.length - 3000));
    expect(member!.fault).toBe('corrupt_archive');
    expect(member!.text.length).toBeGreaterThan(10_000);
    expect(random.toString('latin1').startsWith(member!.text)).toBe(true);
  });

  it('notices a wrong checksum', async () => {
    const packed = gzipSync(text);
    packed[packed.length - 6]! ^= 1;
    expect(await open(packed)).toMatchObject([{ fault: 'corrupt_archive' }]);
  });

  it('stops a bomb', async () => {
    const [member] = await open(gzipSync(Buffer.alloc(3_000_000)), { ...ARCHIVE_LIMITS, ratioFromBytes: 1_000_000 });
    expect(member!.fault).toBe('archive_limit');
    expect(member!.text.length).toBeLessThan(1_100_000);
    expect(await open(gzipSync(text), { ...ARCHIVE_LIMITS, expandedBytes: 10_000 })).toMatchObject([
      { fault: 'archive_limit' },
    ]);
  });

  it('reads the members of a ZIP, gzip inside it too, and no archive inside an archive', async () => {
    expect(
      await open(
        zip([
          { name: 'a.jsonl', text: 'A' },
          { name: '../../b', text: 'B' },
        ]),
      ),
    ).toEqual([
      { name: 'a.jsonl', compression: 'zip', text: 'A' },
      { name: '../../b', compression: 'zip', text: 'B' },
    ]);
    expect(await open(gzipSync(gzipSync('x')))).toMatchObject([{ compression: 'gzip', fault: 'archive_limit' }]);
  });

  it('refuses members that overlap, lie or need a password, and reads the others', async () => {
    expect(
      await open(
        zip(
          [
            { name: 'a', text: 'A' },
            { name: 'b', text: 'B' },
          ],
          { overlap: true },
        ),
      ),
    ).toMatchObject([{ fault: 'corrupt_archive' }]);
    expect(
      await open(
        zip([
          { name: 'a', text: 'AAAA', claims: 2 },
          { name: 'b', text: 'B' },
        ]),
      ),
    ).toMatchObject([
      { name: 'a', fault: 'corrupt_archive' },
      { name: 'b', text: 'B' },
    ]);
    expect(
      await open(
        zip([
          { name: 'a', text: 'A', flags: 1 },
          { name: 'b', text: 'B' },
        ]),
      ),
    ).toMatchObject([
      { name: 'a', fault: 'encrypted' },
      { name: 'b', text: 'B' },
    ]);
    expect(await open(zip([{ name: 'a', text: 'A' }]).subarray(0, 40))).toMatchObject([{ fault: 'corrupt_archive' }]);
  });
});
