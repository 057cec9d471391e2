import { pool } from './db.ts';

/** A parsed query; every name below is a column of ours. */
export type UnitFilter = {
  q: string;
  kind: readonly string[];
  level: readonly string[];
  outcome: readonly string[];
  domain: readonly string[];
  lang: readonly string[];
  tool: readonly string[];
  source: readonly string[];
  importId: readonly string[];
  has: readonly string[];
  eligible: readonly string[];
};
export type UnitPage = { sort: string; isDescending: boolean; page: number; size: number };

const COLUMNS: Readonly<Record<string, string>> = {
  title: 'u.title',
  kind: 'u.kind',
  level: 'u.level',
  events: 'u.event_count',
  tokens: 'u.tokens',
  steps: 'u.steps',
  calls: 'u.calls',
  spans: 'u.span_count',
  suggested: 'u.suggest_count',
  started: 'u.started_at',
  lang: 'u.lang',
  domain: 'u.domain',
  outcome: 'u.outcome',
};

const HAS: Readonly<Record<string, string>> = {
  errors: 'u.errors > 0',
  recovery: 'u.recovered',
  suggested: 'u.suggest_count > 0',
  feedback: `u.outcome_basis IN ('user_feedback', 'verifier', 'reviewer')`,
};

/** SQL conditions and their values; `$1` is the project. */
export function conditionsOf(filter: UnitFilter): { where: string; values: unknown[] } {
  const values: unknown[] = [];
  const conditions = ['u.project_id = $1', 'u.withdrawn_at IS NULL'];
  const bind = (value: unknown): string => `$${values.push(value) + 1}`;
  const oneOf = (column: string, wanted: readonly string[]) => {
    if (wanted.length > 0) conditions.push(`${column} = ANY(${bind(wanted)})`);
  };
  oneOf('u.kind', filter.kind);
  oneOf('u.level', filter.level);
  oneOf('u.outcome', filter.outcome);
  oneOf('u.domain', filter.domain);
  oneOf('u.lang', filter.lang);
  if (filter.tool.length > 0) conditions.push(`u.tools && ${bind(filter.tool)}::text[]`);
  if (filter.importId.length > 0) conditions.push(`u.import_id = ANY(${bind(filter.importId)}::uuid[])`);
  if (filter.source.length > 0)
    conditions.push(
      `u.source_id IN (SELECT id FROM source WHERE project_id = $1 AND name = ANY(${bind(filter.source)}))`,
    );
  if (filter.eligible.length === 1) conditions.push(filter.eligible[0] === 'yes' ? 'u.eligible' : 'NOT u.eligible');
  for (const what of filter.has) if (HAS[what]) conditions.push(HAS[what]);
  if (filter.q !== '')
    conditions.push(`(u.search @@ plainto_tsquery('simple', ${bind(filter.q)}) OR u.id = ${bind(filter.q)})`);
  return { where: conditions.join(' AND '), values };
}

export type UnitRow = {
  id: string;
  title: string;
  kind: string;
  level: string;
  lang: string;
  domain: string;
  outcome: string;
  outcomeBasis: string;
  tools: string[];
  events: number;
  tokens: number;
  steps: number;
  calls: number;
  errors: number;
  recovered: boolean;
  spans: number;
  suggested: number;
  isEligible: boolean;
  sourceName: string;
  startedAt: Date | null;
};

export async function listUnits(
  projectId: string,
  filter: UnitFilter,
  page: UnitPage,
): Promise<{ rows: UnitRow[]; total: number }> {
  const { where, values } = conditionsOf(filter);
  const order = `${COLUMNS[page.sort] ?? 'u.started_at'} ${page.isDescending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}, u.id`;
  const next = values.length + 2;
  const [rows, total] = await Promise.all([
    pool().query(
      `SELECT u.id, u.title, u.kind, u.level, u.lang, u.domain, u.outcome, u.outcome_basis AS "outcomeBasis", u.tools, u.event_count AS events,
              u.tokens, u.steps, u.calls, u.errors, u.recovered, u.span_count AS spans, u.suggest_count AS suggested, u.eligible AS "isEligible",
              s.name AS "sourceName", u.started_at AS "startedAt"
         FROM unit u JOIN source s ON s.id = u.source_id WHERE ${where} ORDER BY ${order} LIMIT $${next} OFFSET $${next + 1}`,
      [projectId, ...values, page.size, (page.page - 1) * page.size],
    ),
    pool().query<{ n: number }>(`SELECT count(*)::int AS n FROM unit u WHERE ${where}`, [projectId, ...values]),
  ]);
  return { rows: rows.rows as UnitRow[], total: total.rows[0]!.n };
}

/** Ids of the whole query, for acts on all of it; capped, so that one act stays one transaction. */
export async function listUnitIds(projectId: string, filter: UnitFilter, limit: number): Promise<string[]> {
  const { where, values } = conditionsOf(filter);
  const { rows } = await pool().query<{ id: string }>(
    `SELECT u.id FROM unit u WHERE ${where} ORDER BY u.id LIMIT $${values.length + 2}`,
    [projectId, ...values, limit],
  );
  return rows.map((row) => row.id);
}

export type Facet = { name: string; value: string; count: number };

/** Values that the filters offer, with counts over the whole project. */
export async function unitFacets(projectId: string): Promise<Facet[]> {
  const { rows } = await pool().query<Facet>(
    `WITH u AS (SELECT * FROM unit WHERE project_id = $1 AND withdrawn_at IS NULL)
     SELECT name, value, count(*)::int AS count FROM (
       SELECT 'kind' AS name, kind AS value FROM u UNION ALL SELECT 'level', level FROM u UNION ALL SELECT 'outcome', outcome FROM u
       UNION ALL SELECT 'domain', domain FROM u UNION ALL SELECT 'lang', lang FROM u UNION ALL SELECT 'tool', unnest(tools) FROM u
       UNION ALL SELECT 'source', s.name FROM u JOIN source s ON s.id = u.source_id
       UNION ALL SELECT 'eligible', CASE WHEN eligible THEN 'yes' ELSE 'no' END FROM u) f
     GROUP BY name, value ORDER BY name, count DESC, value`,
    [projectId],
  );
  return rows;
}
