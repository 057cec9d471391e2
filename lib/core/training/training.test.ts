import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readJson } from '../template/read-json.ts';
import { Template } from '../template/template.ts';
import type { Dict } from '../template/values.ts';
import { Tokenizer } from '../tokenizer/tokenizer.ts';
import { paint } from './painted.ts';
import { renderForTraining } from './rendered-row.ts';
import { checkRendered, type Specials } from './row-checks.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const qwen3 = new Template(read('../template/training/qwen3.jinja'));
const tokenizer = new Tokenizer(read('../tokenizer/fixtures/byte-level.json'));
const specials: Specials = { stopToken: '<|im_end|>', assistantOnlyLoss: true };

const row = (value: object) => readJson(JSON.stringify(value)) as Dict;
const user = { role: 'user', content: 'Where is my order?' };
const call = {
  id: 'c00000000',
  type: 'function',
  function: { name: 'get_order', arguments: { order_id: 4711, note: 'a\nb "c"' } },
};
const sft = row({
  id: 'r1',
  messages: [
    user,
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', content: '{"status":"shipped"}', tool_call_id: 'c00000000', name: 'get_order' },
    { role: 'assistant', content: 'It was shipped.', train: false },
  ],
});
const dpo = row({
  id: 'r2',
  prompt: [user],
  chosen: [{ role: 'assistant', content: 'It was shipped 😀.' }],
  rejected: [{ role: 'assistant', content: 'No idea.' }],
});
const check = (of: Dict, template: Template, more = specials) =>
  checkRendered(of, renderForTraining(of, template, {}), template, more);

function painted(of: Dict, template = qwen3) {
  const rendered = renderForTraining(of, template, {});
  if ('refused' in rendered) throw rendered.refused;
  return rendered.branches.map((branch) => paint(branch, tokenizer));
}

describe('what the trainer sees of a row', () => {
  it('is the text, with what is trained on apart and a step marked train:false outside', () => {
    const [branch] = painted(sft);
    const trained = branch!.pieces.filter(({ isTrained }) => isTrained).map(({ text }) => text);
    expect(trained.join('')).toBe(
      '<tool_call>\n{"name": "get_order", "arguments": {"order_id": 4711, "note": "a\\nb \\"c\\""}}\n</tool_call><|im_end|>',
    );
    expect(branch!.pieces.filter(({ isSpecial }) => isSpecial).map(({ text }) => text)).toContain('<|im_end|>');
    expect(branch!.tokens!.trained).toBeGreaterThan(5);
    expect(branch!.tokens!.all).toBeGreaterThan(branch!.tokens!.trained);
  });

  it('is, for a pair, both branches behind one prompt, each trained on its answer', () => {
    const [chosen, rejected] = painted(dpo);
    const answer = (branch: typeof chosen) =>
      branch!.pieces
        .filter((piece) => piece.isTrained)
        .map(({ text }) => text)
        .join('');
    expect(answer(chosen)).toBe('<think>\n\n</think>\n\nIt was shipped 😀.<|im_end|>\n');
    expect(answer(rejected)).toBe('<think>\n\n</think>\n\nNo idea.<|im_end|>\n');
  });

  it('loses no character: the pieces joined are the text', () => {
    const rendered = renderForTraining(dpo, qwen3, {});
    if ('refused' in rendered) throw rendered.refused;
    for (const branch of rendered.branches) {
      expect(
        paint(branch, null)
          .pieces.map(({ text }) => text)
          .join(''),
      ).toBe(branch.text);
    }
  });
});

describe('checks of a row with a template', () => {
  it('find nothing on good rows', () => {
    expect(check(sft, qwen3)).toEqual([]);
    expect(check(dpo, qwen3)).toEqual([]);
  });

  it('T17: find what the template drops, with its place', () => {
    const template = new Template(
      '{% for m in messages %}{% generation %}{{ m.content }}{% endgeneration %}{% endfor %}',
    );
    expect(check(sft, template).map(({ code, path }) => `${code} ${path}`)).toEqual([
      'T17 /messages/1/tool_calls/0/function/name',
      'T17 /messages/1/tool_calls/0/function/arguments/order_id',
      'T17 /messages/1/tool_calls/0/function/arguments/note',
    ]);
  });

  it('T14: find a prompt that the branches do not begin with', () => {
    const template = new Template('{{ messages|length }}{% for m in messages %}{{ m.content }}{% endfor %}');
    expect(check(dpo, template).map(({ code, path }) => `${code} ${path}`)).toEqual(['T14 /chosen', 'T14 /rejected']);
  });

  it.each([
    ['X01', "{{ raise_exception('no') }}"],
    ['X02', '<s><s>{% generation %}x{% endgeneration %}'],
    ['X03', 'no markers'],
    ['X04', '{% generation %}x{% endgeneration %}<|im_end|>'],
    ['X06', '{% macro m() %}y{% generation %}x{% endgeneration %}{% endmacro %}{{ m() }}'],
  ])('%s on %s', (code, source) => {
    const bare = row({ messages: [user] });
    const found = check(bare, new Template(source), { ...specials, bosToken: '<s>' });
    expect(found.map((finding) => finding.code)).toEqual([code]);
  });
});
