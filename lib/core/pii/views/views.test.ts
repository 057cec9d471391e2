import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leavesOf } from '../leaves.ts';
import type { ViewId } from '../span.ts';
import { buildViews } from './build-views.ts';
import { fromBase64, textOf, unpack } from './bytes.ts';
import { joinedTexts } from './joined.ts';
import { extentOf, readsAnew, sourceView } from './view.ts';

// biome-ignore format: one reading a line
const READS: [ViewId, string, string][] = [
  ['fold', 'x ｍａｒａ＠tallow.example', 'mara@tallow.example'],
  ['fold', 'ma\u200bra \u0660\u0661', 'mara 01'],
  ['fold', 'Rene\u0301e', 'Renée'],
  ['entities', 'a&#x40;b &amp;commat; &eacute;', 'a@b @ é'],
  ['percent', 'q %2540 %C3%A9', '@ é'],
  ['escapes', 'a \\u0040 \\x41 \\101 \\.', '@ A A .'],
  ['decode', 'z bWFyYUB0YWxsb3cuZXhhbXBsZQ', 'mara@tallow.example'],
  ['decode', 'a=40b', 'a@b'],
  ['unwrap', 'mara@tallow\n> .example', 'mara@tallow.example'],
  ['unwrap', 'Qu-\nist', 'Quist'],
  ['spelled', 'mara dot quist (at) tallow dot example', 'mara.quist@tallow.example'],
  ['spelled', 'double seven, oh twenty-one', '77021'],
  ['spelled', 'Q-U-I-S-T', 'QUIST'],
  ['turned', 'rot13: uryyb', 'hello'],
];

describe('a view', () => {
  it.each(READS)('%s reads case %#', (id, text, read) => {
    const { views } = buildViews(sourceView(text));
    expect(
      views
        .filter((view) => view.id === id)
        .map((view) => view.text)
        .join('|'),
    ).toContain(read);
  });

  it('is not built for plain prose', () => {
    const text = 'The quick brown fox jumps over the lazy dog, doesn’t it?\nIt – as ever – does; see page 12.';
    expect(buildViews(sourceView(text))).toEqual({ views: [], blobs: [] });
  });

  it('maps every stretch into the source, in order', () => {
    const parts = fc.constantFrom(
      '%40',
      '&#64;',
      '\\n',
      '\u00ad',
      'bWFyYUB0YWxsb3cuZXhhbXBsZQ',
      ' dot ',
      'a@b',
      '\n',
      '１',
      'x y',
      '**',
      '\u202e',
      'rot13 ',
    );
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 12 }).map((all) => all.join('')),
        (text) => {
          for (const view of buildViews(sourceView(text)).views) {
            expect(view.from).toHaveLength(view.text.length);
            for (let i = 0; i < view.text.length; i++) {
              const extent = extentOf(view, i, i + 1);
              expect(extent.start).toBeGreaterThanOrEqual(0);
              expect(extent.end).toBeGreaterThan(extent.start);
              expect(extent.end).toBeLessThanOrEqual(text.length);
              if (i > 0 && !view.unordered) expect(extent.start).toBeGreaterThanOrEqual(view.from![i - 1]!);
            }
          }
        },
      ),
      { numRuns: 120 },
    );
  });

  it('tells what it reads anew from what the source says already', () => {
    const [view] = buildViews(sourceView('plain a%40b')).views.filter((one) => one.id === 'percent');
    expect(readsAnew(view!, 'plain a%40b', 0, 5)).toBe(false);
    expect(readsAnew(view!, 'plain a%40b', 6, 9)).toBe(true);
  });
});

describe('what decoding cannot open', () => {
  const RANDOM = 'q8Zt3LmV0xK7pWc2Rf9YbN5sHd1GjT4uEa6Q';
  it('is a blob when it looks random', () => {
    expect(buildViews(sourceView(`x ${RANDOM} y`)).blobs).toEqual([{ start: 2, end: 2 + RANDOM.length }]);
  });
  it.each([
    `sha512-${RANDOM}==`,
    `call_${RANDOM}`,
    'getUserAccountInformationFromDatabase',
    'src/components/ReleaseSheet/index.tsx',
  ])('is none in %s', (text) => {
    expect(buildViews(sourceView(text)).blobs).toEqual([]);
  });
  it('is a data URI, whatever it holds', () => {
    expect(buildViews(sourceView('![](data:image/png;base64,iVBORw0KGgo=)')).blobs[0]).toEqual({ start: 4, end: 38 });
  });
});

describe('bytes', () => {
  it('come back from base64 of either alphabet, padded or not', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom<BufferEncoding>('base64', 'base64url'),
        (bytes, alphabet) => {
          expect([...fromBase64(Buffer.from(bytes).toString(alphabet))]).toEqual([...bytes]);
        },
      ),
      { numRuns: 60 },
    );
  });
  it('are text exactly when they are UTF-8 without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        const isPlain = !/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text);
        expect(textOf(new TextEncoder().encode(text))).toBe(isPlain ? text : undefined);
      }),
      { numRuns: 60 },
    );
    expect(textOf(Uint8Array.of(0xc3))).toBeUndefined();
    expect(textOf(Uint8Array.of(0xff, 0x41))).toBeUndefined();
  });
  it('that unpack to far more than they are stay closed', async () => {
    const { gzipSync } = await import('node:zlib');
    expect(unpack(gzipSync(Buffer.alloc(1 << 20, 'a')))).toBeUndefined();
    expect(textOf(unpack(gzipSync(Buffer.from('mara@tallow.example')))!)).toBe('mara@tallow.example');
  });
});

describe('neighbour leaves', () => {
  const joined = (value: Parameters<typeof leavesOf>[0]) =>
    leavesOf(value).flatMap((leaf) =>
      leaf.kind === 'key' ? [] : joinedTexts(leaf.siblings).map((one) => one.text),
    )[0];
  it.each([
    [['4', '1', '5', '5', '5', '5', '0'], '4155550'],
    [{ code: '+44', area: '20', number: '7946 0139' }, '+44 20 7946 0139'],
    [{ user: 'mara', domain: 'tallow.example' }, 'mara@tallow.example'],
  ])('case %# are read as one', (value, text) => {
    expect(joined(value)).toBe(text);
  });
  it('that hold words are left apart', () => {
    expect(joined({ a: 'one', b: 'two' })).toBeUndefined();
  });
});
