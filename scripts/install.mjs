// Plain JavaScript for Node 18 and later: it runs on whatever Node the shell has, before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const pinnedNode = join(modules, '.bin', 'node');
const stamp = join(modules, '.assay-lock');

/** Makes node_modules what package-lock.json says. A second call costs a file comparison. Ends the process when npm fails. */
export function ensureInstalled() {
  if (Number(process.versions.node.split('.')[0]) < 18)
    fail(`Assay needs Node 20 or newer to begin with; this is ${process.version}`);
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock && existsSync(pinnedNode)) return;
  if (!holdsPackagesOf(lock)) {
    say('installing packages (npm ci) …');
    npm(['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund']);
  }
  if (!runs(pinnedNode))
    npm(['rebuild', '--ignore-scripts=false', '--no-audit', '--no-fund', ...packagesWithScripts(lock)]);
  if (!runs(pinnedNode)) fail('the pinned Node was not installed: see what npm said above');
  const fresh = `${stamp}.new`;
  writeFileSync(fresh, lock);
  renameSync(fresh, stamp);
}

/** Whether npm's own record of what it installed says the same as the lock (optional packages of other platforms aside). */
function holdsPackagesOf(lock) {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(JSON.parse(lock).packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    return found
      ? found.version === wanted.version && found.integrity === wanted.integrity
      : Boolean(wanted.optional || wanted.devOptional);
  });
}

/** Install scripts run for nobody but those that package.json allows and that are installed here. */
function packagesWithScripts(lock) {
  const { allowScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.keys(allowScripts).filter((name) => {
    const locked = JSON.parse(lock).packages[`node_modules/${name}`];
    return allowScripts[name] && locked?.hasInstallScript && existsSync(join(modules, name));
  });
}

function npm(args) {
  const cli = process.env.npm_execpath;
  // Under npm this very process runs on the pinned Node, which `npm ci` is about to delete; npm's own Node stays.
  const node = process.env.npm_node_execpath ?? process.execPath;
  const [command, first] = cli?.endsWith('.js') ? [node, [cli]] : ['npm', []];
  // What npm says goes to standard error: standard output belongs to the start's own lines.
  const run = spawnSync(command, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (run.error) fail(`npm could not be run (${run.error.code})`);
  if (run.status !== 0) fail(`npm ${args[0]} failed with status ${run.status}`);
}

function runs(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Runs a TypeScript file of this checkout on the pinned Node, passes signals on, and ends as it ends. */
export function runPinned(script, args) {
  const child = spawn(pinnedNode, ['--conditions=react-server', join(root, script), ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'], // the closed channel tells the child that we are gone
  });
  for (const [signal, passed] of [
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGTERM'],
    ['SIGHUP', 'SIGTERM'],
  ]) {
    process.on(signal, () => child.kill(passed));
  }
  if (process.env.npm_lifecycle_event) {
    // npm may be killed without a word to us: then our parent changes.
    const parent = process.ppid;
    setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 1000).unref();
  }
  child.once('error', (error) => fail(`the pinned Node could not be run (${error.code})`));
  child.once('exit', (code) => process.exit(code ?? 1));
}

function say(line) {
  process.stdout.write(`Assay: ${line}\n`);
}

function fail(line) {
  process.stderr.write(`Assay: ${line}\n`);
  process.exit(1);
}
