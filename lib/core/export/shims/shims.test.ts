/** Each stack's folder by the rules of that stack's own reader. */
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../trajectory/json.ts';
import type { DpoRow, SftRow } from '../row.ts';
import { isShimRefusal, toLlamaFactoryDpo, toLlamaFactorySft } from './llama-factory.ts';
import { toOpenAiDpo, toOpenAiSft } from './openai.ts';
import { parquetTwin, verlParquet } from './parquet.ts';
import { toKto, toPromptCompletion } from './trl.ts';

const call = (id: string, name: string, args: JsonObject) => ({
  id,
  type: 'function' as const,
  function: { name, arguments: args },
});
const TOOLS = '[{"type":"function","function":{"name":"find","description":"","parameters":{"type":"object"}}}]';
const SFT: SftRow = {
  id: 's-1',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Where and when? — 🚚' },
    {
      role: 'assistant',
      content: '',
      tool_calls: [call('c00000000', 'find', { a: 12.5, b: true }), call('c00000001', 'find', {})],
    },
    { role: 'tool', content: 'here', tool_call_id: 'c00000000', name: 'find' },
    { role: 'tool', content: 'now', tool_call_id: 'c00000001', name: 'find' },
    { role: 'assistant', content: 'Here and now.' },
  ],
  tools: TOOLS,
  meta_json: '{}',
};
const PAIR: DpoRow = {
  id: 'd-1',
  prompt: SFT.messages.slice(1, 5),
  chosen: [{ role: 'assistant', content: 'Here.' }],
  rejected: [{ role: 'assistant', content: '', tool_calls: [call('c00000002', 'find', { a: 1 })] }],
  tools: TOOLS,
  meta_json: '{}',
};
const masked = (row: SftRow): SftRow => ({
  ...row,
  messages: row.messages.map((m) => (m.role === 'assistant' && m.tool_calls ? { ...m, train: false } : m)),
});

/** Restates what LLaMA-Factory's ShareGPT reader refuses: it empties such rows without a word. */
function keepsRow({ conversations, chosen, rejected }: JsonObject): boolean {
  const turns = (conversations as { from: string; value: string }[]).filter(
    ({ from }, at) => !(at === 0 && from === 'system'),
  );
  const isDue = (from: string, at: number) =>
    (at % 2 === 0 ? ['human', 'observation'] : ['gpt', 'function_call']).includes(from);
  const isRanking = chosen !== undefined;
  const sides = isRanking ? [chosen, rejected].every((side) => isDue((side as { from: string }).from, 1)) : true;
  return sides && turns.every(({ from }, at) => isDue(from, at)) && turns.length % 2 === (isRanking ? 1 : 0);
}

describe('LLaMA-Factory', () => {
  it('gets turns that alternate, results of parallel calls as one, calls as a list of functions', () => {
    const row = toLlamaFactorySft(SFT) as JsonObject;
    expect(keepsRow(row)).toBe(true);
    expect((row.conversations as { from: string; value: string }[]).slice(2, 4)).toEqual([
      {
        from: 'function_call',
        value: '[{"name":"find","arguments":{"a":12.5,"b":true}},{"name":"find","arguments":{}}]',
      },
      { from: 'observation', value: 'here\n</tool_response>\n<tool_response>\nnow' },
    ]);
  });

  it('gets one dict each side of a pair whose prompt ends with results', () => {
    const row = toLlamaFactoryDpo(PAIR) as JsonObject;
    expect(keepsRow(row)).toBe(true);
    expect(row.chosen).toEqual({ from: 'gpt', value: 'Here.' });
  });

  it('is refused what it would lose: context-only answers, text and reasoning beside calls', () => {
    const beside = (more: object): SftRow => ({
      ...SFT,
      messages: SFT.messages.map((m) => (m.role === 'assistant' && m.tool_calls ? { ...m, ...more } : m)),
    });
    const refusals = [masked(SFT), beside({ content: 'Let me look.' }), beside({ reasoning_content: 'Hm.' })].map(
      (row) => {
        const made = toLlamaFactorySft(row);
        return isShimRefusal(made) ? made.refused : 'kept';
      },
    );
    expect(refusals).toEqual(['context_only_answer', 'text_beside_calls', 'reasoning_beside_calls']);
  });
});

describe('OpenAI fine-tuning', () => {
  it('gets arguments as strings, a weight on every answer, and says that calls are parallel', () => {
    const made = toOpenAiSft(masked(SFT)) as { messages: JsonObject[]; tools: unknown; parallel_tool_calls: boolean };
    const answers = made.messages.filter(({ role }) => role === 'assistant');
    expect(answers.map(({ weight }) => weight)).toEqual([0, 1]);
    expect(made.parallel_tool_calls).toBe(true);
    expect(Array.isArray(made.tools)).toBe(true);
    const [first] = answers[0]!.tool_calls as { function: { arguments: string } }[];
    expect(first!.function.arguments).toBe('{"a":12.5,"b":true}');
    expect(made.messages.every((message) => !('train' in message) && !('reasoning_content' in message))).toBe(true);
  });

  it('gets pairs as input and two outputs, without weights', () => {
    const made = toOpenAiDpo(PAIR) as {
      input: JsonObject;
      preferred_output: JsonObject[];
      non_preferred_output: JsonObject[];
    };
    expect(Object.keys(made.input)).toEqual(['messages', 'tools']);
    expect(made.preferred_output).toEqual([{ role: 'assistant', content: 'Here.' }]);
    expect(made.non_preferred_output).toHaveLength(1);
  });
});

describe('other forms of TRL', () => {
  it('are two labelled rows of a pair', () => {
    expect(toKto(PAIR).map(({ id, label, completion }) => [id, label, completion])).toEqual([
      ['d-1+', true, PAIR.chosen],
      ['d-1-', false, PAIR.rejected],
    ]);
  });

  it('are a prompt and the last answer, unless that answer is context only', () => {
    const made = toPromptCompletion(masked(SFT))!;
    expect([...(made.prompt as JsonObject[]), ...(made.completion as JsonObject[])]).toEqual(SFT.messages);
    const last = {
      ...SFT,
      messages: [...SFT.messages.slice(0, -1), { role: 'assistant' as const, content: 'x', train: false }],
    };
    expect(toPromptCompletion(last)).toBeNull();
  });
});

describe('Parquet', () => {
  const read = async (bytes: Uint8Array) => {
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    return parquetReadObjects({ file });
  };

  it('twin holds each payload as the JSON of its line', async () => {
    const rows = await read(parquetTwin([SFT, { ...SFT, id: 's-2', tools: null }]));
    expect(rows.map(({ id, tools }) => [id, tools])).toEqual([
      ['s-1', TOOLS],
      ['s-2', null],
    ]);
    expect(JSON.parse(rows[0]!.messages as string)).toEqual(SFT.messages);
  });

  it('of verl holds native lists, with arguments as Python writes them', async () => {
    const [row] = (await read(verlParquet([SFT]))) as {
      messages: JsonObject[];
      tools: string;
      enable_thinking: boolean;
    }[];
    expect(row!.messages).toHaveLength(SFT.messages.length);
    const [first] = row!.messages[2]!.tool_calls as { function: JsonObject }[];
    expect(first!.function).toEqual({ name: 'find', arguments: '{"a": 12.5, "b": true}' });
    expect(row!.messages[1]!.content).toBe('Where and when? — 🚚');
    expect(row!.enable_thinking).toBe(false);
  });

  it('is the same bytes twice', () => {
    expect(parquetTwin([SFT])).toEqual(parquetTwin([SFT]));
    expect(verlParquet([SFT])).toEqual(verlParquet([SFT]));
  });
});
