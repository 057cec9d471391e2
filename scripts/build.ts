// `npm run build`, and the part of `npm start` that makes the database client and the web application when their sources changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runPrisma } from './prisma.ts';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts: string[]) => path.join(root, ...parts);

/** What the web application is made of. Tests, the worker and the command line run from source and are not in it. */
const sources = [
  'app',
  'components',
  'lib',
  'public',
  'prisma/schema.prisma',
  'next.config.ts',
  'postcss.config.mjs',
  'proxy.ts',
  'instrumentation.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];
const notBuilt = /(^lib\/(cli|worker|generated|(store|usecases)\/testing)\/)|\.test\.tsx?$|\/fixtures\//;

/** @returns whether it had to be made */
export function ensureClient(): boolean {
  const hash = hashOf(['prisma/schema.prisma', 'package-lock.json']);
  const stamp = at('lib/generated/.made-from');
  if (readIfThere(stamp) === hash) return false;
  if (runPrisma(['generate'], 'pipe') !== 0) throw new Error('the database client could not be generated');
  fs.writeFileSync(stamp, hash);
  return true;
}

/** @returns whether it had to be built */
export function ensureBuild(say: (line: string) => void = () => {}): boolean {
  const hash = hashOf(sources);
  const stamp = at('.next/assay-build');
  if (readIfThere(stamp) === hash && fs.existsSync(at('.next/standalone/server.js'))) return false;
  say('building the web application …');
  fs.rmSync(stamp, { force: true });
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' as const };
  const run = spawnSync(process.execPath, [next, 'build'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  if (run.status !== 0) throw new Error(`the web application could not be built:\n${run.stdout}${run.stderr}`);
  // Next copies along what it takes for an asset; a path that names the data folder makes keys and uploads one.
  if (fs.existsSync(at('.next/standalone/.assay'))) {
    fs.rmSync(at('.next'), { recursive: true });
    throw new Error('the build took the data folder along: some path in app or lib names it (see lib/store/files.ts)');
  }
  // The standalone server brings neither its static files nor ours.
  copy(at('.next/static'), at('.next/standalone/.next/static'));
  if (fs.existsSync(at('public'))) copy(at('public'), at('.next/standalone/public'));
  fs.writeFileSync(stamp, hash);
  return true;
}

function copy(from: string, to: string): void {
  fs.rmSync(to, { recursive: true, force: true });
  fs.cpSync(from, to, { recursive: true });
}

function hashOf(names: string[]): string {
  const hash = createHash('sha256');
  const add = (relative: string) => {
    const full = at(relative);
    const stats = fs.statSync(full, { throwIfNoEntry: false });
    if (stats?.isDirectory()) for (const name of fs.readdirSync(full).sort()) add(`${relative}/${name}`);
    else if (stats && !notBuilt.test(relative)) hash.update(`${relative}\0`).update(fs.readFileSync(full)).update('\0');
  };
  for (const name of names) add(name);
  return hash.digest('hex');
}

function readIfThere(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

if (import.meta.main) {
  ensureClient();
  const built = ensureBuild((line) => process.stdout.write(`Assay: ${line}\n`));
  process.stdout.write(built ? 'Assay: built\n' : 'Assay: the build is up to date\n');
}
