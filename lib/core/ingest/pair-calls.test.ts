import { describe, expect, it } from 'vitest';
import type { DraftEvent, DraftStep } from './adapter.ts';
import { inCausalOrder, pairCalls } from './pair-calls.ts';

const record = { recordNo: 1, byteStart: 0, byteEnd: 1, sha256: '', flags: [] };
const call = (name: string, callId?: string, step?: DraftStep): DraftEvent => ({
  kind: 'tool_call',
  actor: 'model',
  call: { name, arguments: {}, ...(callId !== undefined && { callId }) },
  place: { record },
  ...(step && { step }),
});
const result = (text: string, callId?: string, name?: string): DraftEvent => ({
  kind: 'tool_result',
  actor: 'tool',
  parts: [{ type: 'text', text }],
  result: { ...(callId !== undefined && { callId }), ...(name !== undefined && { name }) },
  place: { record },
});

/** Index of the call that each event answers. */
function pair(events: DraftEvent[]) {
  const ordered = inCausalOrder(events);
  const stepOf = new Map(ordered.flatMap((event) => (event.step ? [[event, event.step] as const] : [])));
  const pairs = pairCalls(ordered, stepOf);
  return {
    ordered,
    pairs,
    answers: ordered.map((event) => (pairs.callOf.has(event) ? ordered.indexOf(pairs.callOf.get(event)!) : -1)),
  };
}

describe('which result answers which call', () => {
  it('goes by id, in whatever order the results come', () => {
    expect(pair([call('f', 'a'), call('g', 'b'), result('2', 'b'), result('1', 'a')]).answers).toEqual([-1, -1, 1, 0]);
  });

  it('takes the oldest open call when an id is reused, and says so', () => {
    const events = [call('f', 'a'), result('1', 'a'), call('f', 'a'), result('2', 'a')];
    const { answers, pairs } = pair(events);
    expect(answers).toEqual([-1, 0, -1, 2]);
    expect([...pairs.reusedIds]).toEqual([events[2]]);
  });

  it('lets the name decide between open calls of one id', () => {
    expect(pair([call('f', 'a'), call('g', 'a'), result('1', 'a', 'g'), result('2', 'a', 'f')]).answers).toEqual([
      -1, -1, 1, 0,
    ]);
  });

  it('goes by name without an id, and by the latest step without either', () => {
    expect(pair([call('f'), call('g'), result('1', undefined, 'g'), result('2', undefined, 'f')]).answers).toEqual([
      -1, -1, 1, 0,
    ]);
    const [first, second] = [{}, {}];
    expect(
      pair([call('f', 'a', first), call('g', 'b', second), call('h', 'c', second), result('1'), result('2')]).answers,
    ).toEqual([-1, -1, -1, 1, 2]);
  });

  it('ignores blanks around ids', () => {
    expect(pair([call('f', ' a '), result('1', 'a')]).answers).toEqual([-1, 0]);
  });

  it('marks what does not pair', () => {
    const events = [call('f', 'a'), result('x', 'z'), call('g', 'b'), result('1', 'b'), result('2', 'b')];
    const { answers, pairs } = pair(events);
    expect(answers).toEqual([-1, -1, -1, 2, 2]);
    expect([...pairs.orphans]).toEqual([events[1]]);
    expect([...pairs.repeated]).toEqual([events[4]]);
    expect([...pairs.unanswered]).toEqual([events[0]]);
  });

  it('keeps one of two equal results and mirrors the other', () => {
    const { ordered } = pair([call('f', 'a'), result('1', 'a'), result('1', 'a')]);
    expect(ordered).toHaveLength(2);
    expect(ordered[1]!.mirrors).toHaveLength(1);
  });

  it('moves a result behind its call when it was logged before it', () => {
    const { ordered, answers } = pair([result('1', 'a'), call('f', 'a')]);
    expect(ordered.map((event) => event.kind)).toEqual(['tool_call', 'tool_result']);
    expect(answers).toEqual([-1, 0]);
  });
});
