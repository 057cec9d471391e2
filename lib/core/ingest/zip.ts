/**
 * Reads a ZIP by its central directory. Names are data, never paths; members that overlap, lie about their size or need
 * a password are refused. Layout: PKWARE APPNOTE 6.3.
 */
import { crc32 } from 'node:zlib';
import { type Expansion, inflate } from './inflate.ts';
import { SourceFault } from './window.ts';

export type RandomAccess = { size: number; read(offset: number, length: number): Promise<Uint8Array> };

export type ZipMember = {
  name: string;
  method: number;
  isEncrypted: boolean;
  crc: number;
  packedBytes: number;
  bytes: number;
  headerAt: number;
};

const END = 0x06054b50;
const END64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

/** @throws SourceFault `corrupt_archive` without a directory that can be read, `archive_limit` above the limits */
export async function readZipDirectory(zip: RandomAccess, maxMembers: number): Promise<ZipMember[]> {
  const { count, at, length } = await findDirectory(zip);
  if (count > maxMembers) throw new SourceFault('archive_limit', `more than ${maxMembers} members`);
  if (length > 64 * 1024 * 1024 || at + length > zip.size) throw corrupt('its directory lies outside the file');
  const directory = await read(zip, at, length);
  const members: ZipMember[] = [];
  let pos = 0;
  for (let entry = 0; entry < count; entry++) {
    if (pos + 46 > directory.length || directory.readUInt32LE(pos) !== CENTRAL)
      throw corrupt('its directory is broken');
    const nameLength = directory.readUInt16LE(pos + 28);
    const extraLength = directory.readUInt16LE(pos + 30);
    const commentLength = directory.readUInt16LE(pos + 32);
    const flags = directory.readUInt16LE(pos + 8);
    const name = directory.toString(flags & 0x800 ? 'utf8' : 'latin1', pos + 46, pos + 46 + nameLength);
    const member: ZipMember = {
      name: name.replaceAll('\0', '\uFFFD'),
      method: directory.readUInt16LE(pos + 10),
      isEncrypted: (flags & 1) === 1,
      crc: directory.readUInt32LE(pos + 16),
      packedBytes: directory.readUInt32LE(pos + 20),
      bytes: directory.readUInt32LE(pos + 24),
      headerAt: directory.readUInt32LE(pos + 42),
    };
    readZip64Extra(directory.subarray(pos + 46 + nameLength, pos + 46 + nameLength + extraLength), member);
    pos += 46 + nameLength + extraLength + commentLength;
    if (!member.name.endsWith('/')) members.push(member);
  }
  const byPlace = [...members].sort((a, b) => a.headerAt - b.headerAt);
  for (const [index, member] of byPlace.entries()) {
    const next = byPlace[index + 1]?.headerAt ?? at;
    if (member.headerAt + 30 + member.packedBytes > next) throw corrupt('its members overlap');
  }
  return members;
}

/** The member's bytes. @throws SourceFault, always after what came out whole */
export async function* readZipMember(
  zip: RandomAccess,
  member: ZipMember,
  expansion: Expansion,
): AsyncGenerator<Uint8Array> {
  if (member.isEncrypted) throw new SourceFault('encrypted', 'needs a password');
  const header = await read(zip, member.headerAt, 30);
  if (header.readUInt32LE(0) !== LOCAL) throw corrupt('a member has no header');
  const start = member.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + member.packedBytes > zip.size) throw corrupt('a member ends early');
  const packed = slices(zip, start, member.packedBytes);
  let unpacked: AsyncIterable<Uint8Array>;
  if (member.method === 8) unpacked = inflate(packed, 'deflate', expansion);
  else if (member.method === 93) unpacked = inflate(packed, 'zstd', expansion);
  else if (member.method === 0) unpacked = stored(packed, expansion);
  else throw new SourceFault('unsupported_container', 'a compression that is not read here');
  let crc = 0;
  let bytes = 0;
  for await (const piece of unpacked) {
    bytes += piece.length;
    if (bytes > member.bytes) throw corrupt('a member is larger than its header says');
    crc = crc32(piece, crc);
    yield piece;
  }
  if (bytes !== member.bytes || crc !== member.crc) throw corrupt('a member fails its checksum');
}

async function* stored(packed: AsyncIterable<Uint8Array>, expansion: Expansion): AsyncGenerator<Uint8Array> {
  for await (const piece of packed) {
    expansion.packed += piece.length;
    expansion.count(piece.length);
    yield piece;
  }
}

async function* slices(zip: RandomAccess, start: number, length: number): AsyncGenerator<Uint8Array> {
  const end = start + length;
  for (let at = start; at < end; at += 262_144) yield await read(zip, at, Math.min(262_144, end - at));
}

async function findDirectory(zip: RandomAccess): Promise<{ count: number; at: number; length: number }> {
  const tailLength = Math.min(zip.size, 65_557 + 20);
  const tailAt = zip.size - tailLength;
  const tail = await read(zip, tailAt, tailLength);
  for (let pos = tail.length - 22; pos >= 0; pos--) {
    if (tail.readUInt32LE(pos) !== END || pos + 22 + tail.readUInt16LE(pos + 20) > tail.length) continue;
    const found = {
      count: tail.readUInt16LE(pos + 10),
      length: tail.readUInt32LE(pos + 12),
      at: tail.readUInt32LE(pos + 16),
    };
    const isBig = found.count === 0xffff || found.length === 0xffffffff || found.at === 0xffffffff;
    if (!isBig || pos < 20) return found;
    const record = await read(zip, Number(tail.readBigUInt64LE(pos - 20 + 8)), 56);
    if (record.readUInt32LE(0) !== END64) throw corrupt('its directory is broken');
    return {
      count: Number(record.readBigUInt64LE(32)),
      length: Number(record.readBigUInt64LE(40)),
      at: Number(record.readBigUInt64LE(48)),
    };
  }
  throw corrupt('it ends before its directory');
}

function readZip64Extra(extra: Buffer, member: ZipMember): void {
  for (let pos = 0; pos + 4 <= extra.length; ) {
    const size = extra.readUInt16LE(pos + 2);
    if (extra.readUInt16LE(pos) === 1) {
      let field = pos + 4;
      const next = () => {
        if (field + 8 > pos + 4 + size || field + 8 > extra.length) throw corrupt('its directory is broken');
        const value = Number(extra.readBigUInt64LE(field));
        field += 8;
        return value;
      };
      if (member.bytes === 0xffffffff) member.bytes = next();
      if (member.packedBytes === 0xffffffff) member.packedBytes = next();
      if (member.headerAt === 0xffffffff) member.headerAt = next();
      return;
    }
    pos += 4 + size;
  }
}

async function read(zip: RandomAccess, offset: number, length: number): Promise<Buffer> {
  if (offset < 0 || length < 0 || offset + length > zip.size) throw corrupt('it ends early');
  const bytes = await zip.read(offset, length);
  if (bytes.length !== length) throw corrupt('it ends early');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const corrupt = (message: string): SourceFault => new SourceFault('corrupt_archive', message);
