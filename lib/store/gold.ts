/** Gold units: one row a version; a sealed version is never written again. */
import { db, pool, type Tx } from './db.ts';

export type GoldState = 'draft' | 'proposed' | 'sealed';

/** The versions of a unit, newest first. */
export const goldVersions = (projectId: string, unitId: string) =>
  db().goldUnit.findMany({ where: { projectId, unitId }, orderBy: { version: 'desc' } });

export const lockGold = async (tx: Tx, projectId: string, unitId: string) => {
  await tx.$queryRaw`SELECT 1 FROM unit WHERE project_id = ${projectId}::uuid AND id = ${unitId} FOR UPDATE`;
  return tx.goldUnit.findFirst({ where: { projectId, unitId }, orderBy: { version: 'desc' } });
};

export type GoldListRow = {
  id: string;
  unitId: string;
  title: string;
  kind: string;
  level: string;
  version: number;
  state: GoldState;
  createdBy: string;
  who: string;
  updatedAt: Date;
  /** The unit says something else now than when this version was begun. */
  isStale: boolean;
};

/** The newest version of every unit, with who wrote it. */
export async function listGold(projectId: string): Promise<GoldListRow[]> {
  const { rows } = await pool().query(
    `SELECT DISTINCT ON (g.unit_id) g.id, g.unit_id AS "unitId", u.title, u.kind, u.level, g.version, g.state,
            g.created_by AS "createdBy", p.name AS who, g.updated_at AS "updatedAt", u.hash <> g.unit_hash AS "isStale"
       FROM gold_unit g JOIN unit u ON u.project_id = g.project_id AND u.id = g.unit_id JOIN person p ON p.id = g.created_by
      WHERE g.project_id = $1 ORDER BY g.unit_id, g.version DESC`,
    [projectId],
  );
  return (rows as GoldListRow[]).sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime());
}

/** The newest sealed version of every unit. */
export async function sealedGold(projectId: string) {
  const rows = await db().goldUnit.findMany({
    where: { projectId, state: 'sealed' },
    orderBy: [{ unitId: 'asc' }, { version: 'desc' }],
    distinct: ['unitId'],
  });
  return rows;
}

export type Varied = {
  id: string;
  title: string;
  kind: string;
  level: string;
  domain: string;
  lang: string;
  events: number;
};

/** Eligible units that differ: one of each kind, level and domain, none of them gold yet. */
export async function variedUnits(projectId: string, limit: number): Promise<Varied[]> {
  const { rows } = await pool().query<Varied>(
    `SELECT * FROM (
       SELECT DISTINCT ON (u.kind, u.level, u.domain) u.id, u.title, u.kind, u.level, u.domain, u.lang, u.event_count AS events
         FROM unit u WHERE u.project_id = $1 AND u.withdrawn_at IS NULL AND u.eligible
          AND NOT EXISTS (SELECT 1 FROM gold_unit g WHERE g.project_id = u.project_id AND g.unit_id = u.id)
        ORDER BY u.kind, u.level, u.domain, md5(u.id)) v ORDER BY md5(v.id) LIMIT $2`,
    [projectId, limit],
  );
  return rows;
}

/** Places of the trajectory that a cut may be moved to: every event of every unit cut from it. */
export async function trajectoryPlaces(
  projectId: string,
  trajectoryId: string,
): Promise<{ seq: number; kind: string }[]> {
  const { rows } = await pool().query<{ seq: number; kind: string }>(
    `SELECT DISTINCT e.seq, e.kind FROM event e JOIN unit u ON u.project_id = e.project_id AND u.id = e.unit_id
      WHERE u.project_id = $1 AND u.trajectory_id = $2 AND u.withdrawn_at IS NULL ORDER BY e.seq LIMIT 5000`,
    [projectId, trajectoryId],
  );
  return rows;
}
