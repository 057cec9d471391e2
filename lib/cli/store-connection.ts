import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { roleUrl, type ServingRole } from '#lib/store/database-roles.ts';
import { readSettings, SettingsError } from '#lib/store/env.ts';
import { KeyError, type KeyName, keysHeldBy, readKeys } from '#lib/store/keys.ts';
import { processEnvironment } from '#lib/store/process-environment.ts';
import { Refusal } from './command.ts';

/** What the supervisor leaves in `run/store.json` for us (scripts/up.ts). */
const StoreFile = z.object({
  database: z.string(),
  keysDir: z.string(),
  vaultSocket: z.string(),
  url: z.string(),
  demo: z.boolean(),
});

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** The data folder this shell means: `ASSAY_DATA` as seen from here, else the checkout's own, from whatever folder we were called. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.ASSAY_DATA ? path.resolve(env.ASSAY_DATA) : path.join(checkout, '.assay');
}

/**
 * Makes this process one of the running store's: sets the environment that the supervisor gives to a process of that role, so everything in
 * `lib/store` finds its database, keys and vault. Call it before importing a use case.
 * @throws Refusal when no store was started on the data folder, or its keys can't be read
 */
export function joinStore(
  role: ServingRole = 'worker',
  env: NodeJS.ProcessEnv = process.env,
): { dataDir: string; url: string } {
  const dataDir = dataFolder(env);
  const file = path.join(dataDir, 'run', 'store.json');
  if (!fs.existsSync(file))
    throw new Refusal('no store was started on this data folder: run `npm start` first, or set ASSAY_DATA');
  const store = StoreFile.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  const password: KeyName = `db-${role}.password`;
  try {
    const ring = readKeys(store.keysDir, [...keysHeldBy(role), password]);
    const shell = {
      ...env,
      ASSAY_DATA: dataDir,
      ASSAY_URL: store.url,
      ASSAY_DEMO: store.demo ? '1' : '',
      PORT: '',
      HOST: '',
    };
    const databaseUrl = roleUrl(store.database, role, ring[password] ?? '');
    const gift = { settings: readSettings(shell, checkout), ring, databaseUrl, vaultSocket: store.vaultSocket };
    Object.assign(env, processEnvironment(role, gift, shell));
  } catch (error) {
    if (error instanceof KeyError || error instanceof SettingsError) throw new Refusal(error.message);
    throw error;
  }
  return { dataDir, url: store.url };
}
