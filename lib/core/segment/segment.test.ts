import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
import type { Unit } from '../trajectory/unit.ts';
import { cutIntoUnits } from './segment.ts';

const ranges = (said: Said[], more: Parameters<typeof trajectoryOf>[1] = {}) => {
  const { units, leftover } = cutIntoUnits(trajectoryOf(said, more));
  return {
    units: units.map((unit) => [unit.ruleId, unit.cutRuleId, ...unit.range]),
    leftover: leftover.map(({ range, reason }) => [reason, ...range]),
  };
};

describe('which kind of unit is it?', () => {
  it('one question and its answer are a question-and-answer unit', () => {
    expect(ranges([system('Be brief.'), user('Hi'), assistant('Hello')]).units).toEqual([
      ['unit.qa', 'cut.none', 0, 3],
    ]);
  });

  it('two questions make a thread', () => {
    const said = [user('Hi'), assistant('Hello'), user('And?'), assistant('Nothing.')];
    expect(ranges(said).units).toEqual([['unit.thread', 'cut.none', 0, 4]]);
  });

  it('a question that the app put in does not count', () => {
    const said = [user('<env>', { injected: true }), user('Hi'), assistant('Hello')];
    expect(ranges(said).units[0]?.[0]).toBe('unit.qa');
  });

  it('one call with its result makes it an agent unit, whatever the number of questions', () => {
    const said = [user('Weather?'), call('weather', {}), result(1, 'rain'), assistant('Rain.')];
    expect(ranges(said).units[0]?.[0]).toBe('unit.agent');
  });

  it('a call that nobody answered does not', () => {
    expect(ranges([user('Weather?'), call('weather', {}), assistant('I can not say.')]).units[0]?.[0]).toBe('unit.qa');
  });

  it('a hand-off does', () => {
    expect(ranges([user('Help'), say('subagent', { name: 'billing' }), assistant('Done.')]).units[0]?.[0]).toBe(
      'unit.agent',
    );
  });

  it('a regenerated answer is judged by the question that it shares', () => {
    const said = [user('Hi', { copied: true }), assistant('Hello again')];
    expect(ranges(said).units[0]?.[0]).toBe('unit.qa');
  });

  it('nothing is made where nobody answered, or nobody asked', () => {
    expect(ranges([user('Hi')])).toEqual({ units: [], leftover: [['no_answer', 0, 1]] });
    expect(ranges([assistant('Hello')])).toEqual({ units: [], leftover: [['no_question', 0, 1]] });
    expect(ranges([])).toEqual({ units: [], leftover: [] });
  });
});

describe('where is it cut?', () => {
  it('before a compaction, and the system prompt goes along as a copy', () => {
    const said = [
      system('Be brief.'),
      user('A'),
      assistant('B'),
      say('compaction', { parts: [{ type: 'text', text: 'So far: A.' }] }),
      user('C'),
      assistant('D'),
    ];
    const { units } = cutIntoUnits(trajectoryOf(said));
    expect(units.map((unit) => [unit.cutRuleId, ...unit.range])).toEqual([
      ['cut.none', 0, 3],
      ['cut.compaction', 3, 6],
    ]);
    expect(units[1]!.events.map((event) => [event.seq, event.copied ?? false])).toEqual([
      [0, true],
      [3, false],
      [4, false],
      [5, false],
    ]);
    expect(units[1]!.segmentOf).toBe(units[0]!.id);
    expect(units.map((unit) => unit.flags)).toEqual([['split'], ['split']]);
  });

  it('where the log starts over', () => {
    const said = [user('A'), assistant('B'), user('/clear'), user('C'), assistant('D')];
    expect(ranges(said).units).toEqual([
      ['unit.qa', 'cut.none', 0, 2],
      ['unit.thread', 'cut.clear', 2, 5],
    ]);
  });

  const at = (minute: number) => ({ ts: new Date(Date.UTC(2026, 0, 1, 9, minute)).toISOString() });
  const gap = [user('A', at(0)), assistant('B', at(1)), user('C', at(32)), assistant('D', at(70))];

  it('after more than 30 idle minutes, but only where the log has no ids', () => {
    expect(ranges(gap, { flags: ['no_id'] }).units.map((unit) => unit.slice(1))).toEqual([
      ['cut.none', 0, 2],
      ['cut.idle_gap', 2, 4],
    ]);
    expect(ranges(gap).units).toHaveLength(1);
  });

  it('not after exactly 30', () => {
    const said = [user('A', at(0)), assistant('B', at(1)), user('C', at(31)), assistant('D', at(32))];
    expect(ranges(said, { flags: ['no_id'] }).units).toHaveLength(1);
  });

  it('before a new system prompt, which then stands alone; the same one again cuts nothing', () => {
    const said = (second: string) => [
      system('Be brief.'),
      user('A'),
      assistant('B'),
      system(second),
      user('C'),
      assistant('D'),
    ];
    const { units } = cutIntoUnits(trajectoryOf(said('Be long.')));
    expect(units.map((unit) => [unit.cutRuleId, ...unit.range])).toEqual([
      ['cut.none', 0, 3],
      ['cut.system_change', 3, 6],
    ]);
    expect(units[1]!.events.map((event) => event.seq)).toEqual([3, 4, 5]);
    expect(ranges(said('Be brief. ')).units).toHaveLength(1);
  });

  it('before the question that other tools answer', () => {
    const said = [user('A'), assistant('B'), user('C'), assistant('D')];
    const { steps, ...rest } = trajectoryOf(said, { tools: [tool('one'), tool('two')] });
    const offered = [['sha-one'], ['sha-two']];
    const { units } = cutIntoUnits({ ...rest, steps: steps.map((step, i) => ({ ...step, tools: offered[i]! })) });
    expect(units.map((unit) => [unit.cutRuleId, ...unit.range])).toEqual([
      ['cut.none', 0, 2],
      ['cut.toolset_change', 2, 4],
    ]);
    expect(units.map((unit) => unit.tools.map(({ name }) => name))).toEqual([['one'], ['two']]);
  });

  it('never in the middle of a turn', () => {
    const said = [user('A'), call('one', {}), result(1, 'x'), assistant('B')];
    const { steps, ...rest } = trajectoryOf(said);
    const offered = [['sha-one'], ['sha-two']];
    const { units } = cutIntoUnits({ ...rest, steps: steps.map((step, i) => ({ ...step, tools: offered[i]! })) });
    expect(units).toHaveLength(1);
  });

  it('at a split for size the second part says so', () => {
    const said = [user('A'), assistant('B')];
    const second = { flags: ['split_for_size' as const], continues: 't_1' };
    expect(ranges(said, second).units[0]?.[1]).toBe('cut.size');
    expect(ranges(said, { flags: ['split_for_size'] }).units[0]?.[1]).toBe('cut.none');
  });
});

describe('where does a unit end?', () => {
  it('with the last answer; a question or call behind it is left over', () => {
    const said = [user('A'), assistant('B'), user('C'), call('x', {})];
    expect(ranges(said)).toEqual({ units: [['unit.qa', 'cut.none', 0, 2]], leftover: [['trailing', 2, 4]] });
    expect(cutIntoUnits(trajectoryOf(said)).units[0]?.flags).toEqual(['trimmed_tail']);
  });

  it('feedback, notes and errors behind the answer stay with it', () => {
    const said = [user('A'), assistant('B'), say('feedback'), say('meta'), say('error')];
    expect(ranges(said)).toEqual({ units: [['unit.qa', 'cut.none', 0, 5]], leftover: [] });
  });
});

describe('may it be trained on?', () => {
  const eligible = (said: Said[], more: Parameters<typeof trajectoryOf>[1] = {}): Unit['eligible'] =>
    cutIntoUnits(trajectoryOf(said, more)).units[0]!.eligible;

  it('yes when nothing speaks against it', () => {
    expect(eligible([user('A'), assistant('B')])).toEqual({ sft: true, reasons: [] });
  });

  it.each<[string, Said[], Parameters<typeof trajectoryOf>[1]]>([
    ['unpaired_call', [user('A'), call('x', {}), assistant('B')], {}],
    ['orphan_result', [user('A'), say('tool_result', { flags: ['orphan_result'] }), assistant('B')], {}],
    [
      'unparsable_arguments',
      [user('A'), call('x', {}, { flags: ['unparsable_arguments'] }), result(1, 'y'), assistant('B')],
      {},
    ],
    ['incomplete', [user('A'), assistant('B', { flags: ['incomplete'] })], {}],
    [
      'opaque_only',
      [user('A'), assistant('', { parts: [{ type: 'reasoning', opaque: { sha256: 'a', bytes: 1 } }] })],
      {},
    ],
    ['copied_only', [user('A', { copied: true }), assistant('B', { copied: true })], {}],
    ['demo', [user('A'), assistant('B')], { flags: ['demo'] }],
    ['source_redacted', [user('A', { flags: ['redacted_by_source'] }), assistant('B')], {}],
    ['guessed_mapping', [user('A'), assistant('B')], { flags: ['guessed_mapping'] }],
    ['no_assistant', [user('A'), assistant('', { flags: ['empty_assistant'] })], {}],
  ])('no: %s', (reason, said, more) => {
    expect(eligible(said, more)).toEqual({ sft: false, reasons: [reason] });
  });

  it('no when the call of the last answer was cut off behind its text', () => {
    const said = [user('A'), assistant('Let me look.', { step: 1 }), call('x', {}, { step: 1 })];
    expect(eligible(said).reasons).toEqual(['unpaired_call']);
  });

  it('a call that the provider answered itself needs no result', () => {
    const server = call('web_search', {}, { toolCall: { name: 'web_search', origin: 'server' } });
    expect(eligible([user('A'), server, assistant('B')]).sft).toBe(true);
  });
});

describe('what does a unit bring along?', () => {
  it('its own steps, clipped, and the models that answered in it', () => {
    const base = trajectoryOf([user('A'), assistant('B'), say('compaction'), user('C'), assistant('D')]);
    const steps = base.steps.map((step, i) => ({ ...step, model: `m-${i}` }));
    const { units } = cutIntoUnits({ ...base, steps, models: ['m-0', 'm-1'] });
    expect(units.map((unit) => [unit.models, unit.steps.map((step) => step.outputs)])).toEqual([
      [['m-0'], [[[1, 2]]]],
      [['m-1'], [[[4, 5]]]],
    ]);
  });

  it('a verdict on the run for all pieces, a thumb only for the piece that it judges', () => {
    const said = [user('A'), assistant('B'), say('feedback', { to: 1 }), say('compaction'), user('C'), assistant('D')];
    const base = trajectoryOf(said);
    const outcome = { value: 'success' as const, evidence: [`${base.id}:2`], confidence: 1 };
    const values = (basis: 'verifier' | 'user_feedback') =>
      cutIntoUnits({ ...base, outcome: { ...outcome, basis, ruleId: `outcome.${basis}` } }).units.map(
        (unit) => unit.outcome.value,
      );
    expect(values('verifier')).toEqual(['success', 'success']);
    expect(values('user_feedback')).toEqual(['success', 'unknown']);
  });

  it('the outermost parent as key for splits', () => {
    const said = [user('A'), assistant('B')];
    expect(cutIntoUnits(trajectoryOf(said)).units[0]!.rootId).toBe('t_000000000000000000000000');
    expect(cutIntoUnits(trajectoryOf(said, { parentTrajectoryId: 't_p' })).units[0]!.rootId).toBe('t_p');
    const parents = { rootId: 't_root' };
    expect(cutIntoUnits(trajectoryOf(said, { parentTrajectoryId: 't_p' }), parents).units[0]!.rootId).toBe('t_root');
  });
});

describe('for any trajectory', () => {
  const anything = fc.oneof(
    fc.constantFrom('one', 'two').map((words) => system(words)),
    fc.boolean().map((injected) => user('ask', injected ? { injected: true } : {})),
    fc.constant(user('/clear')),
    fc.constant(assistant('answer')),
    fc.constant(call('x', {})),
    fc.nat(20).map((to) => result(to, 'y')),
    fc
      .constantFrom('meta', 'feedback', 'error', 'compaction', 'retrieval', 'subagent')
      .map((kind) => say(kind as 'meta')),
  );

  it('every event is in exactly one unit or leftover range, and every unit holds an answer', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 25 }), (said) => {
        const { units, leftover } = cutIntoUnits(trajectoryOf(said));
        const covered = [...units, ...leftover]
          .map(({ range }) => range)
          .sort((a, b) => a[0] - b[0])
          .flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
        expect(covered).toEqual(said.map((_, seq) => seq));
        for (const unit of units) {
          const own = unit.events.filter(({ seq }) => seq >= unit.range[0] && seq < unit.range[1]);
          expect(own.map(({ seq }) => seq)).toEqual(own.map((_, i) => unit.range[0] + i));
          expect(own.length).toBe(unit.range[1] - unit.range[0]);
          expect(unit.events.filter((event) => !own.includes(event)).every((event) => event.copied)).toBe(true);
          expect(own.some(({ kind }) => kind === 'assistant')).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
