/** Media are kept by hash and size; the bytes stay in the raw record. */

import type { Part } from '../../trajectory/event.ts';
import { sha256 } from '../../trajectory/hash.ts';

type Media = Extract<Part, { type: 'media' }>;

export const modalityOf = (mime: string | undefined): Media['modality'] => {
  const kind = mime?.split('/')[0];
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
};

/** SHA-256 and size of the decoded bytes. */
export function hashBase64(base64: string): { sha256: string; bytes: number } {
  const bytes = Buffer.from(base64, 'base64');
  return { sha256: sha256(bytes), bytes: bytes.length };
}

/** @param address `data:` URIs are hashed, anything else is kept as `uri` */
export function mediaFrom(address: string, modality?: Media['modality'], mime?: string): Media {
  if (!address.startsWith('data:')) {
    return { type: 'media', modality: modality ?? modalityOf(mime), ...(mime !== undefined && { mime }), uri: address };
  }
  const comma = address.indexOf(',');
  const head = address.slice(5, comma < 0 ? undefined : comma);
  const body = comma < 0 ? '' : address.slice(comma + 1);
  const type = head.split(';')[0] || mime;
  const hashed = head.includes(';base64') ? hashBase64(body) : { sha256: sha256(body), bytes: Buffer.byteLength(body) };
  return {
    type: 'media',
    modality: modality ?? modalityOf(type),
    ...(type !== undefined && { mime: type }),
    ...hashed,
  };
}

/** Encrypted or signed reasoning: what it was, never itself. */
export const opaque = (body: string): { sha256: string; bytes: number } => ({
  sha256: sha256(body),
  bytes: Buffer.byteLength(body),
});
