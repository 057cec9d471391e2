import { describe, expect, it } from 'vitest';
import { type Line, unitOf } from './fixtures.ts';
import { allowedBeside, type GeneratorRule, makeNegative, synthesise } from './generators.ts';
import { answersOf } from './shared-prefix.ts';

const isBinding = (_: unknown, tool: string): boolean => tool === 'cancel_order';
const tool = (name: string, required: string[]) => ({
  ...{ name, sha: name, raw: {} },
  parameters: { type: 'object', properties: {}, required },
});
const lines: Line[] = [
  { user: 'Cancel order [RECORD_ID_1] and tell me about [RECORD_ID_2].' },
  { calls: 'get_order', with: { id: '[RECORD_ID_1]' }, valid: true },
  { gets: 'open' },
  { calls: 'get_order', with: { id: '[RECORD_ID_2]' }, valid: true },
  { gets: 'sent' },
  { calls: 'cancel_order', with: { id: '[RECORD_ID_1]', why: 'asked' }, valid: true },
  { gets: 'done' },
  { says: 'Done.' },
];
const run = (outcome: 'success' | 'failure' = 'success', basis: 'verifier' | 'heuristic' = 'verifier') => ({
  ...unitOf('a', lines, { value: outcome, basis }),
  tools: [tool('get_order', ['id']), tool('cancel_order', ['id', 'why'])],
});
const worse = (rule: GeneratorRule, at: number) => {
  const unit = run();
  const made = makeNegative(rule, unit, answersOf(unit)[at]!, isBinding);
  return made?.flatMap((event) => (event.kind === 'tool_call' ? [event.toolCall] : []))[0];
};

describe('how is an answer made worse?', () => {
  it('another tool, with what that tool was given in the same run', () => {
    expect(worse('wrong_tool', 0)).toMatchObject({ name: 'cancel_order', arguments: { id: '[RECORD_ID_1]' } });
    expect(worse('wrong_tool', 2)).toMatchObject({ name: 'get_order', arguments: { id: '[RECORD_ID_1]' } });
  });
  it('the right tool with another value of the run', () => {
    expect(worse('wrong_argument', 0)).toMatchObject({ name: 'get_order', arguments: { id: '[RECORD_ID_2]' } });
  });
  it('without an argument that the schema requires', () => {
    expect(worse('drops_required', 2)).toMatchObject({
      name: 'cancel_order',
      arguments: { why: 'asked' },
      schemaValid: false,
    });
  });
  it('acting before the check that the run made first; what already binds is not made earlier', () => {
    expect(worse('acts_early', 0)).toMatchObject({ name: 'cancel_order' });
    expect(worse('acts_early', 2)).toBeUndefined();
  });
  it('answers without a call stay as they are', () => {
    expect(worse('wrong_tool', 3)).toBeUndefined();
  });
});

describe('which synthetic pairs are there?', () => {
  const generators = [
    { name: 'tools', version: 2, rule: 'wrong_tool' as const },
    { name: 'schema', version: 1, rule: 'drops_required' as const },
  ];
  it('of runs that are known to have succeeded; each names its generator, rule and reason', () => {
    const made = synthesise([{ unit: run() }], generators, isBinding);
    expect(made).toHaveLength(6);
    expect(new Set(made.map(({ id }) => id)).size).toBe(6);
    expect(made[0]).toMatchObject({
      source: 'synthetic',
      strength: 'synthetic',
      prefixRule: 'same_state',
      reason: 'wrong_tool',
      generator: generators[0],
      evidence: ['u_a'],
    });
    expect(synthesise([{ unit: run() }], generators, isBinding)).toEqual(made);
    expect(
      synthesise([{ unit: run('failure') }, { unit: run('success', 'heuristic') }], generators, isBinding),
    ).toEqual([]);
    expect(synthesise([{ unit: run() }], [], isBinding)).toEqual([]);
  });
  it.each([
    [100, 0.1, 11],
    [9, 0.1, 1],
    [8, 0.1, 0],
    [0, 0.3, 0],
  ])('beside %d real pairs, a share of %d leaves room for %d', (real, share, most) => {
    expect(allowedBeside(real, share)).toBe(most);
    if (most > 0) expect(most / (real + most)).toBeLessThanOrEqual(share + 1e-9);
  });
});
