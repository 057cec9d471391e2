import { describe, expect, it } from 'vitest';
import { jsonLines, talk } from '../testing/brief.ts';
import { parseBytes } from '../testing/parse-bytes.ts';

const span = (id: string, kind: string, second: number, attributes: object, more: object = {}) => ({
  name: id,
  context: { trace_id: 'tr1', span_id: id },
  parent_id: null,
  span_kind: kind,
  start_time: `2026-03-01T09:00:0${second}.000000+00:00`,
  end_time: `2026-03-01T09:00:0${second}.500000+00:00`,
  status_code: 'OK',
  status_message: '',
  attributes,
  events: [],
  ...more,
});
const flat = {
  'session.id': 's1',
  'llm.model_name': 'm',
  'llm.input_messages.0.message.role': 'user',
  'llm.input_messages.0.message.content': 'Hi',
  'llm.output_messages.0.message.role': 'assistant',
  'llm.output_messages.0.message.content': 'Hello',
  'llm.token_count.prompt': 5,
};
const nested = {
  session: { id: 's1' },
  llm: {
    model_name: 'm',
    input_messages: [{ message: { role: 'user', content: 'Hi' } }],
    output_messages: [{ message: { role: 'assistant', content: 'Hello' } }],
    token_count: { prompt: 5 },
  },
};
const read = async (text: string) => {
  const parsed = await parseBytes(text);
  expect(parsed.broken).toEqual([]);
  expect(parsed.summary.adapter).toBe('openinference');
  return parsed;
};

describe('OpenInference spans', () => {
  it.each([
    ['with dotted attributes', flat],
    ['with nested attributes', nested],
  ])('%s are read', async (_, attributes) => {
    const { trajectories } = await read(jsonLines([span('a', 'LLM', 1, attributes)]));
    expect(talk(trajectories[0])).toEqual(['user Hi', 'assistant Hello']);
    expect(trajectories[0]).toMatchObject({ models: ['m'], externalIds: { trace: 'tr1', conversation: 's1' } });
    expect(trajectories[0]?.steps[0]).toMatchObject({ externalId: 'a', usage: { in: 5 }, latencyMs: 500 });
  });

  it('are read from an array and from an object of arrays too', async () => {
    const spans = [span('a', 'LLM', 1, flat)];
    for (const text of [JSON.stringify(spans), JSON.stringify({ project: spans })]) {
      expect(talk((await read(text)).trajectories[0])).toEqual(['user Hi', 'assistant Hello']);
    }
  });

  it('a tool span runs the call of the answer before it; an annotation judges the answer', async () => {
    const called = {
      ...flat,
      'llm.output_messages.0.message.content': '',
      'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'look',
      'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"a":1}',
    };
    const tool = { 'tool.name': 'look', 'input.value': '{"a":1}', 'output.value': 'found' };
    const annotations = [{ name: 'quality', annotator_kind: 'HUMAN', result: { score: 1, label: 'good' } }];
    const { trajectories } = await read(
      jsonLines([
        span('t', 'TOOL', 2, tool),
        span('a', 'LLM', 1, called),
        span('b', 'LLM', 3, { 'llm.output_messages.0.message.content': 'Done' }, { annotations }),
      ]),
    );
    expect(trajectories.flatMap(talk)).toEqual([
      'user Hi',
      'tool_call look {"a":1}',
      'tool_result for 1 unknown found',
      'assistant Done',
      'feedback reviewer score 1 on 3',
    ]);
  });

  it('a failed span is an error with what the exception said', async () => {
    const events = [
      { name: 'exception', attributes: { 'exception.message': 'no credit', 'exception.type': 'Billing' } },
    ];
    const failed = span('a', 'LLM', 1, { 'input.value': 'Hi' }, { status_code: 'ERROR', events });
    expect(talk((await read(jsonLines([failed]))).trajectories[0])).toEqual([
      'user Hi',
      'error provider Billing no credit',
    ]);
  });
});
