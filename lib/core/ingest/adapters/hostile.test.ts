/** Logs of known formats with pieces missing, of another type or cut short: never a throw, and every record accounted for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLines } from '../testing/brief.ts';
import { parseBytes } from '../testing/parse-bytes.ts';
import { MORE_SEEDS } from './hostile-seeds.ts';

/** More of both by the environment: `ASSAY_FUZZ_RUNS=100000`, `ASSAY_FUZZ_STRIDE=1`. */
const RUNS = Number(process.env.ASSAY_FUZZ_RUNS ?? 30);
const STRIDE = Number(process.env.ASSAY_FUZZ_STRIDE ?? 23);

const chat = [
  { role: 'user', content: 'Hi' },
  {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{"a":1}' } }],
  },
  { role: 'tool', tool_call_id: 'c', content: 'found' },
];
const attributes = [
  { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
  { key: 'gen_ai.usage.input_tokens', value: { intValue: '7' } },
  { key: 'gen_ai.input.messages', value: { stringValue: JSON.stringify(chat) } },
  { key: 'llm.input_messages.0.message.role', value: { stringValue: 'user' } },
];
const span = {
  traceId: 't',
  spanId: 's',
  name: 'chat',
  startTimeUnixNano: '1781293600000000000',
  attributes,
  events: [{ name: 'exception', attributes }],
  status: { code: 2 },
};
const claude = { sessionId: 's', uuid: 'u', parentUuid: null, isSidechain: true, timestamp: '2026-03-01T09:00:00Z' };

const SEEDS: Record<string, unknown[]> = {
  'claude-code': [
    { ...claude, type: 'user', message: { role: 'user', content: [{ type: 'text', text: 'Hi' }] } },
    {
      ...claude,
      uuid: 'v',
      parentUuid: 'u',
      type: 'assistant',
      message: {
        id: 'm',
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'c', name: 'Task', input: { prompt: 'Hi' } }],
        usage: { input_tokens: 1 },
      },
    },
    {
      ...claude,
      uuid: 'w',
      parentUuid: 'v',
      type: 'user',
      message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: 'x' }] },
      toolUseResult: { durationMs: 1 },
    },
    { ...claude, uuid: 'b', type: 'system', subtype: 'compact_boundary', content: 'Compacted' },
  ],
  langfuse: [
    {
      trace: { id: 't', timestamp: '2026-03-01T09:00:00Z', scores: [{ name: 'thumb', value: 1, source: 'API' }] },
      observations: [
        {
          id: 'g',
          traceId: 't',
          type: 'GENERATION',
          startTime: '2026-03-01T09:00:00Z',
          input: JSON.stringify(chat),
          output: '{"role":"assistant","content":"Hello"}',
          metadata: '{"attributes":{"llm.model_name":"m"}}',
        },
        {
          id: 'o',
          traceId: 't',
          parentObservationId: 'g',
          type: 'TOOL',
          name: 'look',
          input: '{"a":1}',
          output: 'found',
        },
      ],
    },
  ],
  otlp: [
    { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] },
    {
      resourceLogs: [
        {
          scopeLogs: [
            { logRecords: [{ ...span, eventName: 'gen_ai.choice', body: { kvlistValue: { values: attributes } } }] },
          ],
        },
      ],
    },
  ],
  openinference: [
    {
      context: { trace_id: 't', span_id: 's' },
      span_kind: 'LLM',
      start_time: '2026-03-01T09:00:00Z',
      attributes: { llm: { input_messages: [{ message: chat[0] }] } },
      annotations: [{ name: 'q', result: { score: 1 } }],
    },
  ],
  'tau-bench': [
    { task_id: 1, trial: 0, reward: 1, info: {}, traj: chat },
    { id: 's', task_id: 1, termination_reason: 'max_steps', reward_info: { reward: 0 }, messages: chat },
  ],
  oasst: [
    {
      message_tree_id: 'm',
      prompt: {
        message_id: 'q',
        text: 'Q',
        role: 'prompter',
        replies: [{ message_id: 'a', text: 'A', role: 'assistant', rank: 0, emojis: { '+1': 2 }, replies: [] }],
      },
    },
    { message_id: 'f', parent_id: 'f', text: 'F', role: 'prompter' },
  ],
};

const junk = fc.constantFrom<unknown>(
  null,
  0,
  -1,
  '',
  'x',
  true,
  [],
  {},
  [[]],
  [null],
  [{}],
  '{"a":1}',
  '[{"role":"user"}]',
  "role='user' content=",
  { role: 'user' },
  { content: 5 },
  '\u0000',
  'a.b.'.repeat(200),
);

/** The places of a value, as paths. */
function placesIn(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

function put(value: unknown, path: readonly (string | number)[], to: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === String(key) ? put(item, rest, to) : item));
  const object = value as Record<string, unknown>;
  return { ...object, [key]: put(object[key], rest, to) };
}

describe.each(Object.entries({ ...SEEDS, ...MORE_SEEDS }))('%s', (format, seeds) => {
  const places = placesIn(seeds).slice(1);
  it('survives any piece of its records being something else', async () => {
    const change = fc.tuple(fc.constantFrom(...places), junk);
    await fc.assert(
      fc.asyncProperty(change, fc.boolean(), async ([path, to], isNamed) => {
        const records = put(seeds, path, to) as unknown[];
        const { broken, summary } = await parseBytes(jsonLines(records), isNamed ? { format } : {});
        expect(broken).toEqual([]);
        expect(summary.mapped + summary.duplicates + summary.quarantined.length).toBe(summary.records);
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);

  it('is told by its content, and survives being cut anywhere', async () => {
    const whole = jsonLines(seeds);
    const { summary: full } = await parseBytes(whole);
    expect(full.adapter === 'mixed' ? Object.keys(full.adapters!) : [full.adapter]).toContain(format);
    for (let end = 0; end < whole.length; end += STRIDE) {
      const { broken } = await parseBytes(whole.slice(0, end));
      expect({ end, broken }).toEqual({ end, broken: [] });
    }
  }, 3_600_000);
});
