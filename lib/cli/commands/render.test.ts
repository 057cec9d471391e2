import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { Refusal, UsageError } from '../command.ts';
import { run } from './render.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-render-'));
afterAll(() => rmSync(folder, { recursive: true }));

function templateFile(source: string): string {
  const path = join(folder, `${Buffer.from(source).toString('hex').slice(0, 40)}.jinja`);
  writeFileSync(path, source);
  return path;
}

async function call(args: string[], lines: string[]) {
  const written: string[] = [];
  const stdout = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      done();
    },
  });
  const stderr = new Writable({ write: (_chunk, _encoding, done) => done() });
  const status = await run(args, { stdin: Readable.from([lines.join('\n')]), stdout, stderr });
  return { status, lines: written.map((line) => line.trimEnd()) };
}

describe('assay render', () => {
  it('writes one line for each line read, in order, refused rows with the reason', async () => {
    const path = templateFile("{{ messages[0].content.strip() }}{% if x %}{{ raise_exception('no x') }}{% endif %}");
    const { status, lines } = await call(
      ['--template', path],
      [
        '{"id": "a", "messages": [{"role": "user", "content": " hi "}]}',
        '{"id": 2.50, "messages": [{"role": "user", "content": "x"}], "chat_template_kwargs": {"x": 1}}',
        'no json',
        '{"id": null}',
      ],
    );
    expect(status).toBe(0);
    expect(lines).toEqual([
      '{"id":"a","text":"hi","assistantSpans":[]}',
      '{"id":2.5,"error":"line 1: no x"}',
      '{"id":null,"error":"the line is no JSON object"}',
      '{"id":null,"error":"the row has no messages"}',
    ]);
  });

  it('pins the date, and asks for an answer where the row does not say', async () => {
    const path = templateFile("{{ strftime_now('%d %b %Y') }} {{ add_generation_prompt }}");
    const { lines } = await call(
      ['--template', path, '--date', '2026-11-02', '--generation-prompt'],
      ['{"id":1,"messages":[]}', '{"id":2,"messages":[],"add_generation_prompt":false}'],
    );
    expect(lines.map((line) => JSON.parse(line).text)).toEqual(['02 Nov 2026 True', '02 Nov 2026 False']);
    await expect(call(['--template', path, '--date', 'soon'], [])).rejects.toThrow(UsageError);
  });

  it('counts tokens and names the special ones with a tokenizer', async () => {
    const tokenizer = join(folder, 'tokenizer');
    mkdirSync(tokenizer);
    const small = new URL('../../core/tokenizer/fixtures/byte-level.json', import.meta.url);
    copyFileSync(small, join(tokenizer, 'tokenizer.json'));
    writeFileSync(join(tokenizer, 'tokenizer_config.json'), '{"eos_token":"<|im_end|>"}');
    const path = templateFile('{{ messages[0].content }}{{ eos_token }}');
    const { lines } = await call(
      ['--template', path, '--tokenizer', tokenizer],
      ['{"id":1,"messages":[{"role":"user","content":"ab"}]}'],
    );
    expect(JSON.parse(lines[0]!)).toEqual({ id: 1, text: 'ab<|im_end|>', assistantSpans: [], tokens: 3 });
    await expect(call(['--template', path, '--tokenizer', folder], [])).rejects.toThrow(Refusal);
  });

  it('refuses every row when the template itself is wrong', async () => {
    const { status, lines } = await call(['--template', templateFile('{% if %}')], ['{"id":1,"messages":[]}']);
    expect(status).toBe(0);
    expect(JSON.parse(lines[0]!)).toMatchObject({ id: 1, error: expect.stringContaining('line 1') });
  });
});
