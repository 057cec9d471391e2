/**
 * Invented logs in seven formats and mixed, for measuring ingest: an outdoor shop's assistant with tools. Sessions are
 * interleaved as real logs are, requests repeat their history, tool results are of any size. The same seed gives the same bytes.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { seededRandom } from '#lib/core/stats/random.ts';

type Random = () => number;
type Call = { id: string; name: string; arguments: { [key: string]: string | number } };
type Turn =
  | { role: 'user' | 'assistant'; text: string }
  | { role: 'assistant'; text: string; call: Call }
  | { role: 'tool'; text: string; call: Call };
type Talk = { id: string; no: number; startMs: number; turns: Turn[] };

const WORDS =
  'tent stove rucksack weight grams pitch storm litre fuel gas route valley order parcel refund size return stock colour warm dry night peg seam strap price café Größe naïve 軽量 delivered warehouse Tuesday please thanks because lighter which between under over about'.split(
    ' ',
  );
const TOOLS = ['find_order', 'search_catalogue', 'check_stock', 'read_file'];
const SYSTEM = `You help customers of an outdoor shop. ${'Be brief, be polite, and say what you looked up. '.repeat(12)}`;

function prose(random: Random, words: number): string {
  const said: string[] = [];
  for (let n = 0; n < words; n++) said.push(WORDS[Math.floor(random() * WORDS.length)]!);
  return `${said.join(' ')}.`;
}

const hex = (random: Random, length: number): string => {
  let digits = '';
  while (digits.length < length)
    digits += Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  return digits.slice(0, length);
};

function talkOf(random: Random, no: number): Talk {
  const turns: Turn[] = [];
  const rounds = 2 + Math.floor(random() * 5);
  for (let round = 0; round < rounds; round++) {
    turns.push({ role: 'user', text: prose(random, 8 + Math.floor(random() * 60)) });
    for (let calls = Math.floor(random() * 3); calls > 0; calls--) {
      const name = TOOLS[Math.floor(random() * TOOLS.length)]!;
      const call: Call = {
        id: `call_${hex(random, 16)}`,
        name,
        arguments: { query: prose(random, 4), limit: Math.floor(random() * 20) },
      };
      turns.push({ role: 'assistant', text: random() < 0.5 ? '' : prose(random, 12), call });
      const rows = Array.from({ length: Math.floor(random() ** 3 * 40) }, (_, at) => ({
        row: at,
        title: prose(random, 6),
      }));
      turns.push({ role: 'tool', text: JSON.stringify({ found: rows.length, rows }), call });
    }
    turns.push({ role: 'assistant', text: prose(random, 20 + Math.floor(random() * 120)) });
  }
  return { id: hex(random, 32), no, startMs: Date.UTC(2026, 2, 1) + no * 60_000, turns };
}

const SCHEMAS = TOOLS.map((name) => ({
  name,
  description: `What ${name} does for a customer.`,
  parameters: {
    type: 'object',
    properties: { query: { type: 'string' }, limit: { type: 'number' } },
    required: ['query'],
  },
}));

const isAnswer = (turn: Turn): boolean => turn.role === 'assistant';
const timeOf = ({ startMs }: Talk, at: number): string => new Date(startMs + at * 2000).toISOString();

const openAiMessage = (turn: Turn): object => {
  if (turn.role === 'tool') return { role: 'tool', tool_call_id: turn.call.id, content: turn.text };
  if (!('call' in turn)) return { role: turn.role, content: turn.text };
  const made = { name: turn.call.name, arguments: JSON.stringify(turn.call.arguments) };
  return {
    role: 'assistant',
    content: turn.text === '' ? null : turn.text,
    tool_calls: [{ id: turn.call.id, type: 'function', function: made }],
  };
};

/** Every call repeats the whole history. */
function openAiLines(talk: Talk): object[] {
  return talk.turns.flatMap((turn, at) =>
    isAnswer(turn)
      ? [
          {
            id: `req-${talk.id}-${at}`,
            model: 'm-1',
            messages: [{ role: 'system', content: SYSTEM }, ...talk.turns.slice(0, at).map(openAiMessage)],
            tools: SCHEMAS.map((schema) => ({ type: 'function', function: schema })),
            metadata: { session_id: talk.id },
            response: {
              id: `chatcmpl-${talk.id}-${at}`,
              object: 'chat.completion',
              created: Math.floor(talk.startMs / 1000) + at,
              model: 'm-1',
              choices: [
                { index: 0, message: openAiMessage(turn), finish_reason: 'call' in turn ? 'tool_calls' : 'stop' },
              ],
              usage: { prompt_tokens: 400 + at, completion_tokens: 50, total_tokens: 450 + at },
            },
          },
        ]
      : [],
  );
}

const anthropicMessage = (turn: Turn): object => {
  if (turn.role === 'tool')
    return { role: 'user', content: [{ type: 'tool_result', tool_use_id: turn.call.id, content: turn.text }] };
  if (!('call' in turn)) return { role: turn.role, content: turn.text };
  const call = { type: 'tool_use', id: turn.call.id, name: turn.call.name, input: turn.call.arguments };
  return { role: 'assistant', content: turn.text === '' ? [call] : [{ type: 'text', text: turn.text }, call] };
};

function anthropicLines(talk: Talk): object[] {
  return talk.turns.flatMap((turn, at) => {
    if (!isAnswer(turn)) return [];
    const said = anthropicMessage(turn) as { content: string | object[] };
    const content = typeof said.content === 'string' ? [{ type: 'text', text: said.content }] : said.content;
    return [
      {
        request: {
          model: 'm-2',
          max_tokens: 1024,
          system: SYSTEM,
          tools: SCHEMAS.map(({ parameters, ...schema }) => ({ ...schema, input_schema: parameters })),
          messages: talk.turns.slice(0, at).map(anthropicMessage),
        },
        response: {
          id: `msg_${talk.id}_${at}`,
          type: 'message',
          role: 'assistant',
          model: 'm-2',
          content,
          stop_reason: 'call' in turn ? 'tool_use' : 'end_turn',
          usage: { input_tokens: 500, output_tokens: 60 },
        },
      },
    ];
  });
}

function claudeCodeLines(talk: Talk): object[] {
  const common = {
    isSidechain: false,
    userType: 'external',
    cwd: '/home/user/shop',
    sessionId: talk.id,
    version: '2.0.0',
    gitBranch: 'main',
  };
  return talk.turns.map((turn, at) => ({
    parentUuid: at === 0 ? null : `${talk.id}-${at - 1}`,
    ...common,
    type: turn.role === 'assistant' ? 'assistant' : 'user',
    message: isAnswer(turn)
      ? {
          id: `msg_${talk.id}_${at}`,
          type: 'message',
          model: 'm-2',
          ...anthropicMessage(turn),
          stop_reason: 'call' in turn ? 'tool_use' : 'end_turn',
          usage: { input_tokens: 500, cache_read_input_tokens: 300, output_tokens: 60 },
        }
      : anthropicMessage(turn),
    ...(turn.role === 'tool' ? { toolUseResult: { stdout: turn.text, durationMs: 40 } } : {}),
    uuid: `${talk.id}-${at}`,
    timestamp: timeOf(talk, at),
  }));
}

const genAiMessage = (turn: Turn): object => {
  if (turn.role === 'tool')
    return { role: 'tool', parts: [{ type: 'tool_call_response', id: turn.call.id, response: turn.text }] };
  const text = turn.text === '' ? [] : [{ type: 'text', content: turn.text }];
  return { role: turn.role, parts: 'call' in turn ? [...text, { type: 'tool_call', ...turn.call }] : text };
};

const text = (key: string, value: string): object => ({ key, value: { stringValue: value } });

function otlpLines(talk: Talk): object[] {
  const nano = (at: number) => `${talk.startMs + at * 2000}000000`;
  const inSpan = (at: number, name: string, attributes: object[]): object => ({
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'shop')] },
        scopeSpans: [
          {
            scope: { name: 'bench' },
            spans: [
              {
                traceId: talk.id,
                spanId: `${talk.id.slice(0, 12)}${at.toString(16).padStart(4, '0')}`,
                name,
                kind: 3,
                startTimeUnixNano: nano(at),
                endTimeUnixNano: nano(at + 1),
                attributes: [text('gen_ai.conversation.id', `conv_${talk.id}`), ...attributes],
                status: {},
              },
            ],
          },
        ],
      },
    ],
  });
  return talk.turns.flatMap((turn, at) => {
    if (turn.role === 'user') return [];
    if (turn.role === 'tool')
      return [
        inSpan(at, `execute_tool ${turn.call.name}`, [
          text('gen_ai.operation.name', 'execute_tool'),
          text('gen_ai.tool.name', turn.call.name),
          text('gen_ai.tool.call.id', turn.call.id),
          text('gen_ai.tool.call.arguments', JSON.stringify(turn.call.arguments)),
          text('gen_ai.tool.call.result', turn.text),
        ]),
      ];
    return [
      inSpan(at, 'chat m-3', [
        text('gen_ai.operation.name', 'chat'),
        text('gen_ai.request.model', 'm-3'),
        text('gen_ai.system_instructions', JSON.stringify([{ type: 'text', content: SYSTEM }])),
        text('gen_ai.input.messages', JSON.stringify(talk.turns.slice(0, at).map(genAiMessage))),
        text('gen_ai.output.messages', JSON.stringify([{ ...genAiMessage(turn), finish_reason: 'stop' }])),
      ]),
    ];
  });
}

/** Rows of a blob export: observations, each naming its trace. */
function langfuseLines(talk: Talk): object[] {
  return talk.turns.flatMap((turn, at) => {
    if (turn.role === 'user') return [];
    const row = {
      id: `${talk.id}-${at}`,
      traceId: talk.id,
      projectId: 'shop',
      environment: 'default',
      parentObservationId: null,
      level: 'DEFAULT',
      startTime: timeOf(talk, at),
      endTime: timeOf(talk, at + 1),
    };
    if (turn.role === 'tool')
      return [
        { ...row, type: 'TOOL', name: turn.call.name, input: JSON.stringify(turn.call.arguments), output: turn.text },
      ];
    const given = [{ role: 'system', content: SYSTEM }, ...talk.turns.slice(0, at).map(openAiMessage)];
    return [
      {
        ...row,
        type: 'GENERATION',
        name: 'chat',
        model: 'm-4',
        input: JSON.stringify(given),
        output: JSON.stringify(openAiMessage(turn)),
        usageDetails: { input: 420, output: 60 },
      },
    ];
  });
}

function openInferenceLines(talk: Talk): object[] {
  return talk.turns.flatMap((turn, at) => {
    if (!isAnswer(turn)) return [];
    const attributes: { [key: string]: string } = { 'session.id': talk.id, 'llm.model_name': 'm-5' };
    const list = (name: string, turns: readonly Turn[]) => {
      for (const [index, one] of turns.entries()) {
        const base = `${name}.${index}.message`;
        attributes[`${base}.role`] = one.role;
        attributes[`${base}.content`] = one.text;
        if (one.role === 'tool') attributes[`${base}.tool_call_id`] = one.call.id;
        else if ('call' in one) {
          const call = `${base}.tool_calls.0.tool_call`;
          attributes[`${call}.id`] = one.call.id;
          attributes[`${call}.function.name`] = one.call.name;
          attributes[`${call}.function.arguments`] = JSON.stringify(one.call.arguments);
        }
      }
    };
    list('llm.input_messages', talk.turns.slice(0, at));
    list('llm.output_messages', [turn]);
    return [
      {
        name: 'chat',
        context: { trace_id: talk.id, span_id: `${talk.id.slice(0, 12)}${at.toString(16).padStart(4, '0')}` },
        span_kind: 'LLM',
        parent_id: null,
        start_time: timeOf(talk, at),
        end_time: timeOf(talk, at + 1),
        status_code: 'OK',
        attributes,
        events: [],
      },
    ];
  });
}

const shareGptLines = (talk: Talk): object[] => [
  {
    id: talk.id,
    system: SYSTEM,
    conversations: talk.turns.map((turn) => {
      if (turn.role === 'tool') return { from: 'observation', value: turn.text };
      if ('call' in turn)
        return {
          from: 'function_call',
          value: JSON.stringify({ name: turn.call.name, arguments: turn.call.arguments }),
        };
      return { from: turn.role === 'user' ? 'human' : 'gpt', value: turn.text };
    }),
  },
];

export const FORMATS: { [name: string]: (talk: Talk) => object[] } = {
  'openai-chat': openAiLines,
  'anthropic-messages': anthropicLines,
  'claude-code': claudeCodeLines,
  otlp: otlpLines,
  langfuse: langfuseLines,
  openinference: openInferenceLines,
  sharegpt: shareGptLines,
};

/** How many sessions are open at a time. */
const OPEN = 16;

/** Writes one file a format and one in which all of them take turns. @returns their paths */
export function writeCorpus(folder: string, megabytes: number): string[] {
  const names = [...Object.keys(FORMATS), 'mixed'];
  const each = (megabytes * 1e6) / names.length;
  return names.map((name, at) => {
    const file = path.join(folder, `${name}-${megabytes}.jsonl`);
    const kinds = name === 'mixed' ? Object.values(FORMATS) : [FORMATS[name]!];
    writeFile(file, each, seededRandom(at + 1), kinds);
    return file;
  });
}

function writeFile(file: string, size: number, random: Random, kinds: readonly ((talk: Talk) => object[])[]): void {
  const out = openSync(file, 'w');
  const open: object[][] = [];
  let written = 0;
  let no = 0;
  const next = () => kinds[no % kinds.length]!(talkOf(random, no++));
  while (open.length < OPEN) open.push(next());
  let batch = '';
  while (written < size || open.some((lines) => lines.length > 0)) {
    const at = Math.floor(random() * open.length);
    const line = open[at]!.shift();
    if (line === undefined) {
      if (written < size) open[at] = next();
      else open.splice(at, 1);
      if (open.length === 0) break;
      continue;
    }
    batch += `${JSON.stringify(line)}\n`;
    if (batch.length > 1 << 18) {
      written += writeSync(out, batch);
      batch = '';
    }
  }
  writeSync(out, batch);
  closeSync(out);
}
