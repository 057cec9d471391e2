/** Traces, UI messages, help desks, dialogues, tables and text: small invented logs with their whole story. */
import { describe, expect, it } from 'vitest';
import { jsonLines, talk } from '../testing/brief.ts';
import { parseBytes } from '../testing/parse-bytes.ts';

const readText = async (source: string | Uint8Array) => {
  const parsed = await parseBytes(source);
  expect(parsed.broken).toEqual([]);
  return { ...parsed, told: parsed.trajectories.map(talk), adapter: parsed.summary.adapter };
};
const read = (records: readonly unknown[]) => readText(jsonLines(records));

describe('LangSmith', () => {
  const run = (id: string, type: string, more: object) => ({
    id,
    trace_id: 'r',
    run_type: type,
    name: type,
    start_time: '2026-03-01T09:00:00',
    end_time: '2026-03-01T09:00:01',
    ...more,
  });

  it('makes one run of post and patch, and an edit of a correction', async () => {
    const { told, adapter, summary } = await read([
      { ...run('r', 'llm', { inputs: { messages: [{ role: 'user', content: 'Hi' }] } }), end_time: null },
      {
        id: 'r',
        trace_id: 'r',
        dotted_order: '20260301T090000000000Zr',
        end_time: '2026-03-01T09:00:02',
        outputs: { role: 'assistant', content: 'Hello' },
      },
      {
        id: 'f',
        run_id: 'r',
        trace_id: 'r',
        key: 'correction',
        score: null,
        correction: { output: 'Good day' },
        feedback_source: { type: 'app' },
      },
      { id: 'g', run_id: 'r', trace_id: 'r', key: 'user_score', score: 1, comment: 'nice' },
    ]);
    expect(adapter).toBe('langsmith');
    expect(summary).toMatchObject({ records: 4, quarantined: [] });
    expect(told).toEqual([
      ['user Hi', 'assistant Hello', 'feedback reviewer edit Good day on 1', 'feedback user score 1 on 1'],
    ]);
  });

  it('takes a tool run for the result of the call that asked for it', async () => {
    const { told } = await read([
      run('a', 'chain', { dotted_order: '20260301T090000000000Za' }),
      run('b', 'llm', {
        parent_run_id: 'a',
        inputs: { messages: [{ role: 'user', content: 'Time?' }] },
        outputs: {
          generations: [
            [
              {
                message: {
                  lc: 1,
                  type: 'constructor',
                  id: ['langchain', 'schema', 'AIMessage'],
                  kwargs: { content: '', tool_calls: [{ id: 'c', name: 'now', args: {} }] },
                },
              },
            ],
          ],
        },
      }),
      run('d', 'tool', {
        name: 'now',
        parent_run_id: 'a',
        start_time: '2026-03-01T09:00:02',
        inputs: { input: '{}' },
        outputs: { output: 'noon' },
        error: null,
      }),
    ]);
    expect(told[0]).toEqual(['user Time?', 'tool_call now {}', 'tool_result for 2 unknown noon']);
  });
});

describe('Opik', () => {
  it('joins the traces of a thread and gives each score its judge', async () => {
    const trace = (id: string, question: string) => ({
      id,
      project_id: 'p',
      name: 'chat',
      thread_id: 'th',
      start_time: `2026-03-01T09:0${id}:00Z`,
      input: { q: question },
      output: {},
      feedback_scores: id === '2' ? [{ name: 'helpful', value: 0.5, source: 'online_scoring', reason: 'vague' }] : [],
    });
    const span = (id: string, question: string, answer: string) => ({
      id: `s${id}`,
      trace_id: id,
      project_id: 'p',
      type: 'llm',
      name: 'gpt',
      model: 'm-1',
      provider: 'openai',
      start_time: `2026-03-01T09:0${id}:00Z`,
      end_time: `2026-03-01T09:0${id}:01Z`,
      input: { messages: [{ role: 'user', content: question }] },
      output: { choices: [{ message: { role: 'assistant', content: answer } }] },
      usage: { prompt_tokens: 3, completion_tokens: 1 },
    });
    const { told, adapter, trajectories } = await read([
      trace('1', 'Hi'),
      trace('2', 'Bye'),
      span('1', 'Hi', 'Hello'),
      span('2', 'Bye', 'See you'),
    ]);
    expect(adapter).toBe('opik');
    expect(told).toEqual([
      ['user Hi', 'assistant Hello', 'user Bye', 'assistant See you', 'feedback judge score 0.5 on trajectory'],
    ]);
    expect(trajectories[0]!.externalIds).toMatchObject({ conversation: 'th' });
    expect(trajectories[0]!.steps[0]).toMatchObject({ model: 'm-1', usage: { in: 3, out: 1 } });
  });
});

describe('the AI SDK', () => {
  const answer = {
    id: 'm2',
    role: 'assistant',
    parts: [
      { type: 'step-start' },
      { type: 'reasoning', text: 'Ask both.' },
      { type: 'tool-weather', toolCallId: 'a', state: 'output-available', input: { city: 'Oslo' }, output: { t: 3 } },
      {
        type: 'dynamic-tool',
        toolName: 'weather',
        toolCallId: 'b',
        state: 'output-error',
        input: { city: 'X' },
        errorText: 'unknown city',
      },
      { type: 'step-start' },
      { type: 'source-url', sourceId: 's', url: 'https://w.example', title: 'W' },
      { type: 'text', text: 'Rain.' },
    ],
  };

  it('splits calls from their results, keeping those of one step together', async () => {
    const { told, adapter, trajectories } = await readText(
      JSON.stringify({
        id: 'chat1',
        messages: [{ id: 'm1', role: 'user', parts: [{ type: 'text', text: 'Weather?' }] }, answer],
      }),
    );
    expect(adapter).toBe('ai-sdk');
    expect(told).toEqual([
      [
        'user Weather?',
        'assistant (Ask both.)',
        'tool_call weather {"city":"Oslo"}',
        'tool_call weather {"city":"X"}',
        'tool_result for 2 ok {"t":3}',
        'tool_result for 3 error unknown city',
        'retrieval <s>',
        'assistant Rain.',
      ],
    ]);
    const { events, steps } = trajectories[0]!;
    expect(events[2]!.stepId).toBe(events[3]!.stepId);
    expect(steps).toHaveLength(2);
  });

  it('puts a stream of parts together, and marks an aborted one', async () => {
    const start = [
      { type: 'start', messageId: 'm' },
      { type: 'start-step' },
      { type: 'tool-input-start', toolCallId: 'a', toolName: 'weather' },
      { type: 'tool-input-delta', toolCallId: 'a', inputTextDelta: '{"city":' },
    ];
    const rest = [
      { type: 'tool-input-available', toolCallId: 'a', toolName: 'weather', input: { city: 'Oslo' } },
      { type: 'tool-output-available', toolCallId: 'a', output: 'rain' },
      { type: 'start-step' },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'Ra' },
      { type: 'text-delta', id: 't', delta: 'in.' },
      { type: 'text-end', id: 't' },
      { type: 'finish', finishReason: 'stop' },
    ];
    const sse = [...start, ...rest].map((part) => `data: ${JSON.stringify(part)}\n\n`).join('');
    const whole = await readText(`${sse}data: [DONE]\n\n`);
    expect(whole.adapter).toBe('ai-sdk');
    expect(whole.told).toEqual([['tool_call weather {"city":"Oslo"}', 'tool_result for 0 ok rain', 'assistant Rain.']]);
    const cut = await read([...start, { type: 'abort', reason: 'stop' }]);
    expect(cut.told).toEqual([['tool_call weather {"city":', 'error app abort stop']]);
    expect(cut.trajectories[0]!.events[0]!.flags).toContain('incomplete');
  });
});

describe('LangChain', () => {
  it('reads a call once though it is logged twice, and one that could not be parsed', async () => {
    const { told, adapter, trajectories } = await readText(
      JSON.stringify({
        messages: [
          { type: 'human', content: 'Hi', additional_kwargs: {}, response_metadata: {} },
          {
            lc: 1,
            type: 'constructor',
            id: ['langchain', 'schema', 'messages', 'AIMessage'],
            kwargs: {
              content: '',
              id: 'run-1',
              tool_calls: [{ id: 'c', name: 'now', args: { tz: 'CET' } }],
              invalid_tool_calls: [{ id: 'd', name: 'bad', args: '{"a":', error: 'cut' }],
              additional_kwargs: {
                tool_calls: [{ id: 'c', type: 'function', function: { name: 'now', arguments: '{"tz": "CET"}' } }],
              },
              response_metadata: { model_name: 'm-1', finish_reason: 'tool_calls' },
            },
          },
          { type: 'tool', content: 'noon', tool_call_id: 'c', status: 'success', additional_kwargs: {} },
        ],
      }),
    );
    expect(adapter).toBe('langchain');
    expect(told).toEqual([
      ['user Hi', 'tool_call now {"tz": "CET"}', 'tool_call bad {"a":', 'tool_result for 1 ok noon'],
    ]);
    expect(trajectories[0]!.events[2]!.flags).toEqual(['missing_result', 'unparsable_arguments']);
    expect(trajectories[0]!.steps[0]).toMatchObject({ externalId: 'run-1', model: 'm-1', finish: 'tool' });
  });
});

describe('help desks', () => {
  it('threads messages of a channel, bots as the assistant, reactions as feedback', async () => {
    const { told, adapter } = await readText(
      JSON.stringify([
        { type: 'message', user: 'U1', text: 'VPN is down', ts: '1767258000.000100', thread_ts: '1767258000.000100' },
        { type: 'message', user: 'U2', text: 'Lunch?', ts: '1767258005.000100' },
        {
          type: 'message',
          bot_id: 'B1',
          text: 'Restart it',
          ts: '1767258010.000100',
          thread_ts: '1767258000.000100',
          reactions: [{ name: '+1', users: ['U1'], count: 1 }],
        },
        { type: 'message', subtype: 'channel_join', user: 'U3', text: 'joined', ts: '1767258020.000100' },
      ]),
    );
    expect(adapter).toBe('helpdesk');
    expect(told).toEqual([
      ['user VPN is down', 'assistant Restart it', 'feedback user thumb true on 1'],
      ['user Lunch?'],
    ]);
  });

  it('tells conversations and tickets by who wrote, notes apart', async () => {
    const { told } = await readText(
      JSON.stringify([
        {
          id: 'i1',
          source: { body: '<p>Help</p>', author: { type: 'user' } },
          conversation_parts: {
            conversation_parts: [
              { part_type: 'note', body: 'VIP', author: { type: 'admin' } },
              { part_type: 'comment', body: 'Sure', author: { type: 'admin' } },
            ],
          },
          conversation_rating: { rating: 5 },
        },
        {
          id: 7,
          subject: 'S',
          requester_id: 1,
          description: 'Broken',
          comments: [
            { author_id: 1, body: 'Broken', public: true },
            { author_id: 2, body: 'Fixed', public: true },
          ],
          satisfaction_rating: { score: 'bad' },
        },
      ]),
    );
    expect(told).toEqual([
      ['user <p>Help</p>', 'assistant Sure', 'feedback user score 5 on trajectory'],
      ['user Broken', 'assistant Fixed', 'feedback user thumb false on trajectory'],
    ]);
  });
});

describe('dialogues', () => {
  it('makes a call and its result of what an agent did', async () => {
    const { told, adapter, trajectories } = await read([
      {
        convo_id: 1,
        scenario: { flow: 'x' },
        original: [
          ['customer', 'Hi'],
          ['action', 'Account pulled up.'],
          ['agent', 'Got it'],
        ],
        delexed: [{}, { targets: ['i', 'take_action', 'pull-up-account', ['n'], -1] }, {}],
      },
      {
        conversation_id: 'd',
        utterances: [
          { index: 0, speaker: 'USER', text: 'Pizza' },
          { index: 1, speaker: 'ASSISTANT', text: 'Which?' },
        ],
        csat: 4,
      },
    ]);
    expect(adapter).toBe('dialogue');
    expect(told).toEqual([
      [
        'user Hi',
        'tool_call pull-up-account {"values":["n"]}',
        'tool_result for 2 unknown Account pulled up.',
        'assistant Got it',
      ],
      ['user Pizza', 'assistant Which?', 'feedback user score 4 on trajectory'],
    ]);
    expect(trajectories[0]!.events[1]!.mirrors).toHaveLength(1);
    expect(trajectories[1]!.outcome).toMatchObject({ value: 'partial', basis: 'user_feedback' });
  });
});

describe('tables', () => {
  it('reads a message a row, by conversation, with line breaks in quotes', async () => {
    const { told, adapter, summary, trajectories } = await readText(
      'conversation_id;Role;Content;note\r\nc1;user;"Hi\nthere";x\r\nc2;user;Other;\r\nc1;assistant;"Say ""Hello""";\r\n',
    );
    expect(adapter).toBe('csv');
    expect(summary).toMatchObject({ records: 3, mapped: 3 });
    expect(told).toEqual([['user Hi\nthere', 'assistant Say "Hello"'], ['user Other']]);
    expect(trajectories[0]!.events[0]!.raw).toMatchObject({ recordNo: 1 });
    expect(trajectories[0]!.events.find(({ kind }) => kind === 'meta')?.parts).toEqual([
      { type: 'json', value: { note: 'x' } },
    ]);
  });

  it('reads an exchange a row with its context, thumb and correction; a broken row by itself', async () => {
    const { told, summary } = await readText(
      'question,answer,context,rating,corrected_answer\nWhy?,Because.,Book,up,Since it is so.\nonly,two\nHow?,"So ""and"" so",,3.5,\n',
    );
    expect(told).toEqual([
      [
        'user Why?',
        'retrieval <Book>',
        'assistant Because.',
        'feedback unknown edit Since it is so. on 2',
        'feedback user thumb true on 2',
      ],
      ['user How?', 'assistant So "and" so', 'feedback user score 3.5 on 1'],
    ]);
    expect(summary).toMatchObject({ records: 3, mapped: 2, quarantined: [{ recordNo: 2, reason: 'bad_csv' }] });
  });

  it('breaks a row whose quote never closes off from those after it', async () => {
    const { summary } = await readText('question,answer\nA,"never closed\nB,C\nD,E\n');
    expect(summary.quarantined.map(({ reason }) => reason)).toEqual(['bad_csv']);
    expect(summary).toMatchObject({ records: 3, mapped: 2 });
  });
});

describe('text', () => {
  it('reads a channel: people as users under their nicks, notices as meta', async () => {
    const { told, adapter, trajectories } = await readText(
      '[12:31] <anna> hello\n=== bob has joined\n[12:32] <@bob> hi anna\n* anna waves\n',
    );
    expect(adapter).toBe('irc');
    expect(told).toEqual([['user hello', 'user hi anna', 'user waves']]);
    expect(trajectories[0]!.events.map(({ name }) => name)).toEqual(['anna', undefined, 'bob', 'anna']);
    expect(trajectories[0]!.flags).toContain('no_assistant');
  });

  it('reads Markdown history chat by chat, blank lines inside an answer and all', async () => {
    const { told, adapter, trajectories } = await readText(
      '\n# aider chat started at 2026-03-01 09:00:00\n\n> Aider v0.50  \n\n#### add a test  \n#### please  \n\nSure.\n\n```py\npass\n```\n\n> Applied edit  \n\n# aider chat started at 2026-03-02 09:00:00\n\n#### hi\n',
    );
    expect(adapter).toBe('chat-markdown');
    expect(told).toEqual([['user add a test\nplease', 'assistant Sure.\n\n```py\npass\n```'], ['user hi']]);
    expect(trajectories.map(({ startedAt }) => startedAt)).toEqual([
      '2026-03-01T09:00:00.000Z',
      '2026-03-02T09:00:00.000Z',
    ]);
  });
});
