// `npm run prisma -- generate|validate|format`: those parts of Prisma that are WebAssembly inside the npm package.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

/** Any existing file named as the schema engine keeps the CLI from fetching the native one; generate, validate and format never run it. */
const offline = {
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
};

const allowed = ['generate', 'validate', 'format', 'version', '--help'];

/** @returns the exit status; what Prisma printed when it failed goes to stderr */
export function runPrisma(args: string[], stdio: 'inherit' | 'pipe' = 'inherit'): number {
  const cli = createRequire(import.meta.url).resolve('prisma/build/index.js');
  const run = spawnSync(process.execPath, [cli, ...args], { stdio, env: { ...process.env, ...offline } });
  if (run.status !== 0 && stdio === 'pipe') process.stderr.write(`${run.stdout}${run.stderr}`);
  return run.status ?? 1;
}

if (import.meta.main) {
  const args = process.argv.slice(2);
  if (!allowed.includes(args[0] ?? '')) {
    process.stderr.write(
      `prisma ${args[0] ?? ''}: not here. It would fetch a native engine, and migrations are ours: ` +
        `write one with scripts/schema-diff.ts, \`npm start\` applies it. Allowed: ${allowed.join(', ')}\n`,
    );
    process.exit(2);
  }
  process.exit(runPrisma(args));
}
