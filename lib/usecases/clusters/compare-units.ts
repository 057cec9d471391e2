/**
 * Last stage of an import, and of every redaction after it: units whose text is new are compared with all others of the
 * project, by what was asked and by all that was said. Only their likes are read, so the work grows with what arrived
 * and not with what is there. What was masked again is compared again: placeholders make texts alike.
 */
import { ClusterIndex } from '#lib/core/dedup/cluster.ts';
import { signedRow, signRows } from '#lib/core/dedup/sign-rows.ts';
import { SIDES, type Side, unitText } from '#lib/core/dedup/unit-text.ts';
import { contentHash, sha256 } from '#lib/core/trajectory/hash.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import {
  type Compared,
  candidatesFor,
  dropStale,
  lockClusters,
  saveCompared,
  uncompared,
} from '#lib/store/near-duplicates.ts';
import { type Chunk, finishChunk, saveProgress, withFence } from '#lib/store/runs.ts';
import { findUnits } from '#lib/store/units.ts';

const AT_A_TIME = 100;
type Client = Parameters<Parameters<typeof withFence>[1]>[0];

export async function compareUnits(chunk: Chunk, signal: AbortSignal): Promise<void> {
  const { projectId } = chunk;
  await withFence(chunk, async (client) => {
    await lockClusters(client, projectId);
    await dropStale(client, projectId);
  });
  let done = chunk.progress;
  for (;;) {
    if (signal.aborted) return;
    const ids = await uncompared(projectId, AT_A_TIME);
    if (ids.length === 0) break;
    const units = await findUnits(projectId, ids);
    done += BigInt(units.length);
    await withFence(chunk, async (client) => {
      await lockClusters(client, projectId);
      for (const side of SIDES) await compareSide(client, projectId, side, units);
      await saveProgress(client, chunk, done, done);
    });
    // A unit that can't be read back is nobody's like; without this it would be asked for again for ever.
    if (units.length === 0) break;
  }
  await withFence(chunk, (client) => finishChunk(client, chunk));
}

async function compareSide(
  client: Client,
  projectId: string,
  side: Side,
  units: readonly Redacted<Unit>[],
): Promise<void> {
  const index = new ClusterIndex<string>();
  const signed = signRows(
    units.map((unit) => unitText(unit, side)),
    index.bands,
  );
  const own = units.map((unit, row) => ({ unit, ...signedRow(signed, row, index.bands) }));
  const keys = [...new Set(own.flatMap((row) => (row.shingles.length > 0 ? [...row.keys] : [])))];
  const candidates = await candidatesFor(client, projectId, side, keys);
  // Rows under one id are one cluster to the index, so members stand under the name of theirs.
  for (const { cluster, shingles, keys: of } of candidates) index.addShingles(cluster, shingles, of);
  for (const { unit, shingles, keys: of } of own) index.addShingles(unit.id, shingles, of);
  const clusters = index.clusters();
  const renamed = new Map(
    candidates.flatMap(({ cluster }) => {
      const now = clusters.get(cluster)!;
      return now === cluster ? [] : [[cluster, now] as const];
    }),
  );
  const rows = own.map(
    ({ unit, shingles, keys: of }): Compared => ({
      unitId: unit.id,
      side,
      unitHash: contentHash(unit),
      setHash: sha256(Buffer.from(shingles.buffer, shingles.byteOffset, shingles.byteLength)),
      shingles,
      // A text without words is like no other one.
      keys: shingles.length > 0 ? of : new Int32Array(0),
      cluster: clusters.get(unit.id)!,
    }),
  );
  await saveCompared(client, projectId, side, rows, renamed);
}
