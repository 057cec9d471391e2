import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';

/**
 * Who may do what in the database (docs/operations.md). Grants are given in migrations to these group roles, which nobody can log in as;
 * each database has its own login roles that are members of them, so two databases of one server share grants but no password.
 */
const groupRoles = ['assay_web', 'assay_worker', 'assay_vault', 'assay_ledger'] as const;

/** The serving processes, each with a login of its own. */
export const servingRoles = ['web', 'worker', 'vault'] as const;
export type ServingRole = (typeof servingRoles)[number];

/** @returns for instance `assay_web_1f3a09bc`, the login of the web process in the database of that name */
export function loginRole(role: ServingRole, database: string): string {
  return `assay_${role}_${createHash('sha256').update(database).digest('hex').slice(0, 8)}`;
}

/** The owner's address with another login: host, port, database and TLS options stay. */
export function roleUrl(ownerUrl: string, role: ServingRole, password: string): string {
  const url = new URL(ownerUrl);
  url.username = loginRole(role, databaseName(url));
  url.password = password;
  return url.href;
}

function databaseName(url: URL): string {
  return decodeURIComponent(url.pathname.slice(1));
}

/**
 * Makes what is missing of the roles and gives the logins these passwords. Runs before the migrations, as the owner, at each full start.
 * @returns each serving process's own address
 * @throws Error that names what the owner lacks
 */
export async function ensureRoles(
  ownerUrl: string,
  passwords: Record<ServingRole, string>,
): Promise<Record<ServingRole, string>> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'assay roles' });
  await client.connect();
  try {
    for (const group of groupRoles) await ensureGroup(client, group);
    for (const role of servingRoles) await ensureLogin(client, role, passwords[role], databaseName(new URL(ownerUrl)));
  } finally {
    await client.end();
  }
  const urls = servingRoles.map((role) => [role, roleUrl(ownerUrl, role, passwords[role])] as const);
  return Object.fromEntries(urls) as Record<ServingRole, string>;
}

/** The owner becomes a member too: `alter function … owner to assay_ledger` needs it. It does not inherit what the group may. */
async function ensureGroup(client: pg.Client, group: string): Promise<void> {
  await patiently(() => createIfMissing(client, `create role ${group} nologin`));
  const { rows } = await client.query<{ member: boolean; release: number }>(
    `select exists (select from pg_auth_members where roleid = $1::regrole and member = current_user::regrole and
       coalesce((to_jsonb(pg_auth_members) ->> 'set_option')::bool, true)) as member,
       current_setting('server_version_num')::int / 10000 as release`,
    [group],
  );
  if (rows[0]?.member) return;
  const options = (rows[0]?.release ?? 0) >= 16 ? ' with set true, inherit false' : '';
  try {
    await patiently(() => client.query(`grant ${group} to current_user${options}`));
  } catch (error) {
    throw new Error(
      `the database has a role ${group} that the role of DATABASE_URL may not use: let its owner \`grant ${group} to … with admin option\``,
      { cause: error },
    );
  }
}

async function ensureLogin(client: pg.Client, role: ServingRole, password: string, database: string): Promise<void> {
  const login = loginRole(role, database);
  await patiently(() => createIfMissing(client, `create role ${login} login`));
  // The verifier, not the password: a server that logs statements never sees it.
  await patiently(() => client.query(`alter role ${login} with login password '${scramVerifier(password)}'`));
  await patiently(() => client.query(`grant assay_${role} to ${login}`));
  await client.query(`grant connect on database ${pg.escapeIdentifier(database)} to ${login}`);
  // A stopped process must not keep its locks (docs/operations.md).
  for (const [name, value] of [
    ['idle_in_transaction_session_timeout', '10s'],
    ['timezone', 'UTC'],
  ]) {
    await patiently(() => client.query(`alter role ${login} set ${name} = '${value}'`));
  }
}

async function createIfMissing(client: pg.Client, statement: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === '42710' || code === '23505') return; // it is there, or another start made it this moment
    if (code === '42501') throw new Error('the role of DATABASE_URL needs CREATEROLE', { cause: error });
    throw error;
  }
}

/** Roles live in one catalogue for the whole server: two starts that touch the same one may collide (`tuple concurrently updated`). */
async function patiently(act: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await act();
      return;
    } catch (error) {
      const collided = /concurrently (updated|deleted)/.test((error as Error).message);
      if (!collided || attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 * attempt));
    }
  }
}

/** Removes a database's logins; only tests drop databases. */
export async function dropLogins(client: pg.Client, database: string): Promise<void> {
  for (const role of servingRoles)
    await patiently(() => client.query(`drop role if exists ${loginRole(role, database)}`));
}

/** What PostgreSQL keeps of a password (RFC 5803): `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`. Ours are random and ASCII, so SASLprep changes nothing. */
export function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const iterations = 4096;
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (key: string) => createHmac('sha256', salted).update(key).digest();
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${hmac('Server Key').toString('base64')}`;
}
