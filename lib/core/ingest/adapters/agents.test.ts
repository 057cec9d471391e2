/** Sessions and runs of agents: what real samples do not show, as small invented logs. */
import { describe, expect, it } from 'vitest';
import { jsonLines, talk } from '../testing/brief.ts';
import { parseBytes } from '../testing/parse-bytes.ts';

const read = async (records: readonly unknown[]) => {
  const parsed = await parseBytes(jsonLines(records));
  expect(parsed.broken).toEqual([]);
  return { ...parsed, told: parsed.trajectories.map(talk), adapter: parsed.summary.adapter };
};
const readOne = async (value: unknown) => {
  const parsed = await parseBytes(JSON.stringify(value, null, 2));
  expect(parsed.broken).toEqual([]);
  return { ...parsed, told: parsed.trajectories.map(talk), adapter: parsed.summary.adapter };
};

describe('Codex', () => {
  const at = (second: number) => `2026-03-01T09:00:${String(second).padStart(2, '0')}.000Z`;
  const line = (second: number, type: string, payload: unknown) => ({ timestamp: at(second), type, payload });

  it('takes what the app told again for a mirror, and for itself where nobody else said it', async () => {
    const { told, adapter, summary, trajectories } = await read([
      line(0, 'session_meta', { id: 's1', cli_version: '1.0', instructions: 'Be careful.' }),
      line(1, 'turn_context', { model: 'm-1' }),
      line(2, 'response_item', {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: '<environment_context>\n</environment_context>' }],
      }),
      line(3, 'response_item', {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: 'List files' }],
      }),
      line(3, 'event_msg', { type: 'user_message', message: 'List files' }),
      line(4, 'response_item', { type: 'function_call', name: 'shell', call_id: 'c', arguments: '{"command":["ls"]}' }),
      line(5, 'response_item', {
        type: 'function_call_output',
        call_id: 'c',
        output: '{"output":"no such file","metadata":{"exit_code":1,"duration_seconds":0.1}}',
      }),
      line(6, 'event_msg', { type: 'agent_message', message: 'Nothing there.' }),
      line(7, 'compacted', { message: 'So far: nothing.' }),
      line(8, 'event_msg', { type: 'turn_aborted', reason: 'interrupted' }),
    ]);
    expect(adapter).toBe('codex');
    expect(told).toEqual([
      [
        'system Be careful.',
        'injected user <environment_context>\n</environment_context>',
        'user List files',
        'tool_call shell {"command":["ls"]}',
        'tool_result for 4 error no such file',
        'assistant Nothing there.',
        'compaction So far: nothing.',
        'error app turn_aborted interrupted',
      ],
    ]);
    expect(summary).toMatchObject({ records: 10, mapped: 9, duplicates: 1 });
    expect(trajectories[0]!.events.find((event) => event.kind === 'tool_result')).toMatchObject({
      toolResult: { exitCode: 1 },
    });
    expect(trajectories[0]!.models).toEqual(['m-1']);
    expect(trajectories[0]!.outcome).toMatchObject({ basis: 'explicit_status' });
  });

  it('reads older flat lines after their header', async () => {
    const { told, adapter } = await read([
      { id: 'old', timestamp: at(0), instructions: null },
      { record_type: 'state' },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] },
    ]);
    expect(adapter).toBe('codex');
    expect(told).toEqual([['user Hi', 'assistant Hello']]);
  });

  it('counts an item of the event stream once, when it is completed', async () => {
    const command = {
      id: 'i1',
      type: 'command_execution',
      command: 'ls',
      aggregated_output: '',
      status: 'in_progress',
    };
    const { told, adapter, summary } = await read([
      { type: 'thread.started', thread_id: 't' },
      { type: 'turn.started' },
      { type: 'item.started', item: command },
      { type: 'item.completed', item: { ...command, aggregated_output: 'a b', exit_code: 0, status: 'completed' } },
      { type: 'item.completed', item: { id: 'i2', type: 'agent_message', text: 'Two files.' } },
      { type: 'item.started', item: { ...command, id: 'i3', command: 'cat a' } },
      { type: 'turn.failed', error: { message: 'lost' } },
    ]);
    expect(adapter).toBe('codex');
    expect(told).toEqual([
      [
        'tool_call command_execution {"command":"ls"}',
        'tool_result for 2 ok a b',
        'assistant Two files.',
        'tool_call command_execution {"command":"cat a"}',
        'error app turn.failed lost',
      ],
    ]);
    expect(summary).toMatchObject({ records: 7, mapped: 6, duplicates: 1 });
  });
});

describe('Gemini CLI', () => {
  it('reads single messages, and a call that failed', async () => {
    const { told, adapter } = await read([
      { id: '1', timestamp: '2026-03-01T09:00:00Z', type: 'user', content: 'Read a' },
      {
        id: '2',
        timestamp: '2026-03-01T09:00:01Z',
        type: 'gemini',
        content: '',
        thoughts: [],
        toolCalls: [
          {
            id: 'c',
            name: 'read',
            args: { p: 'a' },
            status: 'error',
            result: [{ functionResponse: { id: 'c', name: 'read', response: { error: 'none' } } }],
          },
        ],
      },
      { id: '3', timestamp: '2026-03-01T09:00:02Z', type: 'info', content: 'Update available' },
    ]);
    expect(adapter).toBe('gemini-cli');
    expect(told).toEqual([['user Read a', 'tool_call read {"p":"a"}', 'tool_result for 1 error none']]);
  });
});

describe('OpenHands', () => {
  const response = {
    id: 'r1',
    model: 'm-1',
    choices: [
      {
        message: {
          tool_calls: [
            { id: 'c1', function: { name: 'execute_bash', arguments: '{"command":"ls"}' } },
            { id: 'c2', function: { name: 'execute_bash', arguments: '{"command":"pwd"}' } },
          ],
        },
      },
    ],
  };
  const meta = (id: string) => ({
    function_name: 'execute_bash',
    tool_call_id: id,
    model_response: response,
    total_calls_in_step: 2,
  });

  it('pairs what V0 logged by call or by cause, and takes the verdict of the tests', async () => {
    const { told, adapter, trajectories } = await read([
      {
        instance_id: 'x-1',
        instruction: 'Fix it',
        history: [
          { id: 0, source: 'user', action: 'message', args: { content: 'Fix it' } },
          {
            id: 1,
            source: 'agent',
            action: 'run',
            args: { command: 'ls', thought: 'Look.' },
            tool_call_metadata: meta('c1'),
          },
          { id: 2, source: 'agent', action: 'run', args: { command: 'pwd' }, tool_call_metadata: meta('c2') },
          {
            id: 3,
            cause: 2,
            source: 'environment',
            observation: 'run',
            content: '/',
            extras: { metadata: { exit_code: 0 } },
            tool_call_metadata: meta('c2'),
          },
          {
            id: 4,
            cause: 1,
            source: 'environment',
            observation: 'run',
            content: 'denied',
            extras: { metadata: { exit_code: 2 } },
            tool_call_metadata: meta('c1'),
          },
          { id: 5, source: 'agent', action: 'change_agent_state', args: {} },
          { id: 6, source: 'agent', action: 'think', args: { thought: 'Done, I think.' } },
        ],
        test_result: { resolved: false },
        error: null,
      },
    ]);
    expect(adapter).toBe('openhands');
    expect(told).toEqual([
      [
        'user Fix it',
        'assistant Look.',
        'tool_call execute_bash {"command":"ls"}',
        'tool_call execute_bash {"command":"pwd"}',
        'tool_result for 3 ok /',
        'tool_result for 2 error denied',
        'assistant (Done, I think.)',
        'feedback verifier label false on trajectory',
      ],
    ]);
    const [, look, ls, pwd] = trajectories[0]!.events;
    expect(new Set([look!.stepId, ls!.stepId, pwd!.stepId]).size).toBe(1);
    expect(trajectories[0]!.outcome).toMatchObject({ value: 'failure', basis: 'verifier' });
  });

  it('reads what V1 rejected, condensed and failed at', async () => {
    const { told, adapter } = await read([
      {
        id: '0',
        timestamp: '2026-03-01T09:00:00',
        source: 'agent',
        kind: 'SystemPromptEvent',
        system_prompt: { type: 'text', text: 'Be safe.' },
        tools: [{ type: 'function', function: { name: 'rm', parameters: {} } }],
      },
      {
        id: '1',
        timestamp: '2026-03-01T09:00:01',
        source: 'user',
        kind: 'MessageEvent',
        llm_message: { role: 'user', content: [{ type: 'text', text: 'Clean up' }] },
      },
      {
        id: '2',
        timestamp: '2026-03-01T09:00:02',
        source: 'agent',
        kind: 'ActionEvent',
        thought: [],
        tool_name: 'rm',
        tool_call_id: 'c',
        tool_call: { id: 'c', name: 'rm', arguments: '{"p":"/"}' },
        llm_response_id: 'r',
      },
      {
        id: '3',
        timestamp: '2026-03-01T09:00:03',
        source: 'user',
        kind: 'UserRejectObservation',
        tool_name: 'rm',
        tool_call_id: 'c',
        action_id: '2',
        rejection_reason: 'No!',
      },
      {
        id: '4',
        timestamp: '2026-03-01T09:00:04',
        source: 'agent',
        kind: 'AgentErrorEvent',
        tool_name: 'rm',
        tool_call_id: 'zz',
        error: 'bad args',
      },
      {
        id: '5',
        timestamp: '2026-03-01T09:00:05',
        source: 'environment',
        kind: 'Condensation',
        summary: 'Wanted to clean.',
      },
    ]);
    expect(adapter).toBe('openhands');
    expect(told).toEqual([
      [
        'system Be safe.',
        'user Clean up',
        'tool_call rm {"p":"/"}',
        'tool_result for 2 error No!',
        'feedback user reject true on 2',
        'tool_result for none error bad args',
        'compaction Wanted to clean.',
      ],
    ]);
  });
});

describe('SWE-agent and mini-swe-agent', () => {
  it('reads rows of turns with the verdict, and a run that was cut short', async () => {
    const { told, adapter } = await read([
      {
        instance_id: 'y-1',
        trajectory: [
          { role: 'system', system_prompt: 'Use bash-$ and (Open file: n/a).', text: null, mask: true },
          { role: 'user', text: 'Fix', mask: true },
          { role: 'ai', text: 'Look.\n```\nls\n```', mask: false },
          { role: 'user', text: 'a.py\n(Open file: n/a)\nbash-$', mask: true },
        ],
        exit_status: 'exit_cost',
        target: false,
      },
    ]);
    expect(adapter).toBe('swe-agent');
    expect(told).toEqual([
      [
        'system Use bash-$ and (Open file: n/a).',
        'user Fix',
        'assistant Look.\n',
        'tool_call bash ```\nls\n```',
        'tool_result for 3 unknown a.py\n(Open file: n/a)\nbash-$',
        'error app exit_cost exit_cost',
        'feedback verifier label false on trajectory',
      ],
    ]);
  });

  it('tells a run by what its answers and observations look like', async () => {
    const { told, adapter } = await readOne({
      info: { exit_status: 'Submitted', mini_version: '1', config: { model: { model_name: 'm-1' } } },
      messages: [
        { role: 'system', content: 'Answer with one ```mswea_bash_command block.' },
        { role: 'user', content: 'Fix' },
        { role: 'assistant', content: 'THOUGHT: look\n\n```mswea_bash_command\nls\n```' },
        { role: 'user', content: '<returncode>2</returncode>\n<output>\nnone\n</output>' },
      ],
    });
    expect(adapter).toBe('mini-swe-agent');
    expect(told[0]!.slice(2)).toEqual([
      'assistant THOUGHT: look\n\n',
      'tool_call bash ```mswea_bash_command\nls\n```',
      'tool_result for 3 error none\n',
    ]);
  });
});

describe('ATIF', () => {
  it('links the trajectory of a sub-agent to the call that started it', async () => {
    const run = (id: string, steps: unknown[], more = {}) => ({
      schema_version: 'ATIF-v1.7',
      session_id: id,
      trajectory_id: id,
      agent: { name: id, version: '1' },
      steps,
      ...more,
    });
    const child = run('child', [
      { step_id: 1, source: 'user', message: 'Sub' },
      { step_id: 2, source: 'agent', message: 'Done' },
    ]);
    const { told, adapter, trajectories } = await readOne(
      run(
        'parent',
        [
          { step_id: 1, source: 'user', message: 'Go' },
          {
            step_id: 2,
            source: 'agent',
            message: '',
            reasoning_content: 'Delegate.',
            tool_calls: [{ tool_call_id: 'c', function_name: 'delegate', arguments: { to: 'child' } }],
            observation: {
              results: [{ source_call_id: 'c', content: 'ok', subagent_trajectory_ref: [{ trajectory_id: 'child' }] }],
            },
          },
        ],
        { subagent_trajectories: [child] },
      ),
    );
    expect(adapter).toBe('atif');
    expect(told).toEqual([
      ['user Go', 'assistant (Delegate.)', 'tool_call delegate {"to":"child"}', 'tool_result for 2 unknown ok'],
      ['user Sub', 'assistant Done'],
    ]);
    expect(trajectories[1]).toMatchObject({
      parentTrajectoryId: trajectories[0]!.id,
      parentEventId: trajectories[0]!.events[2]!.id,
    });
  });
});

describe('Inspect and ToolBench', () => {
  it('reads the events of a sample where its messages are missing, and the limit that ended it', async () => {
    const call = (input: unknown[], message: unknown) => ({
      event: 'model',
      model: 'm-1',
      timestamp: '2026-03-01T09:00:00Z',
      input,
      tools: [{ name: 'bash', parameters: { type: 'object' } }],
      output: { choices: [{ message, stop_reason: 'tool_calls' }], usage: { input_tokens: 3, output_tokens: 1 } },
    });
    const user = { role: 'user', content: 'attachment://0123456789abcdef0123456789abcdef' };
    const assistant = {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 't', function: 'bash', arguments: { cmd: 'ls' } }],
    };
    const tool = {
      role: 'tool',
      tool_call_id: 't',
      function: 'bash',
      content: '',
      error: { type: 'timeout', message: 'too slow' },
    };
    const { told, adapter, trajectories } = await readOne({
      id: 1,
      epoch: 2,
      input: 'x',
      target: 'y',
      messages: [],
      attachments: { '0123456789abcdef0123456789abcdef': 'List' },
      events: [
        call([user], assistant),
        { event: 'tool', id: 't', function: 'bash', arguments: {} },
        call([user, assistant, tool], { role: 'assistant', content: 'Gave up' }),
      ],
      limit: { type: 'token', limit: 5 },
      scores: { match: { value: 'P', explanation: 'half' } },
    });
    expect(adapter).toBe('inspect');
    expect(told).toEqual([
      [
        'user List',
        'tool_call bash {"cmd":"ls"}',
        'tool_result for 1 error too slow',
        'assistant Gave up',
        'error app token limit: token',
        'feedback verifier label P on trajectory',
      ],
    ]);
    expect(trajectories[0]!.outcome).toMatchObject({ value: 'partial', basis: 'verifier' });
    expect(trajectories[0]!.externalIds).toEqual({ sample: '1 epoch 2' });
  });

  it('tells every path of a search, and the answers of an evaluation one by one', async () => {
    const node = (node_type: string, description: string, children: unknown[] = [], more = {}) => ({
      node_type,
      description,
      children,
      is_terminal: false,
      pruned: false,
      ...more,
    });
    const finish = (text: string) =>
      node('Action', 'Finish', [
        node('Action Input', text, [], { observation: '{"response":"ok"}', observation_code: 3 }),
      ]);
    const search = {
      win: true,
      tree: {
        tree: node('Action Input', '', [
          node('Thought', 'Try A', [
            node('Action', 'a', [
              node(
                'Action Input',
                '{"x":1}',
                [
                  node('Thought', 'No', [], { pruned: true }),
                  finish('{"return_type":"give_answer","final_answer":"42"}'),
                ],
                { observation: '{"error":"","response":"r"}', observation_code: 0 },
              ),
            ]),
          ]),
        ]),
      },
      forward_args: {},
      answer_generation: {
        query: 'Q',
        function: [{ name: 'a', parameters: {} }],
        train_messages: [],
        final_answer: '{"return_type":"give_answer","final_answer":"42"}',
        finish_type: 'give_answer',
      },
    };
    const { told, adapter, trajectories } = await readOne(search);
    expect(adapter).toBe('toolbench');
    expect(told[0]!.slice(0, 4)).toEqual([
      'user Q',
      'assistant Try A',
      'tool_call a {"x":1}',
      'tool_result for 2 ok {"error":"","response":"r"}',
    ]);
    expect(told[0]!.at(-1)).toBe('feedback verifier label true on trajectory');
    expect(told[1]).toEqual([
      'copied user Q',
      'copied assistant Try A',
      'copied tool_call a {"x":1}',
      'copied tool_result for 2 ok {"error":"","response":"r"}',
      'assistant No',
    ]);
    expect(trajectories.map(({ branch }) => branch?.selected)).toEqual([true, false]);
    const evaluated = await readOne({
      '7': {
        query: 'Q',
        available_tools: [],
        answer: {
          method: 'm',
          total_steps: 2,
          final_answer: '42',
          answer_details: [
            {
              role: 'system',
              message: '',
              next: [
                {
                  role: 'user',
                  message: 'Q',
                  next: [{ role: 'tool', message: "{'name': 'a', 'arguments': '{}', 'response': 'r'}", next: [] }],
                },
              ],
            },
          ],
        },
      },
    });
    expect(evaluated.told).toEqual([
      ['system', 'user Q', 'tool_call a {}', 'tool_result for 2 unknown r', 'assistant 42'],
    ]);
  });
});

describe('the Agents SDK', () => {
  it('tells spans of a trace: model calls, functions, hand-offs, guardrails', async () => {
    const span = (id: string, parent: string | null, data: object, second: number) => ({
      object: 'trace.span',
      id,
      trace_id: 't',
      parent_id: parent,
      started_at: `2026-03-01T09:00:0${second}Z`,
      ended_at: `2026-03-01T09:00:0${second}.5Z`,
      span_data: data,
      error: null,
    });
    const ask = [{ role: 'user', content: 'Hi' }];
    const called = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'now', arguments: '{}' } }],
    };
    const { told, adapter } = await read([
      { object: 'trace', id: 't', workflow_name: 'W', group_id: 'g' },
      span('a', null, { type: 'agent', name: 'A' }, 0),
      span('m', 'a', { type: 'generation', model: 'm-1', input: ask, output: [called] }, 1),
      span('f', 'a', { type: 'function', name: 'now', input: '{}', output: 'noon' }, 2),
      span('h', 'a', { type: 'handoff', from_agent: 'A', to_agent: 'B' }, 3),
    ]);
    expect(adapter).toBe('openai-agents');
    expect(told[0]).toEqual([
      'user Hi',
      'tool_call now {}',
      'tool_result for 3 unknown noon',
      'subagent {"type":"handoff","from_agent":"A","to_agent":"B"}',
    ]);
  });

  it('reads the snapshot of a run with what was approved, and refuses one of another version', async () => {
    const state = {
      $schemaVersion: '1.0',
      currentAgent: { name: 'A' },
      originalInput: 'Delete it',
      modelResponses: [{ responseId: 'r', usage: { inputTokens: 2, outputTokens: 1 }, output: [] }],
      generatedItems: [
        {
          type: 'tool_call_item',
          rawItem: { type: 'function_call', callId: 'c', name: 'delete', arguments: '{}' },
          agent: { name: 'A' },
        },
        {
          type: 'tool_call_output_item',
          rawItem: {
            type: 'function_call_result',
            callId: 'c',
            name: 'delete',
            output: { type: 'text', text: 'gone' },
          },
          agent: { name: 'A' },
        },
        {
          type: 'message_output_item',
          rawItem: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Done' }] },
        },
      ],
      context: { approvals: { delete: { approved: ['c'], rejected: [] } } },
    };
    const { told, adapter, trajectories } = await readOne(state);
    expect(adapter).toBe('openai-agents');
    expect(told).toEqual([
      [
        'user Delete it',
        'tool_call delete {}',
        'tool_result for 1 unknown gone',
        'assistant Done',
        'feedback user accept true on 1',
      ],
    ]);
    expect(trajectories[0]!.steps[0]).toMatchObject({ externalId: 'r', usage: { in: 2, out: 1 } });
    const other = await readOne({ ...state, $schemaVersion: '9.0' });
    expect(other.summary.quarantined).toMatchObject([{ reason: 'schema_mismatch' }]);
  });

  it('reads the result of a run', async () => {
    const { told, adapter } = await readOne({
      input: 'Hi',
      raw_responses: [
        {
          output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] }],
          response_id: 'r',
        },
      ],
      final_output: 'Hello',
    });
    expect(adapter).toBe('openai-agents');
    expect(told).toEqual([['user Hi', 'assistant Hello']]);
  });
});
