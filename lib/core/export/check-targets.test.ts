/** What the validator says of a release's targets. Its rows against templates: core/training. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Template } from '../template/template.ts';
import { Tokenizer } from '../tokenizer/tokenizer.ts';
import { checkTrainerArgs, checkVerdict, openTargets } from './check-targets.ts';
import { expectRow, type Seen, type SftExpectation } from './expectations.ts';
import { FindingBook } from './findings.ts';
import type { Manifest } from './manifest.ts';
import type { SftRow } from './row.ts';
import type { ReleaseFolder } from './verify-release.ts';

const SMALL = readFileSync(path.join(import.meta.dirname, '../tokenizer/fixtures/byte-level.json'), 'utf8');
const CHATML = `{%- for message in messages %}{{ '<|im_start|>' ~ message.role ~ '\\n' }}{% if message.role == 'assistant' %}{% generation %}{{ message.content ~ '<|im_end|>' }}{% endgeneration %}{% else %}{{ message.content ~ '<|im_end|>' }}{% endif %}{{ '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}`;

describe('the targets of a release', () => {
  const facts = {
    name: 'qwen3',
    template: { path: 'targets/qwen3/chat_template.jinja' },
    specialTokens: {},
    stopToken: '<|im_end|>',
    tokens: { 'sft-chat': { max: 3000 } },
  };
  const manifest = { targets: [facts], waivers: [] } as unknown as Manifest;
  const folderOf = (files: Record<string, string>): ReleaseFolder => {
    const read = (file: string) => [Buffer.from(files[file] ?? '')];
    return { paths: Object.keys(files).sort(), packed: read, unpacked: read };
  };
  const GOOD = { max_length: 3072, truncation_mode: 'keep_start', assistant_only_loss: true };
  const argsWith = (args: object, template = CHATML) => ({
    'trainer_args.json': JSON.stringify({ targets: { qwen3: { sft: { args: { ...GOOD, ...args } } } } }),
    'targets/qwen3/chat_template.jinja': template,
    'dry-run/dry_run.py': '',
    'dry-run/verdict.json': '{"pass":true}',
  });
  const found = async (files: Record<string, string>, of = manifest) => {
    const book = new FindingBook();
    const folder = folderOf(files);
    const targets = await openTargets(folder, of, book);
    await checkTrainerArgs(folder, of, targets, book);
    await checkVerdict(folder, of, book);
    return book.list().map(({ code, severity }) => `${code} ${severity}`);
  };

  it('raise nothing when trainers cut nothing and the verdict passes', async () => {
    expect(await found(argsWith({}))).toEqual([]);
  });
  it.each([
    [{ max_length: 1024 }, ['T11 error']],
    [{ truncation_mode: 'keep_end' }, ['T11 error']],
    [{ assistant_only_loss: false }, ['T12 error']],
  ])('with %o raise %o', async (args, expected) => {
    expect(await found(argsWith(args))).toEqual(expected);
  });
  it('without generation markers raise X03', async () => {
    const bare = CHATML.replaceAll(/\{% (?:end)?generation %\}/g, '');
    expect(await found(argsWith({}, bare))).toEqual(['X03 error']);
  });
  it('say when the trainers were not asked, and fail when an assertion does', async () => {
    const { 'dry-run/verdict.json': _, ...silent } = argsWith({});
    expect(await found(silent)).toEqual(['R07 warning']);
    const failing = { ...argsWith({}), 'dry-run/verdict.json': '{"pass":false}' };
    expect(await found(failing)).toEqual(['R07 error']);
    const waived = { ...manifest, waivers: [{ gate: 'dry_run', reason: 'r', by: 'p' }] };
    expect(await found(failing, waived)).toEqual(['R07 warning']);
  });

  it('raise R06 where a row is not what they expect, and X07 where it is longer than the student takes', async () => {
    const row = {
      id: 'a',
      messages: [
        { role: 'user', content: 'Where?' },
        { role: 'assistant', content: 'Here.' },
      ],
      meta_json: '{}',
    };
    const look = async (expected: object, contextMaxTokens: number) => {
      const files = {
        ...argsWith({}),
        'targets/qwen3/tokenizer.json': SMALL,
        'targets/qwen3/expect.jsonl.gz': `${JSON.stringify(expected)}\n`,
        'eval/plan.json': JSON.stringify({ filter: { contextMaxTokens } }),
      };
      const [target] = await openTargets(folderOf(files), manifest, new FindingBook());
      const said: string[] = [];
      target!.look!(JSON.stringify(row), (code) => said.push(code));
      return said;
    };
    const renderer = {
      template: new Template(CHATML),
      tokenizer: new Tokenizer(SMALL),
      specialTokens: new Map(),
      clock: null,
    };
    const seen = expectRow(renderer, row as unknown as SftRow) as Seen<SftExpectation>;
    expect(await look(seen.expect, 1000)).toEqual([]);
    expect(await look({ ...seen.expect, tokens: 1 }, 1000)).toEqual(['R06']);
    expect(await look({ id: 'another' }, 1000)).toEqual(['R06']);
    expect(await look(seen.expect, 3)).toEqual(['X07']);
  });
});
