import { describe, expect, it } from 'vitest';
import { talk } from '../testing/brief.ts';
import { parseBytes } from '../testing/parse-bytes.ts';

const call = (id: string, name: string, given: object) => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(given) },
});
const run = (reward: number, more: object = {}) => ({
  task_id: 4,
  trial: 1,
  reward,
  info: { task: { instruction: 'Cancel.' } },
  traj: [
    { role: 'system', content: 'Policy' },
    { role: 'user', content: 'Cancel A' },
    { role: 'assistant', content: null, tool_calls: [call('c', 'find', { id: 'A' })] },
    { role: 'tool', tool_call_id: 'c', name: 'find', content: '{"ok":true}' },
    { role: 'assistant', content: null, tool_calls: [call('c', 'cancel', { id: 'A' })] },
    { role: 'tool', tool_call_id: 'c', name: 'cancel', content: 'Error: not allowed' },
    { role: 'assistant', content: 'I can not.' },
    { role: 'user', content: '###STOP###' },
  ],
  ...more,
});
const read = async (value: unknown) => {
  const parsed = await parseBytes(JSON.stringify(value));
  expect(parsed.broken).toEqual([]);
  expect(parsed.summary.adapter).toBe('tau-bench');
  return parsed.trajectories;
};

describe('tau-bench results', () => {
  it('each item is a run; reused call ids pair in order; the reward is the verdict', async () => {
    const trajectories = await read([run(0), run(1, { trial: 2 }), run(0.5, { trial: 3 })]);
    expect(talk(trajectories[0])).toEqual([
      'system Policy',
      'user Cancel A',
      'tool_call find {"id":"A"}',
      'tool_result for 2 unknown {"ok":true}',
      'tool_call cancel {"id":"A"}',
      'tool_result for 4 error Error: not allowed',
      'assistant I can not.',
      'user ###STOP###',
      'feedback verifier score 0 on trajectory',
    ]);
    expect(trajectories[0]?.events[4]?.flags).toContain('reused_call_id');
    expect(trajectories.map(({ outcome }) => [outcome.value, outcome.basis])).toEqual([
      ['failure', 'verifier'],
      ['success', 'verifier'],
      ['partial', 'verifier'],
    ]);
    expect(trajectories.map(({ externalIds }) => externalIds)).toEqual([
      { sample: '4', run: '1' },
      { sample: '4', run: '2' },
      { sample: '4', run: '3' },
    ]);
  });

  it('two trials with the same bytes are two trajectories', async () => {
    const ids = (await read([run(0), run(0)])).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('tau2-bench simulations', () => {
  const simulation = (more: object = {}) => ({
    id: 'sim-1',
    task_id: 't9',
    trial: 0,
    termination_reason: 'user_stop',
    reward_info: { reward: 1 },
    messages: [
      { role: 'assistant', content: 'Hi! How can I help?' },
      {
        role: 'user',
        content: null,
        tool_calls: [{ id: 'u1', name: 'check_phone', arguments: { slot: 1 }, requestor: 'user' }],
      },
      { id: 'u1', role: 'tool', content: 'no signal', requestor: 'user', error: false },
      { role: 'user', content: 'No signal.' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a1', name: 'reset', arguments: { line: 7 }, requestor: 'assistant' }],
      },
      { id: 'a1', role: 'tool', content: 'no such line', requestor: 'assistant', error: true },
      { role: 'assistant', content: 'Sorry.' },
    ],
    ...more,
  });

  it('the simulated user may call tools too, and errors are said outright', async () => {
    const [trajectory] = await read({ info: { agent_info: { llm: 'm-1' } }, tasks: [], simulations: [simulation()] });
    expect(talk(trajectory)).toEqual([
      'assistant Hi! How can I help?',
      'tool_call check_phone {"slot":1}',
      'tool_result for 1 ok no signal',
      'user No signal.',
      'tool_call reset {"line":7}',
      'tool_result for 4 error no such line',
      'assistant Sorry.',
      'feedback verifier score 1 on trajectory',
    ]);
    expect(trajectory?.events[1]).toMatchObject({ actor: 'human' });
    expect(trajectory).toMatchObject({
      models: ['m-1'],
      externalIds: { run: 'sim-1', sample: 't9' },
      outcome: { value: 'success' },
    });
  });

  it('a run that a limit ended says so', async () => {
    const [trajectory] = await read(simulation({ termination_reason: 'max_steps', reward_info: null }));
    expect(talk(trajectory).at(-1)).toBe('error app max_steps max_steps');
    expect(trajectory?.outcome).toMatchObject({ basis: 'explicit_status' });
  });

  it('bits of speech are joined to messages', async () => {
    const ticks = [
      { agent_chunk: { role: 'assistant', content: 'Hello ' }, user_chunk: null },
      { agent_chunk: { role: 'assistant', content: 'there' } },
      { user_chunk: { role: 'user', content: 'Hi' } },
    ];
    const [trajectory] = await read(simulation({ messages: [], ticks }));
    expect(talk(trajectory).slice(0, 2)).toEqual(['assistant Hello there', 'user Hi']);
  });
});
