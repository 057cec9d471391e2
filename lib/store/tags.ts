/** Tags of units that somebody or something other than a rule set: written beside the rule's, with their origin. */
import type pg from 'pg';
import type { TagOrigin } from '#lib/core/tag/tag-unit.ts';
import { db, pool } from './db.ts';
import { conditionsOf, type UnitFilter } from './unit-list.ts';

export const HAND_TAGS = ['level', 'domain', 'task', 'lang', 'outcome'] as const;
export type HandTag = (typeof HAND_TAGS)[number];
export type TagChange = { unitId: string; name: HandTag; value: string };

/** Columns of a unit that repeat a tag, for lists and filters. */
const COLUMNS: Record<HandTag, string> = {
  level: 'level',
  domain: 'domain',
  task: 'task_type',
  lang: 'lang',
  outcome: 'outcome',
};
type Runner = Pick<pg.PoolClient, 'query'>;

/** What people set on these units: it outlives a new reading of the same unit. */
export async function handTags(client: Runner, projectId: string, unitIds: readonly string[]): Promise<TagChange[]> {
  const { rows } = await client.query<TagChange>(
    `SELECT unit_id AS "unitId", name, value FROM tag WHERE project_id = $1 AND unit_id = ANY($2) AND origin = 'person' AND name = ANY($3)`,
    [projectId, unitIds, HAND_TAGS],
  );
  return rows;
}

/** Writes each change as tag and column. An outcome that a person sets rests on a reviewer. @returns units that changed */
export async function setTags(
  client: Runner,
  projectId: string,
  changes: readonly TagChange[],
  origin: TagOrigin,
): Promise<number> {
  let changed = 0;
  for (const name of HAND_TAGS) {
    const of = changes.filter((change) => change.name === name);
    if (of.length === 0) continue;
    const values = [projectId, of.map(({ unitId }) => unitId), of.map(({ value }) => value)];
    await client.query(
      `INSERT INTO tag (project_id, unit_id, name, value, origin)
       SELECT $1, w.id, $4, w.value, $5 FROM unnest($2::text[], $3::text[]) AS w(id, value)
        WHERE EXISTS (SELECT 1 FROM unit u WHERE u.project_id = $1 AND u.id = w.id)
       ON CONFLICT (project_id, unit_id, name) DO UPDATE SET value = excluded.value, origin = excluded.origin`,
      [...values, name, origin],
    );
    const basis = name === 'outcome' ? ", outcome_basis = 'reviewer'" : '';
    const { rowCount } = await client.query(
      `UPDATE unit u SET ${COLUMNS[name]} = w.value${basis} FROM unnest($2::text[], $3::text[]) AS w(id, value)
        WHERE u.project_id = $1 AND u.id = w.id`,
      values,
    );
    changed += rowCount ?? 0;
  }
  return changed;
}

export type TaggedUnit = { unitId: string; title: string; level: string; value: string; origin: string };

/** Units of a query with one tag and where it came from; those that a rule could not tell first. */
export async function taggedUnits(
  projectId: string,
  filter: UnitFilter,
  tag: HandTag,
  only: { value?: string; unknown?: boolean },
  limit: number,
): Promise<{ rows: TaggedUnit[]; total: number }> {
  const { where, values } = conditionsOf(filter);
  const column = `u.${COLUMNS[tag]}`;
  const bound = [...values];
  const conditions = [where];
  if (only.value !== undefined) conditions.push(`${column} = $${bound.push(only.value) + 1}`);
  if (only.unknown) conditions.push(`${column} IN ('unknown', 'und', 'other')`);
  const condition = conditions.join(' AND ');
  const [rows, total] = await Promise.all([
    pool().query<TaggedUnit>(
      `SELECT u.id AS "unitId", u.title, u.level, ${column} AS value, coalesce(t.origin, 'rule') AS origin
         FROM unit u LEFT JOIN tag t ON t.project_id = u.project_id AND t.unit_id = u.id AND t.name = $${bound.length + 2}
        WHERE ${condition} ORDER BY (${column} IN ('unknown', 'und', 'other')) DESC, u.id COLLATE "C" LIMIT $${bound.length + 3}`,
      [projectId, ...bound, tag, limit],
    ),
    pool().query<{ n: number }>(`SELECT count(*)::int AS n FROM unit u WHERE ${condition}`, [projectId, ...bound]),
  ]);
  return { rows: rows.rows, total: total.rows[0]!.n };
}

/** Every value of a tag with how many units have it, and by whom it was said. */
export async function tagValues(
  projectId: string,
  tag: HandTag,
): Promise<{ value: string; units: number; byPeople: number; byModel: number }[]> {
  const { rows } = await pool().query(
    `SELECT u.${COLUMNS[tag]} AS value, count(*)::int AS units, count(*) FILTER (WHERE t.origin = 'person')::int AS "byPeople",
            count(*) FILTER (WHERE t.origin LIKE 'model:%')::int AS "byModel"
       FROM unit u LEFT JOIN tag t ON t.project_id = u.project_id AND t.unit_id = u.id AND t.name = $2
      WHERE u.project_id = $1 AND u.withdrawn_at IS NULL GROUP BY 1 ORDER BY units DESC, value`,
    [projectId, tag],
  );
  return rows;
}

/** What people said: tags set by hand, and tags of sealed gold, which win. */
export async function labelledUnits(projectId: string, tag: HandTag): Promise<Map<string, string>> {
  const [tags, gold] = await Promise.all([
    pool().query<{ id: string; value: string }>(
      `SELECT t.unit_id AS id, t.value FROM tag t JOIN unit u ON u.project_id = t.project_id AND u.id = t.unit_id
        WHERE t.project_id = $1 AND t.name = $2 AND t.origin = 'person' AND u.withdrawn_at IS NULL`,
      [projectId, tag],
    ),
    pool().query<{ id: string; value: string | null }>(
      `SELECT DISTINCT ON (g.unit_id) g.unit_id AS id, g.gold -> 'tags' ->> $2 AS value FROM gold_unit g
         JOIN unit u ON u.project_id = g.project_id AND u.id = g.unit_id
        WHERE g.project_id = $1 AND g.state = 'sealed' AND u.withdrawn_at IS NULL ORDER BY g.unit_id, g.version DESC`,
      [projectId, tag],
    ),
  ]);
  const labels = [...tags.rows, ...gold.rows].flatMap(({ id, value }) =>
    value === null ? [] : [[id, value] as const],
  );
  return new Map(labels.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));
}

export type StoredModel = { version: number; model: string; accuracy: unknown; createdAt: Date };

export async function latestModel(projectId: string, tag: HandTag): Promise<StoredModel | null> {
  return db().tagModel.findFirst({ where: { projectId, tag }, orderBy: { version: 'desc' } });
}

export async function addModel(
  projectId: string,
  row: { tag: HandTag; model: string; accuracy: object; createdBy: string },
): Promise<number> {
  const last = await latestModel(projectId, row.tag);
  const made = await db().tagModel.create({ data: { ...row, projectId, version: (last?.version ?? 0) + 1 } });
  return made.version;
}
