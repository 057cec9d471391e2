import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { dropLogins, ensureRoles, type ServingRole, servingRoles } from '../database-roles.ts';

/** What the global setup hands to each test file. */
export interface TestServer {
  /** may make and drop databases */
  admin: string;
  template: string;
  /** the owner's address, in the template */
  ownerUrl: string;
}

export interface TestDatabase {
  /** addresses of the owner and of each serving role, as the processes have them */
  urls: Record<ServingRole | 'owner', string>;
  name: string;
  /** one statement as the owner, for preparing and looking */
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
}

/**
 * Gives this test file a migrated database of its own and takes it away afterwards. Call it once, outside of tests; use it inside.
 * @param as the process this file plays: sets `ASSAY_DB_<ROLE>_URL` as the supervisor would, so code of `lib/store` connects with that role's rights
 */
export function withDatabase(as?: ServingRole): TestDatabase {
  const database = {} as TestDatabase;
  let owner: pg.Pool;
  beforeAll(async () => {
    const server = inject('server');
    const name = `assay_test_${randomBytes(6).toString('hex')}`;
    const admin = new pg.Client({ connectionString: server.admin });
    await admin.connect();
    const ownerName = pg.escapeIdentifier(new URL(server.ownerUrl).username);
    await admin.query(`create database ${name} template ${server.template} owner ${ownerName}`);
    await admin.end();
    const ownerUrl = new URL(server.ownerUrl);
    ownerUrl.pathname = `/${name}`;
    const password = randomBytes(24).toString('base64url');
    const roleUrls = await ensureRoles(ownerUrl.href, { web: password, worker: password, vault: password });
    owner = new pg.Pool({ connectionString: ownerUrl.href, max: 2 });
    owner.on('error', () => {}); // the server may go first at the end
    Object.assign(database, {
      name,
      urls: { owner: ownerUrl.href, ...roleUrls },
      query: async (sql: string, values?: unknown[]) => (await owner.query(sql, values)).rows,
    });
    if (as) process.env[`ASSAY_DB_${as.toUpperCase()}_URL`] = roleUrls[as];
  });
  afterAll(async () => {
    for (const role of servingRoles) delete process.env[`ASSAY_DB_${role.toUpperCase()}_URL`];
    await owner?.end();
    if (database.name) await dropDatabase(inject('server').admin, database.name);
  });
  return database;
}

/** Drops the database with whoever is still connected, and its logins. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
    await dropLogins(admin, name);
  } finally {
    await admin.end();
  }
}
