/**
 * Near-duplicates of a project as they are known so far. Each unit has one row a side with its set, one key a band and
 * its cluster; rows that share a key are found by an index, so that a new unit is compared with its likes alone.
 */
import type pg from 'pg';
import type { ClusterMember } from '#lib/core/dedup/keep.ts';
import { ratingOf } from '#lib/core/dedup/keep.ts';
import type { Side } from '#lib/core/dedup/unit-text.ts';
import { pool, type Tx } from './db.ts';

export type Compared = {
  unitId: string;
  side: Side;
  unitHash: string;
  setHash: string;
  shingles: Float64Array;
  keys: Int32Array;
  cluster: string;
};
export type Candidate = { cluster: string; shingles: Float64Array; keys: Int32Array };

/** Units whose text as it is now was not compared yet. */
export async function uncompared(projectId: string, limit: number): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>(
    `SELECT u.id FROM unit u WHERE u.project_id = $1 AND u.withdrawn_at IS NULL AND NOT EXISTS (
       SELECT 1 FROM near_duplicate n WHERE n.project_id = u.project_id AND n.unit_id = u.id AND n.side = 'row' AND n.unit_hash = u.hash)
     ORDER BY u.id COLLATE "C" LIMIT $2`,
    [projectId, limit],
  );
  return rows.map(({ id }) => id);
}

/** One writer of a project's clusters at a time; held until the transaction ends. */
export const lockClusters = (client: pg.PoolClient, projectId: string) =>
  client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`clusters ${projectId}`]);

/**
 * Takes rows out whose unit is gone or says something else now.
 * @returns the other members of their clusters, which may fall apart: they are to be compared anew
 */
export async function dropStale(client: pg.PoolClient, projectId: string): Promise<number> {
  const { rows } = await client.query<{ side: string; cluster_id: string }>(
    `DELETE FROM near_duplicate n WHERE n.project_id = $1 AND NOT EXISTS (
       SELECT 1 FROM unit u WHERE u.project_id = n.project_id AND u.id = n.unit_id AND u.withdrawn_at IS NULL AND u.hash = n.unit_hash)
     RETURNING side, cluster_id`,
    [projectId],
  );
  if (rows.length === 0) return 0;
  await client.query(
    `DELETE FROM near_duplicate n WHERE n.project_id = $1 AND n.unit_id IN (
       SELECT m.unit_id FROM near_duplicate m JOIN unnest($2::text[], $3::text[]) AS gone(side, cluster)
           ON m.project_id = $1 AND m.side = gone.side AND m.cluster_id = gone.cluster)`,
    [projectId, rows.map(({ side }) => side), rows.map(({ cluster_id }) => cluster_id)],
  );
  return rows.length;
}

const toBytes = (shingles: Float64Array): Buffer =>
  Buffer.from(shingles.buffer, shingles.byteOffset, shingles.byteLength);
/** A copy: rows of the driver share a buffer whose offset fits no array of doubles. */
const fromBytes = (bytes: Uint8Array): Float64Array => new Float64Array(Uint8Array.from(bytes).buffer);

/** Rows that share a key with these, one of each set. */
export async function candidatesFor(
  client: pg.PoolClient,
  projectId: string,
  side: Side,
  keys: readonly number[],
): Promise<Candidate[]> {
  const { rows } = await client.query<{ cluster_id: string; shingles: Buffer; keys: number[] }>(
    `SELECT DISTINCT ON (set_hash) cluster_id, shingles, keys FROM near_duplicate
      WHERE project_id = $1 AND side = $2 AND keys && $3::int[] ORDER BY set_hash`,
    [projectId, side, keys],
  );
  return rows.map((row) => ({
    cluster: row.cluster_id,
    shingles: fromBytes(row.shingles),
    keys: Int32Array.from(row.keys),
  }));
}

/** @param renamed clusters that turned out to be one with another, under the name of that one */
export async function saveCompared(
  client: pg.PoolClient,
  projectId: string,
  side: Side,
  rows: readonly Compared[],
  renamed: ReadonlyMap<string, string>,
): Promise<void> {
  const [from, to] = [[...renamed.keys()], [...renamed.values()]];
  if (from.length > 0)
    await client.query(
      `UPDATE near_duplicate n SET cluster_id = r.new FROM unnest($3::text[], $4::text[]) AS r(old, new)
        WHERE n.project_id = $1 AND n.side = $2 AND n.cluster_id = r.old`,
      [projectId, side, from, to],
    );
  for (const row of rows)
    await client.query(
      `INSERT INTO near_duplicate (project_id, unit_id, side, unit_hash, set_hash, shingles, keys, cluster_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (project_id, unit_id, side) DO UPDATE SET unit_hash = excluded.unit_hash, set_hash = excluded.set_hash,
         shingles = excluded.shingles, keys = excluded.keys, cluster_id = excluded.cluster_id`,
      [projectId, row.unitId, side, row.unitHash, row.setHash, toBytes(row.shingles), [...row.keys], row.cluster],
    );
}

export type ClusterHead = { cluster: string; size: number; sets: number; title: string; sources: number };

/** Clusters of two and more, largest first. */
export async function listClusters(
  projectId: string,
  side: Side,
  limit: number,
): Promise<{ clusters: ClusterHead[]; total: number; units: number; compared: number; waiting: number }> {
  const [list, totals] = await Promise.all([
    pool().query<ClusterHead>(
      `SELECT n.cluster_id AS cluster, count(*)::int AS size, count(DISTINCT n.set_hash)::int AS sets,
              (array_agg(u.title ORDER BY n.unit_id COLLATE "C"))[1] AS title, count(DISTINCT u.source_id)::int AS sources
         FROM near_duplicate n JOIN unit u ON u.project_id = n.project_id AND u.id = n.unit_id
        WHERE n.project_id = $1 AND n.side = $2 AND u.withdrawn_at IS NULL
        GROUP BY n.cluster_id HAVING count(*) > 1 ORDER BY size DESC, cluster LIMIT $3`,
      [projectId, side, limit],
    ),
    pool().query<{ total: number; units: number; compared: number; waiting: number }>(
      `WITH c AS (SELECT count(*) AS size FROM near_duplicate WHERE project_id = $1 AND side = $2 GROUP BY cluster_id)
       SELECT count(*) FILTER (WHERE size > 1)::int AS total, coalesce(sum(size) FILTER (WHERE size > 1), 0)::int AS units,
              coalesce(sum(size), 0)::int AS compared,
              (SELECT count(*)::int FROM unit u WHERE u.project_id = $1 AND u.withdrawn_at IS NULL AND NOT EXISTS (
                 SELECT 1 FROM near_duplicate n WHERE n.project_id = $1 AND n.unit_id = u.id AND n.side = $2 AND n.unit_hash = u.hash)) AS waiting
         FROM c`,
      [projectId, side],
    ),
  ]);
  return { clusters: list.rows, ...totals.rows[0]! };
}

export type MemberRow = ClusterMember & {
  title: string;
  level: string;
  outcome: string;
  basis: string;
  source: string;
  setHash: string;
};

export async function membersOf(
  projectId: string,
  side: Side,
  clusters: readonly string[],
): Promise<Map<string, MemberRow[]>> {
  const { rows } = await pool().query(
    `SELECT n.cluster_id AS cluster, u.id, u.title, u.level, u.outcome, u.outcome_basis AS basis, u.tokens,
            u.started_at AS "startedAt", s.name AS source, n.set_hash AS "setHash", k.unit_id IS NOT NULL AS "isPicked"
       FROM near_duplicate n JOIN unit u ON u.project_id = n.project_id AND u.id = n.unit_id JOIN source s ON s.id = u.source_id
       LEFT JOIN cluster_keep k ON k.project_id = u.project_id AND k.unit_id = u.id
      WHERE n.project_id = $1 AND n.side = $2 AND n.cluster_id = ANY($3) AND u.withdrawn_at IS NULL ORDER BY u.id COLLATE "C"`,
    [projectId, side, clusters],
  );
  const members = rows.map(({ startedAt, cluster, ...row }): MemberRow & { cluster: string } => ({
    ...row,
    cluster,
    startedAtMs: startedAt?.getTime() ?? null,
    rating: ratingOf({ value: row.outcome, basis: row.basis }),
  }));
  return Map.groupBy(members, (member) => member.cluster);
}

/** Units that a person chose to stay for their cluster. */
export async function pickedUnits(projectId: string): Promise<Set<string>> {
  const { rows } = await pool().query<{ unit_id: string }>('SELECT unit_id FROM cluster_keep WHERE project_id = $1', [
    projectId,
  ]);
  return new Set(rows.map((row) => row.unit_id));
}

/** Makes this unit the one that stays, in place of whichever member did. */
export async function pickMember(
  tx: Tx,
  projectId: string,
  side: Side,
  unitId: string,
  personId: string | null,
): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ cluster_id: string }[]>`
    SELECT cluster_id FROM near_duplicate WHERE project_id = ${projectId}::uuid AND side = ${side} AND unit_id = ${unitId}`;
  if (!row) return false;
  await tx.$executeRaw`
    DELETE FROM cluster_keep WHERE project_id = ${projectId}::uuid AND unit_id IN (
      SELECT unit_id FROM near_duplicate WHERE project_id = ${projectId}::uuid AND side = ${side} AND cluster_id = ${row.cluster_id})`;
  if (personId !== null) await tx.clusterKeep.create({ data: { projectId, unitId, keptBy: personId } });
  return true;
}
