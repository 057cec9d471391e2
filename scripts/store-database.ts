import pg from 'pg';
import { adminUrl, ensureOwnedDatabase } from '#lib/store/embedded-database.ts';
import { startEmbeddedPostgres } from '#lib/store/embedded-postgres.ts';
import { type Settings, SettingsError } from '#lib/store/env.ts';
import type { KeyRing } from '#lib/store/keys.ts';
import { type KeepEvents, type Kept, keepRunning } from './supervisor.ts';

export const databaseName = 'assay';

/** Starts the embedded Postgres, keeps it running on the same port, and makes the database in it. */
export async function startOwnDatabase(
  home: string,
  ring: KeyRing,
  events: KeepEvents,
  say: (line: string) => void,
): Promise<{ kept: Kept; ownerUrl: string }> {
  let port: number | undefined;
  const adminPassword = ring['db-admin.password'];
  const kept = await keepRunning(
    'database',
    async () => {
      const server = await startEmbeddedPostgres({ home, adminPassword, port, say });
      port = server.port;
      return server;
    },
    events,
  );
  const ownerUrl = await ensureOwnedDatabase(adminUrl(port!, adminPassword), databaseName, ring['db-owner.password']);
  return { kept, ownerUrl };
}

/**
 * Whether Assay can live in this database.
 * @throws SettingsError that says what is wrong with it, without the address
 */
export async function checkOutsideDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 8000 });
  try {
    await client.connect();
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'no answer';
    throw new SettingsError(`DATABASE_URL: that database could not be reached (${code})`);
  }
  try {
    const { rows } = await client.query<{ version: number; encoding: string; roles: boolean; create: boolean }>(
      `select current_setting('server_version_num')::int / 10000 as version, current_setting('server_encoding') as encoding,
         (select rolcreaterole or rolsuper from pg_roles where rolname = current_user) as roles,
         has_database_privilege(current_database(), 'CREATE') and has_schema_privilege('public', 'CREATE') as create`,
    );
    const reasons = refusalsOf(rows[0]!);
    if (reasons.length) throw new SettingsError(reasons.map((reason) => `DATABASE_URL: ${reason}`).join('\n'));
  } finally {
    await client.end();
  }
}

/** What a start says of an outside database that will not do. @returns no reason when it will */
export function refusalsOf(found: { version: number; encoding: string; roles: boolean; create: boolean }): string[] {
  return [
    ...(found.version < 15 || found.version > 18
      ? [`it is PostgreSQL ${found.version}; Assay works with PostgreSQL 15 to 18`]
      : []),
    ...(found.encoding !== 'UTF8' ? [`its encoding is ${found.encoding}; Assay needs UTF8`] : []),
    ...(found.roles ? [] : ['its role may not make roles: `alter role … createrole`']),
    ...(found.create
      ? []
      : [
          'its role may not make schemas and tables there: let it own the database, or grant it CREATE on the database and on schema public',
        ]),
  ];
}

/** @returns the settings with the keys that came from outside put in their place */
export function withGivenSecret(ring: KeyRing, settings: Settings): KeyRing {
  if (!settings.secret) return ring;
  if (Object.values(ring).includes(settings.secret))
    throw new SettingsError('ASSAY_SECRET equals one of the key files');
  return { ...ring, 'session-secret': settings.secret };
}
