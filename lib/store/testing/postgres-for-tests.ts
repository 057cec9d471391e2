import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { adminUrl, ensureOwnedDatabase } from '../embedded-database.ts';
import { startEmbeddedPostgres } from '../embedded-postgres.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { dropDatabase, type TestServer } from './database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    server: TestServer;
  }
}

/** One Postgres for all `*.db.test.ts`: embedded on a temporary folder, or that of DATABASE_URL; migrated once, as a template to copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const template = `assay_template_${randomBytes(5).toString('hex')}`;
  const outside = process.env.DATABASE_URL;
  const { admin, ownerOf, stop } = outside ? outsideServer(outside) : await ownServer();
  const ownerUrl = await ownerOf(template);
  await prepareDatabase(ownerUrl, { web: secret(), worker: secret(), vault: secret() });
  project.provide('server', { admin, template, ownerUrl });
  return async () => {
    await dropDatabase(admin, template);
    await stop();
  };
}

async function ownServer() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-tests-'));
  fs.chmodSync(folder, 0o711);
  const adminPassword = secret();
  const ownerPassword = secret();
  const server = await startEmbeddedPostgres({ home: path.join(folder, 'db'), adminPassword, durable: false });
  const admin = adminUrl(server.port, adminPassword);
  return {
    admin,
    ownerOf: (database: string) => ensureOwnedDatabase(admin, database, ownerPassword),
    stop: async () => {
      await server.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function outsideServer(admin: string) {
  const ownerOf = async (database: string) => {
    const client = new pg.Client({ connectionString: admin });
    await client.connect();
    await client.query(`create database ${pg.escapeIdentifier(database)}`);
    await client.end();
    const url = new URL(admin);
    url.pathname = `/${database}`;
    return url.href;
  };
  return { admin, ownerOf, stop: async () => {} };
}

const secret = () => randomBytes(24).toString('base64url');
