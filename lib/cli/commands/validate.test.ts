import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { Refusal, type RunCommand, UsageError } from '../command.ts';
import { run as validate } from './validate.ts';
import { run as verifyRelease } from './verify-release.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-validate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROW =
  '{"id":"a","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}],"meta_json":"{}"}\n';
const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

async function call(command: RunCommand, args: string[]): Promise<{ status: number; lines: unknown[]; told: string }> {
  const io = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const printed = Promise.all([text(io.stdout), text(io.stderr)]);
  const status = await command(args, io);
  io.stdout.end();
  io.stderr.end();
  const [out, told] = await printed;
  return {
    status,
    lines: out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
    told,
  };
}

describe('assay validate with templates', () => {
  const rows = () => write('train.jsonl', ROW);
  const codes = (lines: unknown[]) => lines.map((line) => (line as { code: string }).code);

  it('finds nothing where the template renders all of the row', async () => {
    const template = write('good.jinja', '{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}');
    const { status, lines } = await call(validate, ['--kind', 'sft', '--template', template, rows()]);
    expect({ status, lines }).toEqual({ status: 0, lines: [] });
  });

  it('says which template drops what of which row, and which one refuses it', async () => {
    const dropping = write('dropping.jinja', '{{ messages[0].content }}');
    const refusing = write('refusing.jinja', "{{ raise_exception('no') }}");
    const args = ['--kind', 'sft', '--template', dropping, '--template', refusing, rows()];
    const { status, lines } = await call(validate, args);
    expect(status).toBe(1);
    expect(lines).toMatchObject([
      {
        code: 'T17',
        row: 1,
        path: '/messages/1/content',
        message: expect.stringMatching(/^template drops: .*dropping/),
      },
      { code: 'X01', row: 1, path: '', message: expect.stringMatching(/^a template refuses a row: .*refusing/) },
    ]);
  });

  it('asks for a date where the template does, once and of the template', async () => {
    const template = write('dated.jinja', "{{ strftime_now('%Y') }}{% for m in messages %}{{ m.content }}{% endfor %}");
    const asked = await call(validate, ['--kind', 'sft', '--template', template, rows()]);
    expect(asked.lines).toMatchObject([{ code: 'T18', file: template, row: null }]);
    const given = await call(validate, ['--kind', 'sft', '--template', template, '--date', '2026-11-02', rows()]);
    expect(codes(given.lines)).toEqual([]);
  });
});

describe('assay validate', () => {
  it('prints nothing and ends with 0 for a good file, packed or not', async () => {
    for (const path of [write('train.jsonl', ROW), write('test.jsonl.gz', gzipSync(ROW))]) {
      expect(await call(validate, ['--kind', 'sft', path])).toEqual({
        status: 0,
        lines: [],
        told: '0 errors, 0 warnings\n',
      });
    }
  });

  it('prints one finding a line with file, row, path and what to do, and ends with 1', async () => {
    const path = write('bad.jsonl', ROW.replace('"Hello"', 'null'));
    const { status, lines } = await call(validate, ['--kind', 'sft', path]);
    expect(status).toBe(1);
    expect(lines).toEqual([
      {
        code: 'T15',
        severity: 'error',
        file: path,
        row: 1,
        path: '/messages/1/content',
        message: expect.stringMatching(/^content missing:/),
        fix: '""',
      },
    ]);
  });

  it('takes files given together as one config', async () => {
    const { lines } = await call(validate, ['--kind', 'sft', write('test-0.jsonl', ROW), write('train-0.jsonl', ROW)]);
    expect(lines).toMatchObject([{ code: 'F06', row: 1 }]);
  });

  it('finds a packed file that is cut', async () => {
    const path = write('cut.jsonl.gz', gzipSync(ROW).subarray(0, 40));
    const { status, lines } = await call(validate, ['--kind', 'sft', path]);
    expect([status, lines]).toMatchObject([1, [{ code: 'T20', row: null }]]);
  });

  it('finds that a folder is no release', async () => {
    const { status, lines } = await call(validate, [folder]);
    expect(status).toBe(1);
    expect(lines).toMatchObject([
      { code: 'R01', file: 'manifest.json' },
      { code: 'R04', file: 'README.md' },
    ]);
  });

  it('says what is missing on the command line, and which file is not there', async () => {
    await expect(call(validate, [])).rejects.toThrow(UsageError);
    await expect(call(validate, [write('train.jsonl', ROW)])).rejects.toThrow(UsageError);
    await expect(call(validate, ['--kind', 'sft', join(folder, 'none.jsonl')])).rejects.toThrow(Refusal);
  });
});

describe('assay verify-release', () => {
  it('names the first wrong file and ends with 1', async () => {
    const { status, told } = await call(verifyRelease, [folder]);
    expect([status, told]).toEqual([1, 'wrong: manifest.json: missing\n']);
  });

  it('asks for one folder that is there', async () => {
    await expect(call(verifyRelease, [])).rejects.toThrow(UsageError);
    await expect(call(verifyRelease, [join(folder, 'none')])).rejects.toThrow(Refusal);
  });
});
