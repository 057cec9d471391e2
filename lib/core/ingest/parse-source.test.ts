import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBytes } from './testing/parse-bytes.ts';

const example = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');

describe('parsing a source', () => {
  it('gives the worked example of the schema, byte for byte', async () => {
    const parsed = await parseBytes(example('weather.jsonl'), { path: 'log.jsonl' });
    expect(parsed.lines).toEqual([example('weather.trajectory.jsonl').trimEnd()]);
    expect(`${JSON.stringify(parsed.summary)}\n`).toBe(example('weather.summary.jsonl'));
    expect(parsed.broken).toEqual([]);
  });
});
