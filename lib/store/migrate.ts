import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** The advisory lock that Prisma Migrate itself takes: whoever migrates, one at a time. */
const lock = 72707369;

/** First line of a migration that can't run in a transaction (`create index concurrently`): one statement, written so that it can run again. */
const outsideTransaction = '-- assay: no-transaction';

const migrationsFolder = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

interface Applied {
  checksum: string;
  finished_at: Date | null;
}

/**
 * Brings the database to the newest schema. Keeps Prisma's own `_prisma_migrations` table and checksums, so `prisma migrate deploy|status` agrees.
 * Killed in the middle and run again it goes on where it stood: each migration is one transaction.
 * @param url of the owner
 * @returns the names it applied now, in order
 * @throws Error when an applied migration was edited afterwards, or one fails (then nothing of that one is left)
 */
export async function migrate(url: string, folder = migrationsFolder): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'assay migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lock]);
    await client.query(`create table if not exists _prisma_migrations (
      id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
      logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`);
    const done = await appliedMigrations(client);
    const now: string[] = [];
    for (const { name, sql, checksum } of readMigrations(folder)) {
      const row = done.get(name);
      if (row && row.checksum !== checksum) throw new Error(`migration ${name} was edited after it was applied`);
      if (row?.finished_at) continue;
      if (sql.startsWith(outsideTransaction)) await applyOutside(client, name, sql, checksum, row !== undefined);
      else if (row) throw new Error(`migration ${name} failed earlier under another tool: resolve it first`);
      else await applyInside(client, name, sql, checksum);
      now.push(name);
    }
    return now;
  } finally {
    await client.end();
  }
}

/** Whether some Assay has been here: it tells a fresh database from one that holds data. */
export async function isMigrated(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ found: boolean }>(
      `select to_regclass('public._prisma_migrations') is not null as found`,
    );
    return rows[0]?.found === true;
  } finally {
    await client.end();
  }
}

/** @returns the migrations of this checkout, in the order they run */
export function migrationNames(folder = migrationsFolder): string[] {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function readMigrations(folder: string): { name: string; sql: string; checksum: string }[] {
  return migrationNames(folder).map((name) => {
    const sql = fs.readFileSync(path.join(folder, name, 'migration.sql'), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

async function appliedMigrations(client: pg.Client): Promise<Map<string, Applied>> {
  const { rows } = await client.query<Applied & { migration_name: string }>(
    'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
  );
  return new Map(rows.map((row) => [row.migration_name, row]));
}

async function applyInside(client: pg.Client, name: string, sql: string, checksum: string): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${name}: ${reasonOf(error, sql)}`, { cause: error });
  }
}

async function applyOutside(client: pg.Client, name: string, sql: string, checksum: string, begun: boolean) {
  if (!begun) {
    await client.query('insert into _prisma_migrations (id, checksum, migration_name) values ($1, $2, $3)', [
      randomUUID(),
      checksum,
      name,
    ]);
  }
  try {
    await client.query(sql);
  } catch (error) {
    throw new Error(`migration ${name}: ${reasonOf(error, sql)}`, { cause: error });
  }
  await client.query(
    'update _prisma_migrations set finished_at = clock_timestamp(), applied_steps_count = 1 where migration_name = $1',
    [name],
  );
}

/** The server's sentence and the line of the file it speaks of. */
function reasonOf(error: unknown, sql: string): string {
  const { message, position } = error as { message: string; position?: string };
  if (position === undefined) return message;
  return `${message} (line ${sql.slice(0, Number(position)).split('\n').length})`;
}
