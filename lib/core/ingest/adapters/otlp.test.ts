import { describe, expect, it } from 'vitest';
import { jsonLines, story, talk } from '../testing/brief.ts';
import { parseBytes } from '../testing/parse-bytes.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const nanos = (ms: number) => `${1_781_293_600_000 + ms}000000`;

/** A JSON value as OTLP's AnyValue. */
function any(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(any) } };
  return { kvlistValue: { values: keyValues(value as object) } };
}
const keyValues = (object: object) => Object.entries(object).map(([key, value]) => ({ key, value: any(value) }));

type Made = {
  id: string;
  parent?: string;
  from: number;
  to?: number;
  attributes?: object;
  events?: object[];
  status?: object;
  name?: string;
};
const span = ({ id, parent = '', from, to = from + 10, attributes = {}, ...more }: Made) => ({
  traceId: TRACE,
  spanId: id.padEnd(16, '0'),
  parentSpanId: parent.padEnd(parent === '' ? 0 : 16, '0'),
  name: id,
  startTimeUnixNano: nanos(from),
  endTimeUnixNano: nanos(to),
  attributes: keyValues(attributes),
  ...more,
});
const spans = (...made: Made[]) => ({ resourceSpans: [{ scopeSpans: [{ spans: made.map(span) }] }] });
const logs = (...logRecords: object[]) => ({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });

const read = async (...documents: object[]) => {
  const parsed = await parseBytes(jsonLines(documents));
  expect(parsed.broken).toEqual([]);
  expect(parsed.summary.adapter).toBe('otlp');
  return parsed;
};
const toldBy = async (...documents: object[]) => talk((await read(...documents)).trajectories[0]);

const WEATHER = [
  'system Be brief.',
  'user Weather?',
  'tool_call weather {"city":"Oslo"}',
  'tool_result for 2 unknown 3 °C',
  'assistant Cold.',
];
const shape = (lines: string[]) => lines.map((line) => line.replace(/for \d+/, 'for 2'));

describe('the four dialects of GenAI in OTLP tell the same story', () => {
  const parts = {
    user: { role: 'user', parts: [{ type: 'text', content: 'Weather?' }] },
    call: {
      role: 'assistant',
      parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Oslo' } }],
      finish_reason: 'tool_call',
    },
    result: { role: 'tool', parts: [{ type: 'tool_call_response', id: ' c1', result: '3 °C' }] },
    answer: { role: 'assistant', parts: [{ type: 'text', content: 'Cold.' }], finish_reason: 'stop' },
  };
  const system = [{ type: 'text', content: 'Be brief.' }];
  const current = (input: unknown, output: unknown, asText: boolean) => {
    const hold = (value: unknown) => (asText ? JSON.stringify(value) : value);
    return {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'm',
      'gen_ai.system_instructions': hold(system),
      'gen_ai.input.messages': hold(input),
      'gen_ai.output.messages': hold(output),
    };
  };

  it.each([
    ['structured', false],
    ['JSON in strings', true],
  ])('current conventions, %s', async (_, asText) => {
    const document = spans(
      { id: 'a1', from: 0, attributes: current([parts.user], [parts.call], asText) },
      { id: 'a2', from: 50, attributes: current([parts.user, parts.call, parts.result], [parts.answer], asText) },
    );
    expect(await toldBy(document)).toEqual(WEATHER);
  });

  it('messages as events of the span, up to v1.36', async () => {
    const event = (name: string, attributes: object) => ({ name, attributes: keyValues(attributes) });
    const calls = JSON.stringify([
      { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
    ]);
    const asked = [
      event('gen_ai.system.message', { content: 'Be brief.' }),
      event('gen_ai.user.message', { content: 'Weather?' }),
    ];
    const called = {
      message: JSON.stringify({ role: 'assistant', tool_calls: JSON.parse(calls) }),
      finish_reason: 'tool_calls',
      index: 0,
    };
    const document = spans(
      {
        id: 'a1',
        from: 0,
        attributes: { 'gen_ai.operation.name': 'chat' },
        events: [...asked, event('gen_ai.choice', called)],
      },
      {
        id: 'a2',
        from: 50,
        attributes: { 'gen_ai.operation.name': 'chat' },
        events: [
          ...asked,
          event('gen_ai.assistant.message', { tool_calls: calls }),
          event('gen_ai.tool.message', { id: 'c1', content: '3 °C' }),
          event('gen_ai.choice', { message: '{"content":"Cold."}', finish_reason: 'stop', index: 0 }),
        ],
      },
    );
    expect(await toldBy(document)).toEqual(WEATHER);
  });

  it('messages as log records beside their spans, whichever comes first', async () => {
    const log = (id: string, at: number, eventName: string, body: object) => ({
      traceId: TRACE,
      spanId: id.padEnd(16, '0'),
      timeUnixNano: nanos(at),
      eventName,
      body: any(body),
    });
    const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } };
    const records = logs(
      log('a1', 1, 'gen_ai.system.message', { content: 'Be brief.' }),
      log('a1', 1, 'gen_ai.user.message', { content: 'Weather?' }),
      log('a1', 2, 'gen_ai.choice', {
        index: 0,
        finish_reason: 'tool_calls',
        message: { role: 'assistant', tool_calls: [call] },
      }),
      log('a2', 51, 'gen_ai.user.message', { content: 'Weather?' }),
      log('a2', 51, 'gen_ai.assistant.message', { tool_calls: [call] }),
      log('a2', 52, 'gen_ai.tool.message', { id: 'c1', content: '3 °C' }),
      log('a2', 53, 'gen_ai.choice', { index: 0, finish_reason: 'stop', message: { content: 'Cold.' } }),
    );
    const traces = spans(
      { id: 'a1', from: 0, attributes: { 'gen_ai.operation.name': 'chat' } },
      { id: 'a2', from: 50, attributes: { 'gen_ai.operation.name': 'chat' } },
    );
    expect(await toldBy(traces, records)).toEqual(WEATHER);
    expect(await toldBy(records, traces)).toEqual(WEATHER);
    expect(await toldBy(records)).toEqual(WEATHER);
  });

  it('indexed attributes of OpenLLMetry, ten after nine', async () => {
    const prompt = (messages: object[]) =>
      Object.fromEntries(
        messages.flatMap((message, i) =>
          Object.entries(message).map(([key, value]) => [`gen_ai.prompt.${i}.${key}`, value]),
        ),
      );
    const first = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Weather?' },
    ];
    const called = {
      role: 'assistant',
      'tool_calls.0.id': 'c1',
      'tool_calls.0.name': 'weather',
      'tool_calls.0.arguments': '{"city":"Oslo"}',
    };
    const document = spans(
      {
        id: 'a1',
        from: 0,
        attributes: {
          'llm.request.type': 'chat',
          ...prompt(first),
          'gen_ai.completion.0.role': 'assistant',
          'gen_ai.completion.0.finish_reason': 'tool_calls',
          'gen_ai.completion.0.tool_calls.0.id': 'c1',
          'gen_ai.completion.0.tool_calls.0.name': 'weather',
          'gen_ai.completion.0.tool_calls.0.arguments': '{"city":"Oslo"}',
        },
      },
      {
        id: 'a2',
        from: 50,
        attributes: {
          'llm.request.type': 'chat',
          ...prompt([...first, called, { role: 'tool', content: '3 °C', tool_call_id: 'c1' }]),
          'gen_ai.completion.0.role': 'assistant',
          'gen_ai.completion.0.content': 'Cold.',
        },
      },
    );
    expect(await toldBy(document)).toEqual(WEATHER);
    const long = Array.from({ length: 12 }, (_, i) => ({ role: i % 2 ? 'assistant' : 'user', content: `m${i}` }));
    const many = spans({ id: 'b', from: 0, attributes: { 'llm.request.type': 'chat', ...prompt(long) } });
    expect((await toldBy(many)).map((line) => line.split(' ')[1])).toEqual(long.map(({ content }) => content));
  });

  it('OpenInference', async () => {
    const first = {
      'llm.input_messages.0.message.role': 'system',
      'llm.input_messages.0.message.content': 'Be brief.',
      'llm.input_messages.1.message.role': 'user',
      'llm.input_messages.1.message.contents.0.message_content.type': 'text',
      'llm.input_messages.1.message.contents.0.message_content.text': 'Weather?',
    };
    const call = (prefix: string) => ({
      [`${prefix}.message.role`]: 'assistant',
      [`${prefix}.message.tool_calls.0.tool_call.id`]: 'c1',
      [`${prefix}.message.tool_calls.0.tool_call.function.name`]: 'weather',
      [`${prefix}.message.tool_calls.0.tool_call.function.arguments`]: '{"city":"Oslo"}',
    });
    const document = spans(
      {
        id: 'a1',
        from: 0,
        attributes: { 'openinference.span.kind': 'LLM', ...first, ...call('llm.output_messages.0') },
      },
      {
        id: 'a2',
        from: 50,
        attributes: {
          'openinference.span.kind': 'LLM',
          ...first,
          ...call('llm.input_messages.2'),
          'llm.input_messages.3.message.role': 'tool',
          'llm.input_messages.3.message.tool_call_id': 'c1',
          'llm.input_messages.3.message.content': '3 °C',
          'llm.output_messages.0.message.role': 'assistant',
          'llm.output_messages.0.message.content': 'Cold.',
        },
      },
    );
    expect(await toldBy(document)).toEqual(WEATHER);
  });

  it('the AI SDK', async () => {
    const prompt = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
    ];
    const call = { toolCallId: 'c1', toolName: 'weather', args: { city: 'Oslo' } };
    const document = spans(
      {
        id: 'a1',
        from: 0,
        attributes: {
          'ai.operationId': 'ai.generateText.doGenerate',
          'ai.prompt.messages': JSON.stringify(prompt),
          'ai.response.toolCalls': JSON.stringify([call]),
        },
      },
      {
        id: 't1',
        from: 20,
        attributes: {
          'ai.operationId': 'ai.toolCall',
          'ai.toolCall.name': 'weather',
          'ai.toolCall.id': 'c1',
          'ai.toolCall.args': '{"city":"Oslo"}',
          'ai.toolCall.result': '3 °C',
        },
      },
      {
        id: 'a2',
        from: 50,
        attributes: {
          'ai.operationId': 'ai.generateText.doGenerate',
          'ai.prompt.messages': JSON.stringify([
            ...prompt,
            {
              role: 'assistant',
              content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'weather', args: { city: 'Oslo' } }],
            },
            { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'weather', result: '3 °C' }] },
          ]),
          'ai.response.text': 'Cold.',
        },
      },
    );
    expect(shape(await toldBy(document))).toEqual(WEATHER);
  });
});

describe('an OTLP export', () => {
  const chat = (id: string, from: number, said: string, more: object = {}): Made => ({
    id,
    from,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: said }] }]),
      'gen_ai.output.messages': JSON.stringify([
        { role: 'assistant', parts: [{ type: 'text', content: `re ${said}` }], finish_reason: 'stop' },
      ]),
      ...more,
    },
  });

  it('is told in the order of time, whatever the order of its lines', async () => {
    expect(await toldBy(spans(chat('b', 50, 'two')), spans(chat('a', 0, 'one')))).toEqual([
      'user one',
      'assistant re one',
      'user two',
      'assistant re two',
    ]);
  });

  it('a span sent twice is a duplicate record', async () => {
    const { summary } = await read(spans(chat('a', 0, 'one')), spans(chat('a', 0, 'one')));
    expect(summary).toMatchObject({ records: 2, mapped: 1, duplicates: 1 });
  });

  it('keeps interleaved conversations apart', async () => {
    const of = (id: string) => ({ 'gen_ai.conversation.id': id });
    const { trajectories } = await read(
      spans(chat('a', 0, 'one', of('x')), chat('b', 10, 'two', of('y')), chat('c', 20, 'three', of('x'))),
    );
    expect(trajectories.map((one) => [one.externalIds?.conversation, talk(one).length])).toEqual([
      ['x', 4],
      ['y', 2],
    ]);
  });

  it('a call that only its tool span tells is a call with its result', async () => {
    const tool = {
      id: 't',
      from: 5,
      to: 30,
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'look',
        'gen_ai.tool.call.arguments': { at: 7 },
        'gen_ai.tool.call.result': { found: true },
      },
    };
    const { trajectories } = await read(spans(tool));
    expect(talk(trajectories[0])).toEqual(['tool_call look {"at":7}', 'tool_result for 0 unknown {"found":true}']);
    expect(trajectories[0]?.events[1]?.latencyMs).toBe(25);
  });

  it('a failed call is an error with its type and status; a failed tool is a failed result', async () => {
    const failed = {
      id: 'a',
      from: 0,
      attributes: { 'gen_ai.operation.name': 'chat', 'error.type': '429' },
      status: { code: 2, message: 'slow down' },
    };
    const tool = {
      id: 't',
      from: 5,
      attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'look', 'error.type': 'Timeout' },
      status: { code: 2, message: 'too late' },
    };
    const { trajectories } = await read(spans(failed, tool));
    expect(talk(trajectories[0])).toEqual(
      ['error provider 429 slow down', 'tool_call look ', 'tool_result for 1 error too late'].map((line) =>
        line.trim(),
      ),
    );
    expect(trajectories[0]?.events[0]).toMatchObject({ error: { status: 429 } });
    expect(trajectories[0]?.steps[0]?.finish).toBe('error');
  });

  it('several choices are branches of one question', async () => {
    const answers = ['yes', 'no'].map((content) => ({
      role: 'assistant',
      parts: [{ type: 'text', content }],
      finish_reason: 'stop',
    }));
    const { trajectories } = await read(
      spans(chat('a', 0, 'one', { 'gen_ai.output.messages': JSON.stringify(answers) })),
    );
    expect(trajectories.map(talk)).toEqual([
      ['user one', 'assistant yes'],
      ['copied user one', 'assistant no'],
    ]);
    expect(trajectories[1]?.branch).toMatchObject({ of: trajectories[0]?.id, selected: false });
  });

  it('an evaluation in the log is feedback on the answer of its span', async () => {
    const evaluation = {
      traceId: TRACE,
      spanId: 'a'.padEnd(16, '0'),
      timeUnixNano: nanos(90),
      eventName: 'gen_ai.evaluation.result',
      attributes: keyValues({
        'gen_ai.evaluation.name': 'relevance',
        'gen_ai.evaluation.score.value': 0.5,
        'gen_ai.evaluation.explanation': 'so so',
      }),
    };
    expect(await toldBy(spans(chat('a', 0, 'one')), logs(evaluation))).toContain('feedback judge score 0.5 on 1');
  });

  it('retrieved documents, tool schemas and figures are read', async () => {
    const schemas = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
    const { trajectories } = await read(
      spans(
        {
          id: 'r',
          from: 0,
          attributes: {
            'openinference.span.kind': 'RETRIEVER',
            'input.value': 'one',
            'retrieval.documents.0.document.id': 'd1',
            'retrieval.documents.0.document.content': 'Fact.',
            'retrieval.documents.0.document.score': 0.5,
          },
        },
        chat('a', 10, 'one', {
          'gen_ai.tool.definitions': JSON.stringify(schemas),
          'gen_ai.usage.input_tokens': 12,
          'gen_ai.response.model': 'm-2',
          'gen_ai.request.temperature': 0.5,
        }),
      ),
    );
    expect(trajectories[0]).toMatchObject({ models: ['m-2'], tools: [{ name: 'look' }] });
    expect(trajectories[0]?.steps[0]).toMatchObject({
      usage: { in: 12 },
      params: { temperature: 0.5 },
      finish: 'stop',
    });
    expect(trajectories[0]?.events[0]?.parts).toEqual([{ type: 'document', id: 'd1', text: 'Fact.', score: 0.5 }]);
  });

  it('without any conversation every record is kept as meta', async () => {
    const plain = spans({ id: 'server', from: 0, attributes: { 'http.route': '/' } });
    const { trajectories, summary } = await read(
      plain,
      logs({ timeUnixNano: nanos(1), body: { stringValue: 'started' } }),
      { resourceSpans: [] },
    );
    expect(summary).toMatchObject({ records: 3, mapped: 3 });
    expect(trajectories.flatMap(story)).toEqual(['meta', 'meta', 'meta']);
  });
});
