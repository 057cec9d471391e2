/** APIs of the providers: requests, answers, pairs and streams, each told as the talk it was. */
import { describe, expect, it } from 'vitest';
import { jsonLines, talk } from '../testing/brief.ts';
import { parseBytes } from '../testing/parse-bytes.ts';

const read = async (records: readonly unknown[]) => {
  const parsed = await parseBytes(jsonLines(records));
  expect(parsed.broken).toEqual([]);
  return { ...parsed, told: parsed.trajectories.map(talk), adapter: parsed.summary.adapter };
};

const weather = {
  type: 'function',
  name: 'weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};

describe('the Responses API', () => {
  const asked = { model: 'm-1', instructions: 'Be brief.', input: 'Weather in Oslo?', tools: [weather] };
  const called = {
    id: 'resp_1',
    object: 'response',
    status: 'completed',
    model: 'm-1',
    output: [
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'Look it up.' }],
        encrypted_content: 'c2VhbA',
      },
      { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' },
    ],
    usage: { input_tokens: 20, output_tokens: 9, output_tokens_details: { reasoning_tokens: 4 } },
  };
  const answered = {
    id: 'resp_2',
    object: 'response',
    status: 'completed',
    model: 'm-1',
    output: [
      { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'Rain, 3 °C.' }] },
    ],
  };

  it('reads a call, its result and the answer as one talk, whether the history is repeated or only named', async () => {
    const story = [
      'system Be brief.',
      'user Weather in Oslo?',
      'assistant (Look it up.) + (sealed)',
      'tool_call weather {"city":"Oslo"}',
      'tool_result for 3 unknown rain, 3',
      'assistant Rain, 3 °C.',
    ];
    const result = { type: 'function_call_output', call_id: 'call_1', output: 'rain, 3' };
    const repeated = {
      request: { ...asked, input: [{ role: 'user', content: 'Weather in Oslo?' }, ...called.output, result] },
      response: answered,
    };
    const named = {
      request: { model: 'm-1', instructions: 'Be brief.', previous_response_id: 'resp_1', input: [result] },
      response: answered,
    };
    for (const second of [repeated, named]) {
      const { told, adapter, trajectories } = await read([{ request: asked, response: called }, second]);
      expect(adapter).toBe('openai-responses');
      expect(told).toEqual([story]);
      const [first, last] = trajectories[0]!.steps;
      expect(first).toMatchObject({ externalId: 'resp_1', finish: 'tool', usage: { in: 20, out: 9, reasoning: 4 } });
      expect(last!.inputs).toEqual([[0, 5]]);
      expect(trajectories[0]!.tools.map(({ name }) => name)).toEqual(['weather']);
    }
  });

  it('keeps what the provider ran itself apart from what the application must run', async () => {
    const { told, trajectories } = await read([
      {
        ...called,
        output: [
          { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'Oslo' } },
          {
            type: 'mcp_call',
            id: 'mcp_1',
            name: 'shorten',
            arguments: '{"url":"u"}',
            output: 'short',
            server_label: 's',
          },
          { type: 'code_interpreter_call', id: 'ci_1', code: '1+1', outputs: [{ type: 'logs', logs: '2' }] },
          { type: 'custom_tool_call', id: 'ct_1', call_id: 'call_9', name: 'write_sql', input: 'SELECT 1' },
          { type: 'compaction', encrypted_content: 'eHg' },
          { type: 'something_new', id: 'x' },
        ],
      },
    ]);
    expect(told[0]).toEqual([
      'tool_call web_search {"type":"search","query":"Oslo"}',
      'tool_call shorten {"url":"u"}',
      'tool_result for 1 ok short',
      'tool_call code_interpreter {"code":"1+1"}',
      'tool_result for 3 ok 2',
      'tool_call write_sql SELECT 1',
      'compaction (sealed)',
    ]);
    const events = trajectories[0]!.events;
    expect(events.flatMap((event) => (event.kind === 'tool_call' ? [event.toolCall.origin] : []))).toEqual([
      'server',
      'server',
      'server',
      'native',
    ]);
    expect(events.at(-1)).toMatchObject({ kind: 'meta', flags: ['unknown_item'] });
    expect(events.find((event) => event.kind === 'tool_call' && event.toolCall.name === 'write_sql')).toMatchObject({
      toolCall: { arguments: { input: 'SELECT 1' } },
    });
  });

  it('puts a stream together, and marks one that was cut off', async () => {
    const start = {
      type: 'response.created',
      sequence_number: 0,
      response: { id: 'resp_9', object: 'response', status: 'in_progress', model: 'm-1', output: [] },
    };
    const item = {
      type: 'response.output_item.added',
      output_index: 0,
      item: { type: 'function_call', id: 'f', call_id: 'c', name: 'weather', arguments: '' },
    };
    const delta = (text: string) => ({
      type: 'response.function_call_arguments.delta',
      output_index: 0,
      item_id: 'f',
      delta: text,
    });
    const done = {
      type: 'response.completed',
      response: { ...start.response, status: 'completed', output: [{ ...item.item, arguments: '{"city":"Oslo"}' }] },
    };
    const whole = await read([start, item, delta('{"city":'), delta('"Oslo"}'), done]);
    expect(whole.told).toEqual([['tool_call weather {"city":"Oslo"}']]);
    expect(whole.trajectories[0]!.events[0]!.raw).toMatchObject({ recordNo: 1, recordEnd: 5 });
    const cut = await read([start, item, delta('{"city":')]);
    expect(cut.trajectories[0]!.events[0]!.flags).toEqual(['incomplete', 'missing_result', 'unparsable_arguments']);
    expect(cut.trajectories[0]!.steps[0]!.finish).toBe('incomplete');
  });
});

describe('Gemini', () => {
  const contents = [
    { role: 'user', parts: [{ text: 'Weather in Oslo and Bergen?' }] },
    {
      role: 'model',
      parts: [
        { functionCall: { name: 'weather', args: { city: 'Oslo' } } },
        { functionCall: { name: 'weather', args: { city: 'Bergen' } } },
      ],
    },
    {
      role: 'user',
      parts: [
        { functionResponse: { name: 'weather', response: { t: 3 } } },
        { functionResponse: { name: 'weather', response: { t: 8 } } },
      ],
    },
  ];

  it('pairs parallel calls without ids by name and order, and reads what grounded an answer', async () => {
    const response = {
      candidates: [
        {
          content: {
            role: 'model',
            parts: [{ text: 'Compare.', thought: true }, { text: 'Oslo 3, ' }, { text: 'Bergen 8.' }],
          },
          finishReason: 'STOP',
          groundingMetadata: { groundingChunks: [{ web: { uri: 'https://w.example', title: 'W' } }] },
        },
      ],
      usageMetadata: { promptTokenCount: 30, candidatesTokenCount: 6, thoughtsTokenCount: 2 },
      modelVersion: 'g-1',
    };
    const { told, adapter, trajectories } = await read([
      {
        request: {
          contents,
          systemInstruction: { parts: [{ text: 'Short.' }] },
          tools: [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: { type: 'object' } }] }],
        },
        response,
      },
    ]);
    expect(adapter).toBe('gemini-api');
    expect(told).toEqual([
      [
        'system Short.',
        'user Weather in Oslo and Bergen?',
        'tool_call weather {"city":"Oslo"}',
        'tool_call weather {"city":"Bergen"}',
        'tool_result for 2 unknown {"t":3}',
        'tool_result for 3 unknown {"t":8}',
        'retrieval <undefined>',
        'assistant (Compare.) + Oslo 3, Bergen 8.',
      ],
    ]);
    expect(trajectories[0]!.events[2]!.stepId).toBe(trajectories[0]!.events[3]!.stepId);
    expect(trajectories[0]!.steps.at(-1)).toMatchObject({
      model: 'g-1',
      finish: 'stop',
      usage: { in: 30, out: 6, reasoning: 2 },
    });
  });

  it('joins the chunks of one stream, and says why a prompt was blocked', async () => {
    const chunk = (text: string, more = {}) => ({
      responseId: 'r',
      modelVersion: 'g-1',
      usageMetadata: {},
      candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...more }],
    });
    expect((await read([chunk('Hel'), chunk('lo', { finishReason: 'STOP' })])).told).toEqual([['assistant Hello']]);
    expect(
      (await read([{ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: {}, modelVersion: 'g-1' }])).told,
    ).toEqual([['error guardrail SAFETY SAFETY']]);
    const lines = [
      { method: 'generateContentStream', response: [chunk('A'), chunk('B', { finishReason: 'MAX_TOKENS' })] },
    ];
    const recorded = await read(lines);
    expect(recorded.told).toEqual([['assistant AB']]);
    expect(recorded.trajectories[0]!.steps[0]!.finish).toBe('length');
  });

  it('reads the steps of an interaction and those of its stream alike', async () => {
    const interaction = {
      object: 'interaction',
      id: 'i1',
      model: 'g-1',
      status: 'completed',
      input: 'Hi',
      previous_interaction_id: null,
      steps: [
        { type: 'thought', summary: [{ type: 'text', text: 'Greet.' }] },
        { type: 'model_output', content: [{ type: 'text', text: 'Hello' }] },
      ],
    };
    expect((await read([interaction])).told).toEqual([['user Hi', 'assistant (Greet.) + Hello']]);
    const streamed = await read([
      {
        event_type: 'interaction.created',
        interaction: { id: 'i2', object: 'interaction', status: 'in_progress', model: 'g-1' },
      },
      { event_type: 'step.start', index: 0, step: { type: 'model_output' } },
      { event_type: 'step.delta', index: 0, delta: { type: 'text', text: 'Hel' } },
      { event_type: 'step.delta', index: 0, delta: { type: 'text', text: 'lo' } },
      { event_type: 'interaction.completed', interaction: { id: 'i2', status: 'completed' } },
    ]);
    expect(streamed.told).toEqual([['assistant Hello']]);
    expect(streamed.trajectories[0]!.events[0]!.raw).toMatchObject({ recordNo: 1, recordEnd: 5 });
  });
});

describe('Bedrock Converse', () => {
  const request = {
    modelId: 'anthropic.c',
    system: [{ text: 'Be kind.' }],
    messages: [{ role: 'user', content: [{ text: 'Weather?' }] }],
    toolConfig: { tools: [{ toolSpec: { name: 'weather', inputSchema: { json: { type: 'object' } } } }] },
  };
  const use = { toolUse: { toolUseId: 't1', name: 'weather', input: { city: 'Oslo' } } };

  it('reads a request with its answer, and joins the next one', async () => {
    const first = {
      output: {
        message: {
          role: 'assistant',
          content: [{ reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } }, use],
        },
      },
      stopReason: 'tool_use',
      usage: { inputTokens: 5, outputTokens: 2 },
      metrics: { latencyMs: 120 },
    };
    const second = { output: { message: { role: 'assistant', content: [{ text: 'Rain.' }] } }, stopReason: 'end_turn' };
    const result = {
      role: 'user',
      content: [{ toolResult: { toolUseId: 't1', status: 'success', content: [{ json: { t: 3 } }] } }],
    };
    const { told, adapter, trajectories } = await read([
      { request, response: first },
      { request: { ...request, messages: [...request.messages, first.output.message, result] }, response: second },
    ]);
    expect(adapter).toBe('bedrock-converse');
    expect(told).toEqual([
      [
        'system Be kind.',
        'user Weather?',
        'assistant (Hm.) + (sealed)',
        'tool_call weather {"city":"Oslo"}',
        'tool_result for 3 ok {"t":3}',
        'assistant Rain.',
      ],
    ]);
    expect(trajectories[0]!.steps[0]).toMatchObject({
      model: 'anthropic.c',
      latencyMs: 120,
      finish: 'tool',
      usage: { in: 5, out: 2 },
    });
  });

  it('puts a stream together; an exception in it is an error of the same answer', async () => {
    const events = [
      { messageStart: { role: 'assistant' } },
      { contentBlockStart: { contentBlockIndex: 0, start: { toolUse: { toolUseId: 't1', name: 'weather' } } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { toolUse: { input: '{"city":' } } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { toolUse: { input: '"Oslo"}' } } } },
      { contentBlockStop: { contentBlockIndex: 0 } },
    ];
    const whole = await read([
      ...events,
      { messageStop: { stopReason: 'tool_use' } },
      { metadata: { usage: { inputTokens: 1, outputTokens: 2 }, metrics: { latencyMs: 9 } } },
    ]);
    expect(whole.told).toEqual([['tool_call weather {"city":"Oslo"}']]);
    const failed = await read([...events, { throttlingException: { message: 'Too many' } }]);
    expect(failed.told[0]).toEqual([
      'tool_call weather {"city":"Oslo"}',
      'error provider throttlingException Too many',
    ]);
  });
});

describe('Cohere', () => {
  it('reads plan, calls and what an answer cites; the word null is no arguments', async () => {
    const plan = {
      id: 'c1',
      finish_reason: 'TOOL_CALL',
      message: {
        role: 'assistant',
        tool_plan: 'I look.',
        tool_calls: [{ id: 't', type: 'function', function: { name: 'now', arguments: 'null' } }],
      },
      usage: { tokens: { input_tokens: 4, output_tokens: 2 } },
    };
    const cited = {
      id: 'c2',
      finish_reason: 'COMPLETE',
      message: {
        role: 'assistant',
        content: [{ type: 'text', text: 'Noon.' }],
        citations: [{ sources: [{ type: 'document', id: 'd1', document: { title: 'Clock', text: 'It is noon' } }] }],
      },
    };
    const { told, adapter, trajectories } = await read([plan, cited]);
    expect(adapter).toBe('cohere-chat');
    expect(told).toEqual([
      ['assistant (I look.)', 'tool_call now null'],
      ['retrieval <It is noon>', 'assistant Noon.'],
    ]);
    expect(trajectories[0]!.events[1]).toMatchObject({ toolCall: { arguments: {} } });
    expect(trajectories[0]!.steps[0]).toMatchObject({ finish: 'tool', usage: { in: 4, out: 2 } });
  });

  it('puts a stream together', async () => {
    const { told } = await read([
      { type: 'message-start', id: 'c3', delta: { message: { role: 'assistant' } } },
      { type: 'tool-plan-delta', delta: { message: { tool_plan: 'I look' } } },
      {
        type: 'tool-call-start',
        index: 0,
        delta: { message: { tool_calls: { id: 't', type: 'function', function: { name: 'find', arguments: '' } } } },
      },
      { type: 'tool-call-delta', index: 0, delta: { message: { tool_calls: { function: { arguments: '{"q":1}' } } } } },
      { type: 'tool-call-end', index: 0 },
      {
        type: 'message-end',
        delta: { finish_reason: 'TOOL_CALL', usage: { tokens: { input_tokens: 1, output_tokens: 1 } } },
      },
    ]);
    expect(told).toEqual([['assistant (I look)', 'tool_call find {"q":1}']]);
  });
});

describe('recorded HTTP', () => {
  const body = (value: unknown) => JSON.stringify(value);
  const chat = { model: 'm-1', messages: [{ role: 'user', content: 'Hi' }] };
  const entry = (status: number, response: unknown, headers: unknown[] = []) => ({
    startedDateTime: '2026-03-01T09:00:00.000Z',
    time: 250,
    request: {
      method: 'POST',
      url: 'https://api.example/v1/chat/completions',
      headers: [{ name: 'Authorization', value: 'Bearer sk-secret' }],
      postData: { text: body(chat) },
    },
    response: { status, headers, content: { text: body(response) } },
  });
  const good = {
    id: 'x',
    object: 'chat.completion',
    model: 'm-1',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  };

  it('takes each entry of a HAR file for a record, a refused try with its retry, and no header', async () => {
    const har = {
      log: {
        version: '1.2',
        creator: {},
        entries: [
          entry(429, { error: { message: 'Slow down', type: 'rate_limit' } }, [{ name: 'Retry-After', value: '2' }]),
          entry(200, good),
          { ...entry(200, {}), request: { method: 'GET', url: 'https://api.example/v1/models', headers: [] } },
        ],
      },
    };
    const parsed = await parseBytes(JSON.stringify(har, null, 1));
    expect(parsed.broken).toEqual([]);
    expect(parsed.summary).toMatchObject({
      adapter: 'http-exchange',
      records: 3,
      mapped: 2,
      quarantined: [{ reason: 'not_a_conversation' }],
    });
    expect(parsed.trajectories.map(talk)).toEqual([
      ['user Hi', 'error provider rate_limit Slow down', 'assistant Hello'],
    ]);
    expect(parsed.trajectories[0]!.events[1]).toMatchObject({
      error: { status: 429, retryable: true, retryAfterMs: 2000 },
    });
    expect(parsed.trajectories[0]!.events[2]).toMatchObject({
      attempt: 2,
      retryOf: parsed.trajectories[0]!.events[1]!.id,
    });
    expect(parsed.trajectories[0]!.steps[1]).toMatchObject({ latencyMs: 250, startedAt: '2026-03-01T09:00:00.000Z' });
    expect(parsed.lines.join()).not.toContain('sk-secret');
  });

  it('reads a cassette in YAML and in JSON alike, and streams in its bodies', async () => {
    const sse = ['Hel', 'lo']
      .map(
        (text, at) =>
          `data: ${body({ id: 's', object: 'chat.completion.chunk', model: 'm-1', choices: [{ index: 0, delta: { content: text }, finish_reason: at === 1 ? 'stop' : null }] })}\n\n`,
      )
      .join('');
    const interaction = {
      request: { method: 'POST', uri: 'https://api.example/v1/chat/completions', headers: {}, body: body(chat) },
      response: { status: { code: 200, message: 'OK' }, headers: {}, body: { string: `${sse}data: [DONE]\n\n` } },
    };
    const asJson = await parseBytes(JSON.stringify({ version: 1, interactions: [interaction] }));
    const yaml = [
      'interactions:',
      '- request:',
      `    body: '${body(chat)}'`,
      '    method: POST',
      '    uri: https://api.example/v1/chat/completions',
      '  response:',
      '    body:',
      `      string: ${JSON.stringify(`${sse}data: [DONE]\n\n`)}`,
      '    status:',
      '      code: 200',
      'version: 1',
    ].join('\n');
    const asYaml = await parseBytes(yaml);
    for (const { trajectories, summary, broken } of [asJson, asYaml]) {
      expect(broken).toEqual([]);
      expect(summary).toMatchObject({ adapter: 'http-exchange', records: 1, mapped: 1 });
      expect(trajectories.map(talk)).toEqual([['user Hi', 'assistant Hello']]);
    }
    expect(asYaml.trajectories[0]!.events[0]!.raw.pointer).toBeUndefined();
  });

  it('refuses YAML that is broken, as a whole', async () => {
    const { summary } = await parseBytes('interactions:\n- request: [unclosed\n  response: x: y\n');
    expect(summary).toMatchObject({ records: 1, quarantined: [{ reason: 'bad_yaml' }] });
  });
});
