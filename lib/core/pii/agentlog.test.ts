/** The benchmark of docs/agentlog-pii: the files are what the generator writes, and what the detector makes of them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { detectText } from './detect-text.ts';
import { EMPTY_DICTIONARY } from './dictionary.ts';
import { isLuhn } from './rules/checksums.ts';
import { PII_TYPE_NAMES } from './taxonomy.ts';

const folder = new URL('../../../docs/agentlog-pii/', import.meta.url);
type Line = {
  id: string;
  text: string;
  spans: { start: number; end: number; type: string; value: string }[];
  meta: { group: string };
};
const linesOf = (file: string): Line[] =>
  readFileSync(new URL(file, folder), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
const config = { dictionary: EMPTY_DICTIONARY, keyOf: (type: string, value: string) => `${type}:${value}` };

describe('AgentLog-PII', () => {
  const dev = linesOf('dev.jsonl');
  const test = linesOf('test.jsonl');

  it.each([
    ['dev', '400'],
    ['test', '600'],
  ])('%s.jsonl is what the generator writes', (split, lines) => {
    const written = execFileSync(process.execPath, [fileURLToPath(new URL('generate.mjs', folder)), split, lines], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    expect(written).toBe(readFileSync(new URL(`${split}.jsonl`, folder), 'utf8'));
  });

  it('marks what stands there, in known types, with a third or more of the lines clean', () => {
    for (const lines of [dev, test]) {
      expect(lines.filter(({ spans }) => spans.length === 0).length / lines.length).toBeGreaterThan(1 / 3);
      for (const { text, spans } of lines)
        for (const { start, end, type, value } of spans) {
          expect([...text].slice(start, end).join('')).toBe(value);
          expect(PII_TYPE_NAMES).toContain(type);
          if (type === 'PAYMENT_CARD') expect(isLuhn(value.replace(/\D/g, ''))).toBe(true);
        }
    }
  });

  it('shares neither templates nor names between its splits', () => {
    const groups = new Set(dev.map(({ meta }) => meta.group));
    expect(test.some(({ meta }) => groups.has(meta.group))).toBe(false);
    const words = (lines: Line[]) =>
      new Set(
        lines.flatMap(({ spans }) =>
          spans.filter(({ type }) => type === 'PERSON').flatMap(({ value }) => value.toLowerCase().split(/[ ,]+/)),
        ),
      );
    const known = words(dev);
    expect([...words(test)].filter((word) => known.has(word))).toEqual([]);
  });

  it('is masked to the floors that docs/measurements.md states a little above', () => {
    let [spans, masked, clean, touched] = [0, 0, 0, 0];
    for (const line of test) {
      const mask = new Uint8Array([...line.text].length);
      for (const { start, end } of detectText(line.text, config, 'suggest')) mask.fill(1, start, end);
      spans += line.spans.length;
      masked += line.spans.filter(({ start, end }) => mask.subarray(start, end).every((one) => one === 1)).length;
      if (line.spans.length === 0) {
        clean++;
        if (mask.includes(1)) touched++;
      }
    }
    expect(masked / spans).toBeGreaterThan(0.92);
    expect(touched / clean).toBeLessThan(0.2);
  });
});
