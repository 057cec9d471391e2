import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editShare } from './edit-distance.ts';
import { type Line, unitOf } from './fixtures.ts';
import { proposePairs } from './propose.ts';
import { answersOf, sharedPrefix } from './shared-prefix.ts';

const asks = { user: 'Where is order [RECORD_ID_1]?' };
const good = { says: 'It left the warehouse on Monday and arrives tomorrow.' };
const bad = { says: 'No idea.' };
const thumb = (value: boolean, on: number, ts?: string) => ({
  feedback: { signal: 'thumb' as const, value },
  on,
  ...(ts === undefined ? {} : { ts }),
});
const branch = (of: string, selected: boolean) => ({ of: `t_${of}`, selected });

describe('which answers did the model give to the same bytes?', () => {
  it('neighbouring events of one step are one answer', () => {
    const unit = unitOf('a', [
      asks,
      { says: 'Let me look.', step: 's0' },
      { calls: 'get_order', with: { id: 1 }, step: 's0' },
      { gets: 'shipped' },
      good,
    ]);
    const answers = answersOf(unit);
    expect(answers.map((answer) => answer.events.map((event) => event.seq))).toEqual([[1, 2], [4]]);
    expect(answers.map((answer) => answer.prefix.length)).toEqual([1, 4]);
  });
  it('feedback between is not part of what the model saw', () => {
    const [plain, judged] = [
      unitOf('a', [asks, bad, asks, good]),
      unitOf('b', [asks, bad, thumb(false, 1), asks, good]),
    ];
    expect(answersOf(judged)[1]!.prefixHash).toBe(answersOf(plain)[1]!.prefixHash);
  });
  it('runs part at their first differing answer', () => {
    const shared = sharedPrefix(unitOf('a', [asks, good]), unitOf('b', [asks, bad, asks, good]));
    expect(shared).toMatchObject({ ok: true, rule: 'first_difference', a: { at: 0 }, b: { at: 0 } });
  });
  it('the same text and another call beside it is another answer, cut before the text', () => {
    const call = (id: number) => [
      asks,
      { says: 'Let me look.', step: 's0' },
      { calls: 'get_order', with: { id }, step: 's0' },
      { gets: 'ok' },
      good,
    ];
    const shared = sharedPrefix(unitOf('a', call(1)), unitOf('b', call(2)));
    expect(shared.ok && shared.a.prefix.map((event) => event.seq)).toEqual([0]);
  });
  it.each([
    ['same_answers', [asks, good], [asks, good]],
    ['one_ends_earlier', [asks, good], [asks, good, asks, bad]],
    ['histories_differ', [asks, good], [{ user: 'Where is my order?' }, bad]],
    ['histories_differ', [asks, good, asks, bad], [asks, good, { user: 'Thanks' }, good]],
    ['no_prompt', [{ system: 'Be brief.' }, good], [{ system: 'Be brief.' }, bad]],
  ])('%s is refused', (why, a, b) => {
    expect(sharedPrefix(unitOf('a', a), unitOf('b', b))).toEqual({ ok: false, why });
  });
  it('a label of a later answer does not judge the first difference', () => {
    const [a, b] = [unitOf('a', [asks, good, asks, good]), unitOf('b', [asks, bad, asks, bad])];
    expect(sharedPrefix(a, b, { a: 't_a:3', b: 't_b:3' })).toEqual({ ok: false, why: 'histories_differ' });
    expect(sharedPrefix(a, b, { a: 't_a:1', b: 't_b:1' })).toMatchObject({ ok: true, rule: 'judged_answer' });
  });
});

describe('which pairs do the logs hold?', () => {
  const only = (inputs: Parameters<typeof proposePairs>[0]) => {
    const { candidates } = proposePairs(inputs);
    expect(candidates).toHaveLength(1);
    return candidates[0]!;
  };
  it('an edit: the original rejected, the edited chosen', () => {
    const text = 'It left the warehouse on Monday and arrives on Friday at noon.';
    const unit = unitOf('a', [asks, good, { feedback: { signal: 'edit', value: text }, on: 1 }]);
    expect(only([{ unit }])).toMatchObject({
      source: 'edit',
      strength: 'strong',
      chosen: { unitId: 'u_a', eventIds: ['t_a:2'], text },
      rejected: { unitId: 'u_a', eventIds: ['t_a:1'] },
      prefixEventIds: ['t_a:0'],
    });
  });
  it('an edit of a comma, of everything or to nothing is none', () => {
    for (const value of [good.says.replace('.', '!'), 'xyz', ' ']) {
      const unit = unitOf('a', [asks, good, { feedback: { signal: 'edit', value }, on: 1 }]);
      expect(proposePairs([{ unit }]).candidates).toEqual([]);
    }
  });
  it('ranks inside one family', () => {
    const ranked = (name: string, answer: { says: string }, value: number) =>
      unitOf(name, [asks, answer, { feedback: { signal: 'rank', value }, on: 1 }]);
    const inputs = [
      { unit: ranked('a', bad, 1), branch: branch('b', false) },
      { unit: ranked('b', good, 0), branch: branch('b', true) },
    ];
    expect(only(inputs)).toMatchObject({
      source: 'rank',
      strength: 'strong',
      chosen: { unitId: 'u_b' },
      evidence: ['t_b:2', 't_a:2'],
    });
    const strangers = [inputs[0]!, { ...inputs[1]!, branch: branch('z', true) }];
    expect(proposePairs(strangers).candidates).toEqual([]);
  });
  it('a thumb down and later one up is strong, without times medium', () => {
    const rated = (name: string, answer: { says: string }, up: boolean, ts?: string) => ({
      unit: unitOf(name, [asks, answer, thumb(up, 1, ts)]),
    });
    const [early, late] = ['2026-11-02T09:00:00.000Z', '2026-11-02T09:05:00.000Z'];
    expect(only([rated('a', good, true, late), rated('b', bad, false, early)])).toMatchObject({
      source: 'thumbs_pair',
      strength: 'strong',
      chosen: { unitId: 'u_a' },
    });
    expect(only([rated('a', good, true, early), rated('b', bad, false, late)]).strength).toBe('medium');
    expect(only([rated('a', good, true), rated('b', bad, false)]).strength).toBe('medium');
    expect(proposePairs([rated('a', good, true), rated('b', bad, true)]).candidates).toEqual([]);
  });
  it('good and bad at once, or better here and worse there, is no evidence', () => {
    const torn = unitOf('a', [asks, good, thumb(true, 1), thumb(false, 1)]);
    const down = unitOf('b', [asks, bad, thumb(false, 1)]);
    expect(proposePairs([{ unit: torn }, { unit: down }]).candidates).toEqual([]);
    const turned = [
      unitOf('c', [asks, good, thumb(true, 1)]),
      unitOf('d', [asks, good, thumb(false, 1)]),
      unitOf('e', [asks, bad, thumb(true, 1)]),
      down,
    ];
    expect(proposePairs(turned.map((unit) => ({ unit }))).candidates).toEqual([]);
  });
  it('scores on one scale, when they are far enough apart', () => {
    const scored = (name: string, answer: { says: string }, value: number) => ({
      unit: unitOf(name, [asks, answer, { feedback: { signal: 'score', name: 'help', value, scale: [1, 5] }, on: 1 }]),
    });
    expect(only([scored('a', bad, 2), scored('b', good, 4)])).toMatchObject({
      source: 'rating',
      chosen: { unitId: 'u_b' },
    });
    expect(proposePairs([scored('a', bad, 3), scored('b', good, 3.5)]).candidates).toEqual([]);
  });
  it('a call that breaks its schema and its corrected retry, from the same state', () => {
    const lines: Line[] = [
      asks,
      { calls: 'get_weather', with: { city: '[LOCATION_1]' }, valid: false },
      { gets: 'missing required parameter: date', ok: false },
      { calls: 'get_weather', with: { city: '[LOCATION_1]', date: '2026-11-03' }, valid: true },
      { gets: 'rain' },
      good,
    ];
    expect(only([{ unit: unitOf('a', lines) }])).toMatchObject({
      source: 'invalid_vs_corrected',
      strength: 'strong',
      reason: 'schema_invalid',
      prefixRule: 'same_state',
      prefixEventIds: ['t_a:0'],
      chosen: { eventIds: ['t_a:3'] },
      rejected: { eventIds: ['t_a:1'] },
    });
    const otherState = lines.toSpliced(3, 0, { user: 'I meant tomorrow.' });
    expect(proposePairs([{ unit: unitOf('b', otherState) }]).candidates).toEqual([]);
    const otherTool = lines.with(3, { calls: 'get_news', with: {}, valid: true });
    expect(proposePairs([{ unit: unitOf('c', otherTool) }]).candidates).toEqual([]);
  });
  it('success against failure of one task, cut where the answers first differ', () => {
    const run = (
      name: string,
      id: number,
      value: 'success' | 'failure',
      basis: 'verifier' | 'heuristic' = 'verifier',
    ) => ({
      unit: unitOf(
        name,
        [asks, { says: 'Let me look.' }, asks, { calls: 'refund', with: { id } }, { gets: 'done' }, good],
        { value, basis },
      ),
    });
    expect(only([run('a', 1, 'failure'), run('b', 2, 'success')])).toMatchObject({
      source: 'success_vs_failure',
      strength: 'medium',
      prefixRule: 'first_difference',
      chosen: { unitId: 'u_b', eventIds: ['t_b:3'] },
      prefixEventIds: ['t_b:0', 't_b:1', 't_b:2'],
    });
    expect(proposePairs([run('a', 1, 'failure', 'heuristic'), run('b', 2, 'success')]).candidates).toEqual([]);
  });
  it('a regenerated answer is weak', () => {
    const inputs = [
      { unit: unitOf('a', [asks, bad]), branch: branch('b', false) },
      { unit: unitOf('b', [asks, good]), branch: branch('b', true) },
    ];
    expect(only(inputs)).toMatchObject({ source: 'regenerate', strength: 'weak', chosen: { unitId: 'u_b' } });
  });
  it('acceptance and rejection are a source of their own', () => {
    const judged = (name: string, answer: { says: string }, signal: 'accept' | 'reject') => ({
      unit: unitOf(name, [asks, answer, { feedback: { signal, value: true }, on: 1 }]),
    });
    expect(only([judged('a', good, 'accept'), judged('b', bad, 'reject')])).toMatchObject({
      source: 'accept_reject',
      chosen: { unitId: 'u_a' },
    });
  });
  it('an answer that the user took badly is the rejected side of a weak pair, and only beside another answer', () => {
    const quiet = unitOf('a', [asks, good]);
    for (const then of [
      { user: "That's not what I asked." },
      { user: 'where is my order [RECORD_ID_1], please?' },
      { user: 'Das stimmt nicht.' },
    ]) {
      const asked = unitOf('q', [{ user: 'Where is my order [RECORD_ID_1]?' }, good]);
      const taken = unitOf('b', [
        then.user.startsWith('where') ? { user: 'Where is my order [RECORD_ID_1]?' } : asks,
        bad,
        then,
      ]);
      const beside = then.user.startsWith('where') ? asked : quiet;
      expect(only([{ unit: beside }, { unit: taken }])).toMatchObject({
        source: 'complaint',
        strength: 'weak',
        rejected: { unitId: 'u_b' },
      });
      const alone = proposePairs([{ unit: taken }]);
      expect(alone.candidates).toEqual([]);
      expect(alone.refused).toEqual([{ source: 'complaint', why: 'no_other_answer', count: 1, examples: [['u_b']] }]);
    }
    const thanks = unitOf('c', [asks, bad, { user: 'Thank you, and what is the weather like in the harbour today?' }]);
    expect(proposePairs([{ unit: quiet }, { unit: thanks }]).candidates).toEqual([]);
  });
  it('everything that was looked at and gave no pair has a reason', () => {
    const edited = (name: string, value: string, lines: Line[] = [asks, good]) => ({
      unit: unitOf(name, [...lines, { feedback: { signal: 'edit', value }, on: lines.length - 1 }]),
    });
    const broken: Line = { calls: 'find', with: {}, valid: false };
    const error: Line = { gets: 'missing id', ok: false };
    const retry = (name: string, ...lines: Line[]) => ({ unit: unitOf(name, [asks, broken, error, ...lines]) });
    const run = (name: string, task: string, value: 'success' | 'failure', lines: Line[]) => ({
      unit: unitOf(name, lines, { value, basis: 'verifier' }),
      task,
    });
    const { refused, candidates } = proposePairs([
      edited('e1', ' '),
      edited('e2', good.says.replace('.', '!')),
      edited('e3', 'xyz'),
      edited('e4', 'find it', [asks, { calls: 'find', with: {} }]),
      retry('r1'),
      retry('r2', { calls: 'other', with: {}, valid: true }),
      retry('r3', { calls: 'find', with: { id: 1 } }),
      retry('r4', { user: 'id 1' }, { calls: 'find', with: { id: 1 }, valid: true }),
      run('s1', 't', 'success', [{ user: 'hello' }, good]),
      run('f1', 't', 'failure', [{ user: 'good day' }, bad]),
      run('f2', 't', 'failure', [{ user: 'hello' }, good, asks, bad]),
    ]);
    expect(candidates).toEqual([]);
    expect(Object.fromEntries(refused.map(({ why, count }) => [why, count]))).toEqual({
      ...{ edit_empty: 1, edit_too_small: 1, edit_too_large: 1, edit_over_calls: 1 },
      ...{ no_retry: 1, retry_other_tools: 1, retry_not_valid: 1, state_changed: 1 },
      ...{ histories_differ: 1, one_ends_earlier: 1, no_evidence: 1 },
    });
  });
  it('other tools, another prompt or nothing said: no pair', () => {
    const told = unitOf('a', [{ system: 'Be kind.' }, asks, good, thumb(true, 2)]);
    const plain = unitOf('b', [asks, bad, thumb(false, 1)]);
    expect(proposePairs([{ unit: told }, { unit: plain }]).candidates).toEqual([]);
    expect(proposePairs([{ unit: unitOf('c', [asks, bad]) }, { unit: unitOf('d', [asks, good]) }]).candidates).toEqual(
      [],
    );
  });
  it('the order of units is no matter, the same pair is found once, caps keep the count found', () => {
    const rated = (name: string, says: string, up: boolean) => ({ unit: unitOf(name, [asks, { says }, thumb(up, 1)]) });
    const inputs = [
      rated('a', 'one', true),
      rated('b', 'two', false),
      rated('c', 'two', false),
      rated('d', 'three', false),
    ];
    const whole = proposePairs(inputs);
    expect(whole.candidates).toHaveLength(2);
    expect(proposePairs(inputs.toReversed())).toEqual(whole);
    const capped = proposePairs(inputs, { thumbs_pair: 1 });
    expect(capped.candidates).toEqual(whole.candidates.slice(0, 1));
    expect(capped.found).toEqual({ thumbs_pair: 2 });
  });
});

describe('how far apart are two texts?', () => {
  it.each([
    ['kitten', 'sitting', 3 / 7],
    ['', 'abc', 1],
    ['💩a', '💩b', 0.5],
    ['same', 'same', 0],
  ])('%s and %s', (a, b, share) => {
    expect(editShare(a, b)).toBeCloseTo(share, 12);
  });
  it('agrees with the plain table, also when it stops early', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 14 });
    const plain = (a: string, b: string): number => {
      let row = Array.from({ length: b.length + 1 }, (_, j) => j);
      for (let i = 1; i <= a.length; i++) {
        row = row.reduce<number[]>((next, up, j) => {
          next.push(j === 0 ? i : Math.min(up + 1, next[j - 1]! + 1, row[j - 1]! + Number(a[i - 1] !== b[j - 1])));
          return next;
        }, []);
      }
      return row[b.length]!;
    };
    fc.assert(
      fc.property(text, text, fc.constantFrom(0.05, 0.3, 1), (a, b, most) => {
        const share = a === b ? 0 : plain(a, b) / Math.max(a.length, b.length);
        const limit = Math.floor(most * Math.max(a.length, b.length));
        const within = plain(a, b) <= limit;
        expect(editShare(a, b, most)).toBeCloseTo(within ? share : 1, 12);
      }),
    );
  });
});
