/** The Python of docs/mix.md, as a reader would paste it, inside of a release folder that was just made. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Level } from '#lib/core/export/row.ts';
import { samplerIndex, toShards, trainStock } from '#lib/core/export/serialise.ts';
import { scheduleMixtures } from '#lib/core/mix/schedule.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const examples = [
  ...readFileSync(path.join(import.meta.dirname, 'mix.md'), 'utf8').matchAll(/^```python\n([\s\S]*?)^```/gm),
].map((match) => match[1]!);

const row = (n: number, level: Level) => ({
  config: 'sft-chat' as const,
  split: n % 5 === 4 ? ('test' as const) : ('train' as const),
  level,
  row: {
    id: `sft-${n}`,
    messages: [
      { role: 'user' as const, content: `Frage ${n}: wie lange, bitte? ☕` },
      { role: 'assistant' as const, content: `${n} Tage.` },
    ],
    meta_json: '{}',
  },
  index: { group: `g-${n}`, cluster: `k-${n}`, source: 'log', weight: 1 + (n % 2) },
});

describe.skipIf(!hasPython)('the Python examples of docs/mix.md', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'assay-python-'));
    const levels: Level[] = ['L0', 'L1', 'L3', 'L4'];
    const { shards } = toShards(Array.from({ length: 40 }, (_, n) => row(n, levels[n % 4]!)));
    for (const shard of shards) {
      mkdirSync(path.join(folder, path.dirname(shard.path)), { recursive: true });
      writeFileSync(path.join(folder, shard.path), shard.bytes);
    }
    mkdirSync(path.join(folder, 'sampler'));
    writeFileSync(path.join(folder, 'sampler/index.jsonl'), samplerIndex(shards));
    writeFileSync(path.join(folder, 'sampler/mixtures.json'), JSON.stringify(scheduleMixtures(trainStock(shards))));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('read the index by its offsets, draw flat and staged mixtures, and weigh by a student’s scores', () => {
    expect(examples).toHaveLength(3);
    const run = spawnSync('python3', ['-I', '-c', examples.join('\n')], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(run.stderr).toBe('');
    const lines = run.stdout.trimEnd().split('\n');
    expect(lines.filter((line) => /^flat sft-chat L\d True$/.test(line))).toHaveLength(3);
    expect(lines.filter((line) => line.startsWith('phase '))).toHaveLength(3);
    expect(lines.at(-1)).toBe('model-aware True True');
    expect(readFileSync(path.join(folder, 'scores.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(32);
  }, 40_000);
});
