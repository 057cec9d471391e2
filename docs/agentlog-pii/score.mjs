#!/usr/bin/env node
/**
 * Scores what a detector found in AgentLog-PII lines.
 *
 *   node score.mjs lines.jsonl predictions.jsonl
 *
 * Predictions: one line a line, `{"id","spans":[{"start","end","type"?}]}`, offsets in code points, half open. What counts
 * is what is masked: a mask of a wrong type masks all the same. Prints one JSON object.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export function scoreOf(rows, predictions) {
  const byId = new Map(predictions.map(({ id, spans }) => [id, spans]));
  const types = {};
  let [whole, spans, characters, right, clean, touched, missing] = [0, 0, 0, 0, 0, 0, 0];
  for (const { id, text, spans: marked } of rows) {
    const found = byId.get(id);
    if (found === undefined) missing++;
    const length = [...text].length;
    const mask = new Uint8Array(length);
    const truth = new Uint8Array(length);
    for (const { start, end } of found ?? []) mask.fill(1, start, end);
    for (const { start, end, type } of marked) {
      truth.fill(1, start, end);
      types[type] ??= { spans: 0, masked: 0 };
      types[type].spans++;
      spans++;
      if (mask.subarray(start, end).every((one) => one === 1)) {
        types[type].masked++;
        whole++;
      }
    }
    for (let i = 0; i < length; i++) {
      characters += mask[i];
      right += mask[i] & truth[i];
    }
    if (marked.length === 0) {
      clean++;
      if (mask.includes(1)) touched++;
    }
  }
  const byType = Object.fromEntries(
    Object.entries(types)
      .sort()
      .map(([type, { spans, masked }]) => [type, { spans, maskedWhole: masked / spans }]),
  );
  return {
    lines: rows.length,
    missing,
    spans,
    maskedWhole: whole / spans,
    characterPrecision: characters === 0 ? 1 : right / characters,
    cleanLines: clean,
    cleanLinesTouched: touched / clean,
    byType,
  };
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [lines, predictions] = process.argv.slice(2);
  if (predictions === undefined) {
    process.stderr.write('usage: node score.mjs LINES PREDICTIONS\n');
    process.exit(2);
  }
  const read = (path) =>
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  process.stdout.write(`${JSON.stringify(scoreOf(read(lines), read(predictions)), null, 2)}\n`);
}
