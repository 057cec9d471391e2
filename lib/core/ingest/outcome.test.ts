import { describe, expect, it } from 'vitest';
import type { Feedback, LogEvent } from '../trajectory/event.ts';
import type { Step } from '../trajectory/trajectory.ts';
import { outcomeOf } from './outcome.ts';

const raw = { recordNo: 1, byteStart: 0, byteEnd: 1, sha256: '' };
let seq = 0;
const event = (kind: LogEvent['kind'], more: object = {}): LogEvent =>
  ({
    id: `t:${seq}`,
    seq: seq++,
    kind,
    actor: 'app',
    tsSource: 'none',
    parts: [],
    raw,
    confidence: 1,
    flags: [],
    ...more,
  }) as LogEvent;
const said = (kind: LogEvent['kind'], text: string, more: object = {}) =>
  event(kind, { parts: [{ type: 'text', text }], ...more });
const feedback = (more: Partial<Feedback>) =>
  event('feedback', { feedback: { target: 'trajectory', signal: 'score', value: 1, by: 'verifier', ...more } });
const result = (name: string, status: string) => event('tool_result', { toolResult: { name, status } });
const step = (id: string, finish: Step['finish']): Step => ({ id, outputs: [], finish });

describe('how did it end?', () => {
  it.each<[string, Partial<Feedback>, string | undefined]>([
    ['the top of the scale', { value: 1 }, 'success'],
    ['the bottom', { value: 0 }, 'failure'],
    ['between', { value: 0.4 }, 'partial'],
    ['the top of a scale of five', { value: 5, scale: [1, 5] }, 'success'],
    ['a verdict in letters', { signal: 'label', value: 'I' }, 'failure'],
    ['a number without a scale', { value: 17 }, undefined],
    ['a rank', { signal: 'rank', value: 0 }, undefined],
  ])('a verifier gave %s', (_, given, value) => {
    const outcome = outcomeOf([said('assistant', 'x'), feedback(given)], []);
    if (value) expect(outcome).toMatchObject({ value, basis: 'verifier', confidence: 1, ruleId: 'outcome.verifier' });
    else expect(outcome).toMatchObject({ value: 'unknown', basis: 'none', evidence: [] });
  });

  it('the verifier goes before the user, the user before the end of the run', () => {
    const failure = event('error', { error: { where: 'provider', message: 'x' } });
    const thumb = feedback({ signal: 'thumb', value: true, by: 'user' });
    expect(outcomeOf([thumb, feedback({ value: 0 }), failure], [])).toMatchObject({
      ruleId: 'outcome.verifier',
      value: 'failure',
    });
    expect(outcomeOf([thumb, failure], [])).toMatchObject({
      ruleId: 'outcome.user_feedback',
      value: 'success',
      evidence: [thumb.id],
    });
    expect(outcomeOf([failure], [])).toMatchObject({
      ruleId: 'outcome.terminal_status',
      value: 'failure',
      evidence: [failure.id],
    });
  });

  it('a limit is a failure, partial when there was an answer before; an open end says nothing', () => {
    const events = [said('assistant', 'a', { stepId: 's0' }), said('assistant', 'b', { stepId: 's1' })];
    expect(outcomeOf(events, [step('s0', 'stop'), step('s1', 'length')])).toMatchObject({
      value: 'partial',
      confidence: 0.7,
    });
    expect(outcomeOf(events.slice(1), [step('s1', 'length')])).toMatchObject({ value: 'failure' });
    expect(outcomeOf(events, [step('s1', 'incomplete')])).toMatchObject({ value: 'unknown', basis: 'none' });
    expect(outcomeOf(events, [step('s1', 'stop')])).toMatchObject({ value: 'unknown', basis: 'none' });
  });

  it.each<[string, () => LogEvent[]]>([
    ['a tool error that nothing made good', () => [result('f', 'error'), result('g', 'ok')]],
    [
      'a question asked again',
      () => [said('user', 'Where is it?'), said('assistant', 'x'), said('user', 'where is it? ')],
    ],
    ['an apology at the end', () => [said('user', 'x'), said('assistant', "I'm sorry, I can't.")]],
  ])('%s is a hint, never a value', (_, events) => {
    const outcome = outcomeOf(events(), []);
    expect(outcome).toMatchObject({ value: 'unknown', basis: 'heuristic', ruleId: 'outcome.heuristic' });
    expect(outcome.confidence).toBeLessThanOrEqual(0.5);
    expect(outcome.evidence.length).toBeGreaterThan(0);
  });

  it('a tool error that was made good is none', () => {
    expect(outcomeOf([result('f', 'error'), result('f', 'unknown')], [])).toMatchObject({ basis: 'none' });
  });
});
