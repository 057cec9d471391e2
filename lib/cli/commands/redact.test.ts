import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunCommand } from '../command.ts';
import { run as detect } from './detect.ts';
import { run as redact } from './redact.ts';

let folder: string;
let configFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-redact-'));
  configFile = join(folder, 'config.json');
  await writeFile(
    configFile,
    JSON.stringify({ dictionary: [{ value: 'Skarn', aliases: ['SKN-7'] }], quasi: { DATE: 'keep' } }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function call(run: RunCommand, args: string[], input: string | Buffer[]) {
  const into = (kept: string[]) =>
    new Writable({
      write(chunk, _, done) {
        kept.push(String(chunk));
        done();
      },
    });
  const out: string[] = [];
  const err: string[] = [];
  const stdin = Readable.from(typeof input === 'string' ? [Buffer.from(input)] : input);
  const status = await run(args, { stdin, stdout: into(out), stderr: into(err) });
  return { status, out: out.join('').split('\n').filter(Boolean), err: err.join('') };
}

describe('assay detect', () => {
  it('answers every line in order, in code points, also those it cannot read', async () => {
    const lines = ['{"id":"a","text":"👩‍🚀 mara@tallow.example"}', 'no json', '{"id":7}', '{"id":"d","text":""}'];
    const { status, out, err } = await call(detect, [], `${lines.join('\r\n')}\n`);
    expect(status).toBe(0);
    expect(out.map((line) => JSON.parse(line))).toEqual([
      {
        id: 'a',
        spans: [
          { start: 4, end: 23, type: 'EMAIL', tier: 'auto', score: expect.any(Number), detector: 'rule:email@1' },
        ],
      },
      { id: null, error: 'not JSON' },
      { id: 7, error: 'no text' },
      { id: 'd', spans: [] },
    ]);
    expect(err).toBe('line 2: not JSON\nline 3: no text\n2 lines were refused\n');
  });

  it('prints suggestions only when asked', async () => {
    const line = '{"id":1,"text":"I asked the Porter"}\n';
    const spans = async (args: string[]) => JSON.parse((await call(detect, args, line)).out[0]!).spans;
    expect(await spans([])).toEqual([]);
    expect(await spans(['--tier', 'suggest'])).toMatchObject([{ start: 12, end: 18, type: 'PERSON', tier: 'suggest' }]);
  });

  it('reads the dictionary of --config', async () => {
    const { out } = await call(detect, ['--config', configFile], '{"id":1,"text":"the skarn plan, skn-7"}\n');
    expect(JSON.parse(out[0]!).spans).toMatchObject([
      { start: 4, end: 9, type: 'CONFIDENTIAL', detector: 'dict:1' },
      { start: 16, end: 21, type: 'CONFIDENTIAL' },
    ]);
  });

  it('refuses a configuration by the place that is wrong, and a tier that is none', async () => {
    const bad = join(folder, 'bad.json');
    await writeFile(bad, '{"dictionary":[{"value":"Skarn","type":"SECRETS"}]}');
    await expect(call(detect, ['--config', bad], '')).rejects.toThrow(/\/dictionary/);
    await expect(call(detect, ['--config', bad], '')).rejects.not.toThrow(/Skarn/);
    await expect(call(detect, ['--tier', 'all'], '')).rejects.toThrow('--tier');
  });
});

describe('assay redact', () => {
  it('keeps the record as it was written, but for the values', async () => {
    const line = '{"id": "m@tallow.example", "n": 1.0,  "u":{"tel":[442079460139], "n":"x", "n":"I am Mara Quist"}}';
    const { out, err, status } = await call(redact, ['--report'], `${line}\n`);
    expect(status).toBe(0);
    expect(out[0]).toBe('{"id": "[EMAIL_1]", "n": 1.0,  "u":{"tel":[900000000001], "n":"x", "n":"I am [PERSON_1]"}}');
    expect(err).not.toMatch(/tallow|Quist|4420/);
    expect(
      err
        .split('\n')
        .filter(Boolean)
        .map((row) => JSON.parse(row)),
    ).toMatchObject([
      { line: 1, type: 'EMAIL', placeholder: '[EMAIL_1]', path: '/id' },
      { line: 1, placeholder: '900000000001', path: '/u/tel/0' },
      { line: 1, type: 'PERSON', placeholder: '[PERSON_1]', path: '/u/n#2' },
    ]);
  });

  it('keeps the id of a text line, numbers each line from 1 and goes on behind a broken one', async () => {
    const lines = [
      '{"id":"case-0042-77812345","text":"I am Mara Quist"}',
      '{"id":',
      '{"id":2,"text":"I am Jon Varga"}',
    ];
    const { out, err } = await call(redact, [], lines.join('\n'));
    expect(out).toEqual([
      '{"id":"case-0042-77812345","text":"I am [PERSON_1]"}',
      '{"line":2,"error":"not JSON"}',
      '{"id":2,"text":"I am [PERSON_1]"}',
    ]);
    expect(err).toContain('line 2: not JSON');
  });

  it('gives back what it gave, when it is run on its own output', async () => {
    const lines =
      '{"a":"I am Mara Quist, tel +44 20 7946 0139 on 12 March 1984","b":{"mara@tallow.example":[442079460139]}}\n';
    const once = (await call(redact, [], lines)).out;
    expect((await call(redact, [], `${once.join('\n')}\n`)).out).toEqual(once);
    expect((await call(redact, ['--config', configFile], lines)).out[0]).toContain('12 March 1984');
  });

  it('reads input that is cut anywhere', async () => {
    const bytes = Buffer.from('\ufeff{"id":1,"text":"Grüße, 👩‍🚀 mara@tallow.example"}\n');
    const whole = (await call(redact, [], [bytes])).out;
    for (let cut = 1; cut < bytes.length; cut += 3)
      expect((await call(redact, [], [bytes.subarray(0, cut), bytes.subarray(cut)])).out).toEqual(whole);
  });
});
