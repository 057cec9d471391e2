import { describe, expect, it } from 'vitest';
import { type DpoOptions, type PairMeta, pairOfUnits, toDpoRow } from './dpo-row.ts';
import { makeMeta, makeTool, makeUnit, type Turn } from './fixtures/make-unit.ts';
import { type DpoRow, isRefused, type Refused } from './row.ts';

const WEATHER = makeTool('get_weather', { city: { type: 'string' }, date: { type: 'string' } }, ['city', 'date']);

function make(
  chosen: readonly Turn[],
  rejected: readonly Turn[],
  more: Partial<PairMeta & DpoOptions> = {},
): DpoRow | Refused {
  const { key = 'k', marks, ...meta } = more;
  const pair = pairOfUnits(makeUnit(chosen, [WEATHER]), makeUnit(rejected, [WEATHER]));
  const made = toDpoRow(
    pair,
    { ...makeMeta('dpo-1'), source: 'success_vs_failure', strength: 'medium', ...meta },
    { key, marks },
  );
  return isRefused(made) ? made : made.row;
}
const rowOf = (...args: Parameters<typeof make>): DpoRow => {
  const made = make(...args);
  if (isRefused(made)) throw new Error(made.refused);
  return made;
};

const START: Turn[] = [
  { user: 'Will it rain in Oslo?' },
  { calls: 'get_weather', with: { city: 'Oslo' }, id: 'bad' },
  { returns: 'missing parameter: date', of: 'bad', error: true },
];

describe('two answers to one prompt', () => {
  it('are cut at the first step in which they differ, one assistant message each', () => {
    const better: Turn[] = [
      ...START,
      { calls: 'get_weather', with: { city: 'Oslo', date: '2026-11-03' }, id: 'good' },
      { returns: 'rain', of: 'good' },
      { says: 'Yes.' },
    ];
    const row = rowOf(better, [...START, { says: 'I could not find it.' }]);
    expect(row.prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(row.chosen).toHaveLength(1);
    expect(row.chosen[0]).toMatchObject({
      role: 'assistant',
      tool_calls: [{ function: { arguments: { date: '2026-11-03' } } }],
    });
    expect(row.rejected).toEqual([{ role: 'assistant', content: 'I could not find it.' }]);
    expect(JSON.parse(row.meta_json)).toMatchObject({ invalid_calls: ['c00000000'], step: 2, strength: 'medium' });
    expect(JSON.stringify(row)).not.toContain('"train"');
  });

  it('number what only one of them holds by a shuffle that does not know which was chosen', () => {
    const ask: Turn[] = [{ user: 'Who is [PERSON_9]?' }];
    const first = rowOf([...ask, { says: '[PERSON_9] works with [PERSON_4].' }], [...ask, { says: 'Ask [PERSON_5].' }]);
    const second = rowOf(
      [...ask, { says: 'Ask [PERSON_5].' }],
      [...ask, { says: '[PERSON_9] works with [PERSON_4].' }],
    );
    expect(first.prompt[0]!.content).toBe('Who is [PERSON_1]?');
    expect(first.chosen).toEqual(second.rejected);
    expect(first.rejected).toEqual(second.chosen);
    expect(new Set(`${JSON.stringify([first.chosen, first.rejected])}`.match(/PERSON_\d/g))).toEqual(
      new Set(['PERSON_1', 'PERSON_2', 'PERSON_3']),
    );
  });

  it('give the ids of their calls by the key, not by who won', () => {
    const call = (date: string): Turn[] => [
      { user: 'Rain?' },
      { calls: 'get_weather', with: { city: 'Oslo', date } },
      { returns: 'r', of: 'get_weather' },
      { says: 'ok' },
    ];
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
      (key) => rowOf(call('today'), call('tomorrow'), { key }).chosen[0]!.tool_calls![0]!.id,
    );
    expect(new Set(ids)).toEqual(new Set(['c00000000', 'c00000001']));
  });
});

describe('pairs that teach nothing', () => {
  const ask: Turn[] = [{ user: 'Hi' }];
  it.each([
    ['equal sides', 'sides_equal', [...ask, { says: 'Hello' }], [...ask, { says: 'Hello' }]],
    [
      'sides that differ in white space only',
      'sides_equal',
      [...ask, { says: 'Hello there' }],
      [...ask, { says: 'Hello  there\n' }],
    ],
    ['other questions', 'sides_differ_before_answer', [...ask, { says: 'a' }], [{ user: 'Bye' }, { says: 'b' }]],
    [
      'a chosen call that breaks its schema',
      'chosen_invalid',
      [...ask, { calls: 'get_weather', with: {} }, { returns: 'x', of: 'get_weather' }, { says: 'a' }],
      [...ask, { says: 'b' }],
    ],
    [
      'a rejected call that breaks its schema without that reason',
      'rejected_invalid',
      [...ask, { says: 'b' }],
      [...ask, { calls: 'get_weather', with: {} }, { returns: 'x', of: 'get_weather' }, { says: 'a' }],
    ],
  ] as [string, string, Turn[], Turn[]][])('%s: %s', (_, refused, chosen, rejected) => {
    expect(make(chosen, rejected)).toMatchObject({ refused });
  });

  it('a rejected call may break its schema when that is the reason', () => {
    const bad: Turn[] = [
      ...ask,
      { calls: 'get_weather', with: {} },
      { returns: 'x', of: 'get_weather' },
      { says: 'a' },
    ];
    const row = rowOf([...ask, { says: 'b' }], bad, { reason: 'schema_invalid' });
    expect(JSON.parse(row.meta_json)).toMatchObject({ invalid_calls: ['c00000000'], reason: 'schema_invalid' });
  });
});
