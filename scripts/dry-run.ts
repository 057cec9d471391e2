/**
 * `npm run -s dry-run -- RELEASE [--out FILE]`: the real trainers on a release, offline; the verdict on stdout. Makes the
 * Python environment first when it is not there; `--prepare` does only that. Exit 0: every assertion holds; 1: one does
 * not; 2: not possible here, or wrong usage.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePython, NotPossible, runDryRun } from '#lib/store/dry-run/python.ts';

const { values, positionals } = parseArgs({
  options: { prepare: { type: 'boolean' }, out: { type: 'string' } },
  allowPositionals: true,
});
const [release] = positionals;
if (!values.prepare && (release === undefined || !fs.existsSync(path.join(release, 'manifest.json')))) {
  process.stderr.write('dry-run: name the folder of a release, or --prepare\n');
  process.exit(2);
}
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-verdict-'));
try {
  const python = await ensurePython((line) => process.stderr.write(`dry-run: ${line}\n`));
  if (release === undefined) process.stderr.write('dry-run: ready\n');
  else {
    const verdict = await runDryRun(python, path.resolve(release), { out: path.join(folder, 'verdict.json') });
    const text = `${JSON.stringify(verdict)}\n`;
    if (values.out !== undefined) fs.writeFileSync(values.out, text);
    process.stdout.write(text);
    process.exitCode = verdict.pass ? 0 : 1;
  }
} catch (error) {
  if (!(error instanceof NotPossible)) throw error;
  process.stderr.write(`dry run not possible here: ${error.message}\n`);
  process.exitCode = 2;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
