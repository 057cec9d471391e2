import type { TestDatabase } from '#lib/store/testing/database.ts';

/** A value as it may be carried: plain, JSON-escaped, percent-encoded, base64 (at each of the three alignments), hex. */
export function disguisesOf(value: string): Record<string, string> {
  const bytes = Buffer.from(value);
  const inner = (lead: number): string => {
    const text = Buffer.concat([Buffer.alloc(lead), bytes]).toString('base64');
    // The first characters mix with what stands before, the last with what stands after.
    return text.slice(lead === 0 ? 0 : lead + 1, Math.floor(((lead + bytes.length) * 4) / 3));
  };
  return {
    plain: value,
    json: JSON.stringify(value).slice(1, -1),
    percent: encodeURIComponent(value),
    base64: inner(0),
    'base64 + 1': inner(1),
    'base64 + 2': inner(2),
    hex: bytes.toString('hex'),
  };
}

export type Hit = { table: string; columns: string[]; disguise: string };

/**
 * Looks for values in every column of every table of every schema of ours, vault and queue too, ignoring case. The
 * answer names tables and columns, never a value.
 */
export async function sweepDatabase(database: TestDatabase, values: readonly string[]): Promise<Hit[]> {
  const columns = await database.query<{ schema: string; table: string; names: string[] }>(
    `select c.table_schema as schema, c.table_name as table, array_agg(c.column_name::text order by c.ordinal_position) as names
       from information_schema.columns c join information_schema.tables t
         on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
      where c.table_schema in ('public', 'pgboss', 'vault') group by 1, 2 order by 1, 2`,
  );
  const needles = new Map<string, string>();
  for (const value of values)
    for (const [disguise, text] of Object.entries(disguisesOf(value))) needles.set(text.toLowerCase(), disguise);
  const hits: Hit[] = [];
  for (const { schema, table, names } of columns) {
    const found = new Map<string, Set<string>>();
    const rows = await database.query<Record<string, string | null>>(
      `select ${names.map((name) => `lower("${name}"::text) as "${name}"`).join(', ')} from "${schema}"."${table}"`,
    );
    for (const row of rows)
      for (const [column, text] of Object.entries(row)) {
        if (!text || text.length < 4) continue;
        for (const [needle, disguise] of needles)
          if (text.includes(needle)) found.set(disguise, (found.get(disguise) ?? new Set()).add(column));
      }
    for (const [disguise, where] of found)
      hits.push({ table: `${schema}.${table}`, columns: [...where].sort(), disguise });
  }
  return hits;
}
