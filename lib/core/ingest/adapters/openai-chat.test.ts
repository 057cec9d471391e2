import { describe, expect, it } from 'vitest';
import { parseBytes } from '../testing/parse-bytes.ts';

const jsonl = (...rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
const reply = (content: string, id: string) => ({
  id,
  model: 'm',
  choices: [{ index: 0, message: assistant(content), finish_reason: 'stop' }],
});
const outline = (events: { kind: string; parts: { type: string }[] }[]) =>
  events.map(({ kind, parts }) => `${kind}:${parts.map((part) => ('text' in part ? part.text : part.type)).join('|')}`);

async function parse(...rows: unknown[]) {
  const parsed = await parseBytes(jsonl(...rows));
  expect(parsed.broken).toEqual([]);
  return parsed;
}

describe('logged calls of one thread', () => {
  it('go on from the request that they repeat, also through other calls', async () => {
    const { trajectories } = await parse(
      { messages: [user('one')], response: reply('1', 'a') },
      { messages: [user('other')], response: reply('x', 'b') },
      { messages: [user('one'), assistant('1\r\n '), user('two')], response: reply('2', 'c') },
    );
    expect(trajectories.map(({ events }) => outline(events))).toEqual([
      ['user:one', 'assistant:1', 'user:two', 'assistant:2'],
      ['user:other', 'assistant:x'],
    ]);
    expect(trajectories[0]!.steps.map(({ externalId, inputs }) => [externalId, inputs])).toEqual([
      ['a', [[0, 1]]],
      ['c', [[0, 3]]],
    ]);
    expect(trajectories[0]!.events.map(({ repeats }) => repeats)).toEqual([1, 1, undefined, undefined]);
  });

  it('are a retry after a failure', async () => {
    const { trajectories } = await parse(
      {
        messages: [user('one')],
        response: { error: { message: 'slow down', type: 'rate_limit_exceeded', code: 'rate_limit_exceeded' } },
      },
      { messages: [user('one')], response: reply('1', 'a') },
    );
    expect(trajectories).toHaveLength(1);
    const [, failure, answer] = trajectories[0]!.events;
    expect(failure).toMatchObject({
      kind: 'error',
      error: { where: 'provider', type: 'rate_limit_exceeded', retryable: true },
    });
    expect(answer).toMatchObject({ kind: 'assistant', attempt: 2, retryOf: failure!.id });
    expect(trajectories[0]!.steps.map(({ finish }) => finish)).toEqual(['error', 'stop']);
  });

  it('are branches when the same request got another answer; the later one is selected', async () => {
    const { trajectories } = await parse(
      { messages: [user('one')], response: reply('1', 'a') },
      { messages: [user('one')], response: reply('uno', 'b') },
    );
    const [selected, other] = trajectories;
    expect(outline(selected!.events)).toEqual(['user:one', 'assistant:uno']);
    expect(selected!.branch).toEqual({ of: selected!.id, selected: true });
    expect(other!.events.map(({ copied }) => copied)).toEqual([true, undefined]);
    expect(other!.branch).toEqual({ of: selected!.id, atEventId: selected!.events[0]!.id, selected: false });
    expect(other!.flags).toContain('copied_context');
  });

  it('are duplicates when nothing is new', async () => {
    const row = { messages: [user('one')], response: reply('1', 'a') };
    const { trajectories, summary } = await parse(row, row, { messages: [user('one')], response: reply('1', 'b') });
    expect(summary).toMatchObject({ records: 3, mapped: 1, duplicates: 2 });
    expect(trajectories[0]!.steps).toMatchObject([{ externalId: 'a', aliases: ['b'] }]);
  });

  it('stay apart when their sessions differ and join when it is the same', async () => {
    const call = (session_id: string, text: string, id: string) => ({
      session_id,
      messages: [user(text)],
      response: reply(id, id),
    });
    const { trajectories } = await parse(call('s1', 'hi', 'a'), call('s2', 'hi', 'b'), call('s1', 'again', 'c'));
    expect(trajectories.map(({ externalIds }) => externalIds)).toEqual([{ session: 's1' }, { session: 's2' }]);
    expect(outline(trajectories[0]!.events)).toEqual(['user:hi', 'assistant:a', 'user:again', 'assistant:c']);
  });
});

describe('the shapes of a chat log', () => {
  it('rows, bodies in strings, and messages alone', async () => {
    const body = { model: 'm', messages: [user('one')] };
    const wrapped = await parse({
      request_body: JSON.stringify(body),
      response_body: JSON.stringify(reply('1', 'a')),
      cost: 1,
    });
    expect(outline(wrapped.trajectories[0]!.events)).toEqual(['user:one', 'assistant:1']);
    expect(wrapped.trajectories[0]).toMatchObject({ models: ['m'], meta: { cost: 1 } });
    const row = await parse({ messages: [user('one'), assistant('1')] });
    expect(row.trajectories[0]!.steps).toEqual([{ id: 's0', inputs: [[0, 1]], outputs: [[1, 2]] }]);
    const alone = await parse(user('one'), assistant('1'));
    expect(alone.trajectories[0]!.flags).toContain('no_id');
    expect(alone.trajectories[0]!.events.map(({ raw }) => raw.recordNo)).toEqual([1, 2]);
  });

  it('legacy functions: a result without an id answers the call of its name', async () => {
    const { trajectories } = await parse({
      functions: [{ name: 'weather', parameters: { type: 'object' } }],
      messages: [
        user('Oslo?'),
        { role: 'assistant', content: null, function_call: { name: 'weather', arguments: '{"city":"Oslo"}' } },
        { role: 'function', name: 'weather', content: 'rain' },
        assistant('Rain.'),
      ],
    });
    const { events } = trajectories[0]!;
    expect(events[2]).toMatchObject({
      kind: 'tool_result',
      role: 'function',
      toolResult: { forEventId: events[1]!.id, name: 'weather' },
    });
    expect(events[1]).toMatchObject({ toolCall: { schemaValid: true, origin: 'native' } });
  });

  it('several choices: the first is selected, the others are branches', async () => {
    const choices = ['1', 'uno'].map((content, index) => ({
      index,
      message: assistant(content),
      finish_reason: 'stop',
    }));
    const { trajectories } = await parse({ messages: [user('one')], response: { id: 'a', model: 'm', choices } });
    expect(trajectories.map(({ events, branch }) => [outline(events).at(-1), branch?.selected])).toEqual([
      ['assistant:1', true],
      ['assistant:uno', false],
    ]);
  });

  it('a choice without message or text is an empty answer at its own place', async () => {
    const { trajectories } = await parse({ messages: [user('one')], response: { id: 'a', choices: [{ index: 0 }] } });
    const [, answer] = trajectories[0]!.events;
    expect(answer).toMatchObject({
      kind: 'assistant',
      flags: ['empty_assistant'],
      raw: { pointer: '/response/choices/0' },
    });
  });

  it('streams: interleaved by id, cut ones incomplete', async () => {
    const chunk = (id: string, delta: object, finish_reason: string | null = null) => ({
      id,
      object: 'chat.completion.chunk',
      model: 'm',
      choices: [{ index: 0, delta, finish_reason }],
    });
    const part = (text: string, id?: string) => ({
      tool_calls: [{ index: 0, ...(id && { id }), function: { ...(id && { name: 'f' }), arguments: text } }],
    });
    const { trajectories, summary } = await parse(
      chunk('a', { role: 'assistant', content: 'Hel' }),
      chunk('b', part('{"x"', 'call_1')),
      chunk('a', { content: 'lo' }),
      chunk('b', part(':1')),
      chunk('a', {}, 'stop'),
    );
    expect(summary).toMatchObject({ records: 5, mapped: 5, trajectories: 2 });
    expect(outline(trajectories[0]!.events)).toEqual(['assistant:Hello']);
    expect(trajectories[0]!.events[0]!.raw).toMatchObject({ recordNo: 1, recordEnd: 5 });
    expect(trajectories[1]!.steps[0]!.finish).toBe('incomplete');
    expect(trajectories[1]!.events[0]).toMatchObject({
      toolCall: { argumentsRaw: '{"x":1', parseError: expect.any(String) },
      flags: ['incomplete', 'missing_result', 'unparsable_arguments'],
    });
  });

  it('refuses what a known API says that is no conversation', async () => {
    const { summary } = await parse(
      { messages: [user('one')], response: reply('1', 'a') },
      { object: 'list', data: [], model: 'embedder' },
    );
    expect(summary.quarantined).toMatchObject([{ reason: 'not_a_conversation', recordNo: 2 }]);
  });
});
