/** What a dictionary entry would touch, as a job counted it: counts, ids and places. */
import type pg from 'pg';
import { db, pool, type Tx } from './db.ts';

export type PreviewPlace = { unitId: string; path: string; start: number; end: number };
export type PreviewResult = {
  hits: number;
  units: number;
  bySource: { source: string; hits: number }[];
  byEvent: { kind: string; hits: number }[];
  examples: PreviewPlace[];
  /** Texts without personal data that it would cut, by their number in the list. */
  lookAlikes: number[];
  /** Accepted entries that say of the same value that it is no personal data. */
  keptByOthers: number;
  /** The dictionary's version when it was counted. */
  version: number;
};

export const beginPreview = (tx: Tx, projectId: string, entryId: string, runId: string) =>
  tx.rulePreview.upsert({
    where: { entryId },
    create: { entryId, projectId, runId },
    update: { runId, state: 'counting', madeAt: new Date() },
  });

export const savePreview = (client: pg.PoolClient, entryId: string, result: PreviewResult) =>
  client.query(`UPDATE rule_preview SET state = 'done', result = $2, made_at = now() WHERE entry_id = $1`, [
    entryId,
    JSON.stringify(result),
  ]);

export async function findPreview(
  projectId: string,
  entryId: string,
): Promise<{ state: string; madeAt: Date; result: PreviewResult | null } | null> {
  const row = await db().rulePreview.findFirst({ where: { entryId, projectId } });
  return row && { state: row.state, madeAt: row.madeAt, result: row.result as unknown as PreviewResult | null };
}

/** Ids of units in force, a page at a time; with a word only those whose stored text holds it in any case. */
export async function unitsThatHold(
  projectId: string,
  word: string | null,
  after: string,
  limit: number,
): Promise<{ id: string; source: string }[]> {
  const { rows } = await pool().query<{ id: string; source: string }>(
    `SELECT u.id, s.name AS source FROM unit u JOIN source s ON s.id = u.source_id
      WHERE u.project_id = $1 AND u.withdrawn_at IS NULL AND u.id > $3
        AND ($2::text IS NULL OR position($2 IN lower(u.head)) > 0 OR EXISTS (
          SELECT 1 FROM event e WHERE e.project_id = u.project_id AND e.unit_id = u.id AND position($2 IN lower(e.body)) > 0))
      ORDER BY u.id LIMIT $4`,
    [projectId, word, after, limit],
  );
  return rows;
}

/** Units in which a masked entity stands, with the placeholder it has there. */
export async function unitsOfEntity(
  projectId: string,
  entity: string,
  unitId: string | null,
): Promise<{ id: string; source: string; placeholder: string }[]> {
  const { rows } = await pool().query(
    `SELECT u.id, s.name AS source, '[' || p.type || '_' || p.n || ']' AS placeholder
       FROM placeholder p JOIN unit u ON u.project_id = p.project_id AND u.id = p.unit_id JOIN source s ON s.id = u.source_id
      WHERE p.project_id = $1 AND p.entity = $2 AND u.withdrawn_at IS NULL AND ($3::text IS NULL OR u.id = $3) ORDER BY u.id`,
    [projectId, entity, unitId],
  );
  return rows;
}

export type TouchedRelease = { id: string; number: number; name: string; state: string };

/** Releases that hold one of these units. */
export async function releasesOfUnits(projectId: string, unitIds: readonly string[]): Promise<TouchedRelease[]> {
  const { rows } = await pool().query<TouchedRelease>(
    `SELECT DISTINCT r.id, r.number, r.name, r.state FROM release r JOIN release_unit ru ON ru.release_id = r.id
      WHERE r.project_id = $1 AND ru.unit_id = ANY($2) AND r.state NOT IN ('draft', 'revoked') ORDER BY r.number`,
    [projectId, unitIds],
  );
  return rows;
}
