import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataFolder, prepareDataFolder } from './data-folder.ts';
import { refusalsOf } from './store-database.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-up-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function start(env: Record<string, string>, ...args: string[]) {
  const clean = { PATH: process.env.PATH, NODE_ENV: 'production' as const };
  const run = spawnSync(process.execPath, ['--conditions=react-server', path.resolve('scripts/up.ts'), ...args], {
    env: { ...clean, ASSAY_DATA: path.join(folder, 'data'), ...env },
    encoding: 'utf8',
    timeout: 10_000,
  });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

describe('a start that may not be', () => {
  const published = fs.readFileSync(path.resolve('package.json'), 'utf8');

  it.each([
    ['a short secret', { ASSAY_SECRET: 'short' }, /ASSAY_SECRET has at least 32 bytes/],
    ['a published secret', { ASSAY_SECRET: published.slice(0, 60) }, /ASSAY_SECRET stands in a file of the repository/],
    ['a demo open to the network', { ASSAY_DEMO: '1', HOST: '0.0.0.0' }, /ASSAY_DEMO=1 is refused/],
    ['test doors open to the network', { ASSAY_TEST: '1', HOST: '::' }, /ASSAY_TEST=1 is refused/],
    ['a data folder without a parent', { ASSAY_DATA: '/no/such/folder/data' }, /parent folder does not exist/],
    [
      'a database that is away',
      { DATABASE_URL: 'postgresql://nobody:canary@127.0.0.1:1/none' },
      /could not be reached/,
    ],
  ])('is refused with status 1 and the reason on standard error: %s', (_, env, reason) => {
    const answer = start({ PORT: '3877', ...env });
    expect(answer.err).toMatch(reason);
    expect(answer.status).toBe(1);
    expect(answer.out).toBe('');
    expect(answer.err).not.toContain('canary');
  });

  it('is refused when a demo is asked for on a store that holds other data', () => {
    fs.mkdirSync(path.join(folder, 'data/db/pgdata'), { recursive: true });
    expect(start({ ASSAY_DEMO: '1', PORT: '3878' }).err).toMatch(/not made by a demo start/);
  });

  it('is refused when the key folder of the store is lost', () => {
    fs.mkdirSync(path.join(folder, 'data/db/pgdata'), { recursive: true });
    expect(start({ PORT: '3878' }).err).toMatch(/vault-kek/);
  });

  it('is refused for an unknown role, and for one role without a database', () => {
    expect(start({}, '--only', 'everything').err).toMatch(/web, worker or vault/);
    expect(start({}, '--only', 'worker').err).toMatch(/needs DATABASE_URL/);
  });
});

describe('the data folder', () => {
  it('is closed to others, also its parts', () => {
    const made = prepareDataFolder(path.join(folder, 'data'));
    expect(fs.statSync(made.root).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o711 : 0o700);
    expect(fs.statSync(made.run).mode & 0o777).toBe(0o700);
  });

  it('takes one supervisor at a time', async () => {
    const made = prepareDataFolder(path.join(folder, 'data'));
    await lockDataFolder(made);
    await expect(lockDataFolder(made)).rejects.toThrow(/another Assay runs on this data folder/);
  });

  it('finds room for its sockets when its own path is too long for them', () => {
    const deep = path.join(folder, 'd'.repeat(100));
    fs.mkdirSync(deep);
    expect(prepareDataFolder(path.join(deep, 'data')).vaultSocket.length).toBeLessThan(100);
  });
});

describe('an outside database', () => {
  const good = { version: 15, encoding: 'UTF8', roles: true, create: true };

  it.each([15, 16, 17, 18])('may be PostgreSQL %i', (version) => {
    expect(refusalsOf({ ...good, version })).toEqual([]);
  });

  it.each([
    [{ version: 14 }, /PostgreSQL 14; Assay works with PostgreSQL 15 to 18/],
    [{ version: 19 }, /15 to 18/],
    [{ encoding: 'LATIN1' }, /UTF8/],
    [{ roles: false }, /createrole/],
    [{ create: false }, /CREATE/],
  ])('is refused for %o with what to do', (change, reason) => {
    expect(refusalsOf({ ...good, ...change }).join()).toMatch(reason);
  });
});
