import { describe, expect, it } from 'vitest';
import { decisionOf, type Recorded, standingVerdicts } from './standing.ts';
import { isFullRubric, Payload, preferenceOf, VerdictBatch, VerdictEvent } from './verdict.ts';

const mark = { path: '/events/3/parts/0/text', start: 4, end: 13, type: 'PERSON', scope: 'unit' };
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const event = (id: number, payload: unknown) => ({
  id: uuid(id),
  taskId: 'task-1',
  claimToken: uuid(900),
  unitHash: 'ab'.repeat(32),
  kind: (payload as { kind: string }).kind,
  payload,
  at: '2026-11-02T09:00:00.000Z',
  activeMs: 41_000,
});
const clean = { kind: 'audit', verdict: 'clean', leaks: [], wrongMasks: [] };

describe('what may a desk send?', () => {
  it.each([
    clean,
    { kind: 'audit', verdict: 'leaky', leaks: [mark], wrongMasks: [{ spanId: 's1', why: 'type', to: 'ORG' }] },
    { kind: 'audit', verdict: 'unreadable', leaks: [], wrongMasks: [] },
    { kind: 'sweep', spanId: 's1', is: 'not_pii' },
    { kind: 'link', a: 'e1', b: 'e2', same: false },
    { kind: 'adjudication', itemId: 'i1', take: 'edit', edit: mark, cause: 'slip' },
    { kind: 'gold', fields: [{ path: '/tags/hops', by: 'person', value: null }], rubric: { correct: 2 } },
    { kind: 'pair', strength: null, bothBad: true, left: 'b', reasons: [] },
    { kind: 'steps', marks: [{ event: 't_x:4', mark: 'recovery' }] },
    { kind: 'tags', page: [{ unitId: 'u_1', ok: true }] },
    { kind: 'skip', why: 'unsure' },
    { kind: 'flag', note: 'two languages in one unit' },
    { kind: 'undo', of: uuid(1) },
  ])('$kind is understood', (payload) => {
    expect(Payload.parse(payload)).toEqual(payload);
  });

  it.each([
    ['a clean unit with leaks', { ...clean, leaks: [mark] }],
    ['a leaky unit without one', { ...clean, verdict: 'leaky' }],
    ['an empty mark', { kind: 'audit', verdict: 'leaky', leaks: [{ ...mark, end: 4 }], wrongMasks: [] }],
    ['a mark with its text', { kind: 'audit', verdict: 'leaky', leaks: [{ ...mark, text: 'x' }], wrongMasks: [] }],
    ['a type that the taxonomy lacks', { kind: 'sweep', spanId: 's1', is: 'pii', type: 'NICKNAME' }],
    [
      'a path that is no pointer',
      { kind: 'audit', verdict: 'leaky', leaks: [{ ...mark, path: 'a/b' }], wrongMasks: [] },
    ],
    ['an edit that is not taken', { kind: 'adjudication', itemId: 'i', take: 'a', edit: mark }],
    ['both bad with a strength', { kind: 'pair', strength: 1, bothBad: true, left: 'a', reasons: [] }],
    ['no strength and not both bad', { kind: 'pair', strength: null, bothBad: false, left: 'a', reasons: [] }],
    ['an unknown kind', { kind: 'approve' }],
  ])('%s is refused', (_, payload) => {
    expect(Payload.safeParse(payload).success).toBe(false);
  });

  it('an event whose kind contradicts its payload is refused', () => {
    expect(VerdictEvent.safeParse(event(1, clean)).success).toBe(true);
    expect(VerdictEvent.safeParse({ ...event(1, clean), kind: 'skip' }).success).toBe(false);
  });

  it('a batch holds 1 to 20 events', () => {
    const events = Array.from({ length: 21 }, (_, n) => event(n, clean));
    expect(VerdictBatch.safeParse({ events }).success).toBe(false);
    expect(VerdictBatch.safeParse({ events: events.slice(1) }).success).toBe(true);
    expect(VerdictBatch.safeParse({ events: [] }).success).toBe(false);
  });
});

describe('which answer was preferred?', () => {
  const pair = (strength: -2 | -1 | 0 | 1 | 2 | null, left: 'a' | 'b') =>
    preferenceOf({ kind: 'pair', strength, bothBad: strength === null, left, reasons: [] });
  it('strength is signed from the left, whoever stood there', () => {
    expect(pair(-2, 'a')).toEqual({ chosen: 'a', margin: 2 });
    expect(pair(-1, 'b')).toEqual({ chosen: 'b', margin: 1 });
    expect(pair(2, 'b')).toEqual({ chosen: 'a', margin: 2 });
    expect(pair(0, 'a')).toEqual({ chosen: null, why: 'tie' });
    expect(pair(null, 'a')).toEqual({ chosen: null, why: 'both_bad' });
  });
  it('a rubric is full when all five criteria are scored', () => {
    expect(isFullRubric({ correct: 2, grounded: 1, complete: 0, safe: 2 })).toBe(false);
    expect(isFullRubric({ correct: 2, grounded: 1, complete: 0, safe: 2, format: 2 })).toBe(true);
  });
});

describe('which verdicts stand?', () => {
  const log = (...payloads: unknown[]): Recorded[] =>
    payloads.map((payload, n) => ({ id: uuid(n), payload: Payload.parse(payload) }));
  const undo = (n: number) => ({ kind: 'undo', of: uuid(n) });
  const skip = { kind: 'skip', why: 'too_long' };
  const ids = (rows: Recorded[]) => rows.map((row) => Number(row.id.slice(-2)));

  it('an undo takes a verdict back, an undo of the undo restores it', () => {
    expect(ids(standingVerdicts(log(clean)))).toEqual([0]);
    expect(ids(standingVerdicts(log(clean, undo(0))))).toEqual([]);
    expect(ids(standingVerdicts(log(clean, undo(0), undo(1))))).toEqual([0]);
    expect(ids(standingVerdicts(log(clean, undo(0), undo(1), undo(2))))).toEqual([]);
  });
  it('an undo of something unknown or later changes nothing', () => {
    expect(ids(standingVerdicts(log(undo(1), clean, undo(9))))).toEqual([1]);
  });
  it('the last decision counts; skips and flags do not decide', () => {
    const unreadable = { ...clean, verdict: 'unreadable' };
    expect(decisionOf(log(skip))).toBeNull();
    expect(decisionOf(log(clean, unreadable, skip))?.id).toBe(uuid(1));
    expect(decisionOf(log(clean, unreadable, undo(1)))?.id).toBe(uuid(0));
  });
});
