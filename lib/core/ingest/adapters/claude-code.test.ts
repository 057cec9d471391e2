import { describe, expect, it } from 'vitest';
import { jsonLines, story, talk } from '../testing/brief.ts';
import { parseBytes } from '../testing/parse-bytes.ts';

let second = 0;
type Line = { uuid: string; [field: string]: unknown };
const line = (uuid: string, parentUuid: string | null, type: string, message: object, more: object = {}): Line => ({
  parentUuid,
  isSidechain: false,
  sessionId: 'sess',
  version: '2.0.1',
  type,
  uuid,
  timestamp: new Date(Date.UTC(2026, 2, 1, 9, 0, second++)).toISOString(),
  message,
  ...more,
});
const says = (uuid: string, parent: string | null, content: unknown, more: object = {}) =>
  line(uuid, parent, 'user', { role: 'user', content }, more);
const answers = (uuid: string, parent: string, id: string, block: object, more: object = {}) =>
  line(
    uuid,
    parent,
    'assistant',
    {
      id,
      type: 'message',
      role: 'assistant',
      model: 'claude-x',
      content: [block],
      stop_reason: null,
      usage: { input_tokens: 3, cache_read_input_tokens: 10, output_tokens: 5 },
    },
    more,
  );
const text = (words: string) => ({ type: 'text', text: words });
const calls = (id: string, name: string, input: object) => ({ type: 'tool_use', id, name, input });
const brings = (id: string, content: string, more: object = {}) => [
  { type: 'tool_result', tool_use_id: id, content, ...more },
];

const session = [
  says('u1', null, 'Fix it'),
  answers('a1', 'u1', 'msg1', { type: 'thinking', thinking: 'hm', signature: 'c2ln' }),
  answers('a2', 'a1', 'msg1', text('Looking.')),
  answers('a3', 'a2', 'msg1', calls('t1', 'Read', { file: 'a.ts' })),
  answers('a4', 'a3', 'msg1', calls('t2', 'Bash', { command: 'ls' })),
  says('r2', 'a4', brings('t2', 'ls: failed', { is_error: true })),
  says('r1', 'a3', brings('t1', 'code'), { toolUseResult: { durationMs: 12 } }),
  answers('a5', 'r1', 'msg2', text('Done.')),
];
const read = async (lines: unknown[]) => {
  const parsed = await parseBytes(jsonLines(lines));
  expect(parsed.broken).toEqual([]);
  expect(parsed.summary.adapter).toBe('claude-code');
  return parsed;
};

describe('a Claude Code session', () => {
  it('an answer over several lines is one step; results pair with their calls; failures are marked', async () => {
    const [trajectory] = (await read(session)).trajectories;
    expect(story(trajectory)).toEqual([
      'user Fix it',
      'assistant (hm) + (sealed)',
      'assistant Looking.',
      'tool_call Read {"file":"a.ts"}',
      'tool_call Bash {"command":"ls"}',
      'tool_result for 4 error ls: failed',
      'tool_result for 3 ok code',
      'assistant Done.',
    ]);
    expect(trajectory?.steps).toMatchObject([
      { externalId: 'msg1', model: 'claude-x', outputs: [[1, 5]], usage: { in: 13, out: 5, cached: 10 } },
      { externalId: 'msg2', outputs: [[7, 8]] },
    ]);
    expect(trajectory?.events[6]?.latencyMs).toBe(12);
    expect(trajectory).toMatchObject({
      externalIds: { session: 'sess' },
      agent: { name: 'claude-code', version: '2.0.1' },
    });
  });

  it('what the app writes into the human’s turn is injected', async () => {
    const [trajectory] = (
      await read([
        says('u1', null, '<command-name>/init</command-name>'),
        says('u2', 'u1', [text('Analyse this.')], { isMeta: true }),
        says('u3', 'u2', [text('<system-reminder>be nice</system-reminder>'), text('Go on')]),
        answers('a1', 'u3', 'm1', text('OK')),
      ])
    ).trajectories;
    expect(story(trajectory)).toEqual([
      'injected user <command-name>/init</command-name>',
      'injected user Analyse this.',
      'injected user <system-reminder>be nice</system-reminder>',
      'user Go on',
      'assistant OK',
    ]);
  });

  it('lines that a resumed session wrote again are duplicates, changed ones supersede', async () => {
    const again = { ...session[7]!, message: { ...(session[7]!.message as object), content: [text('Done, really.')] } };
    const { summary, trajectories } = await read([...session, session[0], session[2], again]);
    expect(summary).toMatchObject({ records: 11, mapped: 8, duplicates: 3 });
    expect(talk(trajectories[0]).at(-1)).toBe('assistant Done, really.');
    expect(trajectories[0]?.events.at(-1)?.flags).toContain('superseded');
  });

  it('summaries, snapshots and queue operations are meta; what nobody knows is flagged', async () => {
    const { trajectories, summary } = await read([
      { type: 'summary', summary: 'Fixing', leafUuid: 'a5' },
      ...session,
      { type: 'file-history-snapshot', messageId: 'u1', snapshot: {} },
      { type: 'queue-operation', operation: 'enqueue', sessionId: 'sess', content: 'next' },
      { type: 'brand-new', sessionId: 'sess', uuid: 'n1' },
    ]);
    expect(trajectories).toHaveLength(1);
    expect(summary.quarantined).toEqual([]);
    expect(story(trajectories[0]).filter((one) => one === 'meta')).toHaveLength(4);
    expect(trajectories[0]?.events.at(-1)?.flags).toEqual(['unknown_item']);
  });

  it('compaction is one event over its boundary and its summary', async () => {
    const boundary = line(
      'b1',
      null,
      'system',
      {},
      { subtype: 'compact_boundary', content: 'Conversation compacted', logicalParentUuid: 'a5' },
    );
    const summary = says('s1', 'b1', 'So far: fixed a.ts.', { isCompactSummary: true });
    const [trajectory] = (
      await read([...session, boundary, summary, says('u9', 's1', 'And b?'), answers('a9', 'u9', 'm9', text('Yes'))])
    ).trajectories;
    expect(story(trajectory).slice(8)).toEqual(['compaction So far: fixed a.ts.', 'user And b?', 'assistant Yes']);
    expect(trajectory?.events[8]?.raw).toMatchObject({ recordNo: 9, recordEnd: 10 });
  });

  it('a prompt that was asked anew leaves the old one as a branch', async () => {
    const { trajectories } = await read([
      ...session,
      says('u2', 'a5', 'Now test'),
      answers('a6', 'u2', 'm6', text('Tested')),
      says('u3', 'a5', 'Now lint'),
      answers('a7', 'u3', 'm7', text('Linted')),
    ]);
    expect(talk(trajectories[0]).slice(-2)).toEqual(['user Now lint', 'assistant Linted']);
    expect(talk(trajectories[1]).slice(-3)).toEqual(['copied assistant Done.', 'user Now test', 'assistant Tested']);
    expect(trajectories.map(({ branch }) => branch?.selected)).toEqual([true, false]);
  });

  it('failed requests are errors with their retry', async () => {
    const failed = line(
      'e1',
      'u1',
      'system',
      {},
      {
        subtype: 'api_error',
        retryInMs: 500,
        error: { status: 529, error: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } } },
      },
    );
    const gaveUp = answers('a1', 'e1', 'm1', text('API Error: 529 Overloaded'), { isApiErrorMessage: true });
    const [trajectory] = (await read([says('u1', null, 'Hi'), failed, gaveUp])).trajectories;
    expect(story(trajectory).slice(1)).toEqual(
      ['error provider overloaded_error Overloaded', 'error provider  API Error: 529 Overloaded'].map((one) =>
        one.replace('  ', ' '),
      ),
    );
    expect(trajectory?.events[1]).toMatchObject({ error: { status: 529, retryable: true, retryAfterMs: 500 } });
  });

  it('after /clear the next session with the same slug continues the one before', async () => {
    const next = [
      says('x1', null, 'New topic', { sessionId: 's2', slug: 'brave-fox' }),
      answers('x2', 'x1', 'm9', text('Sure'), { sessionId: 's2' }),
    ];
    const { trajectories } = await read([...session.map((one) => ({ ...one, slug: 'brave-fox' })), ...next]);
    expect(trajectories[1]?.continues).toBe(trajectories[0]?.id);
  });
});

describe('sub-agents of Claude Code', () => {
  const side = { isSidechain: true };
  const prompts = ['Find the bug', 'Write a test'];
  const tasks = prompts.map((prompt, i) =>
    answers(`c${i}`, i === 0 ? 'u1' : 'c0', 'm1', calls(`task${i}`, 'Task', { prompt })),
  );

  it('are trajectories of their own, linked to the task with their prompt', async () => {
    const { trajectories } = await read([
      says('u1', null, 'Fix and test'),
      ...tasks,
      says('s1', null, prompts[1], side),
      says('s0', null, prompts[0], side),
      answers('s2', 's1', 'm2', text('Tested'), side),
      answers('s3', 's0', 'm3', text('Found'), side),
      says('r0', 'c1', brings('task0', 'Found')),
      says('r1', 'r0', brings('task1', 'Tested')),
      answers('a9', 'r1', 'm9', text('All done')),
    ]);
    expect(trajectories.map(talk)).toEqual([
      [
        'user Fix and test',
        'tool_call Task {"prompt":"Find the bug"}',
        'tool_call Task {"prompt":"Write a test"}',
        'tool_result for 1 ok Found',
        'tool_result for 2 ok Tested',
        'assistant All done',
      ],
      ['user Write a test', 'assistant Tested'],
      ['user Find the bug', 'assistant Found'],
    ]);
    const [main] = trajectories;
    expect(
      trajectories.slice(1).map(({ parentTrajectoryId, parentEventId }) => [parentTrajectoryId, parentEventId]),
    ).toEqual([
      [main?.id, `${main?.id}:2`],
      [main?.id, `${main?.id}:1`],
    ]);
  });

  it('a sub-agent’s own file is a trajectory apart from its session', async () => {
    const own = await read([
      says('s1', null, 'Find it', { ...side, agentId: 'ag1' }),
      answers('s2', 's1', 'm2', text('Found'), { ...side, agentId: 'ag1' }),
    ]);
    const main = await read(session);
    expect(own.trajectories.map(talk)).toEqual([['user Find it', 'assistant Found']]);
    expect(own.trajectories[0]?.id).not.toBe(main.trajectories[0]?.id);
  });
});

describe('other logs of Claude Code', () => {
  it('a web export holds its lines in one document', async () => {
    const { trajectories, summary, broken } = await parseBytes(JSON.stringify({ loglines: session }));
    expect(broken).toEqual([]);
    expect(summary).toMatchObject({ adapter: 'claude-code', records: 1 });
    expect(talk(trajectories[0])).toHaveLength(8);
  });

  it('recordings of the SDK: what was streamed is not told twice, a failed run is an error', async () => {
    const out = (message: object) => ({ direction: 'out', message: { session_id: 'sdk', ...message } });
    const { trajectories, summary } = await read([
      out({ type: 'system', subtype: 'init', tools: ['Bash'], model: 'claude-x' }),
      {
        direction: 'in',
        message: {
          type: 'user',
          session_id: 'sdk',
          message: { role: 'user', content: 'Hi' },
          parent_tool_use_id: null,
        },
      },
      out({ type: 'stream_event', event: { type: 'message_start', message: { id: 'm1' } } }),
      out({ type: 'stream_event', event: { type: 'content_block_delta', delta: { text: 'Hel' } } }),
      out({ type: 'assistant', message: { id: 'm1', role: 'assistant', content: [text('Hello')] }, uuid: 'a1' }),
      out({ type: 'result', subtype: 'error_max_turns', is_error: true, duration_ms: 5 }),
    ]);
    expect(talk(trajectories[0])).toEqual(['user Hi', 'assistant Hello', 'error app error_max_turns error_max_turns']);
    expect(summary).toMatchObject({ records: 6, mapped: 4, duplicates: 2, quarantined: [] });
    expect(trajectories[0]?.outcome).toMatchObject({ basis: 'explicit_status' });
  });

  it('lines with figures only are meta', async () => {
    const usage = line('x', null, 'assistant', {
      id: 'm1',
      model: 'claude-x',
      usage: { input_tokens: 1, output_tokens: 2 },
    });
    expect(story((await read([usage])).trajectories[0])).toEqual(['meta']);
  });
});
