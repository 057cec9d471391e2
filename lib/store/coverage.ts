import type { CoverageRow, Target } from '#lib/core/mix/coverage.ts';
import { db, pool, type Tx } from './db.ts';

export type UnitInMix = CoverageRow & { importId: string };

/** What coverage asks of every unit that is not withdrawn, or of those in the files of a release, in the order of ids. */
export async function coverageRows(projectId: string, releaseId?: string): Promise<UnitInMix[]> {
  const { rows } = await pool().query(
    `SELECT u.id, u.kind, u.level, u.tools, u.hops, u.recovered, u.domain, u.lang, u.outcome, u.outcome_basis AS basis, s.name AS source,
            u.tokens, u.import_id AS "importId"
       FROM unit u JOIN source s ON s.id = u.source_id WHERE u.project_id = $1 AND u.withdrawn_at IS NULL
        AND ($2::uuid IS NULL OR u.id IN (SELECT unit_id FROM release_unit WHERE release_id = $2)) ORDER BY u.id`,
    [projectId, releaseId ?? null],
  );
  return rows.map(({ lang, outcome, basis, ...row }) => ({
    ...row,
    // Undetermined is no language: it stands under unknown.
    ...(lang === 'und' ? {} : { language: lang }),
    outcome: { value: outcome, basis },
  }));
}

/** Releases that have files, newest first. */
export const builtReleases = (projectId: string) =>
  db().release.findMany({
    where: { projectId, snapshotHash: { not: null } },
    orderBy: { number: 'desc' },
    select: { id: true, number: true, name: true, state: true },
    take: 20,
  });

/** Units in an order that nobody chose, and that stays while they do. */
export async function sampleUnitIds(projectId: string, limit: number): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>(
    'SELECT id FROM unit WHERE project_id = $1 AND withdrawn_at IS NULL ORDER BY md5(id), id LIMIT $2',
    [projectId, limit],
  );
  return rows.map(({ id }) => id);
}

/** Clusters of what was asked, over all units that were compared. */
export async function clusterShares(
  projectId: string,
): Promise<{ compared: number; clusters: number; largest: number; inClusters: number }> {
  const { rows } = await pool().query(
    `WITH c AS (SELECT count(*) AS size FROM near_duplicate n JOIN unit u ON u.project_id = n.project_id AND u.id = n.unit_id
                 WHERE n.project_id = $1 AND n.side = 'prompt' AND u.withdrawn_at IS NULL GROUP BY n.cluster_id)
     SELECT coalesce(sum(size), 0)::int AS compared, count(*)::int AS clusters, coalesce(max(size), 0)::int AS largest,
            coalesce(sum(size) FILTER (WHERE size > 1), 0)::int AS "inClusters" FROM c`,
    [projectId],
  );
  return rows[0];
}

export const importsByTime = (projectId: string) =>
  db().import.findMany({
    where: { projectId, state: 'done' },
    orderBy: { createdAt: 'asc' },
    select: { id: true, filename: true, createdAt: true },
  });

export type StoredTargets = { version: number; name: string; targets: Target[]; createdBy: string; createdAt: Date };

/** Versions of the targets, newest first. */
export async function targetVersions(projectId: string): Promise<StoredTargets[]> {
  const rows = await db().target.findMany({ where: { projectId }, orderBy: { version: 'desc' }, take: 20 });
  return rows.map(({ version, name, shares, createdBy, createdAt }) => ({
    version,
    name,
    targets: shares as unknown as Target[],
    createdBy,
    createdAt,
  }));
}

/** The next version; two leads at once get the unique key between them. */
export async function addTargets(
  tx: Tx,
  row: { projectId: string; name: string; targets: readonly Target[]; createdBy: string },
): Promise<{ id: string; version: number }> {
  const last = await tx.target.findFirst({ where: { projectId: row.projectId }, orderBy: { version: 'desc' } });
  return tx.target.create({
    data: {
      projectId: row.projectId,
      name: row.name,
      shares: row.targets as unknown as object,
      createdBy: row.createdBy,
      version: (last?.version ?? 0) + 1,
    },
    select: { id: true, version: true },
  });
}
