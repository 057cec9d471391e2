import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { ensureRoles } from './database-roles.ts';
import { withDatabase } from './testing/database.ts';

const database = withDatabase();

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the roles of the database', () => {
  it('let the web process read the curation store and keep it out of the vault', async () => {
    await expect(ask(database.urls.web, 'select count(*) from person')).resolves.toHaveLength(1);
    await expect(ask(database.urls.web, 'select count(*) from vault.record')).rejects.toThrow(/permission denied/);
  });

  it('let the worker write to the vault and not read from it', async () => {
    await expect(ask(database.urls.worker, 'select count(*) from vault.record')).rejects.toThrow(/permission denied/);
    await expect(ask(database.urls.vault, 'select count(*) from vault.record')).resolves.toHaveLength(1);
  });

  it.each(['web', 'worker', 'vault'] as const)('keep %s from making tables, roles and databases', async (role) => {
    for (const sql of [
      'create table stray (a int)',
      'create role stray',
      'create database stray',
      'create schema stray',
    ]) {
      await expect(ask(database.urls[role], sql)).rejects.toThrow(/permission denied/);
    }
  });

  it('are not the owner nor a superuser, and neither is the owner', async () => {
    for (const url of Object.values(database.urls)) {
      const [row] = await ask(url, 'select rolsuper, rolbypassrls from pg_roles where rolname = current_user');
      expect(row).toEqual({ rolsuper: false, rolbypassrls: false });
    }
  });

  it('change their passwords at each start, and the old one no longer opens', async () => {
    const fresh = await ensureRoles(database.urls.owner, {
      web: 'a'.repeat(32),
      worker: 'b'.repeat(32),
      vault: 'c'.repeat(32),
    });
    await expect(ask(database.urls.web, 'select 1')).rejects.toThrow(/password authentication failed/);
    await expect(ask(fresh.web, 'select 1')).resolves.toHaveLength(1);
    Object.assign(database.urls, fresh);
  });

  it('end a transaction that stands still', async () => {
    const [row] = await ask(database.urls.worker, `show idle_in_transaction_session_timeout`);
    expect(row).toEqual({ idle_in_transaction_session_timeout: '10s' });
  });

  it('let web and worker use the queue without making its tables', async () => {
    for (const url of [database.urls.web, database.urls.worker]) {
      await expect(ask(url, 'select count(*) from pgboss.job')).resolves.toHaveLength(1);
      await expect(ask(url, 'create table pgboss.stray (a int)')).rejects.toThrow(/permission denied/);
    }
    await expect(ask(database.urls.vault, 'select count(*) from pgboss.job')).rejects.toThrow(/permission denied/);
  });
});
