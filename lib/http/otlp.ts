/** The wrapper of the two OTLP/HTTP doors: actor, encoding, body, use case; refusals in the encoding that was spoken. */
import type { NextRequest } from 'next/server';
import type { Signal } from '#lib/core/ingest/otlp/decode-protobuf.ts';
import {
  CONTENT_TYPE,
  type Encoding,
  encodeStatus,
  encodeTaken,
  encodingOf,
} from '#lib/core/ingest/otlp/encode-answer.ts';
import { PROBLEMS, Problem } from '#lib/core/policy/problem.ts';
import { admitTelemetry, MAX_SENT_BYTES, receiveTelemetry } from '#lib/usecases/imports/receive-telemetry.ts';
import { logProblem, problemOf, statusOf } from './errors.ts';
import { actorOf } from './route.ts';
import { NO_STORE } from './security-headers.ts';

/** Statuses that the protocol lets a sender act on; anything else of ours becomes the nearest. */
function otlpStatus(problem: Problem): number {
  const status = statusOf(problem.code);
  if (status === 422 || status === 404) return 400;
  return status === 507 || status === 500 ? 503 : status;
}

const answer = (encoding: Encoding, status: number, body: Uint8Array, more: Record<string, string> = {}): Response =>
  new Response(Buffer.from(body), {
    status,
    headers: { ...NO_STORE, 'Content-Type': CONTENT_TYPE[encoding], ...more },
  });

async function readBody(request: Request): Promise<Buffer> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_SENT_BYTES) throw new Problem('too_large');
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (request.body ?? new Blob([]).stream()) as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_SENT_BYTES) throw new Problem('too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export const otlpRoute =
  (signal: Signal) =>
  async (request: NextRequest): Promise<Response> => {
    const encoding = encodingOf(request.headers.get('content-type'));
    try {
      const actor = await actorOf(request);
      await admitTelemetry(actor);
      const packing = request.headers.get('content-encoding') ?? 'identity';
      if (!encoding || !['gzip', 'identity'].includes(packing)) throw new Problem('encoding_unknown');
      const body = await readBody(request);
      const { rejected } = await receiveTelemetry(actor, { signal, encoding, isGzip: packing === 'gzip', body });
      const why = 'without a valid trace or span id';
      return answer(encoding, 200, encodeTaken(signal, encoding, rejected, why));
    } catch (thrown) {
      const problem = problemOf(thrown);
      logProblem(problem, thrown, `otlp.${signal}`);
      const status = otlpStatus(problem);
      const seconds = problem.details.retryAfterSeconds ?? (status === 503 ? 5 : undefined);
      const retry: Record<string, string> = seconds === undefined ? {} : { 'Retry-After': String(seconds) };
      return answer(
        encoding ?? 'json',
        status,
        encodeStatus(encoding ?? 'json', status, PROBLEMS[problem.code]),
        retry,
      );
    }
  };
