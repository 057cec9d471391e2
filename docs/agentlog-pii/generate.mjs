#!/usr/bin/env node
/**
 * AgentLog-PII: lines of agent and chat logs with known personal data. The same arguments give the same bytes.
 *
 *   node generate.mjs dev|test [LINES] [SEED] > lines.jsonl
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WITH, WITHOUT } from './templates.mjs';
import { chanceOf, valuesOf } from './values.mjs';

export function agentLog(split, count, seed = split === 'dev' ? 1 : 2) {
  const chance = chanceOf(seed);
  const { make, pick } = valuesOf(split, chance);
  const own = (list) => list.flatMap((text, n) => ((n % 2 === 0) === (split === 'dev') ? [{ text, n }] : []));
  const [withData, without] = [own(WITH), own(WITHOUT)];
  const lines = [];
  for (let n = 0; n < count; n++) {
    const isClean = chance() < 0.4;
    const template = pick(isClean ? without : withData);
    const spans = [];
    const values = [];
    let text = '';
    let from = 0;
    const source = template.text
      .replaceAll('||', '|\u0000')
      .replaceAll(/\|(?!\u0000)/g, '\n')
      .replaceAll('\u0000', '')
      .replaceAll('$\\{', '${')
      .replaceAll(' \\{', ' {');
    const slots = isTable(template.text) ? tableOf(template.text) : source;
    for (const slot of slots.matchAll(/\{(=?)([a-z0-9]+)(?::([a-z]+))?\}/g)) {
      const known = slot[1] === '=' ? values[Number(slot[2]) - 1] : make[slot[2]]?.(slot[3]);
      if (known === undefined) continue;
      values.push(known);
      text += slots.slice(from, slot.index);
      const start = [...text].length;
      text += known[1];
      if (known[0] !== null) spans.push({ start, end: [...text].length, type: known[0], value: known[1] });
      from = slot.index + slot[0].length;
    }
    text += slots.slice(from);
    lines.push({
      id: `agentlog-${split}-${n}`,
      text,
      spans,
      meta: { source: 'agentlog-pii', group: `${isClean ? 'without' : 'with'}-${template.n}` },
    });
  }
  return lines;
}

/** In a Markdown table `||` ends a row and `|` stands for itself. */
const isTable = (text) => text.startsWith('| ') || text.startsWith('+-');
const tableOf = (text) => text.replaceAll('||', '|\n|').replaceAll('\\{', '{');

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [split, lines = '1500', seed] = process.argv.slice(2);
  if (split !== 'dev' && split !== 'test') {
    process.stderr.write('usage: node generate.mjs dev|test [LINES] [SEED]\n');
    process.exit(2);
  }
  for (const line of agentLog(split, Number(lines), seed === undefined ? undefined : Number(seed)))
    process.stdout.write(`${JSON.stringify(line)}\n`);
}
