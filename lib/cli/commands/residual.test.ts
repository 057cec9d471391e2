import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJsonLines } from '../json-lines.ts';
import { run } from './residual.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-residual-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function call(args: string[], input = '') {
  const out: string[] = [];
  const err: string[] = [];
  const into = (lines: string[]) =>
    new Writable({
      write(chunk, _, done) {
        lines.push(String(chunk));
        done();
      },
    });
  const status = await run(args, { stdin: Readable.from([Buffer.from(input)]), stdout: into(out), stderr: into(err) });
  const lines = out.join('').split('\n').filter(Boolean);
  return { status, out: lines.map((line) => JSON.parse(line)), err: err.join('') };
}
const jsonl = (rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const clean = (n: number, more: object = {}) => Array.from({ length: n }, (_, i) => ({ unit: i, leaks: {}, ...more }));
async function fileOf(name: string, rows: unknown[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, jsonl(rows));
  return path;
}

describe('assay residual', () => {
  it('one audit: a statement on stdout, the sentence on stderr', async () => {
    const sample = await fileOf('clean.jsonl', clean(600));
    const { status, out, err } = await call(['--units', '10000', '--sample', sample]);
    expect(status).toBe(0);
    expect(out).toHaveLength(1);
    expect(out[0].bounds[0]).toMatchObject({
      class: 'direct',
      stratum: null,
      n: 600,
      k: 0,
      upper: expect.closeTo(0.00498, 5),
    });
    expect(err).toContain('at most 5 in 1,000');
  });
  it('lines with and without their chance are two statements', async () => {
    const rows = [
      ...clean(300),
      ...clean(50, { pi: 0.01, design: 'risk' }).map((it) => ({ ...it, unit: `r${it.unit}` })),
    ];
    const { out } = await call([
      '--units',
      '10000',
      '--sample',
      await fileOf('both.jsonl', rows),
      '--canaries',
      '96/100',
    ]);
    expect(out.map((line) => [line.id, line.bounds[0].n])).toEqual([
      ['simple', 300],
      ['poisson', 50],
    ]);
    expect(out[0].sensitivity.point).toBe(0.96);
  });
  it('a bad line refuses the sample and names its place, not its value', async () => {
    const sample = await fileOf('bad.jsonl', [
      { unit: 1, leaks: {} },
      { unit: 2, leaks: { PERSON: 'mara.quist' } },
    ]);
    await expect(call(['--units', '10', '--sample', sample])).rejects.toThrow(/^line 2 of the sample: \/leaks/);
    await expect(call(['--units', '10', '--sample', sample])).rejects.not.toThrow(/quist/);
    await expect(call(['--units', '10', '--sample', join(folder, 'none')])).rejects.toThrow('ENOENT');
  });
  it('targeted finds are refused with status 1', async () => {
    const sample = await fileOf('sweep.jsonl', [...clean(10), { unit: 'x', leaks: {}, design: 'sweep' }]);
    const { status, out, err } = await call(['--units', '100', '--sample', sample]);
    expect([status, out[0].bounds]).toEqual([1, []]);
    expect(err).toContain('refused: spans picked by doubt');
  });
  it('a batch gives one line for each line, in order, whatever a line holds', async () => {
    const audit = { id: 'a1', units: 5_000, design: 'simple', sample: clean(100) };
    const lines = [
      JSON.stringify(audit),
      '{"id": "broken',
      JSON.stringify({ id: 'a3', units: 0 }),
      '',
      JSON.stringify({ ...audit, id: 'a4' }),
    ];
    const { status, out } = await call(['--batch'], lines.join('\r\n'));
    expect(status).toBe(0);
    expect(out.map((line) => [line.id, line.refused?.length ?? 0])).toEqual([
      ['a1', 0],
      [undefined, 1],
      ['a3', 3],
      ['a4', 0],
    ]);
    expect(out[1].refused).toEqual(['line 2 is not JSON']);
  });
  it('wrong usage is told', async () => {
    await expect(call([])).rejects.toThrow('--units');
    await expect(call(['--units', 'many', '--sample', 'x'])).rejects.toThrow();
  });
});

describe('reading JSON Lines', () => {
  it('chunks may cut anywhere, U+2028 ends no line', async () => {
    const text = `{"a":"x\u2028é"}\n\n{"b":2}\r\n[3`;
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const lines = [];
      for await (const line of readJsonLines(Readable.from([bytes.subarray(0, cut), bytes.subarray(cut)])))
        lines.push(line);
      expect(lines).toEqual([
        { line: 1, value: { a: 'x\u2028é' } },
        { line: 3, value: { b: 2 } },
        { line: 4, bad: true },
      ]);
    }
  });
});
