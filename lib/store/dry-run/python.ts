/**
 * The Python of the dry run: a virtual environment of its own under the data folder's cache, made once for each set of
 * pins. It is made by a command that a person runs (or by the tests), never by the worker, which only uses what is there.
 */
import { type SpawnOptions, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { dataFolder } from '../files.ts';

const HERE = import.meta.dirname;
const REQUIREMENTS = path.join(HERE, 'requirements.txt');
const SCRIPT = path.join(HERE, 'dry_run.py');
/** What makes a dry run possible where it is not yet. */
export const PREPARE_COMMAND = 'npm run -s dry-run -- --prepare';
/** The pins are hashed for this one; others get the same versions unhashed. */
const LOCKED_PYTHON = '3.11';
const NAMES = [`python${LOCKED_PYTHON}`, 'python3.12', 'python3.13', 'python3', 'python', 'python3.10'];
const OLDEST = [3, 10] as const;
const INSTALL_MS = 20 * 60_000;
const RUN_MS = 30 * 60_000;

/** Files that a release carries, so that whoever receives it can run the same. */
export const dryRunFiles = (): { path: string; text: string }[] => [
  { path: 'dry-run/requirements.txt', text: fs.readFileSync(REQUIREMENTS, 'utf8') },
  { path: 'dry-run/dry_run.py', text: fs.readFileSync(SCRIPT, 'utf8') },
];

export class NotPossible extends Error {}

type Ran = { status: number | null; out: string; err: string };

/** Of the environment, Python gets what finds programs and packages and nothing of ours. */
function bareEnvironment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(?:PATH|HOME|USER|LANG|LC_ALL|TMPDIR|SYSTEMROOT|PIP_.*|SSL_CERT_FILE|HTTPS?_PROXY|NO_PROXY)$/i.test(name),
  );
  return { ...Object.fromEntries(kept), PYTHONNOUSERSITE: '1', ...more } as unknown as NodeJS.ProcessEnv;
}

function run(program: string, args: string[], options: SpawnOptions & { timeoutMs?: number } = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const { timeoutMs = 60_000, ...rest } = options;
    const child = spawn(program, args, {
      env: bareEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      ...rest,
    });
    const heard = { out: '', err: '' };
    child.stdout?.on('data', (bytes: Buffer) => {
      heard.out += bytes.toString('utf8');
    });
    child.stderr?.on('data', (bytes: Buffer) => {
      heard.err += bytes.toString('utf8');
    });
    child.once('error', () => resolve({ status: null, ...heard }));
    child.once('close', (status) => resolve({ status, ...heard }));
  });
}

/** The venv of these pins, whether it is there or not. */
export function venvFolder(): string {
  const pins = createHash('sha256').update(fs.readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16);
  return path.join(dataFolder(), 'cache', `dry-run-${pins}`);
}
const readyMark = (venv: string): string => path.join(venv, 'ready');
const pythonIn = (venv: string): string =>
  process.platform === 'win32' ? path.join(venv, 'Scripts', 'python.exe') : path.join(venv, 'bin', 'python');

/** @returns the Python that can run it now; null where `PREPARE_COMMAND` has not been run */
export function readyPython(): string | null {
  const venv = venvFolder();
  return fs.existsSync(readyMark(venv)) && fs.existsSync(pythonIn(venv)) ? pythonIn(venv) : null;
}

async function findPython(): Promise<{ program: string; version: string } | null> {
  for (const program of NAMES) {
    const { status, out } = await run(program, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
    if (status !== 0) continue;
    const version = out.trim();
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return { program, version };
  }
  return null;
}

/**
 * Makes the venv when it is not there.
 * @param say hears what takes long
 * @throws NotPossible where there is no Python, or no package index answers
 */
export async function ensurePython(say: (line: string) => void): Promise<string> {
  const ready = readyPython();
  if (ready) return ready;
  const found = await findPython();
  if (!found) throw new NotPossible(`there is no Python ${OLDEST.join('.')} or newer`);
  const venv = venvFolder();
  fs.rmSync(venv, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(venv), { recursive: true });
  say(`making a Python environment for the dry run (Python ${found.version}, about 1 GB, once)`);
  if ((await run(found.program, ['-m', 'venv', venv], { timeoutMs: INSTALL_MS })).status !== 0)
    throw new NotPossible('Python can make no virtual environment (is its venv module installed?)');
  const python = pythonIn(venv);
  const index = await indexArguments(python);
  const lock = fs.readFileSync(REQUIREMENTS, 'utf8');
  const torch = /pip install (torch==\S+)/.exec(lock)![1]!;
  const pins = found.version === LOCKED_PYTHON ? ['--require-hashes', '-r', REQUIREMENTS] : pinsOf(lock);
  for (const what of [[torch], ['--no-deps', ...pins]]) {
    const { status, err } = await run(python, ['-m', 'pip', 'install', '--quiet', ...index.args, ...what], {
      timeoutMs: INSTALL_MS,
      env: bareEnvironment(index.env),
    });
    if (status === 0) continue;
    const hashed = /hash/i.test(err) && found.version === LOCKED_PYTHON && what[0] === '--no-deps';
    // Another platform's files have other hashes; the versions stay what they are.
    const again = hashed
      ? await run(python, ['-m', 'pip', 'install', '--quiet', ...index.args, '--no-deps', ...pinsOf(lock)], {
          timeoutMs: INSTALL_MS,
          env: bareEnvironment(index.env),
        })
      : undefined;
    if (again?.status !== 0) throw new NotPossible('no package index gave the packages that it needs');
  }
  fs.writeFileSync(readyMark(venv), `${found.version}\n`);
  return python;
}

const pinsOf = (lock: string): string[] =>
  lock.split('\n').flatMap((line) => (/^[a-z0-9]/.test(line) ? [line.split(' ')[0]!] : []));

/**
 * An index on disk that has the trainers is used alone: one on the network that does not answer costs minutes of
 * retries. Otherwise what pip is set up with, tried twice at most.
 */
async function indexArguments(python: string): Promise<{ args: string[]; env: Record<string, string> }> {
  const { out } = await run(python, ['-m', 'pip', 'config', 'list']);
  const urls = [...out.matchAll(/index-url='([^']*)'/g)].flatMap(([, value]) => value!.split(/\s+|\\n/));
  const onDisk = urls.filter((url) => url.startsWith('file:'));
  const hasTrainers = onDisk.some((url) => fs.existsSync(path.join(new URL(url).pathname, 'trl')));
  if (!hasTrainers) return { args: ['--retries', '1', '--timeout', '60'], env: {} };
  const links = [...out.matchAll(/find-links='([^']*)'/g)].flatMap(([, value]) => value!.split(/\s+|\\n/));
  const [first, ...others] = onDisk;
  const args = [
    '--index-url',
    first!,
    ...others.flatMap((url) => ['--extra-index-url', url]),
    ...[...new Set(links)].flatMap((link) => ['--find-links', link]),
  ];
  return { args, env: { PIP_CONFIG_FILE: '/dev/null', PIP_INDEX_URL: first!, PIP_EXTRA_INDEX_URL: '' } };
}

export type TrainerVerdict = {
  pass: boolean;
  asserts: Record<string, boolean | null>;
  failures: { assert: string; config: string; row: string | null; why: string }[];
};
/** `dry-run/verdict.json`. */
export type Verdict = {
  schema: 'assay.dry-run/1';
  release: string;
  versions: Record<string, string>;
  targets: Record<string, { sft?: TrainerVerdict; dpo?: TrainerVerdict }>;
  pass: boolean;
  seconds: number;
};

/**
 * Runs the script on a release folder; offline, CPU only.
 * @param manifest of a release that is not signed yet; its own manifest when left out
 * @throws Error with a `code` when the script gave no verdict: what it printed may quote a row, so it is not passed on
 */
export async function runDryRun(
  python: string,
  release: string,
  options: { manifest?: string; out: string; signal?: AbortSignal },
): Promise<Verdict> {
  fs.rmSync(options.out, { force: true });
  const manifest = options.manifest === undefined ? [] : ['--manifest', options.manifest];
  const { status } = await run(python, [SCRIPT, release, '--out', options.out, ...manifest], {
    timeoutMs: RUN_MS,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (!fs.existsSync(options.out))
    throw Object.assign(new Error(`the dry run ended without a verdict (status ${status})`), { code: 'no_verdict' });
  return JSON.parse(fs.readFileSync(options.out, 'utf8')) as Verdict;
}
