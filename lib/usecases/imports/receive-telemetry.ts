/**
 * Spans and log records from an OpenTelemetry SDK or Collector. They are decoded, cut into lines and sealed before
 * anything is written; what the sender is told was taken is in the database by then.
 */
import { gunzip } from 'node:zlib';
import { BadExport, decodeProtobuf, type Signal } from '#lib/core/ingest/otlp/decode-protobuf.ts';
import type { Encoding } from '#lib/core/ingest/otlp/encode-answer.ts';
import { type ExportItem, type SplitExport, splitExport } from '#lib/core/ingest/otlp/split-export.ts';
import { parseJson } from '#lib/core/ingest/parse-json.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { sha256 } from '#lib/core/trajectory/hash.ts';
import { db } from '#lib/store/db.ts';
import { bindingOf, newKey, seal } from '#lib/store/envelope.ts';
import { hasRoomFor } from '#lib/store/files.ts';
import { sealFor } from '#lib/store/sealed-box.ts';
import { secondsOverLimit } from '#lib/store/session.ts';
import { type ArrivedBatch, keepBatches, waitingBytes } from '#lib/store/span-groups.ts';
import { incomingKey } from '#lib/store/vault.ts';
import { permit, projectOf } from '../permit.ts';

export const MAX_SENT_BYTES = 16 * 1024 ** 2;
export const MAX_UNPACKED_BYTES = 64 * 1024 ** 2;
const CALLS_A_MINUTE = 300;
const WAIT_SECONDS = 30;

export type Export = { signal: Signal; encoding: Encoding; isGzip: boolean; body: Buffer };
export type Taken = { accepted: number; rejected: number };

/** First thing at the door, before a body is read. @throws Problem forbidden, source_unbound, rate_limited */
export async function admitTelemetry(actor: Actor): Promise<void> {
  await permit(actor, 'telemetry.send');
  if (!actor.sourceId || !actor.tokenId) throw new Problem('source_unbound');
  const retryAfterSeconds = await secondsOverLimit(actor.tokenId, CALLS_A_MINUTE);
  if (retryAfterSeconds > 0) throw new Problem('rate_limited', { retryAfterSeconds });
}

/** @throws Problem invalid, too_large, unavailable when too much waits or the disk is full */
export async function receiveTelemetry(actor: Actor, given: Export): Promise<Taken> {
  await permit(actor, 'telemetry.send');
  const projectId = projectOf(actor);
  const sourceId = actor.sourceId;
  if (!sourceId) throw new Problem('source_unbound');
  const { items, rejected } = await readExport(given);
  if (items.length === 0) return { accepted: 0, rejected };
  const bytes = items.reduce((sum, { line }) => sum + line.length, 0);
  const limit = Number(process.env.ASSAY_MAX_UPLOAD ?? 2 * 1024 ** 3);
  if ((await waitingBytes(sourceId)) + bytes > limit || !(await hasRoomFor(bytes)))
    throw new Problem('unavailable', { retryAfterSeconds: WAIT_SECONDS });
  const project = await db().project.findUniqueOrThrow({ where: { id: projectId } });
  await keepBatches({ projectId, sourceId }, await sealItems(project.slug, sourceId, items));
  return { accepted: items.length, rejected };
}

async function readExport({ signal, encoding, isGzip, body }: Export): Promise<SplitExport> {
  const bytes = isGzip ? await unpack(body) : body;
  try {
    if (encoding === 'protobuf') return splitExport(signal, decodeProtobuf(signal, bytes));
    const reading = parseJson(bytes.toString('utf8'));
    if (!reading.ok) throw new BadExport(reading.reason);
    return splitExport(signal, reading.value);
  } catch (thrown) {
    if (thrown instanceof BadExport) throw new Problem('invalid', { fields: ['body'] });
    throw thrown;
  }
}

const unpack = (body: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: MAX_UNPACKED_BYTES }, (error, unpacked) => {
      if (!error) resolve(unpacked);
      else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') reject(new Problem('too_large'));
      else reject(new Problem('invalid', { fields: ['body'] }));
    });
  });

/** Lines of one group are sealed together, all with one part key of this request that only the vault can open. */
async function sealItems(slug: string, sourceId: string, items: readonly ExportItem[]): Promise<ArrivedBatch[]> {
  const clusters = clusterItems(items);
  const ids = [...new Set(clusters.flatMap((cluster) => cluster.flatMap(idsOf)))];
  const { publicKey, codes } = await incomingKey(slug, ids);
  const codeOf = new Map(ids.map((id, n) => [id, codes[n]!]));
  return clusters.map((cluster) => {
    const id = crypto.randomUUID();
    const key = newKey();
    const binding = bindingOf(id, sourceId);
    const lines = Buffer.from(cluster.map(({ line }) => `${line}\n`).join(''));
    return {
      id,
      codes: [...new Set(cluster.flatMap(idsOf))].map((logged) => codeOf.get(logged)!),
      hasSession: cluster.some(({ sessionId }) => sessionId !== undefined),
      hasEnded: cluster.some(({ isRoot }) => isRoot),
      isSessionOver: cluster.some(({ endsSession }) => endsSession),
      wrappedKey: sealFor(publicKey, key, binding),
      ...seal(key, lines, binding),
      bytes: lines.length,
      spans: cluster.length,
      sha256: sha256(lines),
    };
  });
}

/** What the item is grouped by. Log records of no trace and no session stand together. */
function idsOf({ traceId, sessionId }: ExportItem): string[] {
  const ids = [
    ...(traceId === undefined ? [] : [`trace ${traceId}`]),
    ...(sessionId === undefined ? [] : [`session ${sessionId}`]),
  ];
  return ids.length > 0 ? ids : ['neither'];
}

/** Items that share an id, directly or by others between them, in the order they came. */
export function clusterItems(items: readonly ExportItem[]): ExportItem[][] {
  const parent = new Map<string, string>();
  const rootOf = (id: string): string => {
    let at = id;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    return at;
  };
  for (const item of items) {
    const [first, second] = idsOf(item);
    for (const id of [first!, second ?? first!]) if (!parent.has(id)) parent.set(id, id);
    if (second !== undefined) parent.set(rootOf(second), rootOf(first!));
  }
  return [...Map.groupBy(items, (item) => rootOf(idsOf(item)[0]!)).values()];
}
