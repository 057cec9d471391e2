import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trajectory } from '../../trajectory/trajectory.ts';
import { parseSource } from '../parse-source.ts';
import { faultsOf, JsonMapping, type Mapping, Mapping as MappingSchema, type Meaning } from './mapping.ts';
import { mappingAdapter } from './mapping-adapter.ts';
import { without } from './pattern.ts';
import { previewMapping } from './preview.ts';
import { surveyFields } from './survey.ts';

async function read(mapping: Mapping, text: string) {
  const trajectories: Trajectory[] = [];
  const refused: { recordNo: number; reason: string; message?: string }[] = [];
  const run = parseSource({
    path: 'x',
    bytes: async function* () {
      yield Buffer.from(text);
    },
    adapter: mappingAdapter(mapping, 'desk@1'),
  });
  for (let step = await run.next(); ; step = await run.next()) {
    if (step.done) return { trajectories, refused, summary: step.value };
    if (step.value.kind === 'trajectory') trajectories.push(step.value.trajectory);
    else if (step.value.kind === 'quarantined') {
      const { recordNo, reason, message } = step.value;
      refused.push({ recordNo, reason, ...(message !== undefined && { message }) });
    }
  }
}
const lines = (...records: unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const told = ({ events }: Trajectory) =>
  events.map((event) => [event.kind, event.parts.flatMap((part) => ('text' in part ? [part.text] : [])).join('|')]);

const TALKS: Mapping = {
  kind: 'json',
  fields: [
    { at: '/case/no', is: 'conversation' },
    { at: '/log', is: 'turns' },
    { at: '/log/*/who', is: 'role' },
    { at: '/log/*/said', is: 'text' },
    { at: '/log/*/at', is: 'time' },
    { at: '/log/*/fn', is: 'tool' },
    { at: '/log/*/args', is: 'arguments' },
    { at: '/log/*/ref', is: 'call_id' },
  ],
  speakers: [
    { word: 'Kunde', is: 'user' },
    { word: 'asst', is: 'assistant' },
    { word: 'machine', is: 'tool' },
  ],
};
const TALK = {
  case: { no: 17, desk: 'north' },
  log: [
    { who: 'Kunde', said: 'Where is my order?', at: '2026-03-01T09:00:00Z', mood: 'cross' },
    { who: 'asst', said: 'I look.', fn: 'get_order', args: { id: 7 }, ref: 'c1' },
    { who: 'machine', said: 'shipped', ref: 'c1' },
    { who: 'asst', said: 'It was shipped.' },
  ],
};

describe('logs with a list of turns', () => {
  it('read as the mapping says: speakers, texts, times, calls with their results', async () => {
    const { trajectories, summary } = await read(TALKS, lines(TALK));
    expect(summary).toMatchObject({ records: 1, mapped: 1, quarantined: [] });
    expect(told(trajectories[0]!)).toEqual([
      ['user', 'Where is my order?'],
      ['assistant', 'I look.'],
      ['tool_call', ''],
      ['tool_result', 'shipped'],
      ['assistant', 'It was shipped.'],
      ['meta', ''],
    ]);
    const [user, , call, result] = trajectories[0]!.events;
    expect(user).toMatchObject({ role: 'Kunde', ts: '2026-03-01T09:00:00.000Z', raw: { pointer: '/log/0' } });
    expect(call).toMatchObject({ toolCall: { name: 'get_order', arguments: { id: 7 }, callId: 'c1' } });
    expect(result).toMatchObject({ toolResult: { forEventId: call!.id } });
    expect(trajectories[0]).toMatchObject({
      externalIds: { conversation: '17' },
      source: { adapter: 'mapping', adapterVersion: 'desk@1' },
    });
  });

  it('keep what no field names as meta, and nothing of what one names', async () => {
    const { trajectories } = await read(TALKS, lines(TALK));
    const meta = trajectories[0]!.events.at(-1)!;
    expect(JSON.parse(JSON.stringify(meta.parts))).toEqual([
      { type: 'json', value: { case: { desk: 'north' }, log: [{ mood: 'cross' }, null, null, null] } },
    ]);
  });

  it('refuse a record with a word that nobody explained, by place and not by value', async () => {
    const odd = { ...TALK, log: [{ who: 'Secret Name', said: 'x' }] };
    const { refused, summary } = await read(TALKS, lines(TALK, odd, { case: { no: 3 } }, 7));
    expect(refused).toEqual(
      [
        { recordNo: 2, reason: 'schema_mismatch', message: 'a role that the mapping does not name at /log/0/who' },
        { recordNo: 3, reason: 'schema_mismatch', message: 'no list at /log' },
        { recordNo: 4, reason: expect.any(String) },
      ].map((row) => (row.recordNo === 4 ? expect.objectContaining({ recordNo: 4 }) : row)),
    );
    expect(summary.mapped + summary.duplicates + summary.quarantined.length).toBe(summary.records);
  });
});

describe('logs with a turn or an exchange a record', () => {
  it('are one conversation where they share an id, in the order of the file', async () => {
    const mapping: Mapping = {
      kind: 'json',
      fields: [
        { at: '/s', is: 'conversation' },
        { at: '/r', is: 'role' },
        { at: '/t', is: 'text' },
      ],
      speakers: [{ word: 'asst', is: 'assistant' }],
    };
    const { trajectories } = await read(
      mapping,
      lines({ s: 'a', r: 'user', t: 'one' }, { s: 'b', r: 'user', t: 'two' }, { s: 'a', r: 'asst', t: 'three' }),
    );
    expect(trajectories.map(told)).toEqual([
      [
        ['user', 'one'],
        ['assistant', 'three'],
      ],
      [['user', 'two']],
    ]);
  });

  it('are a conversation each where a record is question and answer', async () => {
    const mapping: Mapping = {
      kind: 'json',
      fields: [
        { at: '/in/q', is: 'question' },
        { at: '/out', is: 'answer' },
        { at: '/docs', is: 'context' },
      ],
      speakers: [],
    };
    const { trajectories } = await read(
      mapping,
      lines({ in: { q: 'Q1' }, out: 'A1', docs: ['p1', 'p2'] }, { in: { q: 'Q2' }, out: 'A2' }),
    );
    expect(trajectories.map(told)).toEqual([
      [
        ['user', 'Q1'],
        ['retrieval', 'p1|p2'],
        ['assistant', 'A1'],
      ],
      [
        ['user', 'Q2'],
        ['assistant', 'A2'],
      ],
    ]);
  });
});

describe('plain text', () => {
  const CALLS: Mapping = {
    kind: 'text',
    labels: [
      { label: '[*] Kunde>', is: 'user' },
      { label: '[*] Berater>', is: 'assistant' },
    ],
    separator: '~~~',
  };
  const CALL =
    'Call log 7\n[2026-03-01 09:00] Kunde> Guten Tag\nnoch da?\n[2026-03-01 09:01] Berater> Ja.\n~~~\n[x] Kunde> Neu\n[x] Berater> Gut\n';

  it('is read by its labels, with times, turns of several lines and the line that parts', async () => {
    const { trajectories, summary } = await read(CALLS, CALL);
    expect(trajectories.map(told)).toEqual([
      [
        ['meta', 'Call log 7'],
        ['user', 'Guten Tag\nnoch da?'],
        ['assistant', 'Ja.'],
        ['meta', '~~~'],
      ],
      [
        ['user', 'Neu'],
        ['assistant', 'Gut'],
      ],
    ]);
    expect(trajectories[0]!.events[1]).toMatchObject({
      ts: '2026-03-01T09:00:00.000Z',
      raw: { recordNo: 2, recordEnd: 3 },
    });
    expect(summary).toMatchObject({ records: 7, mapped: 7 });
  });

  it('is told before it is imported: what would be understood, and which lines have no label', async () => {
    expect(await previewMapping(CALLS, [CALL])).toMatchObject({
      records: 7,
      understood: 5,
      unlabelled: 2,
      conversations: 2,
    });
  });

  it('is matched in linear time', () => {
    const mapping: Mapping = {
      kind: 'text',
      labels: [
        { label: `${'*a'.repeat(39)}b`, is: 'user' },
        { label: 'x>', is: 'assistant' },
      ],
    };
    const started = performance.now();
    return read(mapping, `${'a'.repeat(200_000)}\nx> y\n`).then(() =>
      expect(performance.now() - started).toBeLessThan(1500),
    );
  });
});

describe('a preview', () => {
  it('lists every field that is not bound, every unknown word and every misfit', async () => {
    const odd = { ...TALK, log: [{ who: 'chef', said: 'x', extra: { deep: 1 } }], __proto__x: true };
    const preview = await previewMapping(TALKS, [JSON.stringify(TALK), JSON.stringify(odd, null, 2)]);
    expect(preview).toMatchObject({
      records: 2,
      understood: 1,
      conversations: 1,
      unknownRoles: [{ word: 'chef', records: 1 }],
    });
    expect(preview.misfits).toEqual([{ why: 'a role that the mapping does not name at /log/*/who', records: 1 }]);
    expect(preview.dropped).toEqual([
      { at: '/case/desk', records: 2 },
      { at: '/log/*/mood', records: 1 },
      { at: '/log/*/extra/deep', records: 1 },
      { at: '/__proto__x', records: 1 },
    ]);
    expect(preview.turns[0]).toEqual({ kind: 'user', text: 'Where is my order?' });
  });

  it('reads a record that is a list without taking it for several', async () => {
    expect(await previewMapping(TALKS, ['[{"who":"Kunde","said":"x"}]'])).toMatchObject({ records: 1, understood: 0 });
  });
});

describe('a survey of fields', () => {
  it('guesses what a person would bind, each meaning once', () => {
    const guessed = surveyFields([TALK as never, TALK as never]).flatMap(({ at, guess }) =>
      guess ? [[at, guess]] : [],
    );
    expect(guessed).toEqual([
      ['/log', 'turns'],
      ['/log/*/who', 'role'],
      ['/log/*/said', 'text'],
      ['/log/*/at', 'time'],
      ['/log/*/fn', 'tool'],
      ['/log/*/args/id', 'message_id'],
    ]);
    expect(new Set(guessed.map(([, is]) => is)).size).toBe(guessed.length);
  });
});

describe('any mapping on any records', () => {
  const key = fc.constantFrom('a', 'b', 'who', 'said', '__proto__', 'x/y', 'm~n');
  /** Said by who speaks, in whatever word. */
  const SPEAKERS_SAID = new Set(['user', 'asst']);
  const leaf = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(...SPEAKERS_SAID),
  );
  const { record } = fc.letrec<{ record: unknown; value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      tie('record'),
    ),
    record: fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((pairs) => {
      const made = Object.create(null) as Record<string, unknown>;
      for (const [name, value] of pairs) made[name] = value;
      return made;
    }),
  }));
  const pattern = fc
    .array(fc.constantFrom('a', 'b', 'who', 'said', '*', '__proto__', 'x~1y', 'm~0n'), { minLength: 1, maxLength: 3 })
    .map((steps) => `/${steps.join('/')}`);
  const mapping = fc.record({
    kind: fc.constant('json' as const),
    fields: fc.array(
      fc.record({
        at: pattern,
        is: fc.constantFrom<Meaning[]>(
          'conversation',
          'turns',
          'role',
          'text',
          'time',
          'name',
          'tool',
          'arguments',
          'question',
          'answer',
          'context',
        ),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    speakers: fc.constant([{ word: 'asst', is: 'assistant' }]) as fc.Arbitrary<JsonMapping['speakers']>,
  });
  /** Others are not saved. */
  const usable = mapping.filter((one) => faultsOf(one).length === 0);
  const stringsIn = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(stringsIn)
        : [];

  it('accounts for every record, loses no text of a mapped one, and says the same twice', async () => {
    await fc.assert(
      fc.asyncProperty(usable, fc.array(record, { minLength: 1, maxLength: 4 }), async (chosen, records) => {
        const text = lines(...records);
        const first = await read(chosen, text);
        const { summary } = first;
        expect(summary.mapped + summary.duplicates + summary.quarantined.length).toBe(summary.records);
        const kept = JSON.stringify(first.trajectories);
        const refused = new Set(first.refused.map(({ recordNo }) => recordNo));
        const mapped = text
          .trimEnd()
          .split('\n')
          .flatMap((line, n) => (refused.has(n + 1) ? [] : [JSON.parse(line)]));
        if (first.trajectories.length > 0 && summary.records === records.length)
          for (const said of stringsIn(mapped))
            if (said.trim().length > 3 && !/["\\]/.test(said) && !SPEAKERS_SAID.has(said))
              expect(kept).toContain(JSON.stringify(said).slice(1, -1));
        expect(JSON.stringify(await read(chosen, text))).toBe(JSON.stringify(first));
        expect(({} as Record<string, unknown>).who).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });

  it('takes away what is named and nothing else', () => {
    fc.assert(
      fc.property(record, (value) => {
        const all = surveyFields([value as never]).filter(({ kind }) => kind !== 'list');
        const left = without(value as never, new Set());
        const empty = surveyFields(left === undefined ? [] : [left as never]).filter(({ kind }) => kind !== 'list');
        const names = (fields: typeof all) => fields.map(({ at }) => at).sort();
        expect(names(empty)).toEqual(names(all));
        expect(without(value as never, new Set(all.map(({ at }) => at))) ?? {}).not.toSatisfy(
          (rest: unknown) => stringsIn(rest).length > 0,
        );
      }),
      { numRuns: 150 },
    );
  });
});

describe('a mapping that can not be used', () => {
  const json = (...fields: [string, string][]): Mapping =>
    ({ kind: 'json', fields: fields.map(([at, is]) => ({ at, is })), speakers: [] }) as Mapping;
  it.each<[string, Mapping, string[]]>([
    ['names nobody who talks', json(['/a', 'conversation']), ['needs_talk']],
    ['names a role and no text', json(['/r', 'role']), ['needs_text']],
    [
      'takes a turn’s field from outside its list',
      json(['/l', 'turns'], ['/r', 'role'], ['/l/*/t', 'text']),
      ['turn_field_outside_turns'],
    ],
    ['names a tool and nobody who calls it', json(['/q', 'question'], ['/t', 'tool']), ['role_without_text']],
    ['binds one meaning twice', json(['/q', 'question'], ['/p', 'question']), ['twice']],
    [
      'has arguments of no tool',
      json(['/q', 'question'], ['/r', 'role'], ['/t', 'text'], ['/a', 'arguments']),
      ['arguments_without_tool'],
    ],
    [
      'ends a label open',
      {
        kind: 'text',
        labels: [
          { label: 'a*', is: 'user' },
          { label: 'b:', is: 'assistant' },
        ],
      },
      ['label_ends_open'],
    ],
    [
      'has one speaker',
      {
        kind: 'text',
        labels: [
          { label: 'a:', is: 'user' },
          { label: 'b:', is: 'user' },
        ],
      },
      ['needs_two_speakers'],
    ],
  ])('%s', (_, mapping, faults) => {
    expect(faultsOf(mapping)).toEqual(faults);
  });
  it('is none when all is well', () => {
    expect(faultsOf(TALKS)).toEqual([]);
    expect(MappingSchema.safeParse(TALKS).success).toBe(true);
    expect(JsonMapping.safeParse({ ...TALKS, more: 1 }).success).toBe(false);
  });
});
