import { describe, expect, it } from 'vitest';
import { JsonNumber } from '../trajectory/json.ts';
import { makeMeta, makeTool, makeUnit, type Turn } from './fixtures/make-unit.ts';
import { isRefused, type Refused, type SftRow } from './row.ts';
import { serialiseRow } from './serialise.ts';
import { type SftOptions, toSftRow } from './sft-row.ts';

const ORDER = makeTool('get_order', { order_id: { type: 'integer' } }, ['order_id']);
const WEATHER = makeTool('get_weather', { city: { type: 'string' }, date: { type: 'string' } }, ['city', 'date']);

function rowOf(turns: readonly Turn[], tools = [ORDER, WEATHER], options: SftOptions = {}): SftRow {
  const made = toSftRow(makeUnit(turns, tools), makeMeta('sft-1'), options);
  if (isRefused(made)) throw new Error(made.refused);
  return made.row;
}
const refusalOf = (turns: readonly Turn[], tools = [ORDER, WEATHER], options: SftOptions = {}): Refused | undefined => {
  const made = toSftRow(makeUnit(turns, tools), makeMeta('sft-1'), options);
  return isRefused(made) ? made : undefined;
};
const metaOf = (row: SftRow) => JSON.parse(row.meta_json);

const TWO_CALLS: Turn[] = [
  { system: 'You are an order agent.' },
  { user: 'Where is order 4711, and will it rain in [LOCATION_7]?' },
  { calls: 'get_order', with: { order_id: 4711 }, step: 'a' },
  { calls: 'get_weather', with: { city: '[LOCATION_7]', date: '2026-11-03' }, step: 'a' },
  { returns: 'rain', of: 'get_weather' },
  { returns: 'shipped', of: 'get_order' },
  { says: 'It is on its way to [LOCATION_7]; rain is expected.' },
];

describe('what a trainer reads of a unit', () => {
  it('writes a question and its answer without tools into sft-chat, key by key', () => {
    const made = toSftRow(makeUnit([{ user: 'How long do refunds take?' }, { says: '5 days.' }]), makeMeta('sft-1'));
    expect(made).toMatchObject({ config: 'sft-chat' });
    expect(serialiseRow((made as { row: SftRow }).row)).toBe(
      '{"id":"sft-1","messages":[{"role":"user","content":"How long do refunds take?"},{"role":"assistant","content":"5 days."}],' +
        '"meta_json":"{\\"group\\":\\"g-sft-1\\",\\"level\\":\\"L0\\",\\"outcome\\":\\"success\\",\\"split\\":\\"train\\",\\"unit\\":\\"qa\\",\\"weight\\":1}"}\n',
    );
  });

  it('makes parallel calls one message and puts their results in the order of the calls', () => {
    const { messages } = rowOf(TWO_CALLS);
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'tool', 'assistant']);
    expect(messages[2]).toMatchObject({ tool_calls: [{ id: 'c00000000' }, { id: 'c00000001' }], content: '' });
    expect(messages.slice(3, 5)).toEqual([
      { role: 'tool', content: 'shipped', tool_call_id: 'c00000000', name: 'get_order' },
      { role: 'tool', content: 'rain', tool_call_id: 'c00000001', name: 'get_weather' },
    ]);
  });

  it('numbers placeholders anew in each row, the same in texts, arguments and answers', () => {
    const text = serialiseRow(rowOf(TWO_CALLS));
    expect(text).not.toContain('LOCATION_7');
    expect(text.match(/\[LOCATION_1\]/g)).toHaveLength(3);
  });

  it('leaves reasoning out, unless the release asks for it', () => {
    const turns: Turn[] = [{ user: 'Hi' }, { says: 'Hello.', thinks: 'A greeting.' }];
    expect(serialiseRow(rowOf(turns))).not.toContain('greeting');
    expect(rowOf(turns, [], { keepReasoning: true }).messages[1]).toEqual({
      role: 'assistant',
      content: 'Hello.',
      reasoning_content: 'A greeting.',
    });
  });

  it('keeps the literals of numbers that a double would print otherwise', () => {
    const pay = makeTool('pay', { amount: { type: 'number' } });
    const turns: Turn[] = [
      { user: 'Pay' },
      { calls: 'pay', with: { amount: new JsonNumber('1.0') } },
      { returns: 'ok', of: 'pay' },
      { says: 'Done.' },
    ];
    expect(serialiseRow(rowOf(turns, [pay]))).toContain('"arguments":{"amount":1.0}');
    const odd = turns.with(1, { calls: 'pay', with: { amount: 0.3 } });
    expect(refusalOf(odd, [pay])).toEqual({ refused: 'float_changes_on_load' });
  });

  it('puts retrieved passages in front of the question, unless the prompt quotes them already', () => {
    const passages = { retrieves: [{ id: 'doc-12#3', text: 'Refunds take 5 days.' }] };
    const row = rowOf([passages, { user: 'How long?' }, { says: '5 days [1].' }], []);
    expect(row.messages[0]!.content).toBe('Context:\n[1] Refunds take 5 days.\n\nQuestion: How long?');
    expect(metaOf(row)).toMatchObject({ unit: 'rag', context_ids: ['doc-12#3'] });
    const quoted = rowOf([{ user: 'Refunds take 5 days. How long?' }, passages, { says: '5 days.' }], []);
    expect(quoted.messages[0]!.content).toBe('Refunds take 5 days. How long?');
    expect(metaOf(quoted).context_ids).toEqual(['doc-12#3']);
  });

  it('joins what one side says twice in a row and leaves a greeting before the first question out, and says so', () => {
    const row = rowOf(
      [{ says: 'Welcome!' }, { user: 'Hi' }, { user: 'My bill?' }, { says: 'It is' }, { says: '5 EUR.' }],
      [],
    );
    expect(row.messages).toEqual([
      { role: 'user', content: 'Hi\n\nMy bill?' },
      { role: 'assistant', content: 'It is\n\n5 EUR.' },
    ]);
    expect(metaOf(row)).toMatchObject({ joined: 2, trimmed_head: 1 });
  });
});

describe('what is trained', () => {
  const BROKEN: Turn[] = [
    { user: 'Rain in Oslo?' },
    { calls: 'get_weather', with: { city: 'Oslo' }, id: 'bad' },
    { returns: 'missing parameter: date', of: 'bad', error: true },
    { calls: 'get_weather', with: { city: 'Oslo', date: '2026-11-03' }, id: 'good' },
    { returns: 'rain', of: 'good' },
    { says: 'Yes.' },
  ];

  it('keeps a call that breaks its schema as context, names it, and leaves it out of the loss', () => {
    const row = rowOf(BROKEN);
    expect(row.messages[1]).toMatchObject({ train: false });
    expect(Object.keys(row.messages[1]!)).toEqual(['role', 'content', 'tool_calls', 'train']);
    expect(row.messages[3]).not.toHaveProperty('train');
    expect(metaOf(row).invalid_calls).toEqual(['c00000000']);
  });

  it('masks steps that a reviewer marked as mistake or unnecessary', () => {
    const marks = new Map([['t_x:3', 'mistake' as const]]);
    expect(rowOf(BROKEN, undefined, { marks }).messages[3]).toMatchObject({ train: false });
  });

  it('masks copied answers, and refuses a row in which nothing is left to train', () => {
    const turns: Turn[] = [{ user: 'Hi' }, { says: 'Hello.', copied: true }];
    expect(refusalOf(turns)).toEqual({ refused: 'no_training_target' });
  });

  it('names the nulls that the log had', () => {
    const note = makeTool('note', { text: { type: ['string', 'null'] } });
    const row = rowOf(
      [{ user: 'x' }, { calls: 'note', with: { text: null } }, { returns: 'ok', of: 'note' }, { says: 'Done.' }],
      [note],
    );
    expect(metaOf(row).null_arguments).toEqual(['c00000000#/text']);
    expect(metaOf(row)).not.toHaveProperty('invalid_calls');
  });
});

describe('what is refused, with the reason', () => {
  it.each([
    [
      'a call without a result',
      'unpaired_call',
      [{ user: 'a' }, { calls: 'get_order', with: { order_id: 1 } }, { says: 'b' }],
    ],
    [
      'a tool that was not offered',
      'tool_not_offered',
      [{ user: 'a' }, { calls: 'other', with: {} }, { returns: 'c', of: 'other' }, { says: 'b' }],
    ],
    [
      'a user who speaks between result and answer',
      'order',
      [
        { user: 'a' },
        { calls: 'get_order', with: { order_id: 1 } },
        { returns: 'c', of: 'get_order' },
        { user: 'd' },
        { says: 'b' },
      ],
    ],
    [
      'arguments that are no object',
      'unparsable_arguments',
      [{ user: 'a' }, { calls: 'get_order', with: 'x' }, { returns: 'c', of: 'get_order' }, { says: 'b' }],
    ],
    ['nobody asking', 'no_user', [{ system: 's' }, { says: 'b' }]],
    [
      'another system prompt in the middle',
      'system_midway',
      [{ user: 'a' }, { says: 'b' }, { system: 's' }, { user: 'c' }, { says: 'd' }],
    ],
    [
      'an integer that no double holds',
      'integer_too_large',
      [
        { user: 'a' },
        { calls: 'get_order', with: { order_id: new JsonNumber('9007199254740993') } },
        { returns: 'c', of: 'get_order' },
        { says: 'b' },
      ],
    ],
  ] as [string, string, Turn[]][])('%s: %s', (_, refused, turns) => {
    expect(refusalOf(turns)).toMatchObject({ refused });
  });

  it('calls in a log that does not say what was offered, unless the catalogue does', () => {
    const turns: Turn[] = [
      { user: 'a' },
      { calls: 'get_order', with: { order_id: 1 } },
      { returns: 'c', of: 'get_order' },
      { says: 'b' },
    ];
    expect(refusalOf(turns, [])).toEqual({ refused: 'tools_unknown' });
    expect(metaOf(rowOf(turns, [], { toolCatalogue: [ORDER] }))).toMatchObject({ tools_from: 'catalogue' });
  });

  it('units that segmentation found unfit, with its reason', () => {
    const unit = makeUnit([{ user: 'a' }, { says: 'b' }]);
    unit.eligible = { sft: false, reasons: ['source_redacted'] };
    expect(toSftRow(unit, makeMeta('x'))).toEqual({ refused: 'ineligible', detail: 'source_redacted' });
  });
});
