import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJson } from '../read-json.ts';
import { renderRow } from '../render-row.ts';
import { Template, TemplateRefusal } from '../template.ts';
import type { Dict } from '../values.ts';

const SHARED = path.resolve(import.meta.dirname, '../../../../../shared/templates');
const OWN = {
  qwen3: { file: 'llamacpp__Qwen-Qwen3-0.6B', stop: '<|im_end|>' },
  qwen2_5: { file: 'llamacpp__Qwen-Qwen2.5-7B-Instruct', stop: '<|im_end|>' },
  llama3_1: { file: 'llamacpp__meta-llama-Llama-3.1-8B-Instruct', stop: '<|eot_id|>' },
  gemma3: { file: 'trl__gemma3', stop: '<end_of_turn>' },
};

const template = (file: string) => new Template(readFileSync(file, 'utf8'));

/** Rows of a release: content is always a string. */
function canonicalRows(): Dict[] {
  const rows = readFileSync(path.join(SHARED, 'conversations.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => readJson(line) as Dict);
  return rows.filter((row) =>
    (row.get('messages') as Dict[]).every((message) => typeof message.get('content') === 'string'),
  );
}

describe.skipIf(!existsSync(SHARED)).each(Object.entries(OWN))(
  'the training template of %s',
  (name, { file, stop }) => {
    const own = existsSync(SHARED) ? template(path.join(SHARED, 'jinja', `${file}.jinja`)) : null;
    const training = template(path.join(import.meta.dirname, `${name}.jinja`));

    it("gives the text of the family's own template, or refuses where that refuses", () => {
      for (const row of canonicalRows()) {
        const text = (of: Template) => {
          try {
            return renderRow(of, row).text;
          } catch (thrown) {
            if (thrown instanceof TemplateRefusal) return null;
            throw thrown;
          }
        };
        expect(text(training)).toBe(text(own!));
      }
    });

    it("marks each of the assistant's turns with its stop token, and none that is not trained on", () => {
      const messages = [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'two' },
        { role: 'user', content: 'three' },
        { role: 'assistant', content: 'four', train: false },
        { role: 'user', content: 'five' },
        { role: 'assistant', content: 'six 😀' },
      ];
      const { text, assistantSpans, misplaced } = renderRow(training, readJson(JSON.stringify({ messages })) as Dict);
      const said = assistantSpans.map(([start, end]) => [...text].slice(start, end).join(''));
      expect(said).toHaveLength(2);
      expect(said[0]).toBe(`two${stop}`);
      expect(said[1]).toMatch(/six 😀/u);
      expect(said[1]!.endsWith(stop)).toBe(true);
      expect(misplaced).toBe(0);
    });
  },
);
