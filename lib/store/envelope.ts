/**
 * Envelope encryption: a key file (KEK) wraps one key a source, which wraps one data key (DEK) a record. AES-256-GCM
 * with a fresh 96-bit nonce; the row's id, source and key version are authenticated, so two swapped rows do not open.
 * Deleting a data key makes its row unreadable for good.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

export const KEK_VERSION = 1;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;

export type Sealed = { nonce: Buffer; ciphertext: Buffer };

/** What a row is bound to; the same words must be said to open it. */
export const bindingOf = (id: string, sourceId: string, version = KEK_VERSION): string =>
  `${id}\n${sourceId}\n${version}`;

export function seal(key: Buffer, plain: Uint8Array, binding: string): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(binding));
  return { nonce, ciphertext: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
}

/** @throws Error when the key, the bytes or the binding are not those it was sealed with */
export function unseal(key: Buffer, sealed: Sealed, binding: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.nonce);
  decipher.setAAD(Buffer.from(binding));
  decipher.setAuthTag(sealed.ciphertext.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.ciphertext.subarray(0, -TAG_BYTES)), decipher.final()]);
}

export const newKey = (): Buffer => randomBytes(32);

/** A key wrapped by another: nonce, ciphertext and tag in one. */
export function wrapKey(outer: Buffer, inner: Buffer, binding: string): Buffer {
  const { nonce, ciphertext } = seal(outer, inner, binding);
  return Buffer.concat([nonce, ciphertext]);
}
export const unwrapKey = (outer: Buffer, wrapped: Buffer, binding: string): Buffer =>
  unseal(outer, { nonce: wrapped.subarray(0, NONCE_BYTES), ciphertext: wrapped.subarray(NONCE_BYTES) }, binding);

/** A project's own key under a root key: HKDF-SHA-256, so one project's keys say nothing of another's. */
export const projectKey = (root: Buffer, purpose: string, projectSlug: string): Buffer =>
  Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), `assay ${purpose} ${projectSlug}`, 32));

/** Keyed index of a value: the same value gives the same code in one project, and nobody without the key can try values. */
export const keyedIndex = (key: Buffer, type: string, normalised: string): string =>
  createHmac('sha256', key).update(`${type}\n${normalised}`).digest('hex').slice(0, 32);
