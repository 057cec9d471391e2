import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './parse.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-parse-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function call(args: string[], input = '') {
  const written = { out: '', err: '' };
  const into = (key: 'out' | 'err') =>
    new Writable({
      write(chunk, _, done) {
        written[key] += String(chunk);
        done();
      },
    });
  const io = { stdin: Readable.from([Buffer.from(input)]), stdout: into('out'), stderr: into('err') };
  const status = await run(args, io);
  const lines = (text: string) => text.split('\n').filter(Boolean);
  return { status, out: lines(written.out).map((line) => JSON.parse(line)), err: lines(written.err) };
}

const row = {
  messages: [
    { role: 'user', content: 'What is the limit?' },
    { role: 'assistant', content: 'It is 50.' },
  ],
};
const line = `${JSON.stringify(row)}\n`;

describe('assay parse', () => {
  it('prints trajectories on stdout and a summary a path on stderr', async () => {
    const path = join(folder, 'rows.jsonl');
    await writeFile(path, line);
    const { status, out, err } = await call([path, '-'], line);
    expect(status).toBe(0);
    expect(out.map(({ source }) => source.path)).toEqual([path, '-']);
    expect(out[0].id).toBe(out[1].id);
    expect(err.map((text) => JSON.parse(text))).toMatchObject([
      { path, adapter: 'openai-chat', records: 1, mapped: 1 },
      { path: '-', adapter: 'openai-chat', records: 1, mapped: 1 },
    ]);
  });

  it('writes summaries to a file when asked, and unpacks', async () => {
    const path = join(folder, 'rows.gz');
    const summary = join(folder, 'summary.jsonl');
    await writeFile(path, gzipSync(line));
    const { out, err } = await call(['--summary', summary, path]);
    expect(out).toMatchObject([{ source: { compression: 'gzip', detectedBy: 'content' } }]);
    expect(err).toEqual([]);
    expect(JSON.parse(await readFile(summary, 'utf8'))).toMatchObject({ records: 1 });
  });

  it('goes on after a path that is not there or a folder, and ends with 1', async () => {
    const { status, out, err } = await call([join(folder, 'nowhere'), folder, '-'], line);
    expect(status).toBe(1);
    expect(out).toHaveLength(1);
    expect(err).toHaveLength(3);
  });

  it('ends with 0 although every record was refused', async () => {
    const { status, err } = await call(['-'], 'just some words\n');
    expect(status).toBe(0);
    expect(JSON.parse(err[0]!)).toMatchObject({
      adapter: 'unknown',
      records: 1,
      mapped: 0,
      quarantined: [{ reason: 'unknown_format', recordNo: 1 }],
    });
  });

  it('takes the format by name, and refuses names it does not know', async () => {
    const { out } = await call(['--format', 'openai-chat:rows', '-'], line);
    expect(out[0].source.detectedBy).toBe('named');
    await expect(call(['--format', 'nonsense', '-'])).rejects.toThrow('no format has this name');
    await expect(call([])).rejects.toThrow('needs at least one PATH');
  });
});
