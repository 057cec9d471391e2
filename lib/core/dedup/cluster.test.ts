import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closestAcross } from './closest.ts';
import { ClusterIndex, clusterRows } from './cluster.ts';
import { bandsFor, recallAt, signatureOf } from './minhash.ts';
import { promptText, rowText } from './row-text.ts';
import { jaccard, shinglesOf, tokensOf } from './shingles.ts';

const setOf = shinglesOf;

describe('what is a token?', () => {
  it.each([
    ['Where is order 4711, please?', ['where', 'is', 'order', '0', 'please']],
    ['I am [PERSON_12] ([EMAIL_1])', ['i', 'am', 'ph_person', 'ph_email']],
    ['[NOT A_1] [Person_1] [X_]', ['not', 'a_0', 'person_0', 'x_']],
    ['ＦＵＬＬ ﬁne', ['full', 'fine']],
    ['٣٤ and 5.60', ['0', 'and', '0', '0']],
    ['退款 refund ไทย', ['退', '款', 'refund', 'ไ', 'ท', 'ย']],
    ['e\u0301te\u0301 snake_case', ['été', 'snake_case']],
    ['— … !', []],
  ])('%s', (text, tokens) => {
    expect(tokensOf(text)).toEqual(tokens);
  });
});

describe('what is a shingle?', () => {
  const count = (words: number) =>
    setOf(Array.from({ length: words }, (_, i) => String.fromCharCode(97 + i)).join(' ')).length;
  it('five tokens in a row; a short text is one, an empty text none', () => {
    expect([0, 1, 4, 5, 6, 12].map(count)).toEqual([0, 1, 1, 1, 2, 8]);
  });
  it('order matters, numbers and placeholders do not', () => {
    expect(setOf('refund for order 12 of [PERSON_1]')).toEqual(setOf('Refund for order 990 of [PERSON_7]!'));
    expect(jaccard(setOf('a b c d e'), setOf('b a c d e'))).toBe(0);
  });
  it('a text repeated has hardly more shingles than the text: a set, not a list', () => {
    expect(setOf('a b c d e a b c d e a b c d e').length).toBe(5);
  });
  it('is cut from the very tokens that the contract names, in every script', () => {
    const piece = fc.constantFrom(...'aZ_ 9٣-[]ßİﬁ退ไ๓é\u0301𠀀𞤀𞥐😀', '[PERSON_12]', '[ID_1_2]', '\ud800');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const tokens = tokensOf(pieces.join(''));
        const again = setOf(tokens.join(' '));
        expect(setOf(pieces.join(''))).toEqual(again);
        const width = Math.min(5, tokens.length);
        const runs =
          tokens.length === 0
            ? []
            : Array.from({ length: tokens.length - width + 1 }, (_, i) => tokens.slice(i, i + width).join(' '));
        expect(again.length).toBe(new Set(runs).size);
      }),
      { numRuns: 500 },
    );
  });
  it('similarity is that of the sets of word runs', () => {
    const word = fc.constantFrom('a', 'b', 'c');
    const words = fc.array(word, { minLength: 1, maxLength: 14 });
    const runs = (tokens: string[]) => {
      const width = Math.min(5, tokens.length);
      return new Set(tokens.slice(0, tokens.length - width + 1).map((_, i) => tokens.slice(i, i + width).join(' ')));
    };
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [x, y] = [runs(a), runs(b)];
        const common = [...x].filter((run) => y.has(run)).length;
        const exact = common / (x.size + y.size - common);
        expect(jaccard(setOf(a.join(' ')), setOf(b.join(' ')))).toBe(exact);
        expect(jaccard(setOf(a.join(' ')), setOf(b.join(' ')), 0.7) >= 0.7).toBe(exact >= 0.7);
      }),
    );
  });
});

describe('which pairs are looked at?', () => {
  it('42 bands of 6 at 0.7 find 0.995', () => {
    expect(bandsFor(0.7)).toEqual({ bands: 42, rows: 6 });
    expect(recallAt(0.7, bandsFor(0.7))).toBeCloseTo(0.995, 3);
  });
  it.each([0.1, 0.3, 0.5, 0.8, 0.9, 1])('at %d at least 99 in 100', (threshold) => {
    expect(recallAt(threshold, bandsFor(threshold))).toBeGreaterThanOrEqual(0.99);
  });
  it('signatures agree as often as sets do', () => {
    // 60 of 100 shingles in common: 0.4286 by count of 140. Standard error over 252 orders: 0.031.
    const numbers = (from: number, to: number) =>
      Float64Array.from({ length: to - from }, (_, i) => ((from + i) * 7_919_993_333) % 2 ** 53).sort();
    const [a, b] = [signatureOf(numbers(0, 100)), signatureOf(numbers(40, 140))];
    const alike = a.filter((value, i) => value === b[i]).length / a.length;
    expect(Math.abs(alike - 60 / 140)).toBeLessThan(0.1);
  });
});

describe('who is in one cluster?', () => {
  const base = 'please tell me how long a refund for a cancelled order takes to reach my bank account in general';
  it('near-duplicates, linked through others, named after the smallest id', () => {
    const clusters = clusterRows([
      { id: 'r9', text: base },
      { id: 'r2', text: `${base} thanks` },
      { id: 'r5', text: `${base} thanks a lot` },
      { id: 'r1', text: 'what is the weather in the harbour town tomorrow afternoon' },
      { id: 'r3', text: '' },
      { id: 'r4', text: '' },
    ]);
    expect([...clusters]).toEqual([
      ['r9', 'r2'],
      ['r2', 'r2'],
      ['r5', 'r2'],
      ['r1', 'r1'],
      ['r3', 'r3'],
      ['r4', 'r4'],
    ]);
  });
  it('one id with two texts binds both', () => {
    const clusters = clusterRows([
      { id: 'a', text: base },
      { id: 'b', text: 'something else altogether said here' },
      { id: 'a', text: 'something else altogether said here' },
    ]);
    expect(clusters.get('b')).toBe('a');
  });
  it('ids may be numbers, compared as numbers', () => {
    expect(clusterRows([10, 9].map((id) => ({ id, text: base }))).get(10)).toBe(9);
  });
  it('a threshold outside (0, 1] is refused', () => {
    expect(() => clusterRows([], 0)).toThrow(RangeError);
    expect(() => clusterRows([], 1.1)).toThrow(RangeError);
  });

  const words = 'one of our boats left the old harbour at dawn with nine people and a dog on board'.split(' ');
  // A stretch of the sentence with one word changed: anything between alike and apart.
  const text = fc
    .tuple(fc.nat(5), fc.integer({ min: 8, max: 18 }), fc.nat(40))
    .map(([from, to, at]) => words.with(Math.min(at, 17), 'ship').slice(from, to).join(' '));
  const rows = fc.array(text, { maxLength: 14 }).map((texts) => texts.map((text, i) => ({ id: `r${i + 10}`, text })));
  const byForce = (items: { id: string; text: string }[], threshold: number) => {
    const cluster = new Map(items.map(({ id }) => [id, id]));
    for (let changed = true; changed; ) {
      changed = false;
      for (const a of items) {
        for (const b of items) {
          if (a === b || jaccard(setOf(a.text), setOf(b.text)) < threshold) continue;
          const [x, y] = [cluster.get(a.id)!, cluster.get(b.id)!];
          if (x < y) {
            cluster.set(b.id, x);
            changed = true;
          }
        }
      }
    }
    return cluster;
  };
  it('never joins what comparing all pairs does not, and misses next to nothing', () => {
    let joined = 0;
    let missed = 0;
    fc.assert(
      fc.property(rows, fc.constantFrom(0.5, 0.7, 0.9), (items, threshold) => {
        const found = clusterRows(items, threshold);
        const exact = byForce(items, threshold);
        for (const { id } of items) {
          expect(exact.get(id)).toBe(exact.get(found.get(id)!));
          if (exact.get(id) !== id) joined++;
          if (found.get(id) !== exact.get(id)) missed++;
        }
      }),
      { numRuns: 150, seed: 4 },
    );
    expect(joined).toBeGreaterThan(100);
    expect(missed / joined).toBeLessThan(0.01);
  });
  it('the order of rows and the moment they come do not matter', () => {
    fc.assert(
      fc.property(rows, fc.nat(13), (items, cut) => {
        const index = new ClusterIndex<string>();
        for (const { id, text } of items.slice(cut)) index.add(id, text);
        index.clusters();
        for (const { id, text } of items.slice(0, cut)) index.add(id, text);
        const whole = clusterRows(items);
        const grown = index.clusters();
        for (const { id } of items) expect(grown.get(id)).toBe(whole.get(id));
      }),
      { numRuns: 60 },
    );
  });
  it('grows past its first tables without losing anyone', () => {
    const index = new ClusterIndex<number>();
    const name = (n: number) => String(n).replace(/[0-9]/g, (digit) => 'abcdefghij'[Number(digit)]!);
    const said = (n: number) => `the unit ${name(n)} says that ${name(n * 7)} was in ${name(n % 7)} today`;
    for (let i = 0; i < 400; i++) index.add(i, said(i));
    index.add(1_000, `${said(3)} indeed`);
    expect(index.clusters().get(1_000)).toBe(3);
    expect(new Set(index.clusters().values()).size).toBe(400);
  });
});

describe('what of a row is compared?', () => {
  const user = (content: string) => ({ role: 'user', content });
  it('the text, or what users said', () => {
    expect(promptText({ text: 'x', messages: [user('y')] })).toBe('x');
    expect(
      promptText({
        messages: [{ role: 'system', content: 's' }, user('a'), { role: 'assistant', content: 'b' }, user('c')],
      }),
    ).toBe('a\nc');
    expect(promptText({ prompt: [user('a')], chosen: [], rejected: [] })).toBe('a');
    expect(promptText({ prompt: 'a' })).toBe('a');
    expect([promptText({ id: 1 }), promptText(null), promptText(7)]).toEqual([null, null, null]);
  });
  it('the whole row is all that was said, called and returned, and neither system text nor schemas', () => {
    const system = { role: 'system', content: 'Be brief.' };
    const calls = {
      role: 'assistant',
      content: '',
      tool_calls: [{ function: { name: 'find', arguments: { id: 4 } } }],
    };
    const rest = [calls, { role: 'tool', content: 'none' }, { role: 'assistant', content: 'b' }];
    expect(rowText({ messages: [system, user('a'), ...rest], tools: '[]' })).toBe('a\n\nfind {"id":4}\nnone\nb');
    const said = (content: string) => [{ role: 'assistant', content }];
    expect(rowText({ prompt: [user('a')], chosen: said('b'), rejected: said('c') })).toBe('a\nb\nc');
    expect([rowText({ id: 1, text: 'a' }), rowText({ id: 1 })]).toEqual(['a', null]);
  });
});

describe('how near do two sides come?', () => {
  it('each held-out row has its closest row of another side, nearest first', () => {
    const row = (id: string, side: string, text: string) => ({ id, side, shingles: setOf(text) });
    const close = closestAcross([
      row('t1', 'train', 'how do I cancel my order before it is sent out'),
      row('t2', 'train', 'what is the opening time of the shop'),
      row('t3', 'train', 'tell me a story about boats and harbours'),
      row('v1', 'validation', 'how do I cancel my order before it is sent'),
      row('e1', 'test', 'nothing like the others at all really'),
    ]);
    expect(close).toEqual([
      { a: 'v1', b: 't1', similarity: 6 / 7 },
      { a: 'e1', b: '', similarity: 0 },
    ]);
  });
});
