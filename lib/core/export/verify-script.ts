/**
 * `verify-release.mjs`, shipped inside each release: Node 18 or newer, no dependency, no network. It does what
 * `assay verify-release` does. Failure is a thrown error (exit 1), never a flag that a flipped bit could turn; the sums
 * are looked at by a second path besides the manifest.
 */
export const VERIFY_SCRIPT = String.raw`// Checks this release: node verify-release.mjs [FOLDER] [--key KEY_ID]
// Signature of the manifest, hash, size and rows of every file, no file too many or too few. Exit 1 names the first wrong one.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const args = process.argv.slice(2);
const keyAt = args.indexOf('--key');
const trusted = keyAt < 0 ? undefined : args.splice(keyAt, 2)[1];
const root = resolve(args[0] ?? dirname(fileURLToPath(import.meta.url)));
const read = (path) => readFileSync(join(root, ...path.split('/')));
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
const order = (a, b) => (a < b ? -1 : 1);

class Wrong extends Error {}
const must = (fine, path, why) => {
  if (fine === true) return;
  throw new Wrong(path + ': ' + why);
};

function listFiles(folder, prefix) {
  return readdirSync(folder).flatMap((name) => {
    const path = prefix + name;
    const stat = lstatSync(join(folder, name));
    must(stat.isDirectory() || stat.isFile(), path, 'neither file nor folder');
    return stat.isDirectory() ? listFiles(join(folder, name), path + '/') : [path];
  });
}

function publicKey(id) {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: id }, format: 'jwk' });
}

function isSigned(said, encoded, key) {
  const signature = Buffer.from(encoded, 'base64');
  return signature.toString('base64') === encoded && verify(null, said, key, signature);
}

function checkTombstones(bytes, key) {
  const lines = bytes.toString('utf8').split('\n');
  must(lines.pop() === '', 'tombstones.jsonl', 'the last line is cut');
  for (const line of lines) {
    const match = /^(\{.*),"sig":"([A-Za-z0-9+/=]+)"\}$/.exec(line);
    must(match !== null && isSigned(Buffer.from(match[1] + '}'), match[2], key), 'tombstones.jsonl', 'a line is not signed');
  }
}

function check() {
  const found = listFiles(root, '').sort(order);
  for (const path of ['manifest.json', 'manifest.sig', 'SHA256SUMS']) must(found.includes(path), path, 'missing');
  const manifestBytes = read('manifest.json');
  const manifest = JSON.parse(manifestBytes.toString('utf8'));
  must(manifest.schema === 'assay.release/1', 'manifest.json', 'not a manifest of this form');
  const signature = read('manifest.sig').toString('utf8');
  const [method, id, encoded] = signature.slice(0, -1).split(' ');
  must(signature === 'ed25519 ' + id + ' ' + encoded + '\n' && method === 'ed25519', 'manifest.sig', 'not of the form "ed25519 KEY SIGNATURE"');
  must(id === manifest.keyId, 'manifest.sig', 'its key is not the one that the manifest names');
  must(trusted === undefined || trusted === id, 'manifest.sig', 'signed by another key than the one given');
  const key = publicKey(id);
  must(key.export({ format: 'jwk' }).x === id, 'manifest.sig', 'its key is no Ed25519 key');
  must(isSigned(manifestBytes, encoded, key), 'manifest.sig', 'it does not belong to this manifest');

  const listed = manifest.files.map((file) => file.path);
  const due = [...listed, 'manifest.json', 'manifest.sig', 'SHA256SUMS'];
  for (const path of due) must(found.includes(path), path, 'missing');
  for (const path of found) must(due.includes(path), path, 'not listed');

  const sums = [];
  for (const file of manifest.files) {
    const bytes = read(file.path);
    if (file.path === 'tombstones.jsonl' && bytes.length > 0) checkTombstones(bytes, key);
    else {
      must(bytes.length === file.bytes, file.path, 'another size');
      must(hash(bytes) === file.sha256, file.path, 'another hash');
    }
    if (file.rows !== undefined) {
      const plain = file.path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      let rows = 0;
      for (let at = plain.indexOf(10); at >= 0; at = plain.indexOf(10, at + 1)) rows += 1;
      must(rows === file.rows, file.path, 'another count of rows');
    }
    sums.push([file.path, file.sha256]);
  }
  for (const path of ['manifest.json', 'manifest.sig']) sums.push([path, hash(read(path))]);
  const lines = sums.sort((a, b) => order(a[0], b[0])).map(([path, sum]) => sum + '  ' + path + '\n');
  must(read('SHA256SUMS').toString('latin1') === Buffer.from(lines.join('')).toString('latin1'), 'SHA256SUMS', 'not the hashes of these files');
  for (const line of read('SHA256SUMS').toString('utf8').split('\n').slice(0, -1)) {
    const path = line.slice(66);
    must(path === 'tombstones.jsonl' || hash(read(path)) === line.slice(0, 64), path, 'another hash than in SHA256SUMS');
  }
  return { files: found.length, id };
}

try {
  const { files, id } = check();
  console.log('ok: ' + files + ' files, signed by ' + id);
} catch (error) {
  console.error(error instanceof Wrong ? 'wrong: ' + error.message : 'wrong: this is no release that can be read');
  process.exit(1);
}
`;
