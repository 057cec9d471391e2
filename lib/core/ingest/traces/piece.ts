/** What a message is made of, whichever library wrote it: content, calls and results, each with its place. */
import type { EventFlag, Part } from '../../trajectory/event.ts';
import { sha256 } from '../../trajectory/hash.ts';
import type { Json } from '../../trajectory/json.ts';
import { hashBase64, mediaFrom, modalityOf, opaque } from '../shared/media.ts';
import type { Side } from './roles.ts';
import type { Spot } from './spot.ts';

export type CallPiece = {
  kind: 'call';
  callId?: string;
  name: string;
  arguments: Json | undefined;
  origin?: 'native' | 'server';
  flags?: EventFlag[];
  spot: Spot;
};
export type ResultPiece = {
  kind: 'result';
  callId?: string;
  name?: string;
  status?: 'ok' | 'error';
  errorType?: string;
  exitCode?: number;
  parts: Part[];
  flags?: EventFlag[];
  spot: Spot;
};
export type Piece = { kind: 'part'; part: Part; flags?: EventFlag[]; spot: Spot } | CallPiece | ResultPiece;

export type Message = {
  side: Side;
  /** As logged, when it is not the plain one. */
  role?: string;
  name?: string;
  id?: string;
  ts?: string;
  pieces: Piece[];
  finish?: string;
  flags: EventFlag[];
  /** The log did not say who spoke. */
  isRoleInferred?: true;
  spot: Spot;
};

/** Encrypted or signed content is known by hash and size alone. */
export const opaquePart = (content: string): Part => ({ type: 'reasoning', opaque: opaque(content) });

type Given = { mime?: string; name?: string; modality?: ReturnType<typeof modalityOf> };

const BASE64 = /^[A-Za-z0-9+/\r\n_-]+={0,2}\s*$/;

/** @param data an address, a data URI, or base64 as it is: hashed and measured as the bytes that it stands for */
export function mediaPart(data: string, given: Given, isAddress: boolean): Part {
  const named = given.name ? { name: given.name } : {};
  if (isAddress || data.startsWith('data:')) return { ...mediaFrom(data, given.modality, given.mime), ...named };
  const held = BASE64.test(data) ? hashBase64(data) : { sha256: sha256(data), bytes: Buffer.byteLength(data) };
  const mime = given.mime ? { mime: given.mime } : {};
  return { type: 'media', modality: given.modality ?? modalityOf(given.mime), ...mime, ...held, ...named };
}
