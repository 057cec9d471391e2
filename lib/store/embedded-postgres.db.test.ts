import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminUrl } from './embedded-database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { unprivilegedAccount } from './postgres-home.ts';

const adminPassword = randomBytes(24).toString('base64url');
let folder: string;
let server: EmbeddedPostgres;
const start = (port?: number) => startEmbeddedPostgres({ home: path.join(folder, 'db'), adminPassword, port });

async function ask(sql: string, password = adminPassword): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: adminUrl(server.port, password) });
  client.on('error', () => {}); // the server is killed under it
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-pg-'));
  fs.chmodSync(folder, 0o711);
  server = await start();
}, 60_000);
afterAll(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('the embedded Postgres', () => {
  it('runs as an account without privileges and listens on loopback alone', async () => {
    const account = unprivilegedAccount() ?? { uid: process.getuid?.() };
    expect(fs.statSync(path.join(folder, 'db/pgdata')).uid).toBe(account.uid);
    expect(account.uid).not.toBe(0);
    expect(await ask('show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await ask('show unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
  });

  it('keeps checksums, syncs, sorts text by code point, and asks for the password', async () => {
    const settings = ['data_checksums', 'fsync', 'full_page_writes', 'synchronous_commit', 'server_encoding'];
    const sql = `select ${settings.map((name) => `current_setting('${name}') as ${name}`).join()}, 'Z' < 'a' as by_code`;
    expect(await ask(sql)).toEqual([
      {
        data_checksums: 'on',
        fsync: 'on',
        full_page_writes: 'on',
        synchronous_commit: 'on',
        server_encoding: 'UTF8',
        by_code: true,
      },
    ]);
    await expect(ask('select 1', 'wrong')).rejects.toThrow(/password authentication failed/);
  });

  it('comes back on its port after kill -9, with every acknowledged row, three times', async () => {
    await ask('create table kept (round int)');
    for (const round of [1, 2, 3]) {
      await ask(`insert into kept values (${round})`);
      const { port } = server;
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
      server = await start(port);
      expect(server.port).toBe(port);
    }
    expect(await ask('select round from kept order by round')).toEqual([{ round: 1 }, { round: 2 }, { round: 3 }]);
  }, 60_000);

  it('removes the lock of a process number that belongs to someone else by now', async () => {
    await server.stop();
    const lock = path.join(folder, 'db/pgdata/postmaster.pid');
    fs.writeFileSync(lock, `${process.pid}\n${path.join(folder, 'db/pgdata')}\n`);
    const { uid, gid } = fs.statSync(path.join(folder, 'db/pgdata'));
    fs.chownSync(lock, uid, gid);
    server = await start();
    expect(await ask('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('leaves within 5 s when the process that started it is killed', async () => {
    await server.stop();
    const script = `
      const { startEmbeddedPostgres } = await import(${JSON.stringify(path.resolve('lib/store/embedded-postgres.ts'))});
      const server = await startEmbeddedPostgres({ home: ${JSON.stringify(path.join(folder, 'db'))}, adminPassword: 'unused' });
      require('node:fs').writeFileSync(${JSON.stringify(path.join(folder, 'pid'))}, String(server.pid));
      process.kill(process.pid, 'SIGKILL');`;
    spawnSync(process.execPath, ['-e', `(async () => {${script}})()`], { cwd: path.resolve('.') });
    const pid = Number(fs.readFileSync(path.join(folder, 'pid'), 'utf8'));
    const began = performance.now();
    while (isAlive(pid) && performance.now() - began < 6000) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(performance.now() - began).toBeLessThan(5000);
    server = await start();
  }, 30_000);
});

/** A killed child of a process that is gone may stay a zombie where nobody collects it: it holds nothing any more. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !fs.existsSync('/proc/self/stat') || !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
