import { createHash } from 'node:crypto';
import type pg from 'pg';
import { canonicalJson } from '#lib/core/trajectory/json.ts';
import { pool } from './db.ts';

export interface TableDigest {
  rows: number;
  /** of the rows as canonical JSON, sorted bytewise, each with a newline after it */
  sha256: string;
}

export interface StoreDigest {
  tables: Record<string, TableDigest>;
  sha256: string;
}

/** How a derived table finds its import and source; `r` is the row. */
const throughUnit =
  'join unit u on u.project_id = r.project_id and u.id = r.unit_id join source s on s.id = u.source_id';
const throughImport = 'join import i on i.id = r.import_id join source s on s.id = i.source_id';
const derived: Record<string, { table: string; join: string; import?: true }> = {
  records: { table: 'record', join: throughImport, import: true },
  trajectories: { table: 'trajectory', join: throughImport, import: true },
  units: { table: 'unit', join: throughImport, import: true },
  events: { table: 'event', join: throughUnit },
  spans: { table: 'span', join: throughUnit },
  placeholders: { table: 'placeholder', join: throughUnit },
  tags: { table: 'tag', join: throughUnit },
  quarantine: { table: 'quarantine', join: throughImport, import: true },
};

/** Random ids (their project, source and import are named by slug, name and hash instead), times of processing, and what another column says again. */
const leftOut = ['project_id', 'source_id', 'import_id', 'redacted_at', 'expires_at', 'search'];

/**
 * Digests every derived table. Two stores with the same input, keys and configuration answer the same, whatever the number of workers and
 * however often anything was killed. All tables are read in one snapshot.
 * @param source only what derives from the sources of that name; 0 rows when there is none
 */
export async function digestStore(source?: string): Promise<StoreDigest> {
  const client = await pool().connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const tables: Record<string, TableDigest> = {};
    for (const name of Object.keys(derived)) tables[name] = await digestTable(client, name, source);
    await client.query('commit');
    const whole = Object.fromEntries(Object.entries(tables).map(([name, { sha256 }]) => [name, sha256]));
    return { tables, sha256: createHash('sha256').update(canonicalJson(whole)).digest('hex') };
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

async function digestTable(client: pg.PoolClient, name: string, source: string | undefined): Promise<TableDigest> {
  const { table, join, import: ofImport } = derived[name]!;
  const fields = await canonicalFields(client, table);
  fields.set('project', `to_json(p.slug)::text`).set('source', 'to_json(s.name)::text');
  if (ofImport) fields.set('import', 'to_json(i.sha256)::text');
  const object = [...fields.keys()]
    .sort()
    .map((key) => `'"${key}":' || coalesce(${fields.get(key)}, 'null')`)
    .join(` || ',' || `);
  await client.query(
    `declare digest no scroll cursor for select '{' || ${object} || '}' collate "C" as line from "${table}" r ${join}
       join project p on p.id = s.project_id where $1::text is null or s.name = $1 order by line`,
    [source ?? null],
  );
  const hash = createHash('sha256');
  let count = 0;
  for (;;) {
    const { rows } = await client.query<{ line: string }>('fetch 2000 from digest');
    for (const { line } of rows) hash.update(line).update('\n');
    count += rows.length;
    if (rows.length === 0) break;
  }
  await client.query('close digest');
  return { rows: count, sha256: hash.digest('hex') };
}

/** Each column as its JSON: a new column joins by itself. Instants are written in UTC, whatever the session's zone. */
async function canonicalFields(client: pg.PoolClient, table: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
      where table_schema = 'public' and table_name = $1 and column_name <> all ($2)`,
    [table, leftOut],
  );
  return new Map(
    rows.map(({ name, type }) => [
      name,
      type.startsWith('timestamp')
        ? `to_json(to_char(r."${name}" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text`
        : `to_json(r."${name}")::text`,
    ]),
  );
}
