import { describe, expect, it } from 'vitest';
import { parseBytes } from '../testing/parse-bytes.ts';

const jsonl = (...rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const said = (events: { kind: string; role?: string; parts: { type: string }[] }[]) =>
  events.map(({ kind, role, parts }) =>
    [kind, role ?? '', ...parts.map((part) => ('text' in part ? part.text : part.type))].join(':'),
  );

async function parse(source: string) {
  const parsed = await parseBytes(source);
  expect(parsed.broken).toEqual([]);
  return parsed;
}

describe('Anthropic messages', () => {
  it('results come first out of a user message, tools of both sides pair', async () => {
    const { trajectories, summary } = await parse(
      jsonl({
        model: 'm',
        max_tokens: 100,
        system: 'Be brief.',
        tools: [{ name: 'f', input_schema: { type: 'object' } }],
        messages: [
          { role: 'user', content: 'Go.' },
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
              { type: 'tool_use', id: 't1', name: 'f', input: {} },
            ],
          },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'And?' },
              { type: 'tool_result', tool_use_id: 't1', content: 'no', is_error: true },
            ],
          },
        ],
        response: {
          type: 'message',
          role: 'assistant',
          id: 'msg_1',
          model: 'm',
          content: [{ type: 'text', text: 'Done.' }],
          stop_reason: 'end_turn',
        },
      }),
    );
    expect(summary.adapter).toBe('anthropic-messages');
    const { events } = trajectories[0]!;
    expect(said(events)).toEqual([
      'system::Be brief.',
      'user::Go.',
      'assistant::Hm.:reasoning',
      'tool_call:',
      'tool_result::no',
      'user::And?',
      'assistant::Done.',
    ]);
    expect(events[2]!.flags).toEqual(['opaque_reasoning']);
    expect(events[4]).toMatchObject({ toolResult: { status: 'error', forEventId: events[3]!.id } });
    expect(events[3]).toMatchObject({ toolCall: { schemaValid: true } });
  });

  it('a stream as server-sent events that breaks off is incomplete', async () => {
    const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
    const { trajectories, summary } = await parse(
      event('message_start', { message: { id: 'msg_1', model: 'm', role: 'assistant', content: [] } }) +
        event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
        event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hel' } }),
    );
    expect(summary).toMatchObject({ adapter: 'anthropic-messages', records: 3, mapped: 3 });
    expect(trajectories[0]!.events[0]).toMatchObject({ parts: [{ text: 'Hel' }], flags: ['incomplete'] });
    expect(trajectories[0]!.steps[0]).toMatchObject({ externalId: 'msg_1', finish: 'incomplete' });
  });
});

describe('ShareGPT rows', () => {
  it('read calls and observations, and know the same row again', async () => {
    const row = {
      id: 'r1',
      tools: '[{"name":"f","parameters":{"type":"object"}}]',
      conversations: [
        { from: 'human', value: 'Go.' },
        { from: 'function_call', value: '{"name":"f","arguments":{"x":1}}' },
        { from: 'observation', value: '2' },
        { from: 'gpt', value: 'Two.' },
      ],
    };
    const { trajectories, summary } = await parse(jsonl(row, { ...row, id: 'r2' }, row));
    expect(summary).toMatchObject({ adapter: 'sharegpt', mapped: 2, duplicates: 1 });
    const { events, externalIds } = trajectories[0]!;
    expect(said(events)).toEqual([
      'user:human:Go.',
      'tool_call:function_call',
      'tool_result:observation:2',
      'assistant:gpt:Two.',
    ]);
    expect(events[2]).toMatchObject({ toolResult: { forEventId: events[1]!.id } });
    expect(externalIds).toEqual({ sample: 'r1' });
  });
});

describe('Alpaca rows', () => {
  it('join instruction and input, put history first, and read prompt and completion', async () => {
    const { trajectories } = await parse(
      jsonl(
        { instruction: 'Add.', input: '1 2', output: '3', history: [['Hi', 'Hello']] },
        { instruction: 'Wave.', input: '', output: 'o/' },
        { prompt: 'Say', completion: 'Said', source: 'x' },
      ),
    );
    expect(trajectories.map(({ events }) => said(events))).toEqual([
      ['user::Hi', 'assistant::Hello', 'user::Add.\n1 2', 'assistant::3'],
      ['user::Wave.', 'assistant::o/'],
      ['user::Say', 'assistant::Said'],
    ]);
    expect(trajectories[2]!.meta).toEqual({ source: 'x' });
  });
});

describe('preference rows', () => {
  it('are two branches that share what both begin with', async () => {
    const { trajectories } = await parse(
      jsonl({ chosen: '\n\nHuman: Hi\n\nAssistant: Good', rejected: '\n\nHuman: Hi\n\nAssistant: Bad\n\nHuman: Why?' }),
    );
    const [good, bad] = trajectories;
    expect(said(good!.events)).toEqual(['user:Human:Hi', 'assistant:Assistant:Good', 'feedback:']);
    expect(said(bad!.events)).toEqual(['user:Human:Hi', 'assistant:Assistant:Bad', 'user:Human:Why?', 'feedback:']);
    expect(bad!.events.map(({ copied }) => copied)).toEqual([true, undefined, undefined, undefined]);
    expect(good!.branch).toEqual({ of: good!.id, selected: true, rank: 0 });
    expect(bad!.branch).toEqual({ of: good!.id, atEventId: good!.events[0]!.id, selected: false, rank: 1 });
    expect(bad!.events[3]).toMatchObject({ feedback: { target: bad!.events[1]!.id, signal: 'rank', value: 1 } });
    expect(bad!.outcome.value).toBe('unknown');
  });

  it('take prompts, lists of messages and labels', async () => {
    const { trajectories, summary } = await parse(
      jsonl(
        { prompt: 'Hi', chosen: 'Good', rejected: 'Bad' },
        {
          prompt: 'Hi',
          chosen: [
            { role: 'user', content: 'Hi' },
            { role: 'assistant', content: 'Good' },
          ],
          rejected: [
            { role: 'user', content: 'Hi' },
            { role: 'assistant', content: 'Bad' },
          ],
        },
        { prompt: 'Hi', completion: 'Good', label: true },
      ),
    );
    expect(summary.adapter).toBe('preference');
    expect(trajectories.map(({ events }) => said(events).slice(0, 2))).toEqual([
      ['user::Hi', 'assistant::Good'],
      ['user::Hi', 'assistant::Bad'],
      ['user::Hi', 'assistant::Good'],
      ['user::Hi', 'assistant::Bad'],
      ['user::Hi', 'assistant::Good'],
    ]);
    expect(trajectories[4]!.events[2]).toMatchObject({
      feedback: { target: 'trajectory', signal: 'thumb', value: true },
    });
  });
});

describe('transcripts', () => {
  it('join lines of a turn, keep blank lines inside it, and split at a rule', async () => {
    const { trajectories, summary } = await parse(
      '[2026-03-01 09:00] Customer: Hi\nthere\n\nagain\nAGENT: Hello\n---\nQ: One?\nA: Two\n',
    );
    expect(summary).toMatchObject({ adapter: 'plain-text', records: 7, mapped: 7 });
    expect(trajectories.map(({ events }) => said(events))).toEqual([
      ['user:Customer:Hi\nthere\n\nagain', 'assistant:AGENT:Hello', 'meta::---'],
      ['user:Q:One?', 'assistant:A:Two'],
    ]);
    expect(trajectories[0]!.events[0]).toMatchObject({
      ts: '2026-03-01T09:00:00.000Z',
      raw: { recordNo: 1, recordEnd: 3 },
    });
    expect(trajectories[0]!.flags).toContain('no_id');
  });

  it.each(['A letter.\n\nDear Sir: hello.\n', 'Question: only\nQuestion: one side\n', 'User: alone\n'])(
    'are not %j',
    async (text) => {
      const { summary } = await parse(text);
      expect(summary).toMatchObject({
        adapter: 'unknown',
        records: 1,
        quarantined: [{ reason: 'unknown_format', byteStart: 0, byteEnd: text.length }],
      });
    },
  );
});

describe('lists of messages that nothing names', () => {
  it('are read as a guess that says so', async () => {
    const { trajectories } = await parse(
      jsonl({
        ticket: 7,
        thread: [
          { author: 'customer', body: 'Hi' },
          { author: 'agent', body: 'Hello' },
          { author: 'Mallory', body: '?' },
        ],
      }),
    );
    const [trajectory] = trajectories;
    expect(said(trajectory!.events)).toEqual(['user:customer:Hi', 'assistant:agent:Hello', 'user:Mallory:?']);
    expect(trajectory!.events.every(({ confidence }) => confidence === 0.5)).toBe(true);
    expect(trajectory).toMatchObject({ flags: expect.arrayContaining(['guessed_mapping']), meta: { ticket: 7 } });
  });

  it('are not there in JSON that is no log', async () => {
    const { summary } = await parse(
      jsonl({
        name: 'package',
        version: '1',
        list: [
          { type: 'a', value: 'b' },
          { type: 'c', value: 'd' },
        ],
      }),
    );
    expect(summary).toMatchObject({ adapter: 'unknown', quarantined: [{ reason: 'unknown_format' }] });
  });
});
