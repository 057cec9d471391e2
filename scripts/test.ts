// Everything that must hold: static checks, vitest (pure, components, on a real Postgres), the real
// trainers on a release, Playwright in Chromium on a production build.
// The very last line is `N passed, N failed`. `npm test -- --no-e2e` leaves trainers and browser out.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuild, ensureClient, root } from './build.ts';
import { runStaticChecks } from './checks.ts';
import { ensureChromium } from './chromium.ts';
import { addTallies, type Tally, tallyPlaywright, tallyVitest } from './tally.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-test-reports-'));

function runTool(program: string, args: string[], env: Record<string, string> = {}): number {
  const tool = path.join(root, 'node_modules', program);
  return (
    spawnSync(process.execPath, [tool, ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
      .status ?? 1
  );
}

function report<T>(file: string): T | undefined {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as T) : undefined;
}

function runVitest(): Tally {
  const file = path.join(folder, 'vitest.json');
  const status = runTool('vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  return tallyVitest(report(file), status);
}

function runBrowser(): Tally {
  const specs =
    fs.existsSync(path.join(root, 'e2e')) &&
    fs.readdirSync(path.join(root, 'e2e')).some((name) => name.endsWith('.spec.ts'));
  if (!specs) return { passed: 0, failed: 0 };
  if (!ensureChromium()) {
    process.stdout.write('FAIL Chromium is not there and could not be installed: the browser tests did not run\n');
    return { passed: 0, failed: 1 };
  }
  ensureBuild((line) => process.stdout.write(`Assay: ${line}\n`));
  const file = path.join(folder, 'playwright.json');
  const status = runTool('@playwright/test/cli.js', ['test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  return tallyPlaywright(report(file), status);
}

/** In a process of its own, as whoever runs it by hand does. No Python here: said, and nothing counted. */
function runTraining(): Tally {
  const script = path.join(root, 'scripts', 'e2e-training.ts');
  const { status, stdout } = spawnSync(process.execPath, ['--conditions=react-server', script], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(stdout);
  if (status === 2) return { passed: 0, failed: 0 };
  const [, passed = '0', failed = '1'] = /^(\d+) passed, (\d+) failed$/m.exec(stdout) ?? [];
  return { passed: Number(passed), failed: Number(failed) };
}

async function attempt(part: () => Tally | Promise<Tally>): Promise<Tally> {
  try {
    return await part();
  } catch (error) {
    process.stdout.write(`FAIL ${(error as Error).message}\n`);
    return { passed: 0, failed: 1 };
  }
}

const client = await attempt(() => {
  ensureClient();
  return { passed: 0, failed: 0 };
});
const parts = [client, await attempt(runStaticChecks), await attempt(runVitest)];
if (!process.argv.includes('--no-e2e')) parts.push(await attempt(runTraining), await attempt(runBrowser));
fs.rmSync(folder, { recursive: true, force: true });
const { passed, failed } = addTallies(parts);
process.stdout.write(`${passed} passed, ${failed} failed\n`, () => process.exit(failed ? 1 : 0));
