import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './build.ts';

/** The checks that need no test: types, format and lint, floors of the house. Each counts as one. */
export const staticChecks: { name: string; args: string[] }[] = [
  { name: 'types', args: ['typescript/bin/tsc', '--noEmit'] },
  { name: 'format and lint', args: ['@biomejs/biome/bin/biome', 'check', '.'] },
  {
    name: 'floors',
    args: ['dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', ...floors()],
  },
];

function floors(): string[] {
  return ['app', 'components', 'lib'].filter((folder) => fs.existsSync(path.join(root, folder)));
}

/** Runs them all; prints what the failing ones say. @returns how many passed and failed */
export function runStaticChecks(): { passed: number; failed: number } {
  const tally = { passed: 0, failed: 0 };
  for (const { name, args } of staticChecks) {
    const [program = '', ...rest] = args;
    const run = spawnSync(process.execPath, [path.join(root, 'node_modules', program), ...rest], {
      cwd: root,
      encoding: 'utf8',
    });
    const passed = run.status === 0;
    tally[passed ? 'passed' : 'failed']++;
    process.stdout.write(`${passed ? ' ok ' : 'FAIL'} ${name}\n`);
    if (!passed) process.stdout.write(`${run.stdout}${run.stderr}\n`);
  }
  return tally;
}
