import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFiles, type FileToCheck } from './check-files.ts';
import { type Kind, RowChecker } from './check-rows.ts';
import { type Code, type Finding, FindingBook } from './findings.ts';
import { LineSplitter } from './line-splitter.ts';
import { readLine } from './read-line.ts';
import { serialiseRow } from './serialise.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests break rows in every way
type Loose = any;

const read = (name: string) => readFileSync(new URL(`./fixtures/${name}.jsonl`, import.meta.url), 'utf8');
const rowsOf = (name: string): Loose[] =>
  read(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const write = (rows: readonly Loose[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const check = async (kind: Kind, files: Record<string, string | Uint8Array>): Promise<Finding[]> => {
  const given: FileToCheck[] = Object.entries(files).map(([file, content]) => ({
    file,
    chunks: () => [Buffer.from(content)],
  }));
  return (await checkFiles(given, kind)).findings;
};
const places = (findings: readonly Finding[]) => findings.map(({ code, row, path }) => `${code} ${row ?? '-'} ${path}`);

/** Agent rows: the sample row three times, as three rows. */
const agentRows = (): Loose[] =>
  [1, 2, 3].map((n) => {
    const [row] = rowsOf('sft-agent');
    return { ...row, id: `sft-${n}`, meta_json: row.meta_json.replace('g-81f4', `g-${n}`) };
  });
const chatRows = (): Loose[] => rowsOf('sft-chat');
const pairRows = (): Loose[] => rowsOf('dpo-agent');

describe('good files', () => {
  it.each([
    ['sft', 'sft-chat'],
    ['sft', 'sft-agent'],
    ['dpo', 'dpo-chat'],
    ['dpo', 'dpo-agent'],
    ['eval', 'eval'],
  ] as const)('of kind %s, %s: no finding, and the same bytes when written again', async (kind, name) => {
    const text = read(name);
    expect(await check(kind, { [`${name}.jsonl`]: text })).toEqual([]);
    const again = text
      .split('\n')
      .map((line) => (line === '' ? '' : serialiseRow((readLine(line) as { value: Loose }).value)));
    expect(again.join('')).toBe(text);
  });

  it('are judged alike however their bytes come in', async () => {
    const text = Buffer.from(`${write(agentRows())}x\n`);
    for (const size of [1, 7, 1000]) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < text.length; at += size) chunks.push(text.subarray(at, at + size));
      const { findings } = await checkFiles([{ file: 'train.jsonl', chunks: () => chunks }], 'sft');
      expect(places(findings)).toEqual(['F03 4 ']);
    }
  });
});

type Bad = [code: Code, says: string, kind: Kind, files: Record<string, string | Uint8Array>, places: string[]];

/** One file in which one thing is wrong. */
function bad(
  code: Code,
  says: string,
  kind: Kind,
  rows: Loose[],
  change: (rows: Loose[]) => unknown,
  at: string[],
): Bad {
  const result = change(rows);
  const changed = Array.isArray(result) ? result : rows;
  return [code, says, kind, { 'train.jsonl': write(changed) }, at];
}
const raw = (code: Code, says: string, kind: Kind, content: string | Uint8Array, at: string[]): Bad => [
  code,
  says,
  kind,
  { 'train.jsonl': content },
  at,
];
const editMeta = (row: Loose, edit: (meta: Loose) => void) => {
  const meta = JSON.parse(row.meta_json);
  edit(meta);
  row.meta_json = JSON.stringify(meta);
};
const editTools = (row: Loose, edit: (tools: Loose) => void) => {
  const tools = JSON.parse(row.tools);
  edit(tools);
  row.tools = JSON.stringify(tools);
};
const argsOf = (row: Loose, message: number, call = 0): Loose =>
  row.messages[message].tool_calls[call].function.arguments;
const CALL = '/messages/2/tool_calls/0';

const TRAPS: Bad[] = [
  bad(
    'T01',
    'a null that the schema does not allow',
    'sft',
    agentRows(),
    (rows) => {
      argsOf(rows[1], 2).date = null;
    },
    ['T01 2 /messages/2/tool_calls/0/function/arguments/date'],
  ),
  bad(
    'T01',
    'a message key that is null',
    'sft',
    agentRows(),
    (rows) => {
      rows[1].messages[1].tool_calls = null;
    },
    ['T01 2 /messages/1/tool_calls'],
  ),
  [
    'T02',
    'a key that the first file did not have',
    'sft',
    {
      'train.jsonl': write(chatRows()),
      'test.jsonl': write([
        {
          ...chatRows()[0],
          id: 'x',
          messages: [chatRows()[0].messages[1], { ...chatRows()[0].messages[2], train: true }],
          meta_json: '{}',
        },
      ]),
    },
    ['T02 1 /messages/1/train'],
  ],
  bad(
    'T03',
    'a content that is no string',
    'sft',
    chatRows(),
    (rows) => {
      rows[1].messages[1].content = [{ type: 'text', text: 'a' }];
    },
    ['T03 2 /messages/1/content'],
  ),
  bad(
    'T04',
    'a float that ujson changes',
    'sft',
    agentRows(),
    (rows) => {
      editTools(rows[1], (tools) => {
        tools[0].function.parameters.properties.order_id.type = 'number';
      });
      argsOf(rows[1], 2).order_id = 0.3;
    },
    [`T04 2 ${CALL}/function/arguments/order_id`],
  ),
  bad(
    'T05',
    'an integer beyond 2^53',
    'sft',
    agentRows(),
    (rows) => {
      argsOf(rows[1], 2).order_id = 9007199254740992;
    },
    [`T05 2 ${CALL}/function/arguments/order_id`],
  ),
  bad(
    'T06',
    'columns of an agent trace',
    'sft',
    agentRows(),
    (rows) => rows.map((row) => ({ ...row, type: 'user', message: 'x' })),
    ['T06 - '],
  ),
  bad(
    'T07',
    'template arguments in some rows only',
    'sft',
    agentRows(),
    (rows) => {
      rows[1].chat_template_kwargs = { enable_thinking: false };
    },
    ['T07 1 /chat_template_kwargs', 'T07 3 /chat_template_kwargs'],
  ),
  bad(
    'T07',
    'other template arguments',
    'sft',
    agentRows(),
    (rows) => rows.map((row, n) => ({ ...row, chat_template_kwargs: n === 2 ? { b: 1 } : { a: 1 } })),
    ['T07 3 /chat_template_kwargs'],
  ),
  bad(
    'T08',
    'an empty list of tools',
    'sft',
    agentRows(),
    (rows) => {
      rows[1].tools = '[]';
      rows[1].messages = chatRows()[0].messages;
      editMeta(rows[1], (meta) => {
        delete meta.invalid_calls;
      });
    },
    ['T08 2 /tools'],
  ),
  bad(
    'T09',
    'an empty message list',
    'sft',
    chatRows(),
    (rows) => {
      rows[1].messages = [];
    },
    ['T09 2 /messages'],
  ),
  bad(
    'T09',
    'a payload of another shape',
    'sft',
    chatRows(),
    (rows) => {
      rows[1].messages = 'Hi';
    },
    ['T09 2 /messages'],
  ),
  bad('T10', 'a reserved column', 'sft', chatRows(), (rows) => rows.map((row) => ({ ...row, text: 'x' })), [
    'T10 - /text',
  ]),
  bad(
    'T13',
    'two completion messages',
    'dpo',
    pairRows(),
    (rows) => {
      rows[1].chosen.push({ role: 'user', content: 'x' });
    },
    ['T13 2 /chosen'],
  ),
  bad(
    'T15',
    'a content that is null',
    'sft',
    agentRows(),
    (rows) => {
      rows[1].messages[2].content = null;
    },
    ['T15 2 /messages/2/content'],
  ),
  bad(
    'T15',
    'no content',
    'sft',
    agentRows(),
    (rows) => {
      delete rows[1].messages[2].content;
    },
    ['T15 2 /messages/2/content'],
  ),
  bad(
    'T16',
    'arguments as a string',
    'sft',
    agentRows(),
    (rows) => {
      rows[1].messages[2].tool_calls[0].function.arguments = '{"order_id": 4711}';
    },
    [`T16 2 ${CALL}/function/arguments`],
  ),
  bad(
    'T19',
    'a column without a value',
    'sft',
    agentRows().map((row) => ({ ...row, messages: chatRows()[0].messages, meta_json: '{}' })),
    (rows) =>
      void rows.forEach((row) => {
        row.tools = null;
      }),
    ['T19 - /tools'],
  ),
  ['T20', 'a file of another form', 'sft', { 'train.json': write(chatRows()) }, ['T20 - ']],
  ['T20', 'a train file with the word of another split', 'sft', { 'train-dev.jsonl': write(chatRows()) }, ['T20 - ']],
  bad(
    'T21',
    'ids that look like dates',
    'sft',
    chatRows(),
    (rows) => rows.map((row, n) => ({ ...row, id: `2026-11-0${n + 1}` })),
    ['T21 - /id'],
  ),
  raw(
    'T21',
    'arguments that look like dates in a file without an anchor',
    'dpo',
    `${read('dpo-agent').split('\n')[0]}\n`,
    ['T21 - /chosen/0/tool_calls/0/function/arguments/date'],
  ),
];

const FORMS: Bad[] = [
  raw(
    'F01',
    'bytes that are not UTF-8',
    'sft',
    Buffer.concat([Buffer.from(read('sft-chat')), Buffer.from([0x22, 0xff, 0x22, 0x0a])]),
    ['F01 3 '],
  ),
  raw('F01', 'a BOM', 'sft', `\ufeff${read('sft-chat')}`, ['F01 1 ']),
  raw('F02', 'a blank line', 'sft', read('sft-chat').replace('\n', '\n\n'), ['F02 2 ']),
  raw('F02', 'CR LF', 'sft', read('sft-chat').replaceAll('\n', '\r\n'), ['F02 1 ', 'F02 2 ']),
  raw('F02', 'no LF at the end', 'sft', read('sft-chat').trimEnd(), ['F02 2 ']),
  raw('F03', 'no JSON', 'sft', `${read('sft-chat')}{"id":\n`, ['F03 3 ']),
  raw('F03', 'no object', 'sft', `${read('sft-chat')}[1]\n`, ['F03 3 ']),
  raw('F03', 'a key twice', 'sft', read('sft-chat').replace('{"id"', '{"id":"a","id"'), ['F03 1 ']),
  raw('F03', 'NaN', 'sft', read('sft-agent').replace('4711}', 'NaN}'), ['F03 1 ']),
  raw('F03', 'a lone surrogate', 'sft', read('sft-chat').replace('Refunds', '\\ud800Refunds'), ['F03 1 ']),
  raw('F03', 'deep nesting', 'sft', `${read('sft-chat')}{"a":${'['.repeat(600)}${']'.repeat(600)}}\n`, ['F03 3 ']),
  bad(
    'F04',
    'another key set',
    'sft',
    agentRows(),
    (rows) => {
      delete rows[1].tools;
    },
    [
      'F04 2 /tools',
      'M05 2 /messages/2/tool_calls/0/function/name',
      'M05 2 /messages/2/tool_calls/1/function/name',
      'M05 2 /messages/5/tool_calls/0/function/name',
    ],
  ),
  bad('F05', 'a column of its own', 'sft', chatRows(), (rows) => rows.map((row) => ({ ...row, extra: 'x' })), [
    'F05 1 /extra',
  ]),
  bad(
    'F06',
    'an id that is repeated',
    'sft',
    chatRows(),
    (rows) => {
      rows[1].id = rows[0].id;
    },
    ['F06 2 /id'],
  ),
  bad(
    'F06',
    'no id',
    'sft',
    chatRows(),
    (rows) => {
      delete rows[1].id;
    },
    ['F06 2 /id'],
  ),
  bad(
    'F07',
    'a meta_json that holds no object',
    'sft',
    chatRows(),
    (rows) => {
      rows[1].meta_json = '[1]';
    },
    ['F07 2 /meta_json'],
  ),
];

const MESSAGES: Bad[] = [
  bad(
    'M01',
    'an unknown role',
    'sft',
    chatRows(),
    (rows) => {
      rows[1].messages[1].role = 'human';
    },
    ['M01 2 /messages/1/role'],
  ),
  bad(
    'M02',
    'a user message at the end',
    'sft',
    chatRows(),
    (rows) => {
      rows[1].messages.push({ role: 'user', content: 'x' });
    },
    ['M02 2 /messages/3'],
  ),
  bad(
    'M02',
    'a system message in the middle',
    'sft',
    chatRows(),
    (rows) => {
      rows[1].messages.splice(2, 0, { role: 'system', content: 'x' });
    },
    ['M02 2 /messages/2', 'M02 2 /messages/3'],
  ),
  bad(
    'M02',
    'an end with calls without a cut',
    'sft',
    agentRows(),
    (rows) => {
      rows[1].messages = rows[1].messages.slice(0, 6);
    },
    ['M02 2 /messages/5'],
  ),
  bad(
    'M02',
    'a prompt that ends with an answer',
    'dpo',
    pairRows(),
    (rows) => {
      rows[1].prompt.push({ role: 'assistant', content: 'x' });
    },
    ['M02 2 /prompt/1'],
  ),
  bad(
    'M03',
    'results in another order than the calls',
    'sft',
    agentRows(),
    (rows) => {
      const { messages } = rows[1];
      [messages[3], messages[4]] = [messages[4], messages[3]];
    },
    ['M03 2 /messages/3/tool_call_id', 'M03 2 /messages/4/tool_call_id'],
  ),
  bad(
    'M03',
    'a call without a tool message',
    'sft',
    agentRows(),
    (rows) => {
      rows[1].messages.splice(6, 1);
    },
    ['M03 2 /messages/6'],
  ),
  bad(
    'M04',
    'a call without its type',
    'sft',
    agentRows(),
    (rows) => {
      delete rows[1].messages[2].tool_calls[0].type;
    },
    ['M04 2 /messages/2/tool_calls/0'],
  ),
  bad(
    'M04',
    'an empty list of calls',
    'sft',
    agentRows(),
    (rows) => {
      rows[1].messages[7].tool_calls = [];
    },
    ['M04 2 /messages/7/tool_calls'],
  ),
  bad(
    'M05',
    'a tool that is not offered',
    'sft',
    agentRows(),
    (rows) =>
      editTools(rows[1], (tools) => {
        tools.shift();
      }),
    [`M05 2 ${CALL}/function/name`],
  ),
  bad(
    'M06',
    'arguments that break the schema',
    'sft',
    agentRows(),
    (rows) => {
      argsOf(rows[1], 2).order_id = 'x';
    },
    [`M06 2 ${CALL}/function/arguments/order_id`],
  ),
  bad(
    'M06',
    'an invalid call that is trained',
    'sft',
    agentRows(),
    (rows) => {
      delete rows[1].messages[2].train;
    },
    ['M06 2 /messages/2/tool_calls/1/function/arguments'],
  ),
  bad(
    'M06',
    'an invalid call that nobody names',
    'sft',
    agentRows(),
    (rows) =>
      editMeta(rows[1], (meta) => {
        delete meta.invalid_calls;
      }),
    ['M06 2 /messages/2/tool_calls/1/function/arguments'],
  ),
  bad(
    'M06',
    'an invalid call that was chosen',
    'dpo',
    pairRows(),
    (rows) => {
      delete rows[0].chosen[0].tool_calls[0].function.arguments.date;
      editMeta(rows[0], (meta) => meta.invalid_calls.push('c00000001'));
    },
    ['M06 1 /chosen/0/tool_calls/0/function/arguments'],
  ),
  bad(
    'M07',
    'an answer that says nothing',
    'sft',
    chatRows(),
    (rows) => {
      rows[1].messages[2].content = ' ';
    },
    ['M07 2 /messages/2'],
  ),
  bad(
    'M08',
    'a message key of its own',
    'sft',
    agentRows(),
    (rows) => {
      rows[1].messages[1].name = 'x';
    },
    ['M08 2 /messages/1/name'],
  ),
  bad(
    'M09',
    'tools that are no functions',
    'sft',
    agentRows(),
    (rows) => {
      rows[1].tools = '[{"name":"x"}]';
    },
    ['M09 2 /tools'],
  ),
  bad(
    'M10',
    'a call id of another form',
    'sft',
    agentRows(),
    (rows) => {
      rows[1].messages[5].tool_calls[0].id = 'call_1';
      rows[1].messages[6].tool_call_id = 'call_1';
    },
    ['M10 2 /messages/5/tool_calls/0/id'],
  ),
  bad(
    'M10',
    'a call id twice',
    'sft',
    agentRows(),
    (rows) => {
      rows[1].messages[5].tool_calls[0].id = 'c00000000';
      rows[1].messages[6].tool_call_id = 'c00000000';
    },
    ['M10 2 /messages/5/tool_calls/0/id'],
  ),
  bad(
    'M11',
    'nothing that is trained',
    'sft',
    agentRows(),
    (rows) =>
      void rows[1].messages.forEach((message: Loose) => {
        if (message.role === 'assistant') message.train = false;
      }),
    ['M11 2 '],
  ),
];

const PAIRS_AND_EVAL: Bad[] = [
  bad(
    'P01',
    'equal sides',
    'dpo',
    rowsOf('dpo-chat'),
    (rows) => {
      rows[0].rejected[0].content = ` ${rows[0].chosen[0].content}\n`;
    },
    ['P01 1 '],
  ),
  bad(
    'P02',
    'an empty side',
    'dpo',
    rowsOf('dpo-chat'),
    (rows) => {
      rows[0].rejected[0].content = ' ';
    },
    ['P02 1 /rejected'],
  ),
  [
    'E01',
    'a category that is none',
    'eval',
    { 'gold.jsonl': write(rowsOf('eval').map((row) => ({ ...row, category: 'hard' }))) },
    ['E01 1 /category'],
  ],
  [
    'E01',
    'accepted values that are no list',
    'eval',
    { 'gold.jsonl': write(rowsOf('eval').map((row) => ({ ...row, ground_truth: [{ get_weather: { city: 'x' } }] }))) },
    ['E01 1 /ground_truth/0'],
  ],
  [
    'E02',
    'an answer that names another function',
    'eval',
    { 'gold.jsonl': write(rowsOf('eval').map((row) => ({ ...row, ground_truth: [{ other: { city: ['x'] } }] }))) },
    ['E02 1 /ground_truth/0'],
  ],
  [
    'S01',
    'one group in two splits',
    'sft',
    {
      'train.jsonl': write([chatRows()[0]]),
      'test.jsonl': write([{ ...chatRows()[1], meta_json: chatRows()[0].meta_json }]),
    },
    ['S01 1 /meta_json'],
  ],
];

describe('each code is found where it is, and nothing else', () => {
  it.each([...TRAPS, ...FORMS, ...MESSAGES, ...PAIRS_AND_EVAL])('%s: %s', async (code, _, kind, files, at) => {
    const findings = await check(kind, files);
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(places(errors)).toEqual(at);
    expect(errors.map((finding) => finding.code)).toContain(code);
    for (const { message, fix } of findings) expect([message.includes(': '), fix.length > 0]).toEqual([true, true]);
  });
});

describe('what looks wrong and is not', () => {
  const clean = async (rows: Loose[], kind: Kind = 'sft') =>
    expect(places(await check(kind, { 'train.jsonl': write(rows) }))).toEqual([]);

  it('a null that the log had and meta names', async () => {
    const rows = agentRows();
    argsOf(rows[1], 5).city = null;
    editMeta(rows[1], (meta) => {
      meta.null_arguments = ['c00000002#/city'];
    });
    await clean(rows);
  });

  it('a null that the schema allows', async () => {
    for (const city of [
      { type: ['string', 'null'] },
      { type: 'string', nullable: true },
      { anyOf: [{ type: 'null' }, { type: 'string' }] },
      { enum: ['a', null] },
    ]) {
      const rows = agentRows();
      argsOf(rows[1], 5).city = null;
      editTools(rows[1], (tools) => {
        tools[1].function.parameters.properties.city = city;
      });
      editMeta(rows[1], (meta) => {
        delete meta.cluster;
      });
      const findings = await check('sft', { 'train.jsonl': write(rows) });
      expect(findings.filter(({ code }) => code === 'T01')).toEqual([]);
    }
  });

  it('a placeholder where the schema asks for a format, an enum or a length', async () => {
    const rows = agentRows();
    editTools(rows[1], (tools) => {
      tools[1].function.parameters.properties.city = {
        type: 'string',
        enum: ['Oslo'],
        format: 'email',
        maxLength: 3,
        pattern: '^x$',
      };
    });
    await clean(rows);
  });

  it('a row cut at a reviewed step', async () => {
    const rows = agentRows();
    rows[1].messages = rows[1].messages.slice(0, 6);
    editMeta(rows[1], (meta) => {
      meta.cut = 'step';
    });
    await clean(rows);
  });

  it('arguments as strings in a row that says so', async () => {
    const rows = agentRows();
    for (const message of rows[1].messages)
      for (const call of message.tool_calls ?? [])
        call.function.arguments = JSON.stringify(call.function.arguments)
          .replaceAll('":', '": ')
          .replaceAll(',"', ', "');
    editMeta(rows[1], (meta) => {
      meta.args_form = 'string';
    });
    await clean(rows);
  });

  it('the same call id on both sides of a pair', async () => {
    const rows = pairRows();
    rows[0].rejected = structuredClone(rows[0].chosen);
    rows[0].rejected[0].tool_calls[0].function.arguments.date = 'tomorrow';
    await clean(rows, 'dpo');
  });
});

describe('the first chunk of a loader', () => {
  const plain = (n: number): Loose => ({
    id: `a${n}`,
    messages: [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: 'y' },
    ],
    meta_json: '{}',
  });
  const late = (): Loose => {
    const row = plain(99);
    row.messages[1].train = true;
    return row;
  };
  const checkWith = (rows: Loose[], sampleBytes: number) => {
    const book = new FindingBook();
    const checker = new RowChecker('sft', book, undefined, sampleBytes);
    checker.open('train.jsonl');
    checker.push(Buffer.from(write(rows)));
    checker.close();
    checker.finish();
    return places(book.list());
  };

  it('freezes the types: a later row with a new key fails, the same row inside the chunk does not', () => {
    const rows = [...Array.from({ length: 9 }, (_, n) => plain(n)), late()];
    expect(checkWith(rows, 200)).toEqual(['T02 10 /messages/1/train']);
    expect(checkWith(rows, 10_000)).toEqual([]);
    expect(checkWith([late(), ...rows.slice(0, 9)], 200)).toEqual([]);
  });

  it('warns when only another order of splits would fail', async () => {
    const findings = await check('sft', { 'train.jsonl': write([late()]), 'test.jsonl': write([plain(1)]) });
    expect(findings.map(({ code, severity, file }) => [code, severity, file])).toEqual([
      ['T02', 'warning', 'train.jsonl'],
    ]);
  });
});

it('shows at most 20 findings of a code in a file, then their count', async () => {
  const rows = Array.from({ length: 50 }, (_, n) => ({ ...chatRows()[0], id: `x${n}`, meta_json: '' }));
  const findings = await check('sft', { 'train.jsonl': write(rows) });
  expect(findings).toHaveLength(21);
  expect(findings.at(-1)).toMatchObject({ code: 'F07', row: null, message: expect.stringContaining('50 findings') });
});

describe('reading a line', () => {
  it('gives what JSON.parse gives, for every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const text = JSON.stringify(value);
        const reading = readLine(text);
        expect(reading.ok && JSON.parse(serialiseRow(reading.value as never))).toEqual(JSON.parse(text));
      }),
      { numRuns: 150 },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    for (const text of [
      '',
      '{',
      '{"a"}',
      '{"a":1,}',
      '[1,]',
      '01',
      '1.',
      '.5',
      '+1',
      'tru',
      '"a',
      '"\u0001"',
      '{"a":1}x',
      "{'a':1}",
      '[1 2]',
      '{,}',
      '[,]',
      '"\\x"',
    ]) {
      expect([text, readLine(text).ok]).toEqual([text, false]);
      expect(() => JSON.parse(text)).toThrow();
    }
  });

  it('cuts bytes into the same lines whatever the chunks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 12, maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (bytes, size) => {
        const linesOf = (step: number) => {
          const splitter = new LineSplitter();
          const lines: string[] = [];
          for (let at = 0; at < bytes.length; at += step)
            for (const line of splitter.push(bytes.slice(at, at + step)))
              lines.push(`${Buffer.from(line.bytes).toString('hex')} ${line.hasEnd}`);
          for (const line of splitter.end()) lines.push(`${Buffer.from(line.bytes).toString('hex')} ${line.hasEnd}`);
          return lines;
        };
        expect(linesOf(size)).toEqual(linesOf(1000));
      }),
    );
  });
});
