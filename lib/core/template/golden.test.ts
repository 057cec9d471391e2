import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readJson } from './read-json.ts';
import { renderRow } from './render-row.ts';
import { parseClock } from './strftime.ts';
import { Template, TemplateRefusal } from './template.ts';
import type { Dict } from './values.ts';

const FOLDER = fileURLToPath(new URL('../../../../shared/templates', import.meta.url));
const lines = (file: string) => readFileSync(join(FOLDER, file), 'utf8').trimEnd().split('\n');

type Golden = { template: string; conversation: string; text?: string; assistantSpans?: number[][]; refused?: true };

/** Golden texts were made by Jinja2 3.1.6 in the set-up of transformers 5.18.0 (shared/templates/README.md). */
describe.skipIf(!existsSync(FOLDER))('public chat templates', () => {
  const clock = parseClock('2026-11-02T09:05:03');
  const byTemplate = Map.groupBy(
    existsSync(FOLDER) ? lines('golden.jsonl').map((line) => JSON.parse(line) as Golden) : [],
    ({ template }) => template,
  );
  const conversations = new Map(
    (existsSync(FOLDER) ? lines('conversations.jsonl') : []).map((line) => {
      const row = readJson(line) as Dict;
      return [row.get('id'), row] as const;
    }),
  );

  it.each([...byTemplate])('%s gives the bytes, the spans and the refusals of Jinja2', (name, golden) => {
    const source = readFileSync(join(FOLDER, 'jinja', `${name}.jinja`), 'utf8');
    for (const { conversation, text, assistantSpans, refused } of golden) {
      const row = conversations.get(conversation)!;
      const render = () => renderRow(new Template(source), row, { clock });
      if (refused) expect(render, conversation).toThrow(TemplateRefusal);
      else expect(render(), conversation).toMatchObject({ text, assistantSpans });
    }
  });

  it('are all there, each with every conversation', () => {
    expect([...byTemplate.values()].flat()).toHaveLength(456);
  });
});
