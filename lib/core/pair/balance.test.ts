import { describe, expect, it } from 'vitest';
import { seededRandom } from '../stats/random.ts';
import { balanceBy, balanceOf, type LabelledPair } from './balance.ts';
import { comesBackSwapped, leftSide } from './order.ts';
import { surfaceAuc } from './surface.ts';

const pair = (id: string, chosen: string, rejected: string, more: Partial<LabelledPair> = {}): LabelledPair => ({
  ...{ id, config: 'dpo-chat', source: 'edit', chosen, rejected },
  ...more,
});
const words = (n: number, seed: number) => {
  const chance = seededRandom(seed);
  return Array.from({ length: n }, () =>
    'abcdefgh'[Math.floor(chance() * 8)]!.repeat(1 + Math.floor(chance() * 6)),
  ).join(' ');
};

describe('what would these pairs teach beside?', () => {
  it('counts longer winners among unequal lengths, with an interval', () => {
    const balance = balanceOf([
      pair('1', 'a longer answer', 'brief'),
      pair('2', 'short', 'the longer one'),
      pair('3', 'quite a bit longer', 'tiny'),
      pair('4', 'same!', 'equal'),
    ]);
    expect(balance.chosenLonger).toMatchObject({ value: 2 / 3, n: 3 });
    expect(balance.chosenLonger.low).toBeLessThan(0.3);
    expect(balance.lengthRatio).toEqual({ p5: 5 / 14, p50: 1, p95: 4.5 });
    expect(balance.findings).toEqual(['win_by_length']);
  });
  it('names identical, empty and nearly identical sides; a confirmed edit may be near', () => {
    const long = words(40, 1);
    const faults = balanceOf([
      pair('same', 'one  two', ' one two\n'),
      pair('empty', 'x', ' \n'),
      pair('near', long, `${long}.`, { source: 'thumbs_pair' }),
      pair('unconfirmed', `${long} a`, `${long} b`),
      pair('confirmed', `${long} c`, `${long} d`, { editConfirmed: true }),
      pair('far', words(40, 2), words(40, 3)),
    ]).faults;
    expect(faults).toMatchObject({ identical: ['same'], empty: ['empty'], near_identical: ['near', 'unconfirmed'] });
  });
  it('names contradictions inside a cluster, and texts that win here and lose there', () => {
    const faults = balanceOf([
      pair('a', 'yes, at once', 'no, never', { cluster: 'k1' }),
      pair('b', 'no, never', 'yes, at once', { cluster: 'k1' }),
      pair('c', 'something new', 'yes, at once', { cluster: 'k2' }),
      pair('d', 'another text', 'a lost one', { cluster: 'k2' }),
    ]).faults;
    expect(faults.conflicting).toEqual(['a', 'b']);
    expect(faults.chosen_and_rejected).toEqual(['a', 'b', 'c']);
  });
  it('names a long rejected side that stops midway while the chosen one ends', () => {
    const cut = words(60, 4).replace(/\W*$/, '');
    const faults = balanceOf([
      pair('a', 'A whole answer.', cut),
      pair('b', words(60, 5), cut),
      pair('c', 'Another whole one.', cut, { reason: 'policy_violating' }),
      pair('d', 'It ends.', 'short and without a mark'),
    ]).faults;
    expect(faults.truncated).toEqual(['a']);
  });
  it('names what a template or a log left in a text', () => {
    const odd = ['Done.<|im_end|>', '###STOP###', 'assistant: yes', '```js\nlet a = 1'];
    const faults = balanceOf([
      ...odd.map((text, i) => pair(`odd${i}`, text, `another ${i}`)),
      pair('fine', '```js\nlet a = 1\n```', 'Ask your assistant: he knows.'),
    ]).faults;
    expect(faults.format_artefact).toEqual(['odd0', 'odd1', 'odd2', 'odd3']);
  });
  it('opens the pairs behind each figure', () => {
    const pairs = Array.from({ length: 30 }, (_, i) =>
      pair(`${i}`, i < 25 ? words(20 + i, i) : words(3, i), words(10, i + 99), { chosenWasLeft: i % 10 !== 0 }),
    );
    const { behind, editDistance } = balanceOf(pairs);
    expect(behind.win_by_length).toHaveLength(25);
    expect(Number(behind.win_by_length[0])).toBeGreaterThan(19);
    expect(behind.position).toHaveLength(27);
    expect(behind.surface.length).toBeGreaterThan(15);
    expect(editDistance!.p50).toBeGreaterThan(0.5);
  });
  it('sees that the left side wins', () => {
    const pairs = Array.from({ length: 40 }, (_, i) =>
      pair(`${i}`, words(9, i), words(9, i + 99), { chosenWasLeft: i % 10 !== 0 }),
    );
    expect(balanceOf(pairs).chosenLeft.value).toBe(0.9);
    expect(balanceOf(pairs).findings).toContain('position');
  });
  it('judges each config, source and annotator by itself', () => {
    const pairs = [pair('1', 'a long one', 'b'), pair('2', 'a', 'b long', { source: 'rank', annotator: 'p1' })];
    expect([...balanceBy(pairs, 'source')].map(([name, { n }]) => [name, n])).toEqual([
      ['edit', 1],
      ['rank', 1],
    ]);
    expect([...balanceBy(pairs, 'annotator').keys()]).toEqual(['p1', 'unknown']);
  });
});

describe('can the chosen answer be told by its looks?', () => {
  const pairs = (make: (i: number) => { chosen: string; rejected: string }, count = 120) =>
    Array.from({ length: count }, (_, i) => make(i));
  it('longer winners can', () => {
    const auc = surfaceAuc(
      pairs((i) => ({ chosen: words(30 + (i % 9), i), rejected: words(20 + (i % 9), i + 500) })),
      1,
    );
    expect(auc).toBeGreaterThan(0.85);
  });
  it('lists and refusals can', () => {
    expect(
      surfaceAuc(
        pairs((i) => ({ chosen: `- ${words(20, i)}\n- ${words(3, i)}`, rejected: words(23, i + 500) })),
        1,
      ),
    ).toBeGreaterThan(0.9);
    expect(
      surfaceAuc(
        pairs((i) => ({ chosen: words(20, i), rejected: `I'm sorry, ${words(18, i + 500)}` })),
        1,
      ),
    ).toBeGreaterThan(0.8);
  });
  it('texts of one kind can not', () => {
    const auc = surfaceAuc(
      pairs((i) => ({ chosen: words(20 + (i % 7), i), rejected: words(20 + ((i * 3) % 7), i + 5_000) }), 600),
      1,
    )!;
    expect(Math.abs(auc - 0.5)).toBeLessThan(0.08);
  });
  it('the figure is the same each time, and none is given for few pairs', () => {
    const some = pairs((i) => ({ chosen: words(12 + (i % 5), i), rejected: words(11, i + 7) }));
    expect(surfaceAuc(some, 9)).toBe(surfaceAuc(some, 9));
    expect(surfaceAuc(some.slice(0, 19), 9)).toBeNull();
  });
});

describe('which answer stands left?', () => {
  it('half and half, different for two people, swapped when it comes back', () => {
    const ids = Array.from({ length: 1_000 }, (_, i) => `p_${i}`);
    const left = ids.filter((id) => leftSide('seed', id, 'ann') === 'a').length;
    expect(Math.abs(left - 500)).toBeLessThan(60);
    const alike = ids.filter((id) => leftSide('seed', id, 'ann') === leftSide('seed', id, 'bob')).length;
    expect(Math.abs(alike - 500)).toBeLessThan(60);
    for (const id of ids.slice(0, 50)) expect(leftSide('seed', id, 'ann', 2)).not.toBe(leftSide('seed', id, 'ann'));
    expect(Math.abs(ids.filter((id) => comesBackSwapped('seed', id, 'ann')).length - 50)).toBeLessThan(25);
  });
});
