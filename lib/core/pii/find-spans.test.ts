import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, stringify } from '../trajectory/json.ts';
import { findSpans } from './find-spans.ts';
import { leavesOf, replaceLeaves } from './leaves.ts';
import type { Leaf, Span } from './span.ts';
import { buildViews } from './views/build-views.ts';
import { sourceView } from './views/view.ts';

const leaf = (text: string): Leaf => ({ path: '', text, kind: 'string', key: '' });

function mask(text: string, spans: readonly Span[]): string {
  const chars = [...text];
  const covered = new Set<number>();
  for (const span of spans) for (let i = span.start; i < span.end; i++) covered.add(i);
  return chars.map((char, i) => (covered.has(i) ? '·' : char)).join('');
}

function redact(value: Json): string {
  const texts = new Map<string, string>();
  for (const one of leavesOf(value)) {
    const spans = findSpans(one, { tier: 'auto' });
    if (spans.length > 0)
      texts.set(one.path, one.kind === 'number' ? '9'.repeat(one.text.length) : mask(one.text, spans));
  }
  return stringify(replaceLeaves(value, texts));
}

// biome-ignore format: one shape a line: class and number of the case, value, what must be gone
const SHAPES: [string, Json, string[]][] = [
  ['A1', { arguments: '{"to":"mara.quist@tallow.example"}' }, ['mara']],
  ['A2', { a: '{"body":"{\\"p\\":\\"{\\\\\\"tel\\\\\\":\\\\\\"020 7946 0139\\\\\\"}\\"}"}' }, ['7946']],
  ['A3', { 'mara.quist@tallow.example': { plan: 'pro' } }, ['mara']],
  ['A4', { phone: 442079460139 }, ['442079']],
  ['A5', { firstName: 'Mara', lastName: 'Quist' }, ['Mara', 'Quist']],
  ['A6', ['4', '1', '5', '5', '5', '5', '0', '1', '3', '4'], ['"5","5","0"']],
  ['A9', { metadata: { user_id: 'u-mquist-88' } }, ['mquist']],
  ['A10', { email: { type: 'string', default: 'mara.quist@tallow.example' } }, ['mara']],
  ['B15', String.raw`mara.quist\u0040tallow.example`, ['mara']],
  ['B16', '?u=mara%40tallow.example and mara%2540tallow.example', ['mara']],
  ['B17', 'mara&#64;tallow.example or mara&commat;tallow&period;example', ['mara']],
  ['B18', 'x dXNlcj1tYXJhLnF1aXN0QHRhbGxvdy5leGFtcGxl y', ['dXNlcj1t']],
  ['B20', '6d6172614074616c6c6f772e6578616d706c65', ['6d617261']],
  ['B21', 'H4sIAAAAAAACA8tNLEp0KEnMyckv10utSMwtyEkFAJVbDp8TAAAA', ['H4sIAAA']],
  ['B22', 'mara=40tallow.example', ['mara']],
  ['B24', 'data:text/plain;base64,TWFyYSBRdWlzdA==', ['TWFyYSB']],
  ['B25', 'rot13: znen.dhvfg@gnyybj.rknzcyr', ['znen']],
  ['B26', String.raw`b'\x6d\x61\x72\x61@tallow.example'`, ['tallow', 'x6d']],
  ['C27', 'mara\u200b.quist@tallow.example', ['mara', 'quist']],
  ['C29', 'm\u0430ra.quist@tallow.example', ['m\u0430', 'ra.quist']],
  ['C30', 'x \u202eelpmaxe.wollat@aram\u202c y', ['wollat']],
  ['C32', 'mara＠tallow.example', ['mara']],
  ['C33', 'call me ٠٢٠ ٧٩٤٦ ٠١٣٩', ['٧٩٤٦']],
  ['C34', '\ud83dmara@tallow.example', ['mara']],
  ['D35', 'to mara.quist@tallow\n.example please', ['mara', '.example']],
  ['D36', '4 Tallow *Row*', ['Tallow', 'Row']],
  ['D38', '"Quist, Mara";12.03.1984;DE41500105170123456789', ['1984', 'DE41']],
  ['E43', 'https://h.test/p;uid=mquist#mail=mara@tallow.example', ['mquist', 'mara']],
  ['E44', 'https://mara:Plum-river-77@host.invalid/', ['mara', 'Plum']],
  ['E46', 'https://x.test/file.pdf?X-Sig=9f1c88aa&X-User=mquist', ['9f1c', 'mquist']],
  ['E49', "WHERE name = 'Quist' AND dob = '1984-03-12'", ['1984']],
  ['E50', 'ssh mquist@10.20.30.40 -i ~/keys/mq', ['mquist', '10.20']],
  ['E51', String.raw`/^mara\.quist@tallow\.example$/`, ['mara', 'quist']],
  ['F55', String.raw`C:\Users\Mara Quist\Desktop\offer.docx`, ['Mara', 'Quist']],
  ['F58', 'maras-macbook.local', ['maras']],
  ['F59', 'sshd: Accepted for mquist from 203.0.113.7', ['mquist', '203.0']],
  ['F62', 'USER=mquist HOSTNAME=mq-dev', ['mquist', 'mq-dev']],
  ['G66', 'DB_PASSWORD=Plum-river-77', ['Plum']],
  ['G71', 'the wifi password is plumriver seventy-seven', ['plumriver', 'seventy']],
  ['H74', 'mara dot quist at tallow dot example', ['mara', 'quist']],
  ['H75', 'call me on oh two oh, seven nine four six, oh one three nine', ['seven nine']],
];

describe('a value hidden in a record', () => {
  it.each(SHAPES)('is gone from shape %s', (_, value, gone) => {
    const done = redact(value);
    for (const part of gone) expect(done).not.toContain(part);
    if (typeof value !== 'string') expect(() => JSON.parse(done)).not.toThrow();
  });
});

const pieces = fc.constantFrom(
  'mara@tallow.example',
  '😀',
  '%40',
  '&#64;',
  '\\u0041',
  '020 7946 0139',
  ' ',
  '\n',
  '\u200b',
  'a.b',
  'bWFyYUB0YWxsb3cuZXhhbXBsZQ==',
  '[EMAIL_1]',
  'password=',
  'Xy7-q',
  '"',
  '\ud83d',
);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(pieces, { maxLength: 14 }).map((all) => all.join('')),
);

describe('spans', () => {
  it('are sorted, not empty, inside the text, and the same every time', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const spans = findSpans(leaf(text), { tier: 'suggest' });
        const length = [...text].length;
        for (const [i, span] of spans.entries()) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(length);
          if (i > 0) expect(span.start).toBeGreaterThanOrEqual(spans[i - 1]!.start);
        }
        expect(findSpans(leaf(text), { tier: 'suggest' })).toEqual(spans);
      }),
      { numRuns: 150 },
    );
  });

  it('of the auto tier are those of both tiers that score enough', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const both = findSpans(leaf(text), { tier: 'suggest' });
        expect(findSpans(leaf(text), { tier: 'auto' })).toEqual(both.filter((span) => span.tier === 'auto'));
      }),
      { numRuns: 100 },
    );
  });

  it('count code points, so that characters of two units move nothing', () => {
    const [span] = findSpans(leaf('😀😀 mara@tallow.example'), { tier: 'auto' }).filter((one) => one.type === 'EMAIL');
    expect([span!.start, span!.end]).toEqual([3, 22]);
  });

  it('from a view cover the source so that masking removes the mailbox from every view', () => {
    const spell: ((mail: string) => string)[] = [
      (mail) => mail.replace('@', '%40'),
      (mail) => mail.replace('@', '&#64;'),
      (mail) => mail.replace('@', '\\u0040'),
      (mail) => mail.replace('@', '\u200b@'),
      (mail) => Buffer.from(`mail ${mail}`).toString('base64'),
      (mail) => Buffer.from(mail).toString('hex'),
    ];
    const word = fc.stringMatching(/^[a-z]{4,9}$/);
    fc.assert(
      fc.property(word, word, fc.constantFrom(...spell), (local, host, hide) => {
        const mail = `${local}.q@${host}.example`;
        const text = `send it to ${hide(mail)} please`;
        const masked = mask(text, findSpans(leaf(text), { tier: 'auto' }));
        const { views } = buildViews(sourceView(masked));
        for (const view of [masked, ...views.map((one) => one.text)]) expect(view).not.toContain(mail);
      }),
      { numRuns: 60 },
    );
  });

  it('never need more reading than a fixed share of the text, whatever it holds', () => {
    const attacks = ['%25', '&amp;', '\\', 'a-', '@', '1 ', '- ', '0x', 'aA1/', '\n> ', '=', "''", '*', 'o ', '\u200b'];
    for (const attack of attacks) {
      const read = (times: number): number =>
        buildViews(sourceView(attack.repeat(times))).views.reduce((sum, view) => sum + view.text.length, 0);
      const [small, large] = [read(300), read(1200)];
      expect(large).toBeLessThanOrEqual(5 * small + 4000);
    }
  });
});
