import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { closeDb } from './db.ts';
import { digestStore } from './digest.ts';
import { withDatabase } from './testing/database.ts';

const database = withDatabase('worker');
afterAll(closeDb);

/** Fills the table's required columns with what says nothing, over which `values` wins. */
async function insert(table: string, values: Record<string, unknown>): Promise<void> {
  const columns = await database.query<{ name: string; type: string }>(
    `select column_name as name, udt_name as type from information_schema.columns
      where table_name = $1 and table_schema = 'public' and is_nullable = 'NO' and column_default is null`,
    [table],
  );
  const blank: Record<string, unknown> = {
    _text: [],
    bool: false,
    timestamptz: '2026-01-01',
    uuid: randomUUID(),
    text: 'x',
    date: '2026-01-01',
  };
  const row = { ...Object.fromEntries(columns.map(({ name, type }) => [name, blank[type] ?? 0])), ...values };
  const names = Object.keys(row);
  const slots = names.map((_, n) => `$${n + 1}`);
  await database.query(`insert into ${table} ("${names.join('","')}") values (${slots})`, Object.values(row));
}

/** One import of two records with one unit; ids, times and the order of writing differ at each call. */
async function fill({ reversed = false, text = 'hello' } = {}): Promise<void> {
  const project = randomUUID();
  const source = randomUUID();
  const importId = randomUUID();
  const at = new Date(Date.now() - Math.floor(performance.now())).toISOString();
  await insert('project', { id: project, slug: 'first', name: 'First' });
  await insert('source', { id: source, project_id: project, name: 'support' });
  await insert('import', { id: importId, project_id: project, source_id: source, sha256: 'abc' });
  const records = [1, 2].map(
    (n) => () => insert('record', { import_id: importId, record_no: n, sha256: `r${n}`, fate: 'mapped' }),
  );
  for (const write of reversed ? records.reverse() : records) await write();
  const of = { project_id: project, import_id: importId, source_id: source };
  await insert('trajectory', { ...of, id: 't1', redacted_at: at, started_at: '2026-01-01T10:00:00Z' });
  await insert('unit', { ...of, id: 'u1', trajectory_id: 't1', expires_at: at, tools: ['search', 'order "x"'] });
  await insert('event', { project_id: project, unit_id: 'u1', body: text });
}

beforeEach(async () => {
  for (const table of ['event', 'unit', 'trajectory', 'record', 'import', 'source', 'project'])
    await database.query(`delete from ${table}`);
});

describe('the digest of a store', () => {
  it('is the same for the same content, whatever the ids, the times and the order of writing', async () => {
    await fill();
    const first = await digestStore();
    for (const table of ['event', 'unit', 'trajectory', 'record', 'import', 'source', 'project'])
      await database.query(`delete from ${table}`);
    await fill({ reversed: true });
    expect(await digestStore()).toEqual(first);
    expect(first.tables).toMatchObject({
      records: { rows: 2 },
      trajectories: { rows: 1 },
      units: { rows: 1 },
      events: { rows: 1 },
      spans: { rows: 0 },
    });
  });

  it('differs when one letter of one event does, and only there', async () => {
    await fill();
    const first = await digestStore();
    await database.query(`update event set body = 'hellp'`);
    const second = await digestStore();
    expect(second.tables.events).not.toEqual(first.tables.events);
    expect(second.tables.units).toEqual(first.tables.units);
    expect(second.sha256).not.toBe(first.sha256);
  });

  it('may be asked of one source; an unknown one has no rows', async () => {
    await fill();
    expect(await digestStore('support')).toEqual(await digestStore());
    const none = await digestStore('nobody');
    expect(Object.values(none.tables).map(({ rows }) => rows)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
