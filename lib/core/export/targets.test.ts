/** What the trainers must arrive at, on small rows; against the real trainers it is proven by scripts/training.ts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Tokenizer } from '../tokenizer/tokenizer.ts';
import { sha256 } from '../trajectory/hash.ts';
import { type DpoExpectation, expectRow, isUnseen, type Seen, type SftExpectation } from './expectations.ts';
import type { DpoRow, SftRow } from './row.ts';
import { type RowEntry, toShards } from './serialise.ts';
import { measure, rendererOf, type Target, targetFiles, trainerArgs } from './targets.ts';

const SMALL = readFileSync(path.join(import.meta.dirname, '../tokenizer/fixtures/byte-level.json'), 'utf8');
const TEMPLATE = readFileSync(path.join(import.meta.dirname, '../template/training/qwen3.jinja'), 'utf8');
const TARGET: Target = {
  name: 'qwen3',
  family: 'qwen3',
  template: TEMPLATE,
  tokenizer: { name: 'small', licence: 'none' },
  files: [{ path: 'tokenizer.json', text: SMALL }],
  specialTokens: { eos_token: '<|im_end|>' },
  stopToken: '<|im_end|>',
  encoder: new Tokenizer(SMALL),
};
const SFT: SftRow = {
  id: 'a',
  messages: [
    { role: 'user', content: 'Where? 🚚' },
    { role: 'assistant', content: 'Not here.', train: false },
    { role: 'user', content: 'Again?' },
    { role: 'assistant', content: 'Here 🚚.' },
  ],
  meta_json: '{"split":"train"}',
};
const PAIR: DpoRow = {
  id: 'b',
  prompt: [{ role: 'user', content: 'Where?' }],
  chosen: [{ role: 'assistant', content: 'Here.' }],
  rejected: [{ role: 'assistant', content: 'Anywhere at all.' }],
  meta_json: '{"split":"train"}',
};
const entry = (row: SftRow | DpoRow): RowEntry => ({
  config: 'messages' in row ? 'sft-chat' : 'dpo-chat',
  split: 'train',
  level: 'L0',
  row,
  index: { group: 'g' },
});

describe('what a target expects', () => {
  const renderer = rendererOf(TARGET, undefined);

  it('of an SFT row is its text, its tokens and a mask over the trained answers alone', () => {
    const seen = expectRow(renderer, SFT) as Seen<SftExpectation>;
    expect(seen.expect.textSha256).toBe(sha256(seen.texts[0]!));
    expect(seen.expect.tokens).toBe(TARGET.encoder.count(seen.texts[0]!));
    expect(seen.trained).toBe(TARGET.encoder.count('<think>\n\n</think>\n\nHere 🚚.<|im_end|>'));
  });

  it('of a pair is the length of prompt and both answers', () => {
    const { expect: counts, length, promptLength } = expectRow(renderer, PAIR) as Seen<DpoExpectation>;
    expect(promptLength).toBe(counts.prompt);
    expect(length).toBe(counts.prompt + counts.rejected);
  });

  it('is nothing where the template refuses, or the prompt is no prefix', () => {
    const refuses = rendererOf({ ...TARGET, template: "{{ raise_exception('no') }}" }, undefined);
    expect(expectRow(refuses, SFT)).toMatchObject({ refused: 'template_refuses' });
    const counts = rendererOf({ ...TARGET, template: '{{ messages | length }}{{ messages[-1].content }}' }, undefined);
    expect(isUnseen(expectRow(counts, PAIR))).toBe(true);
  });
});

describe('the files of a target', () => {
  const measured = measure([SFT, PAIR].map(entry), [TARGET]);
  const { shards } = toShards(measured.entries);
  const { files, facts } = targetFiles(TARGET, shards, measured.seen.get('qwen3')!);

  it('say of every row what to expect, in the order of the data files', () => {
    const packed = files.find((file) => file.path.endsWith('expect.jsonl.gz'))!;
    const lines = gunzipSync(packed.bytes).toString('utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line)).map(({ config, split, id }) => [config, split, id])).toEqual([
      ['sft-chat', 'train', 'a'],
      ['dpo-chat', 'train', 'b'],
    ]);
  });

  it('and the rows themselves carry their token counts', () => {
    for (const { row, index } of measured.entries) {
      const { tokens } = JSON.parse(row.meta_json);
      expect(tokens).toEqual(index!.tokens);
      expect(tokens.qwen3).toBe(facts.tokens['messages' in row ? 'sft-chat' : 'dpo-chat']!.max);
    }
  });

  it('make trainers that cut nothing', () => {
    const long = { ...facts, tokens: { 'sft-chat': { max: 5000, p50: 1, p95: 1, p99: 1 } } };
    const { sft, dpo } = JSON.parse(trainerArgs([long])).targets.qwen3;
    expect(sft).toMatchObject({ configs: ['sft-chat'], args: { max_length: 5120, assistant_only_loss: true } });
    expect(dpo).toBeUndefined();
  });

  it('leave out a row with nothing to train on, by name', () => {
    const silent = { ...SFT, messages: SFT.messages.map((m) => (m.role === 'assistant' ? { ...m, train: false } : m)) };
    const { refused } = measure([entry(silent)], [TARGET]);
    expect(refused.map(({ rule }) => rule)).toEqual(['no_training_target']);
  });
});
