/**
 * Sealing for a process that may not open: whoever has the public key wraps a part key, and only the vault, which holds
 * the other half, unwraps it (X25519 with a fresh key a message, HKDF-SHA-256, AES-256-GCM).
 */
import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { seal, unseal } from './envelope.ts';

const RAW_BYTES = 32;
const NONCE_BYTES = 12;
/** DER before the 32 raw bytes of a key (RFC 8410). */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

const publicOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, raw]), format: 'der', type: 'spki' });
const rawOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(-RAW_BYTES);

const sharedKey = (secret: Buffer, ephemeral: Uint8Array, recipient: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.concat([ephemeral, recipient]), 'assay sealed part', 32));

export type BoxOpener = { publicKey: Buffer; open(wrapped: Uint8Array, binding: string): Buffer };

/** The vault's half. @param root 32 secret bytes; the same give the same pair */
export function boxOpener(root: Buffer): BoxOpener {
  const seed = Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), 'assay incoming x25519', RAW_BYTES));
  const own = createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = rawOf(createPublicKey(own));
  return {
    publicKey,
    open(wrapped, binding) {
      const bytes = Buffer.from(wrapped);
      const ephemeral = bytes.subarray(0, RAW_BYTES);
      const key = sharedKey(diffieHellman({ privateKey: own, publicKey: publicOf(ephemeral) }), ephemeral, publicKey);
      const nonce = bytes.subarray(RAW_BYTES, RAW_BYTES + NONCE_BYTES);
      return unseal(key, { nonce, ciphertext: bytes.subarray(RAW_BYTES + NONCE_BYTES) }, binding);
    },
  };
}

/** Wraps a part key so that only the holder of `publicKey`'s other half opens it, with the same `binding`. */
export function sealFor(publicKey: Uint8Array, key: Buffer, binding: string): Buffer {
  const { publicKey: ephemeral, privateKey } = generateKeyPairSync('x25519');
  const raw = rawOf(ephemeral);
  const shared = sharedKey(diffieHellman({ privateKey, publicKey: publicOf(publicKey) }), raw, publicKey);
  const { nonce, ciphertext } = seal(shared, key, binding);
  return Buffer.concat([raw, nonce, ciphertext]);
}
