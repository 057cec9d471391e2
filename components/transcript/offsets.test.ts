import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPoints, pointMap, slicePoints } from './code-points.ts';
import { foldCase } from './find.ts';
import { findGlyphs, nameOfGlyph } from './glyphs.ts';
import { layOutJson } from './json-lines.ts';
import { cutIntoSegments, type PaintMark } from './paint.ts';
import { moveEdge, snapToTokens, tokensOf } from './tokens.ts';

const SAMPLE = '💩 Hi\r\nJosé 👩‍👩‍👧 مرحبا e\u0301nd';

/** Text as logs hold it: emoji, joiners, combining marks, right to left, CRLF, tabs, lone surrogates, placeholders. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '💩',
        '👩‍👩‍👧',
        '🏳️‍🌈',
        'é',
        'e\u0301',
        '\u200d',
        '\u200b',
        '\u202e',
        '\u2066',
        '\r\n',
        '\r',
        '\t',
        '\n',
        '\u0000',
        '\u001b[31m',
        '\ud83d',
        '\udca9',
        'مرحبا',
        'שלום',
        'ß',
        'İ',
        '[PERSON_1]',
        '[EMAIL_12]',
        '[PERSON_0]',
        'Ms Okafor',
        ' ',
        '12 Elm St',
        '\ufeff',
        '\u{e0041}',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));
const many = { numRuns: 300 };

describe('code points and UTF-16', () => {
  it('the example of the contract: 31 units, 27 code points', () => {
    expect([SAMPLE.length, countPoints(SAMPLE)]).toEqual([31, 27]);
  });
  it('agree with walking the text, on any text and in both directions', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const map = pointMap(text);
        const signs = Array.from(text);
        expect(map.length).toBe(signs.length);
        let unit = 0;
        signs.forEach((sign, point) => {
          expect(map.toUnit(point)).toBe(unit);
          expect(map.toPoint(unit)).toBe(point);
          unit += sign.length;
        });
        expect([map.toUnit(signs.length), map.toPoint(text.length)]).toEqual([text.length, signs.length]);
      }),
      many,
    );
  });
  it('hold over long texts, where the map is made of steps', () => {
    const text = 'a💩'.repeat(5000);
    const map = pointMap(text);
    for (const point of [0, 1, 511, 512, 513, 5000, 9999]) expect(map.toPoint(map.toUnit(point))).toBe(point);
  });
});

describe('painting', () => {
  const marked = hostile.chain((text) => {
    const n = countPoints(text);
    const range = fc.tuple(fc.nat(n), fc.nat(n)).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
    return fc.tuple(fc.constant(text), fc.array(range, { maxLength: 5 }), fc.array(range, { maxLength: 3 }), range);
  });
  const toMark = (range: { start: number; end: number }, at: number): PaintMark => ({
    ...range,
    id: String(at),
    path: '/x',
    type: 'PERSON',
    state: 'missed',
  });

  it('never changes the text: segments joined are the text, each at its code point', () => {
    fc.assert(
      fc.property(marked, ([text, ranges, hits]) => {
        const segments = cutIntoSegments(text, {
          marks: ranges.map(toMark),
          hits: hits.map((hit) => ({ ...hit, isCurrent: false })),
        });
        expect(segments.map((segment) => segment.text).join('')).toBe(text);
        let at = 0;
        for (const segment of segments) {
          expect(segment.at).toBe(at);
          at += countPoints(segment.text);
        }
      }),
      many,
    );
  });
  it('a mark covers exactly its slice', () => {
    fc.assert(
      fc.property(marked, ([text, ranges]) => {
        const marks = ranges.map(toMark);
        const segments = cutIntoSegments(text, { marks });
        for (const mark of marks) {
          const painted = segments.filter(({ marks: on }) => on.includes(mark)).map((segment) => segment.text);
          expect(painted.join('')).toBe(slicePoints(text, mark.start, mark.end));
        }
      }),
      many,
    );
  });
  it('a part of a text is that slice', () => {
    fc.assert(
      fc.property(marked, ([text, , , { start, end }]) => {
        const part = cutIntoSegments(text, {}, start, end);
        expect(part.map((segment) => segment.text).join('')).toBe(slicePoints(text, start, end));
      }),
      many,
    );
  });
  it('a placeholder is one segment and what only looks like one is none', () => {
    const segments = cutIntoSegments('to [PERSON_1], [PERSON_0] and [NOBODY_1]');
    expect(segments.filter((segment) => segment.placeholder).map((segment) => segment.text)).toEqual(['[PERSON_1]']);
  });
  it('a veiled mark says its first and last letter once, however it is cut', () => {
    const mark = { ...toMark({ start: 4, end: 13 }, 1), isVeiled: true };
    const segments = cutIntoSegments('for Ms Okafor too', {
      marks: [mark],
      hits: [{ start: 7, end: 9, isCurrent: true }],
    });
    expect(segments.filter(({ marks }) => marks.length > 0).map(({ veil }) => veil)).toEqual(['M•••r', '', '']);
  });
  it('text nodes stay below 2,000 characters and never split a pair', () => {
    const text = `a${'💩'.repeat(4000)}`;
    for (const segment of cutIntoSegments(text)) {
      expect(segment.text.length).toBeLessThanOrEqual(2001);
      expect(segment.text).not.toMatch(/^[\udc00-\udfff]/);
    }
  });
});

describe('characters that are not seen', () => {
  it.each([
    ['\r', 'CR'],
    ['\u0000', 'NUL'],
    ['\u001b', 'ESC'],
    ['\u202e', 'RLO'],
    ['\u200b', 'ZWSP'],
    ['\ufeff', 'BOM'],
    ['\ud83d', 'U+D83D'],
    ['\u{e0041}', 'TAG A'],
  ])('%j is drawn as %s', (sign, name) => {
    expect(findGlyphs(`a${sign}b`)).toEqual([{ start: 1, end: 1 + sign.length, name }]);
    expect(nameOfGlyph(sign.codePointAt(0)!)).toBe(name);
  });
  it('a joiner inside an emoji is none, alone it is one', () => {
    expect(findGlyphs('👩‍👩‍👧 🏳️‍🌈')).toEqual([]);
    expect(findGlyphs('a\u200db')).toHaveLength(1);
  });
  it('tabs and line feeds are laid out, not drawn', () => {
    expect(findGlyphs('a\tb\nc')).toEqual([]);
  });
});

describe('tokens', () => {
  it('a selection grows to words and leaves blanks', () => {
    const text = 'for Ms Okafor too';
    expect(snapToTokens(text, { start: 5, end: 9 })).toEqual({ start: 4, end: 13 });
    expect(snapToTokens(text, { start: 3, end: 4 })).toBeNull();
  });
  it('a placeholder is one token', () => {
    expect(tokensOf('to [PERSON_1]!').map(({ start, end }) => 'to [PERSON_1]!'.slice(start, end))).toEqual([
      'to',
      '[PERSON_1]',
    ]);
  });
  it('snapping keeps what was selected, but for blanks, and stays in the text', () => {
    fc.assert(
      fc.property(hostile, fc.nat(40), fc.nat(40), (text, a, b) => {
        const n = countPoints(text);
        const range = { start: Math.min(a, b, n), end: Math.min(Math.max(a, b), n) };
        fc.pre(range.start < range.end);
        const snapped = snapToTokens(text, range);
        if (snapped === null) {
          expect(slicePoints(text, range.start, range.end).trim()).toBe('');
          return;
        }
        expect(snapped.start).toBeGreaterThanOrEqual(0);
        expect(snapped.end).toBeLessThanOrEqual(n);
        expect(slicePoints(text, snapped.start, snapped.end)).toContain(
          slicePoints(text, range.start, range.end).trim(),
        );
      }),
      many,
    );
  });
  it('an edge moves by what is seen as one character', () => {
    const text = 'a👩‍👩‍👧b';
    expect(moveEdge(text, { start: 0, end: 1 }, 'end', 1)).toEqual({ start: 0, end: 6 });
    expect(moveEdge(text, { start: 0, end: 6 }, 'end', -1)).toEqual({ start: 0, end: 1 });
    expect(moveEdge(text, { start: 0, end: 1 }, 'end', -1)).toEqual({ start: 0, end: 1 });
  });
});

describe('folding case for find', () => {
  it('never moves a place', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(foldCase(text)).toHaveLength(text.length);
      }),
      many,
    );
  });
});

describe('laying out JSON', () => {
  it('covers the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const lines = layOutJson(text);
        if (lines) expect(lines.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
      }),
      many,
    );
  });
  it('puts each field of a long object on a line', () => {
    const text = JSON.stringify({ order: 'A-1', note: 'x'.repeat(40), lines: [1, 2, 3] });
    const lines = layOutJson(text)!;
    expect(lines.map(({ start, end, depth }) => `${depth} ${text.slice(start, end)}`)).toEqual([
      '0 {',
      '1 "order":"A-1",',
      `1 "note":"${'x'.repeat(40)}",`,
      '1 "lines":[1,2,3]',
      '0 }',
    ]);
  });
  it.each(['plain words', '{"a":', '[1]', '{"a":\n"laid out already, as it came, with enough text to pass"}'])(
    'leaves %j alone',
    (text) => {
      expect(layOutJson(text)).toBeNull();
    },
  );
});
