import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { roleUrl } from '#lib/store/database-roles.ts';

/** A connection to a running store's own database, in the worker's role, for what no door can do (time going by). */
export async function connectToStore(dataDir: string): Promise<pg.Client> {
  const store = JSON.parse(fs.readFileSync(path.join(dataDir, 'run/store.json'), 'utf8'));
  const password = fs.readFileSync(path.join(store.keysDir, 'db-worker.password'), 'utf8').trim();
  const client = new pg.Client({ connectionString: roleUrl(store.database, 'worker', password) });
  await client.connect();
  return client;
}
