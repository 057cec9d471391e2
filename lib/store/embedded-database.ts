import pg from 'pg';
import { scramVerifier } from './database-roles.ts';
import { adminRole } from './postgres-home.ts';

/** Owns the database and its tables: migrations only. Not a superuser, so it lives under the same rules as an outside DATABASE_URL. */
const ownerRole = 'assay_owner';

/** @returns the superuser's address on the embedded server */
export function adminUrl(port: number, password: string, database = 'postgres'): string {
  return `postgresql://${adminRole}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Makes the owner role and its database when missing, and gives the owner this password.
 * @param admin address of the superuser
 * @returns the owner's address
 */
export async function ensureOwnedDatabase(admin: string, database: string, ownerPassword: string): Promise<string> {
  const client = new pg.Client({ connectionString: admin, application_name: 'assay setup' });
  await client.connect();
  try {
    const known = async (sql: string, name: string) => (await client.query(sql, [name])).rowCount === 1;
    const verb = (await known('select from pg_roles where rolname = $1', ownerRole)) ? 'alter' : 'create';
    await client.query(`${verb} role ${ownerRole} login createrole password '${scramVerifier(ownerPassword)}'`);
    if (!(await known('select from pg_database where datname = $1', database))) {
      await client.query(`create database ${pg.escapeIdentifier(database)} owner ${ownerRole}`);
      await client.query(`revoke all on database ${pg.escapeIdentifier(database)} from public`);
    }
  } finally {
    await client.end();
  }
  const url = new URL(admin);
  url.username = ownerRole;
  url.password = ownerPassword;
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}
