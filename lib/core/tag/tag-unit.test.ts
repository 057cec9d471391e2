import { describe, expect, it } from 'vitest';
import { cutIntoUnits } from '../segment/segment.ts';
import {
  assistant,
  call,
  result,
  type Said,
  say,
  system,
  tool,
  trajectoryOf,
  user,
} from '../trajectory/fixtures/say.ts';
import type { JsonObject } from '../trajectory/json.ts';
import type { Unit } from '../trajectory/unit.ts';
import { tagUnit } from './tag-unit.ts';

const unitOf = (said: Said[], more: Parameters<typeof trajectoryOf>[1] = {}): Unit =>
  cutIntoUnits(trajectoryOf(said, more)).units[0]!;
const tagsOf = (said: Said[], more: Parameters<typeof trajectoryOf>[1] = {}): JsonObject =>
  tagUnit(unitOf(said, more)).tags;

const order = [
  user('Where is order 4711?'),
  call('get_order', { order_id: 4711 }),
  result(1, '{"tracking":"TRK-9"}'),
  call('track', { id: 'TRK-9' }),
  result(3, '{"error":"timeout"}', 'error'),
  call('track', { id: 'TRK-9' }),
  result(5, '{"city":"[LOCATION_1]"}'),
  assistant('It is in [LOCATION_1].'),
];

describe('how hard was it?', () => {
  it('counts answers with calls, calls, tools, the chain of arguments, errors and repeats', () => {
    expect(tagsOf(order)).toMatchObject({
      steps: 3,
      calls: 3,
      tools: 2,
      toolNames: ['get_order', 'track'],
      hops: 2,
      width: 1,
      errors: 1,
      retries: 1,
      turns: 1,
      level: 'L4',
    });
  });

  it('a failed result that the same tool made good is a recovery, with both events as evidence', () => {
    const id = 't_000000000000000000000000';
    expect(tagsOf(order)).toMatchObject({
      recovered: true,
      recovery: [{ error: `${id}:4`, result: `${id}:6`, tool: 'track' }],
    });
    expect(tagsOf(order.slice(0, 5).concat(assistant('Sorry.')))).toMatchObject({ recovered: false, recovery: [] });
  });

  it('width is the most calls of one answer', () => {
    const said = [
      user('Compare'),
      call('look', { at: 'a' }),
      call('look', { at: 'b' }),
      result(1, 'x'),
      result(2, 'y'),
      assistant('Done'),
    ];
    expect(tagsOf(said)).toMatchObject({ steps: 1, width: 2, hops: 1, level: 'L2' });
  });

  it('short words, single digits and parts of longer numbers are no argument flow', () => {
    const chain = (brought: string, given: JsonObject) =>
      tagsOf([user('?'), call('a', {}), result(1, brought), call('b', given), result(3, 'ok'), assistant('Done')]).hops;
    expect(chain('id ab', { id: 'ab' })).toBe(1);
    expect(chain('id abc', { id: 'abc' })).toBe(2);
    expect(chain('n 7', { n: 7 })).toBe(1);
    expect(chain('n 77', { n: 77 })).toBe(2);
    expect(chain('n 7712', { n: 77 })).toBe(1);
    expect(chain('for [PERSON_1]', { deep: [{ name: '[PERSON_1]' }] })).toBe(2);
  });

  it('a question back, without a call, in a unit with calls is a clarification', () => {
    const said = [user('Cancel it'), assistant('Which one?'), user('4711'), ...order.slice(1, 3), assistant('Done')];
    expect(tagsOf(said.map((one) => (one.kind === 'tool_result' ? { ...one, to: 3 } : one)))).toMatchObject({
      clarifications: 1,
    });
    expect(tagsOf([user('Hi'), assistant('How can I help?')])).toMatchObject({ clarifications: 0 });
  });

  it('a booking changed after it went well is a backtrack, two bookings are not', () => {
    const booked = (second: JsonObject) =>
      tagsOf([
        user('Book'),
        call('book_seat', { flight: 'HAT001', seat: '12A' }),
        result(1, 'booked'),
        call('book_seat', second),
        result(3, 'booked'),
        assistant('Done'),
      ]).backtracks;
    expect(booked({ flight: 'HAT001', seat: '14C' })).toBe(1);
    expect(booked({ flight: 'HAT002', seat: '3F' })).toBe(0);
  });

  it.each<[string, Said[], string]>([
    ['a question and an answer', [user('Hi'), assistant('Hello')], 'L0'],
    ['two turns', [user('Hi'), assistant('Hello'), user('And?'), assistant('No')], 'L1'],
    ['retrieved context', [user('Hi'), say('retrieval'), assistant('Hello')], 'L1'],
    ['one call', [user('Hi'), call('a', {}), result(1, 'x'), assistant('Hello')], 'L1'],
  ])('%s has its own level', (_, said, level) => {
    expect(tagsOf(said).level).toBe(level);
  });

  it('eight answers with calls are the hardest level', () => {
    const loop = Array.from({ length: 8 }, (_, i) => [call(`t${i}`, {}), result(1 + 2 * i, 'x')]).flat();
    expect(tagsOf([user('Go'), ...loop, assistant('Done')])).toMatchObject({ steps: 8, level: 'L5' });
  });
});

describe('where does a tag come from?', () => {
  it('a schema that says what a tool does is believed before its name', () => {
    const said = [user('Go'), call('cleanup', {}), result(1, 'x'), assistant('Done')];
    const tools = [tool('cleanup', { annotations: { readOnlyHint: false } })];
    expect(tagsOf(said, { tools })).toMatchObject({ writes: 1, origin: { writes: 'tools' } });
    expect(tagsOf(said)).toMatchObject({ writes: 0, origin: { writes: 'rule:writes@1' } });
    const named = [
      user('Go'),
      call('deleteFile', {}),
      result(1, 'x'),
      call('get_order', {}),
      result(3, 'y'),
      assistant('.'),
    ];
    expect(tagsOf(named)).toMatchObject({ writes: 1 });
  });

  it('every tag has an origin', () => {
    const { origin, version, ...tags } = tagsOf(order);
    expect(version).toBe('tags@1');
    expect(Object.keys(origin as JsonObject).sort()).toEqual(Object.keys(tags).sort());
  });

  it('what a person set is kept when tags are computed again', () => {
    const unit = tagUnit(unitOf(order));
    const corrected = { ...unit, tags: { ...unit.tags, domain: 'logistics', origin: { domain: 'person' } } };
    expect(tagUnit(corrected).tags).toMatchObject({
      domain: 'logistics',
      origin: { domain: 'person', steps: 'events' },
    });
  });

  it('tagging twice gives the same bytes', () => {
    const once = tagUnit(unitOf(order));
    expect(JSON.stringify(tagUnit(once))).toBe(JSON.stringify(once));
  });

  it('takes the outcome with its basis, and latency only where it was logged', () => {
    expect(tagsOf(order)).toMatchObject({ outcome: 'unknown', outcomeBasis: 'none' });
    expect(tagsOf(order)).not.toHaveProperty('latencyMs');
  });
});

describe('what is it about?', () => {
  it('tells a refund chat from a piece of programming, and says unknown when nothing tells', () => {
    expect(
      tagsOf([user('I want my money back, please refund it.'), assistant('The refund is on its way.')]),
    ).toMatchObject({
      domain: 'refunds',
    });
    const bug = [user('Fix the bug in this Python function'), assistant('The traceback says the function fails.')];
    expect(tagsOf(bug)).toMatchObject({ domain: 'software', task: 'code' });
    expect(tagsOf([user('Hm'), assistant('Hm')])).toMatchObject({ domain: 'unknown', task: 'unknown' });
  });

  it('the system prompt does not decide the language', () => {
    const said = [
      system('You are a helpful assistant of the shop.'),
      user('Wo ist mein Paket?'),
      assistant('Es ist da.'),
    ];
    expect(tagsOf(said).lang).toBe('de');
  });
});
