import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../../trajectory/event.ts';
import { canonicalJson } from '../../trajectory/json.ts';
import type { Step, Trajectory } from '../../trajectory/trajectory.ts';
import { jsonLines, story, talk } from '../testing/brief.ts';
import { parseBytes } from '../testing/parse-bytes.ts';

const at = (second: number) => `2026-03-01T09:00:0${second}.000Z`;
const observation = (id: string, type: string, from: number, more: object) => ({
  id,
  traceId: 'tr1',
  type,
  name: id,
  startTime: at(from),
  endTime: at(from + 1),
  parentObservationId: 'root',
  ...more,
});
const asked = [
  { role: 'system', content: 'You look things up.' },
  { role: 'user', content: 'Weather in Oslo?' },
];
const called = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
};
const schema = {
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};
const trace = (more: object = {}) => ({
  trace: {
    id: 'tr1',
    name: 'chat',
    timestamp: at(0),
    sessionId: 'sess',
    userId: 'u7',
    input: 'Weather in Oslo?',
    output: '3 °C',
    tags: ['demo'],
  },
  observations: [
    observation('g2', 'GENERATION', 4, {
      model: 'm-1',
      input: JSON.stringify([...asked, called, { role: 'tool', tool_call_id: 'c1', content: '3 °C, rain' }]),
      output: JSON.stringify({ role: 'assistant', content: '3 °C' }),
    }),
    observation('g1', 'GENERATION', 1, {
      model: 'm-1',
      input: JSON.stringify({ messages: asked, tools: [schema] }),
      output: JSON.stringify(JSON.stringify(called)),
      usageDetails: { input: 40, output: 9 },
      completionStartTime: '2026-03-01T09:00:01.200Z',
    }),
    observation('t1', 'TOOL', 3, { name: 'weather', input: '{"city":"Oslo"}', output: '"3 °C, rain"' }),
    { ...observation('root', 'SPAN', 0, {}), parentObservationId: null },
  ],
  ...more,
});
const parse = async (value: object) => {
  const parsed = await parseBytes(JSON.stringify(value));
  expect(parsed.broken).toEqual([]);
  expect(parsed.summary.adapter).toBe('langfuse');
  return parsed;
};

describe('a Langfuse trace', () => {
  it('is told once and in order, though every generation repeats it and the file runs backwards', async () => {
    const { trajectories } = await parse(trace());
    expect(talk(trajectories[0])).toEqual([
      'system You look things up.',
      'user Weather in Oslo?',
      'tool_call weather {"city":"Oslo"}',
      'tool_result for 3 unknown 3 °C, rain',
      'assistant 3 °C',
    ]);
  });

  it('a generation is a step with what the model was given, offered and cost', async () => {
    const [trajectory] = (await parse(trace())).trajectories;
    expect(trajectory?.steps).toMatchObject([
      { externalId: 'g1', model: 'm-1', usage: { in: 40, out: 9 }, latencyMs: 1000, ttftMs: 200, outputs: [[3, 4]] },
      { externalId: 'g2', inputs: [[1, 5]], outputs: [[5, 6]] },
    ]);
    expect(trajectory?.events[3]).toMatchObject({ toolCall: { schemaValid: true } });
    expect(trajectory).toMatchObject({
      externalIds: { trace: 'tr1', session: 'sess', user: 'u7' },
      meta: { name: 'chat', tags: ['demo'] },
    });
  });

  it('a tool observation mirrors the result that the next request brings, and keeps its latency', async () => {
    const [trajectory] = (await parse(trace())).trajectories;
    expect(trajectory?.events[4]).toMatchObject({
      raw: { pointer: '/observations/0/input' },
      mirrors: [{ pointer: '/observations/2' }],
      latencyMs: 1000,
    });
  });

  it('a tool observation is the result itself when no request brings it, and an error when it failed', async () => {
    const value = trace();
    const [, first, tool] = value.observations;
    const failed = { ...tool, output: null, level: 'ERROR', statusMessage: 'no such city' };
    const { trajectories } = await parse({ ...value, observations: [first, failed] });
    expect(talk(trajectories[0]).at(-1)).toBe('tool_result for 2 error no such city');
  });

  it('a failed generation is an error with a step of its own', async () => {
    const failed = observation('g9', 'GENERATION', 1, {
      input: JSON.stringify(asked),
      output: null,
      level: 'ERROR',
      statusMessage: 'overloaded',
    });
    const [trajectory] = (await parse({ ...trace(), observations: [failed] })).trajectories;
    expect(talk(trajectory).at(-1)).toBe('error provider overloaded');
    expect(trajectory?.steps).toMatchObject([{ externalId: 'g9', finish: 'error' }]);
  });

  it('a generation around another is no second step', async () => {
    const value = trace();
    const outer = {
      ...observation('outer', 'GENERATION', 1, {
        input: '{"prompt":"Weather in Oslo?"}',
        output: JSON.stringify(called),
      }),
      endTime: at(2),
    };
    const inner = { ...value.observations[1], parentObservationId: 'outer' };
    const [trajectory] = (await parse({ ...value, observations: [outer, inner] })).trajectories;
    expect(talk(trajectory)).toHaveLength(3);
    expect(trajectory?.steps).toMatchObject([{ externalId: 'g1', aliases: ['outer'] }]);
  });

  it('scores are feedback: by whom, on what', async () => {
    const score = (name: string, more: object) => ({
      name,
      traceId: 'tr1',
      dataType: 'NUMERIC',
      timestamp: at(5),
      ...more,
    });
    const scores = [
      score('toxicity', { value: 0.1, source: 'EVAL' }),
      score('helpful', { value: 1, source: 'ANNOTATION', observationId: 'g2' }),
      score('user-thumb', { value: 0, source: 'API' }),
      score('tone', { dataType: 'CATEGORICAL', stringValue: 'formal', value: null, source: 'API' }),
      score('output', { dataType: 'CORRECTION', stringValue: 'Better so.', source: 'ANNOTATION', observationId: 'g2' }),
    ];
    const [trajectory] = (await parse(trace({ scores }))).trajectories;
    expect(talk(trajectory).filter((line) => line.startsWith('feedback'))).toEqual([
      'feedback reviewer score 1 on 5',
      'feedback reviewer edit Better so. on 5',
      'feedback judge score 0.1 on trajectory',
      'feedback user thumb false on trajectory',
      'feedback unknown label formal on trajectory',
    ]);
    expect(trajectory?.outcome).toMatchObject({ value: 'failure', basis: 'user_feedback' });
  });

  it('retrieved passages are told as such', async () => {
    const passages = JSON.stringify([{ page_content: 'Refunds take 5 days.', metadata: { source: 'kb-1' } }]);
    const retriever = observation('r1', 'RETRIEVER', 0, { input: '"refunds"', output: passages });
    const [trajectory] = (await parse({ ...trace(), observations: [retriever, ...trace().observations] })).trajectories;
    expect(talk(trajectory)[0]).toBe('retrieval <Refunds take 5 days.>');
  });

  it('an agent that runs inside a tool call is a trajectory of its own', async () => {
    const value = trace();
    const agents = [
      observation('boss', 'AGENT', 0, {}),
      { ...value.observations[1], parentObservationId: 'boss' },
      { ...value.observations[2], parentObservationId: 'boss', startTime: at(2) },
      observation('helper', 'AGENT', 2, { parentObservationId: 't1' }),
      observation('g3', 'GENERATION', 2, {
        parentObservationId: 'helper',
        input: '"Look it up"',
        output: '"3 °C, rain"',
      }),
    ];
    const { trajectories } = await parse({ ...value, observations: agents });
    expect(trajectories).toHaveLength(2);
    expect(talk(trajectories[1])).toEqual(['user Look it up', 'assistant 3 °C, rain']);
    const call = trajectories[0]?.events.find(({ kind }) => kind === 'tool_call');
    expect(trajectories[1]).toMatchObject({ parentTrajectoryId: trajectories[0]?.id, parentEventId: call?.id });
  });

  it('two agents that happen to ask the same are not one conversation', async () => {
    const critic = [{ role: 'system', content: 'You judge.' }, asked[1]];
    const other = observation('g3', 'GENERATION', 6, { input: JSON.stringify(critic), output: '"Fine."' });
    const [trajectory] = (await parse({ ...trace(), observations: [...trace().observations, other] })).trajectories;
    expect(talk(trajectory).slice(-3)).toEqual(['system You judge.', 'user Weather in Oslo?', 'assistant Fine.']);
  });

  it('rows of an export come together by trace, whatever their order', async () => {
    const { trace: row, observations } = trace();
    const score = {
      id: 's1',
      name: 'thumbs',
      traceId: 'tr1',
      dataType: 'BOOLEAN',
      value: 1,
      source: 'API',
      timestamp: at(5),
    };
    const { trajectories, summary, broken } = await parseBytes(
      jsonLines([...observations, score, { ...row, projectId: 'p' }]),
    );
    expect(broken).toEqual([]);
    expect(summary).toMatchObject({ adapter: 'langfuse', records: 6, quarantined: [] });
    expect(trajectories).toHaveLength(1);
    expect(trajectories[0]?.outcome).toMatchObject({ value: 'success', basis: 'user_feedback' });
  });
});

describe('inputs and outputs of frameworks', () => {
  const told = async (input: unknown, output: unknown) => {
    const logged = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
    const generation = observation('g', 'GENERATION', 1, { input: logged(input), output: logged(output) });
    const { trajectories } = await parse({ trace: { id: 'tr1', timestamp: at(0) }, observations: [generation] });
    return talk(trajectories[0]);
  };

  it.each<[string, unknown, unknown, string[]]>([
    ['plain text', 'Hi', 'Hello', ['user Hi', 'assistant Hello']],
    [
      'lines with roles',
      'system: Be brief.\nuser: Hi\nyou',
      'Hello',
      ['system Be brief.', 'user Hi\nyou', 'assistant Hello'],
    ],
    [
      'Gemini',
      { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }], config: { system_instruction: 'Be brief.' } },
      { candidates: [{ content: { role: 'model', parts: [{ text: 'hm', thought: true }, { text: 'Hello' }] } }] },
      ['system Be brief.', 'user Hi', 'assistant (hm) + Hello'],
    ],
    [
      'Responses',
      [{ role: 'user', content: 'Hi' }],
      {
        object: 'response',
        instructions: 'Be brief.',
        output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] }],
      },
      ['system Be brief.', 'user Hi', 'assistant Hello'],
    ],
    [
      'Anthropic',
      { system: 'Be brief.', messages: [{ role: 'user', content: 'Hi' }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Hello' },
          { type: 'tool_use', id: 'x', name: 'look', input: { a: 1 } },
        ],
      },
      ['system Be brief.', 'user Hi', 'assistant Hello', 'tool_call look {"a":1}'],
    ],
    [
      'LangChain',
      {
        messages: [
          [
            {
              lc: 1,
              type: 'constructor',
              id: ['langchain', 'schema', 'messages', 'HumanMessage'],
              kwargs: { content: 'Hi' },
            },
          ],
        ],
      },
      { generations: [[{ text: 'Hello', message: { type: 'ai', content: 'Hello', tool_calls: [] } }]] },
      ['user Hi', 'assistant Hello'],
    ],
    [
      'the GenAI parts',
      [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }],
      [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'a', name: 'look', arguments: { a: 1 } }] }],
      ['user Hi', 'tool_call look {"a":1}'],
    ],
    [
      'the AI SDK',
      { prompt: 'Hi' },
      [{ toolCallId: 'a', toolName: 'look', input: '{"a":1}' }],
      ['user Hi', 'tool_call look {"a":1}'],
    ],
    [
      'printed by Python',
      "role='user' content='It\\'s me' role='assistant' content=None tool_calls=[Call(id='a', function=Function(name='look', arguments='{\"a\":1}'))]",
      'Hello',
      ["user It's me", 'tool_call look {"a":1}', 'assistant Hello'],
    ],
    ['a named question', { query: 'Hi' }, { answer: 'Hello' }, ['user Hi', 'assistant Hello']],
    ['a structured answer', 'Rate it', { score: 3 }, ['user Rate it', 'assistant {"score":3}']],
    ['nothing', 'None', 'Hello', ['assistant Hello']],
  ])('%s', async (_, input, output, lines) => {
    expect(await told(input, output)).toEqual(lines);
  });

  it('tool schemas among the messages are schemas, not messages', async () => {
    const generation = observation('g', 'GENERATION', 1, {
      input: JSON.stringify([
        { role: 'user', content: 'Hi' },
        { role: 'tool', content: schema },
      ]),
      output: '"Hello"',
    });
    const [trajectory] = (await parse({ trace: { id: 'tr1', timestamp: at(0) }, observations: [generation] }))
      .trajectories;
    expect(talk(trajectory)).toEqual(['user Hi', 'assistant Hello']);
    expect(trajectory?.tools).toMatchObject([{ name: 'weather' }]);
  });

  it('text that nothing tells is kept as meta', async () => {
    const span = observation('chain', 'CHAIN', 1, { input: '{"topic":"fish"}' });
    const [trajectory] = (
      await parse({ trace: { id: 'tr1', timestamp: at(0), output: 'Only here' }, observations: [span] })
    ).trajectories;
    expect(story(trajectory)).toEqual(['meta', 'meta']);
    expect(JSON.stringify(trajectory)).toContain('Only here');
  });
});

const SAMPLES = new URL('../../../../../shared/samples/langfuse-traces/', import.meta.url);

type ChatMl = {
  role?: string;
  content?: unknown;
  tool_calls?: { name: string; arguments: unknown }[];
  tool_call_id?: string;
};
const normal = (value: unknown): string => (typeof value === 'string' ? value : canonicalJson(value)).trim();
const asJson = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);

/** Langfuse's own reading of a message, in our words. */
function expected({ role, content, tool_calls = [], tool_call_id }: ChatMl): string[] {
  const calls = tool_calls.map((call) => `call ${call.name} ${canonicalJson(asJson(call.arguments))}`);
  const isBare = content === undefined || content === null || content === '';
  const side = role === 'model' ? 'assistant' : tool_call_id === undefined ? role : 'tool';
  return [...(isBare ? [] : [`${side} ${normal(content)}`]), ...calls];
}

function ours(event: LogEvent): string[] {
  const text = event.parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : part.type === 'json' ? [normal(part.value)] : []))
    .join('\n');
  if (event.kind === 'tool_call') return [`call ${event.toolCall.name} ${canonicalJson(event.toolCall.arguments)}`];
  return [`${event.kind === 'tool_result' ? 'tool' : event.kind} ${text.trim()}`];
}
const within = (trajectory: Trajectory, ranges: Step['outputs']) =>
  ranges.flatMap(([from, to]) => trajectory.events.slice(from, to).flatMap(ours));

describe.skipIf(!existsSync(SAMPLES))('the public traces, against the messages that Langfuse itself reads', () => {
  const names = existsSync(SAMPLES) ? readdirSync(SAMPLES).filter((name) => name.endsWith('.trace.json')) : [];
  it.each(names)('%s', async (name) => {
    const { trajectories } = await parseBytes(readFileSync(new URL(name, SAMPLES)));
    const read = JSON.parse(readFileSync(new URL(name.replace('.trace.', '.chatml.'), SAMPLES), 'utf8'));
    for (const trajectory of trajectories) {
      for (const step of trajectory.steps) {
        const chat = read[step.externalId ?? ''];
        // ADK's user messages that hold function responses are results with us, and instructions are a system message.
        const given = within(trajectory, step.inputs ?? []).filter((line) => !line.startsWith('system '));
        const plain = (line: string) => line.replace(/^(?:user|tool) \{/, 'tool {');
        if (chat?.input.success) {
          const lines = chat.input.data.flatMap(expected).filter((line: string) => !line.startsWith('system '));
          expect(given.map(plain).sort()).toEqual(lines.map(plain).sort());
        }
        if (chat?.output.success) expect(within(trajectory, step.outputs)).toEqual(chat.output.data.flatMap(expected));
      }
    }
  });
});
