/** Media are kept by hash and size; the bytes stay in the raw record. */

import type { Part } from '../../trajectory/event.ts';
import { sha256 } from '../../trajectory/hash.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';

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

const BODY = /^[A-Za-z0-9+/_-]{1001,}={0,2}$/;

/** The same value with every base64 body and data URI over 1,000 characters replaced by its hash and size. */
export function withoutBodies(value: Json): Json {
  if (typeof value === 'string') {
    if (value.length <= 1000) return value;
    if (BODY.test(value)) return hashBase64(value);
    if (!value.startsWith('data:')) return value;
    const { mime, sha256: hashed, bytes } = mediaFrom(value);
    return {
      ...(mime !== undefined && { mime }),
      ...(hashed !== undefined && { sha256: hashed }),
      ...(bytes !== undefined && { bytes }),
    };
  }
  if (Array.isArray(value)) return value.map(withoutBodies);
  if (!isObject(value)) return value;
  const copy: JsonObject = Object.create(null);
  for (const key of Object.keys(value)) copy[key] = withoutBodies(value[key]!);
  return copy;
}
