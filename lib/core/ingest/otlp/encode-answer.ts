/** What an OTLP sender is answered, in the encoding it spoke (OTLP specification 1.x, "OTLP/HTTP Response"). */
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { Signal } from './decode-protobuf.ts';

export type Encoding = 'protobuf' | 'json';
export const CONTENT_TYPE: Record<Encoding, string> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** @returns the encoding of a content type; undefined for one that OTLP/HTTP does not know */
export function encodingOf(contentType: string | null): Encoding | undefined {
  const type = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
  return type === CONTENT_TYPE.protobuf ? 'protobuf' : type === CONTENT_TYPE.json ? 'json' : undefined;
}

/** `Export…ServiceResponse`: empty when all was taken, else how many items were refused and why. */
export function encodeTaken(signal: Signal, encoding: Encoding, rejected: number, why: string): Uint8Array {
  const count = signal === 'traces' ? 'rejectedSpans' : 'rejectedLogRecords';
  if (encoding === 'json')
    return Buffer.from(
      JSON.stringify(rejected > 0 ? { partialSuccess: { [count]: String(rejected), errorMessage: why } } : {}),
    );
  if (rejected === 0) return new Uint8Array();
  return new BinaryWriter().tag(1, 2).fork().tag(1, 0).int64(rejected).tag(2, 2).string(why).join().finish();
}

/** gRPC codes of the statuses that this door gives (`google.rpc.Code`). */
const CODES: Record<number, number> = { 400: 3, 401: 16, 403: 7, 413: 3, 415: 3, 429: 8, 503: 14 };

/** `google.rpc.Status` of a refusal. */
export function encodeStatus(encoding: Encoding, httpStatus: number, message: string): Uint8Array {
  const code = CODES[httpStatus] ?? 13;
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  return new BinaryWriter().tag(1, 0).int32(code).tag(2, 2).string(message).finish();
}
