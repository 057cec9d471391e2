import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isMigrated, migrate } from './migrate.ts';
import { withDatabase } from './testing/database.ts';

const database = withDatabase();
const folders: string[] = [];

function migrations(files: Record<string, string>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-migrations-'));
  folders.push(folder);
  for (const [name, sql] of Object.entries(files)) {
    fs.mkdirSync(path.join(folder, name));
    fs.writeFileSync(path.join(folder, name, 'migration.sql'), sql);
  }
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true });
});

describe('migrations', () => {
  it('have nothing left to do on a migrated database, also when several processes ask at once', async () => {
    expect(await isMigrated(database.urls.owner)).toBe(true);
    const answers = await Promise.all([1, 2, 3].map(() => migrate(database.urls.owner)));
    expect(answers).toEqual([[], [], []]);
  });

  it('run in the order of their names, each once', async () => {
    const folder = migrations({
      '2_fill': 'insert into probe values (1)',
      '1_make': 'create table probe (a int)',
    });
    expect(await migrate(database.urls.owner, folder)).toEqual(['1_make', '2_fill']);
    expect(await migrate(database.urls.owner, folder)).toEqual([]);
    expect(await database.query('select a from probe')).toEqual([{ a: 1 }]);
  });

  it('leave nothing of one that fails, and go on once it is mended', async () => {
    const broken = migrations({ '3_half': 'create table half (a int);\nselect nonsense from nowhere' });
    await expect(migrate(database.urls.owner, broken)).rejects.toThrow(/3_half: .*nowhere.*\(line 2\)/);
    expect(await database.query(`select to_regclass('half') as half`)).toEqual([{ half: null }]);
    expect(await migrate(database.urls.owner, migrations({ '3_half': 'create table half (a int)' }))).toEqual([
      '3_half',
    ]);
  });

  it('refuse when an applied one was edited', async () => {
    expect(await migrate(database.urls.owner, migrations({ '4_one': 'create table one (a int)' }))).toEqual(['4_one']);
    const edited = migrations({ '4_one': 'create table one (a bigint)' });
    await expect(migrate(database.urls.owner, edited)).rejects.toThrow('4_one was edited after it was applied');
  });

  it('may run outside a transaction, and again after a crash in the middle', async () => {
    const sql = '-- assay: no-transaction\ncreate index concurrently if not exists one_a on one (a)';
    const folder = migrations({ '5_index': sql });
    await database.query(
      `insert into _prisma_migrations (id, checksum, migration_name) values ('crashed', encode(sha256($1::bytea), 'hex'), '5_index')`,
      [Buffer.from(sql)],
    );
    expect(await migrate(database.urls.owner, folder)).toEqual(['5_index']);
    expect(await migrate(database.urls.owner, folder)).toEqual([]);
  });
});
