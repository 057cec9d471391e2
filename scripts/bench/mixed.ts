/** Detection over public agent logs, when they lie beside the checkout: records as they are, and messages of 10 kB. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { detectText } from '#lib/core/pii/detect-text.ts';
import { EMPTY_DICTIONARY } from '#lib/core/pii/dictionary.ts';
import { redactJson } from '#lib/core/pii/redact-json.ts';
import type { Json } from '#lib/core/trajectory/json.ts';
import { type Figure, quantile } from './measure.ts';

const folder = fileURLToPath(new URL('../../../shared/samples/', import.meta.url));
const MAX_PER_FILE = 150_000;
const MESSAGE_CHARS = 10_000;
const config = { dictionary: EMPTY_DICTIONARY, keyOf: (type: string, value: string) => `${type}:${value}` };

const filesIn = (dir: string): string[] =>
  readdirSync(dir)
    .sort()
    .flatMap((name) =>
      statSync(path.join(dir, name)).isDirectory() ? filesIn(path.join(dir, name)) : [path.join(dir, name)],
    );

/** One value a line of JSON Lines, or a file. */
function recordsOf(file: string): Json[] {
  if (/torture|LICENSE|SOURCES|SHA256/.test(file) || !/\.(?:jsonl|json|txt|md)$/.test(file)) return [];
  const text = readFileSync(file, 'utf8').slice(0, MAX_PER_FILE);
  if (!file.endsWith('.jsonl')) return [text];
  return text.split('\n').flatMap((line) => {
    try {
      return line.trim() === '' ? [] : [JSON.parse(line) as Json];
    } catch {
      return [];
    }
  });
}

/** Milliseconds of this process's CPUs. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export function benchMixed(): Figure[] {
  if (!existsSync(folder)) return [];
  const records = filesIn(folder).flatMap(recordsOf);
  const bytes = records.reduce<number>((sum, record) => sum + Buffer.byteLength(JSON.stringify(record)), 0);
  const run = (): void => {
    for (const record of records) redactJson(record, config);
  };
  run();
  run();
  const ms = cpuMs(run);
  const all = records
    .map((record) => (typeof record === 'string' ? record : JSON.stringify(record, null, 1)))
    .join('\n');
  const messages: number[] = [];
  for (let at = 0; at + MESSAGE_CHARS < all.length; at += MESSAGE_CHARS * 2) {
    const text = all.slice(at, at + MESSAGE_CHARS);
    messages.push(cpuMs(() => void detectText(text, config, 'suggest')));
  }
  return [
    {
      name: 'detect and redact, mixed agent logs',
      value: bytes / 1000 / ms,
      unit: 'MB a CPU second',
      note: `${(bytes / 1e6).toFixed(1)} MB, records one by one`,
    },
    { name: 'detect, messages of 10 kB', value: quantile(messages, 0.5), unit: 'ms, median' },
    { name: 'detect, messages of 10 kB', value: quantile(messages, 0.95), unit: 'ms, 95 %' },
  ];
}
