import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { commandTable } from './command-table.ts';
import { dispatch } from './dispatch.ts';

async function runHere(...argv: string[]) {
  const io = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const status = await dispatch(argv, io);
  return { status, out: String(io.stdout.read() ?? ''), err: String(io.stderr.read() ?? '') };
}

describe('the command line', () => {
  it('prints its help and ends with 0 when asked, with 2 when nothing was asked', async () => {
    expect(await runHere('help')).toMatchObject({ status: 0, err: '' });
    expect((await runHere()).status).toBe(2);
  });

  it.each(['frobnicate', 'constructor', '../main', 'toString'])(
    'refuses the unknown command %s with 2',
    async (name) => {
      const answer = await runHere(name);
      expect(answer.status).toBe(2);
      expect(answer.err).toContain('no such command');
      expect(answer.out).toBe('');
    },
  );

  it('names each command file in the way it is typed', () => {
    for (const [name, entry] of Object.entries(commandTable)) expect(entry.file).toBe(name);
  });

  it('starts through a link, from another folder, in under a second', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-bin-'));
    try {
      symlinkSync(resolve('bin/assay'), join(folder, 'assay'));
      const tookMs = [1, 2, 3].map(() => {
        const started = performance.now();
        const answer = spawnSync(join(folder, 'assay'), ['--help'], { cwd: folder, encoding: 'utf8' });
        expect(answer.status).toBe(0);
        expect(answer.stdout).toContain('Pure commands');
        return performance.now() - started;
      });
      expect(Math.min(...tookMs)).toBeLessThan(1000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says in one line that nothing is installed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-bare-'));
    try {
      spawnSync('cp', ['-r', resolve('bin'), folder]);
      const answer = spawnSync(join(folder, 'bin/assay'), ['detect'], { encoding: 'utf8' });
      expect(answer.status).toBe(1);
      expect(answer.stderr.trim().split('\n')).toHaveLength(1);
      expect(answer.stderr).toContain('npm start');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
