import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './build.ts';

/** The checks that need no test: types, format and lint, floors of the house. Each counts as one. */
export const staticChecks: { name: string; args: string[] }[] = [
  { name: 'types', args: ['typescript/bin/tsc', '--noEmit'] },
  { name: 'format and lint', args: ['@biomejs/biome/bin/biome', 'check', '.'] },
  {
    name: 'floors',
    args: ['dependency-cruiser/bin/dependency-cruiser.mjs', '--config', '.dependency-cruiser.cjs', ...floors()],
  },
];

function floors(): string[] {
  return ['app', 'components', 'lib'].filter((folder) => fs.existsSync(path.join(root, folder)));
}

/** Runs them beside one another; prints what the failing ones say. @returns how many passed and failed */
export async function runStaticChecks(): Promise<{ passed: number; failed: number }> {
  const results = await Promise.all(staticChecks.map(runCheck));
  for (const { name, passed, said } of results)
    process.stdout.write(passed ? ` ok  ${name}\n` : `FAIL ${name}\n${said}\n`);
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed };
}

function runCheck({
  name,
  args,
}: {
  name: string;
  args: string[];
}): Promise<{ name: string; passed: boolean; said: string }> {
  const [program = '', ...rest] = args;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(root, 'node_modules', program), ...rest], { cwd: root });
    let said = '';
    const hear = (bytes: Buffer) => {
      said += bytes.toString('utf8');
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', (code) => resolve({ name, passed: code === 0, said }));
  });
}
