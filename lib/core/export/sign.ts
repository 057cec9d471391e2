/**
 * Ed25519 over a release's manifest and over each tombstone. The key's id is its public half (base64url of the raw 32
 * bytes), so a signature can be checked with nothing but the release; whether the key is ours is what the receiver
 * compares with the id that we publish.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson } from '../trajectory/json.ts';

const KEY_ID = /^[A-Za-z0-9_-]{43}$/;

/** @throws Error when the key is not Ed25519 */
export function keyIdOf(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const { crv, x } = publicKey.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined) throw new Error('a release is signed with an Ed25519 key');
  return x;
}

function publicKeyOf(keyId: string): KeyObject | undefined {
  if (!KEY_ID.test(keyId)) return undefined;
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: keyId }, format: 'jwk' });
    // Base64 has spare bits at its end: only the one form that we write counts.
    return keyIdOf(key) === keyId ? key : undefined;
  } catch {
    return undefined;
  }
}

/** `manifest.sig`: one line. */
export const signatureText = (bytes: Uint8Array, privateKey: KeyObject): string =>
  `ed25519 ${keyIdOf(privateKey)} ${sign(null, bytes, privateKey).toString('base64')}\n`;

/** @returns what is wrong with the signature; undefined when nothing is */
export function signatureFault(bytes: Uint8Array, text: string, keyId: string): string | undefined {
  const [method, id, encoded] = text.slice(0, -1).split(' ');
  if (method !== 'ed25519' || id === undefined || encoded === undefined)
    return 'it is not of the form "ed25519 KEY SIGNATURE"';
  const signature = Buffer.from(encoded, 'base64');
  if (text !== `ed25519 ${id} ${signature.toString('base64')}\n`)
    return 'it is not of the form "ed25519 KEY SIGNATURE"';
  if (id !== keyId) return 'its key is not the one that the manifest names';
  const key = publicKeyOf(id);
  if (!key) return 'its key is no Ed25519 key';
  return verify(null, bytes, key, signature) ? undefined : 'it does not belong to this manifest';
}

export type Tombstone = { id: string; at: string; reason: 'withdrawn' | 'erasure' | 'licence'; release: string };

/** One line of `tombstones.jsonl`, signed by itself: rows that a consumer drops. */
export function tombstoneLine({ id, at, reason, release }: Tombstone, privateKey: KeyObject): string {
  const said = canonicalJson({ id, at, reason, release });
  const signature = sign(null, Buffer.from(said), privateKey).toString('base64');
  return `${said.slice(0, -1)},"sig":"${signature}"}\n`;
}

export function isTombstoneLine(line: string, keyId: string): boolean {
  const match = /^(\{.*),"sig":"([A-Za-z0-9+/]{86}==)"\}$/.exec(line);
  const key = publicKeyOf(keyId);
  if (!match || !key) return false;
  const signature = Buffer.from(match[2]!, 'base64');
  if (signature.toString('base64') !== match[2]) return false;
  return verify(null, Buffer.from(`${match[1]}}`), key, signature);
}
