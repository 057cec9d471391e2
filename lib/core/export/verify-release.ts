/** The checks of `assay verify-release`: signature, hash, size and rows of every file, none too many, none missing. */
import { createHash } from 'node:crypto';
import { sha256 } from '../trajectory/hash.ts';
import {
  type FileEntry,
  MANIFEST_FILE,
  type Manifest,
  readManifest,
  SIGNATURE_FILE,
  SUMS_FILE,
  sumsText,
  TOMBSTONES_FILE,
  UNLISTED,
} from './manifest.ts';
import { isTombstoneLine, signatureFault } from './sign.ts';

/** A release's folder as its reader hands it over. */
export type ReleaseFolder = {
  /** Relative paths with forward slashes, sorted; everything in the folder that is no folder. */
  paths: readonly string[];
  /** Bytes as they lie there, in chunks. */
  packed(path: string): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** The same, unpacked when the name ends in .gz. */
  unpacked(path: string): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
};

export type Fault = { code: 'R01' | 'R02' | 'R03' | 'R05'; path: string; why: string };
export type Verification = { faults: Fault[]; manifest?: Manifest };

export async function readAll(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read);
}

/**
 * @param trustedKey the sender's key id, when the receiver knows it
 * @param stopAtFirst what the command line does; the validator wants all
 */
export async function verifyRelease(
  folder: ReleaseFolder,
  options: { trustedKey?: string; stopAtFirst?: boolean } = {},
): Promise<Verification> {
  const faults: Fault[] = [];
  const present = new Set(folder.paths);
  if (!present.has(MANIFEST_FILE)) return { faults: [{ code: 'R01', path: MANIFEST_FILE, why: 'missing' }] };
  const manifestBytes = await readAll(folder.packed(MANIFEST_FILE));
  const reading = readManifest(manifestBytes);
  if (!reading.ok) return { faults: [{ code: 'R01', path: MANIFEST_FILE, why: reading.why }] };
  const { manifest } = reading;
  const { keyId } = manifest;

  for (const path of [SIGNATURE_FILE, SUMS_FILE]) {
    if (!present.has(path)) faults.push({ code: path === SIGNATURE_FILE ? 'R05' : 'R03', path, why: 'missing' });
  }
  if (present.has(SIGNATURE_FILE)) {
    const why = signatureFault(manifestBytes, (await readAll(folder.packed(SIGNATURE_FILE))).toString('latin1'), keyId);
    if (why !== undefined) faults.push({ code: 'R05', path: SIGNATURE_FILE, why });
    else if (options.trustedKey !== undefined && options.trustedKey !== keyId) {
      faults.push({ code: 'R05', path: SIGNATURE_FILE, why: 'signed by another key than the one given' });
    }
  }
  const listed = new Set(manifest.files.map(({ path }) => path));
  if (listed.size !== manifest.files.length)
    faults.push({ code: 'R01', path: MANIFEST_FILE, why: 'it lists a file twice' });
  for (const path of listed) if (!present.has(path)) faults.push({ code: 'R03', path, why: 'missing' });
  for (const path of folder.paths) {
    if (!listed.has(path) && !UNLISTED.has(path)) faults.push({ code: 'R03', path, why: 'not listed' });
  }
  for (const file of manifest.files) {
    if (options.stopAtFirst && faults.length > 0) break;
    if (!present.has(file.path)) continue;
    const why = await fileFault(folder, file, keyId);
    if (why !== undefined) faults.push({ code: 'R02', path: file.path, why });
  }
  if (present.has(SUMS_FILE) && !(options.stopAtFirst && faults.length > 0)) {
    const sums = await sumsDue(folder, manifest, manifestBytes);
    const given = await readAll(folder.packed(SUMS_FILE));
    if (!given.equals(Buffer.from(sums)))
      faults.push({ code: 'R02', path: SUMS_FILE, why: 'not the hashes of these files' });
  }
  return { faults, manifest };
}

async function sumsDue(folder: ReleaseFolder, manifest: Manifest, manifestBytes: Uint8Array): Promise<string> {
  const signature = folder.paths.includes(SIGNATURE_FILE)
    ? await readAll(folder.packed(SIGNATURE_FILE))
    : Buffer.alloc(0);
  return sumsText([
    ...manifest.files,
    { path: MANIFEST_FILE, sha256: sha256(manifestBytes) },
    { path: SIGNATURE_FILE, sha256: sha256(signature) },
  ]);
}

async function fileFault(folder: ReleaseFolder, file: FileEntry, keyId: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  let rows = 0;
  const countHere = file.rows !== undefined && !file.path.endsWith('.gz');
  for await (const chunk of folder.packed(file.path)) {
    hash.update(chunk);
    bytes += chunk.length;
    if (countHere) rows += countLines(chunk);
  }
  if (file.path === TOMBSTONES_FILE && bytes > 0) return tombstonesFault(folder, keyId);
  if (bytes !== file.bytes) return 'another size';
  if (hash.digest('hex') !== file.sha256) return 'another hash';
  if (file.rows === undefined) return undefined;
  if (!countHere) for await (const chunk of folder.unpacked(file.path)) rows += countLines(chunk);
  return rows === file.rows ? undefined : 'another count of rows';
}

function countLines(chunk: Uint8Array): number {
  let lines = 0;
  for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) lines++;
  return lines;
}

/** Tombstones grow beside the release: its manifest knows the empty file, and each line is signed. */
async function tombstonesFault(folder: ReleaseFolder, keyId: string): Promise<string | undefined> {
  const lines = (await readAll(folder.packed(TOMBSTONES_FILE))).toString('utf8').split('\n');
  if (lines.pop() !== '') return 'the last line is cut';
  return lines.every((line) => isTombstoneLine(line, keyId)) ? undefined : 'a line is not signed';
}
