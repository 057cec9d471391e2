import { expect, it } from 'vitest';
import { checkFiles } from './check-files.ts';
import { toEvalRow } from './eval-row.ts';
import { makeMeta, makeTool, makeUnit } from './fixtures/make-unit.ts';
import { type EvalRow, isRefused } from './row.ts';
import { serialiseRow } from './serialise.ts';

const WEATHER = makeTool('get_weather', { city: { type: 'string' }, days: { type: 'integer' } }, ['city']);
const TIME = makeTool('get_time', {});

function rowOf(...args: Parameters<typeof toEvalRow>): EvalRow {
  const row = toEvalRow(...args);
  if (isRefused(row)) throw new Error(row.refused);
  return row;
}
const findingsOf = async (row: EvalRow) =>
  (await checkFiles([{ file: 'gold.jsonl', chunks: () => [Buffer.from(serialiseRow(row))] }], 'eval')).findings;

const TURNS = [
  { user: 'Weather in [LOCATION_3] tomorrow?' },
  { calls: 'get_weather', with: { city: '[LOCATION_3]', days: 1 } },
  { returns: 'rain', of: 'get_weather' },
  { says: 'Rain.' },
];

it('asks for the first call of an agent and accepts what the teacher did, optional parameters also left out', async () => {
  const row = rowOf(makeUnit(TURNS, [WEATHER]), makeMeta('e-0001', { level: 'L1', split: 'test' }));
  expect(row).toMatchObject({
    id: 'e-0001',
    category: 'simple',
    question: [[{ role: 'user', content: 'Weather in [LOCATION_1] tomorrow?' }]],
    ground_truth: [{ get_weather: { city: ['[LOCATION_1]'], days: [1, ''] } }],
    teacher: { calls: [{ name: 'get_weather', arguments: { city: '[LOCATION_1]', days: 1 } }], content: '' },
  });
  expect(Object.keys(row)).toEqual([
    'id',
    'category',
    'level',
    'question',
    'function',
    'ground_truth',
    'teacher',
    'group',
    'meta_json',
  ]);
  expect(await findingsOf(row)).toEqual([]);
});

it('tells the category from what was offered and done', () => {
  const categoryOf = (...args: Parameters<typeof makeUnit>) => rowOf(makeUnit(...args), makeMeta('e')).category;
  expect(categoryOf(TURNS, [WEATHER, TIME])).toBe('multiple');
  expect(categoryOf([{ user: 'Hi' }, { says: 'Hello' }], [TIME])).toBe('irrelevance');
  expect(categoryOf([{ user: 'Hi' }, { says: 'Hello' }])).toBe('answer');
  const twice = [
    { ...TURNS[1]!, step: 'a', id: '1' },
    { ...TURNS[1]!, step: 'a', id: '2' },
    { returns: 'x', of: '1' },
    { returns: 'y', of: '2' },
  ];
  expect(categoryOf([TURNS[0]!, ...twice, { says: 'Rain.' }] as typeof TURNS, [WEATHER])).toBe('parallel');
});

it('can ask for a later answer, with what came before it as the question', () => {
  const row = rowOf(makeUnit(TURNS, [WEATHER]), makeMeta('e'), { answer: 1 });
  expect(row.question[0]).toHaveLength(3);
  expect(row).toMatchObject({ category: 'irrelevance', ground_truth: [], teacher: { content: 'Rain.' } });
});
