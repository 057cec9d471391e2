/**
 * The shapes of docs/privacy.md ("Leak shapes"), crossed with the types that fit them: the value, as it is written there, must
 * be gone from the redacted record. All values are invented. What is not reached yet stands in NOT_YET by name, so that
 * a shape which gets lost, and one that gets found, both show.
 */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Json, stringify } from '../trajectory/json.ts';
import { EMPTY_DICTIONARY } from './dictionary.ts';
import { redactJson } from './redact-json.ts';

const VALUES = {
  PERSON: 'Mara Quist',
  EMAIL: 'mara.quist@tallow.example',
  PHONE: '+44 20 7946 0139',
  PAYMENT_CARD: '4000 0012 3456 7899',
  BANK_ACCOUNT: 'DE41500105170123456789',
  IP: '203.0.113.77',
  SECRET: 'ghp_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5',
} as const;
type Type = keyof typeof VALUES;
const ALL = Object.keys(VALUES) as Type[];
const LETTERS: Type[] = ['PERSON', 'EMAIL'];
const NO_PERSON = ALL.filter((type) => type !== 'PERSON');

/** What a person writes around each value. */
const said = (type: Type, value: string): string =>
  ({
    PERSON: `My name is ${value}, thank you.`,
    EMAIL: `You can write to ${value} any time.`,
    PHONE: `Call me on ${value} please.`,
    PAYMENT_CARD: `My card is ${value}, exp 04/29.`,
    BANK_ACCOUNT: `Pay it to IBAN ${value} please.`,
    IP: `It came from ${value} last night.`,
    SECRET: `The token is ${value} and it works.`,
  })[type];

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const percent = (text: string): string => encodeURIComponent(text).replaceAll('.', '%2E');
const entity = (text: string): string =>
  [...text].map((c) => (/[@. ]/.test(c) ? `&#${c.codePointAt(0)};` : c)).join('');
const rot13 = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) + (c.toLowerCase() < 'n' ? 13 : -13)));
const wide = (text: string): string => text.replaceAll(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
const math = (text: string): string =>
  text
    .replaceAll(/[a-z]/g, (c) => String.fromCodePoint(0x1d4ea + c.charCodeAt(0) - 97))
    .replaceAll(/[A-Z]/g, (c) => String.fromCodePoint(0x1d4d0 + c.charCodeAt(0) - 65));
const arabic = (text: string): string => text.replaceAll(/\d/g, (c) => String.fromCharCode(0x660 + Number(c)));
const inside = (text: string, sign: string): string => text.slice(0, 3) + sign + text.slice(3);
const deep = (value: Json, depth: number): Json => (depth === 0 ? { note: value } : { a: deep(value, depth - 1) });
const parts = (value: string) => value.split(' ');

type Case = { record: Json; planted: string[] };
type Shape = { n: number; name: string; types: readonly Type[]; make: (value: string, type: Type) => Case };
const text = (written: string, ...planted: string[]): Case => ({ record: { text: written }, planted });

const SHAPES: Shape[] = [
  { n: 0, name: 'plain text', types: ALL, make: (v, t) => text(said(t, v), v) },
  {
    n: 1,
    name: 'arguments as JSON in a string',
    types: ALL,
    make: (v, t) => ({ record: { arguments: JSON.stringify({ to: said(t, v) }) }, planted: [v] }),
  },
  {
    n: 2,
    name: 'JSON in a string in a string',
    types: ALL,
    make: (v, t) => ({ record: { body: JSON.stringify({ p: JSON.stringify({ q: said(t, v) }) }) }, planted: [v] }),
  },
  {
    n: 3,
    name: 'object key',
    types: ['EMAIL', 'PHONE', 'PAYMENT_CARD', 'BANK_ACCOUNT', 'PERSON'],
    make: (v) => ({ record: { [v]: { plan: 'pro' } }, planted: [v] }),
  },
  {
    n: 4,
    name: 'numeric leaf',
    types: ['PHONE', 'PAYMENT_CARD'],
    make: (v, t) => ({
      record: { [t === 'PHONE' ? 'phone' : 'card_number']: Number(v.replaceAll(/\D/g, '')) },
      planted: [v.replaceAll(/\D/g, '')],
    }),
  },
  {
    n: 5,
    name: 'split over sibling leaves',
    types: ['PERSON'],
    make: (v) => ({ record: { firstName: parts(v)[0]!, lastName: parts(v)[1]! }, planted: parts(v) }),
  },
  {
    n: 6,
    name: 'array of single characters',
    types: ['PHONE', 'PAYMENT_CARD'],
    make: (v) => ({
      record: { digits: [...v.replaceAll(/\D/g, '')] },
      planted: [JSON.stringify([...v.replaceAll(/\D/g, '')])],
    }),
  },
  { n: 7, name: 'depth 40', types: ALL, make: (v, t) => ({ record: deep(said(t, v), 40), planted: [v] }) },
  {
    n: 8,
    name: 'duplicate key, the first one shadowed',
    types: ALL,
    make: (v, t) => ({ record: { args: `{"note":${JSON.stringify(said(t, v))},"note":"x"}` }, planted: [v] }),
  },
  {
    n: 9,
    name: 'user id in metadata',
    types: ['PERSON'],
    make: () => ({ record: { metadata: { user_id: 'u-mquist-88' } }, planted: ['u-mquist-88'] }),
  },
  {
    n: 10,
    name: 'tool schema default',
    types: NO_PERSON,
    make: (v) => ({ record: { parameters: { properties: { to: { type: 'string', default: v } } } }, planted: [v] }),
  },
  {
    n: 11,
    name: "system prompt with the user's profile",
    types: ['PERSON'],
    make: (v) => text(`You help ${v}, Gold member since 2019.`, v),
  },
  {
    n: 12,
    name: 'retrieved passage',
    types: ['PERSON'],
    make: (v) => text(`[2] Contact ${v}, 4 Tallow Row.`, v, 'Tallow Row'),
  },
  { n: 13, name: 'tool error echo', types: ALL, make: (v) => text(`404: no customer "${v}"`, v) },
  { n: 14, name: 'reasoning text', types: ALL, make: (v, t) => text(`<think>The user said: ${said(t, v)}</think>`, v) },
  {
    n: 15,
    name: 'JSON unicode escape',
    types: ['EMAIL'],
    make: (v) => text(`mail ${v.replace('@', '\\u0040')} now`, v.replace('@', '\\u0040')),
  },
  {
    n: 16,
    name: 'percent-encoding',
    types: ['EMAIL', 'PHONE', 'IP', 'BANK_ACCOUNT'],
    make: (v) => text(`GET /find?u=${percent(v)}&x=1`, percent(v)),
  },
  {
    n: 16,
    name: 'percent-encoding twice',
    types: ['EMAIL'],
    make: (v) => text(`GET /find?u=${encodeURIComponent(percent(v))}`, encodeURIComponent(percent(v))),
  },
  {
    n: 17,
    name: 'HTML entities',
    types: ['EMAIL', 'PERSON', 'PHONE'],
    make: (v, t) => text(said(t, entity(v)), entity(v)),
  },
  {
    n: 17,
    name: 'named HTML entities',
    types: ['EMAIL'],
    make: (v) =>
      text(
        `write ${v.replace('@', '&commat;').replaceAll('.', '&period;')}`,
        v.replace('@', '&commat;').replaceAll('.', '&period;'),
      ),
  },
  { n: 18, name: 'base64', types: ALL, make: (v, t) => text(`payload ${b64(said(t, v))} end`, b64(said(t, v))) },
  {
    n: 19,
    name: 'base64url without padding in a path',
    types: LETTERS,
    make: (v) => text(`GET /u/${Buffer.from(v).toString('base64url')}/edit`, Buffer.from(v).toString('base64url')),
  },
  { n: 20, name: 'hex', types: ALL, make: (v, t) => text(`hex ${hex(said(t, v))} end`, hex(said(t, v))) },
  {
    n: 21,
    name: 'gzip then base64',
    types: ALL,
    make: (v, t) => text(`gz ${gzipSync(said(t, v)).toString('base64')} end`, gzipSync(said(t, v)).toString('base64')),
  },
  {
    n: 22,
    name: 'quoted-printable',
    types: ['EMAIL'],
    make: (v) => text(`To: ${v.replace('@', '=40')}`, v.replace('@', '=40')),
  },
  {
    n: 23,
    name: 'JWT payload',
    types: LETTERS,
    make: (v) => {
      const jwt = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${Buffer.from(JSON.stringify({ sub: v })).toString('base64url')}.c2ln`;
      return text(`auth ${jwt}`, jwt);
    },
  },
  {
    n: 24,
    name: 'data URI',
    types: ALL,
    make: (v, t) => text(`see data:text/plain;base64,${b64(said(t, v))}`, b64(said(t, v))),
  },
  { n: 25, name: 'ROT13, announced', types: ['EMAIL'], make: (v) => text(`rot13: ${rot13(v)}`, rot13(v)) },
  {
    n: 25,
    name: 'reversed, announced',
    types: ['EMAIL'],
    make: (v) => text(`reversed: ${[...v].reverse().join('')}`, [...v].reverse().join('')),
  },
  {
    n: 26,
    name: 'byte-escaped literal',
    types: ['EMAIL'],
    make: (v) => {
      const w = v.replace('mara', '\\x6d\\x61\\x72\\x61');
      return text(`b'${w}'`, w);
    },
  },
  {
    n: 27,
    name: 'zero-width inside',
    types: ALL,
    make: (v, t) => text(said(t, inside(v, '\u200b')), inside(v, '\u200b')),
  },
  { n: 28, name: 'soft hyphen', types: ALL, make: (v, t) => text(said(t, inside(v, '\u00ad')), inside(v, '\u00ad')) },
  {
    n: 29,
    name: 'homoglyph',
    types: LETTERS,
    make: (v, t) => text(said(t, v.replace('a', '\u0430')), v.replace('a', '\u0430')),
  },
  {
    n: 30,
    name: 'bidi override',
    types: ['EMAIL'],
    make: (v) => text(`\u202e${[...v].reverse().join('')}\u202c`, [...v].reverse().join('')),
  },
  {
    n: 31,
    name: 'combining and decomposed',
    types: ['PERSON'],
    make: () => text('Rene\u0301e Quist wrote, then Renée Quist again', 'Rene\u0301e Quist', 'Renée Quist'),
  },
  { n: 32, name: 'full-width', types: ALL, make: (v, t) => text(said(t, wide(v)), wide(v)) },
  { n: 32, name: 'mathematical letters', types: LETTERS, make: (v, t) => text(said(t, math(v)), math(v)) },
  {
    n: 33,
    name: 'non-Latin digits',
    types: ['PHONE', 'PAYMENT_CARD', 'IP'],
    make: (v, t) => text(said(t, arabic(v)), arabic(v)),
  },
  { n: 34, name: 'lone surrogate beside', types: ALL, make: (v, t) => text(said(t, `\ud83d${v}`), v) },
  {
    n: 35,
    name: 'wrapped at a line end',
    types: ALL,
    make: (v, t) => {
      const w = t === 'PERSON' ? 'Mara Qu-\nist' : inside(v, '\n').replace(' \n', '\n');
      const w2 = t === 'EMAIL' ? v.replace('.example', '\n.example') : w;
      return text(said(t, w2), w2);
    },
  },
  {
    n: 36,
    name: 'Markdown emphasis inside',
    types: ['PERSON'],
    make: () => text('**Mara** _Quist_, 4 Tallow *Row*', 'Mara', 'Quist', 'Tallow'),
  },
  {
    n: 37,
    name: 'Markdown table',
    types: ['PERSON', 'PHONE'],
    make: (v, t) =>
      t === 'PHONE'
        ? text(`| name | tel |\n|---|---|\n| x | ${v} |`, v)
        : text('| last | first | tel |\n|---|---|---|\n| Quist | Mara | 020 7946 0139 |', 'Quist', 'Mara'),
  },
  {
    n: 38,
    name: 'CSV, swapped order',
    types: ['PERSON', 'BANK_ACCOUNT'],
    make: (v, t) => text('"Quist, Mara";12.03.1984;DE41500105170123456789', t === 'PERSON' ? 'Quist, Mara' : v),
  },
  { n: 39, name: 'quoted reply', types: ['PERSON'], make: (v) => text(`> On Tue, ${v} wrote:`, v) },
  {
    n: 40,
    name: 'column layout',
    types: ['PERSON'],
    make: () => text('NAME  QUIST    FORENAME  MARA', 'QUIST', 'MARA'),
  },
  {
    n: 41,
    name: 'numbers in groups',
    types: ['PAYMENT_CARD', 'PHONE', 'BANK_ACCOUNT'],
    make: (v, t) => {
      const w = t === 'BANK_ACCOUNT' ? v.replaceAll(/(.{4})/g, '$1 ').trim() : v.replaceAll(' ', '-');
      return text(said(t, w), w);
    },
  },
  { n: 42, name: 'label far above the value', types: ['PERSON'], make: (v) => text(`Name:\n\n\n${v}`, v) },
  {
    n: 43,
    name: 'query, fragment, matrix parameter',
    types: ['EMAIL', 'PHONE', 'IP'],
    make: (v) => text(`/p;uid=1#mail=${v.replaceAll(' ', '')}`, v.replaceAll(' ', '')),
  },
  {
    n: 44,
    name: 'credentials in a URL',
    types: ['SECRET'],
    make: () => text('https://mara:Plum-river-77@host.invalid/', 'Plum-river-77'),
  },
  {
    n: 45,
    name: 'Basic header',
    types: ['SECRET'],
    make: () => text(`Authorization: Basic ${b64('mara.quist:Plum-river-77')}`, b64('mara.quist:Plum-river-77')),
  },
  {
    n: 46,
    name: 'signed link',
    types: ['SECRET'],
    make: () =>
      text('https://f.invalid/file.pdf?X-Sig=9f1c0a7be4d2485ca0b1&X-User=mquist', '9f1c0a7be4d2485ca0b1', 'mquist'),
  },
  {
    n: 47,
    name: 'cookie',
    types: ['EMAIL'],
    make: (v) => text(`Cookie: sid=s%3Aq8Zk21xPw9; email=${v}`, v, 's%3Aq8Zk21xPw9'),
  },
  {
    n: 48,
    name: 'source constant',
    types: ['PERSON', 'EMAIL'],
    make: (v, t) => text(t === 'PERSON' ? `const OWNER = "${v}" // the boss` : `const x = 1 // ${v}`, v),
  },
  {
    n: 49,
    name: 'SQL',
    types: ['PERSON', 'EMAIL'],
    make: (v, t) =>
      text(
        t === 'PERSON' ? "WHERE name = 'Quist' AND dob = '1984-03-12'" : `WHERE mail = '${v}'`,
        t === 'PERSON' ? 'Quist' : v,
      ),
  },
  {
    n: 50,
    name: 'shell line',
    types: ['IP'],
    make: () => text('ssh mquist@10.20.30.40 -i ~/keys/mq', '10.20.30.40', 'mquist'),
  },
  {
    n: 51,
    name: 'regular expression',
    types: ['EMAIL'],
    make: () => text('/^mara\\.quist@tallow\\.example$/', 'mara\\.quist@tallow'),
  },
  { n: 52, name: 'HTML attribute', types: ['PERSON', 'EMAIL'], make: (v) => text(`<img alt="${v} at her desk">`, v) },
  {
    n: 53,
    name: 'profile link',
    types: ['PERSON'],
    make: () => text('https://meet.invalid/mara-quist/30min', 'mara-quist'),
  },
  {
    n: 54,
    name: 'home path in a stack trace',
    types: ['PERSON'],
    make: () => text('at run (/home/mquist/app/index.js:8:3)', 'mquist'),
  },
  { n: 55, name: 'Windows path', types: ['PERSON'], make: (v) => text(`C:\\Users\\${v}\\Desktop\\offer.docx`, v) },
  { n: 56, name: 'file name', types: ['PERSON'], make: () => text('see CV_Mara_Quist_2026.pdf', 'Mara_Quist') },
  {
    n: 57,
    name: 'git author and trailer',
    types: ['EMAIL', 'PERSON'],
    make: (v, t) => text('Co-authored-by: M. Quist <mara.quist@tallow.example>', t === 'EMAIL' ? v : 'M. Quist'),
  },
  {
    n: 58,
    name: 'host and device names',
    types: ['PERSON'],
    make: () => text('seen on maras-macbook.local', 'maras-macbook'),
  },
  {
    n: 59,
    name: 'log line',
    types: ['IP', 'PERSON'],
    make: (_, t) => text('sshd: Accepted for mquist from 203.0.113.7', t === 'IP' ? '203.0.113.7' : 'mquist'),
  },
  {
    n: 60,
    name: 'span attribute',
    types: ['PERSON'],
    make: () => ({ record: { attributes: { 'enduser.id': 'mquist' } }, planted: ['mquist'] }),
  },
  {
    n: 61,
    name: 'MAC and IMEI',
    types: ['IP'],
    make: () => text('device 3c:22:fb:0a:91:7e, imei 490154203237518', '3c:22:fb:0a:91:7e', '490154203237518'),
  },
  { n: 62, name: 'environment dump', types: ['PERSON'], make: () => text('USER=mquist HOSTNAME=mq-dev', 'mquist') },
  {
    n: 63,
    name: 'document property',
    types: ['PERSON'],
    make: (v) => text(`Artist: ${v}; GPS 51.5007,-0.1246`, v, '51.5007'),
  },
  { n: 64, name: 'vendor-prefixed key', types: ['SECRET'], make: (v) => text(v, v) },
  {
    n: 65,
    name: 'assignment without a prefix',
    types: ['SECRET'],
    make: () => text('const apiKey = "7f3a9c0e5b1d48268ce4f70a2b96d153"', '7f3a9c0e5b1d48268ce4f70a2b96d153'),
  },
  {
    n: 66,
    name: 'environment line',
    types: ['SECRET'],
    make: () => text('DB_PASSWORD=Plum-river-77', 'Plum-river-77'),
  },
  {
    n: 67,
    name: 'connection string',
    types: ['SECRET'],
    make: () => text('postgres://app:Plum-river-77@db.invalid/prod', 'Plum-river-77'),
  },
  {
    n: 68,
    name: 'PEM block on one line',
    types: ['SECRET'],
    make: () =>
      text(
        'key: -----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n-----END PRIVATE KEY-----',
        'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
      ),
  },
  { n: 69, name: 'partly masked', types: ['SECRET'], make: () => text('the key sk-4f…c9d2 is ours', 'sk-4f…c9d2') },
  {
    n: 70,
    name: 'split over two events',
    types: ['SECRET'],
    make: (v) => ({
      record: {
        messages: [
          { role: 'user', content: `the token is ${v.slice(0, 12)}` },
          { role: 'user', content: v.slice(12) },
        ],
      },
      planted: [v.slice(12)],
    }),
  },
  {
    n: 71,
    name: 'spoken password',
    types: ['SECRET'],
    make: () => text('the wifi password is plumriver seventy-seven', 'plumriver'),
  },
  { n: 72, name: 'one-time code', types: ['SECRET'], make: () => text('your code is 493 118', '493 118') },
  {
    n: 73,
    name: 'cloud triple',
    types: ['SECRET'],
    make: () => text('aws_session_token=FwoGZXIvYXdzEBYaDH3k2Plum9river77', 'FwoGZXIvYXdzEBYaDH3k2Plum9river77'),
  },
  {
    n: 74,
    name: 'spelled mailbox',
    types: ['EMAIL'],
    make: () => text('mara dot quist at tallow dot example', 'mara dot quist'),
  },
  {
    n: 75,
    name: 'digits as words',
    types: ['PHONE'],
    make: () => text('call oh two oh, seven nine four six, oh one three nine', 'seven nine four six'),
  },
  {
    n: 75,
    name: 'dotted letters',
    types: ['PERSON'],
    make: () => text('surname Q-U-I-S-T, first name M.A.R.A', 'Q-U-I-S-T', 'M.A.R.A'),
  },
  {
    n: 76,
    name: 'lower case, no punctuation',
    types: ['PERSON', 'PHONE'],
    make: (_, t) => text('hi im mara quist call me on 02079460139 plz', t === 'PERSON' ? 'mara quist' : '02079460139'),
  },
  {
    n: 77,
    name: 'name that is a word',
    types: ['PERSON'],
    make: () => text('Ask Will in May; Rose approved it', 'Will', 'Rose'),
  },
  {
    n: 78,
    name: 'possessive, plural, inflected',
    types: ['PERSON'],
    make: () => text('I am Mara Quist. The Quists order, für Maras Konto', 'Quist', 'Mara'),
  },
  {
    n: 79,
    name: 'only first name, long after',
    types: ['PERSON'],
    make: (v) => ({
      record: { turns: [`I am ${v}`, ...Array.from({ length: 12 }, () => 'ok'), 'thanks, Mara'] },
      planted: ['Mara'],
    }),
  },
  {
    n: 80,
    name: 'particles',
    types: ['PERSON'],
    make: () => text('Please ask Mara van der Quist tomorrow', 'Mara van der Quist'),
  },
  {
    n: 80,
    name: 'Vietnamese order',
    types: ['PERSON'],
    make: () => text('Khách hàng là Nguyễn Thị Hoa ạ', 'Nguyễn Thị Hoa'),
  },
  { n: 80, name: 'CJK', types: ['PERSON'], make: () => text('担当は山田花子です', '山田花子') },
  {
    n: 81,
    name: 'relation instead of name',
    types: ['PERSON'],
    make: () => text('my daughter who teaches at Tallow Primary', 'Tallow Primary'),
  },
  {
    n: 82,
    name: 'date of birth in words',
    types: ['PERSON'],
    make: () => text('born on the third of May, eighty-four', 'third of May'),
  },
  {
    n: 83,
    name: 'rare role plus place',
    types: ['PERSON'],
    make: () => text('the only harbour pilot on Skarn island', 'harbour pilot'),
  },
  {
    n: 84,
    name: 'value cut by stream chunks',
    types: ['EMAIL'],
    make: () => ({ record: { chunks: ['mara.qu', 'ist@tal', 'low.example'] }, planted: ['mara.qu', 'low.example'] }),
  },
  {
    n: 85,
    name: 'counter continued by the next request',
    types: ['PERSON'],
    make: () => text('[PERSON_2] turned up as [PERSON_5]', '[PERSON_5]'),
  },
  {
    n: 86,
    name: 'edited message kept in history',
    types: ALL,
    make: (v, t) => ({ record: { edits: [{ previous_content: said(t, v) }] }, planted: [v] }),
  },
];

/** By number, name and type. Each is a known gap, not a wish. */
const NOT_YET = new Set<string>([
  '35 wrapped at a line end: BANK_ACCOUNT',
  '35 wrapped at a line end: IP',
  '70 split over two events: SECRET',
  '83 rare role plus place: PERSON',
  // the adapter joins deltas before any leaf exists; only a log that keeps chunks apart shows this
  '84 value cut by stream chunks: EMAIL',
]);

const keyOf = (type: string, normalised: string): string => `${type}:${normalised}`;
const redacted = (record: Json): string => stringify(redactJson(record, { dictionary: EMPTY_DICTIONARY, keyOf }).value);
const cases = SHAPES.flatMap((shape) =>
  shape.types.map((type) => ({ id: `${shape.n} ${shape.name}: ${type}`, ...shape.make(VALUES[type], type) })),
);
const outputs = new Map(cases.map((one) => [one.id, redacted(one.record)]));
const leftIn = (out: string, planted: readonly string[]): string[] =>
  planted.filter((value) => out.includes(JSON.stringify(value).slice(1, -1)) || out.includes(value));

describe('leak shapes', () => {
  it('are at least two hundred', () => {
    expect(cases.length).toBeGreaterThanOrEqual(200);
    expect(new Set(cases.map((one) => one.id)).size).toBe(cases.length);
  });

  it('leave nothing of the value behind, but for the gaps named here', () => {
    const leaking = cases.filter((one) => leftIn(outputs.get(one.id)!, one.planted).length > 0).map((one) => one.id);
    expect(leaking).toEqual(cases.map((one) => one.id).filter((id) => NOT_YET.has(id)));
  });

  it('are valid JSON after redaction, and the same after a second one', () => {
    for (const one of cases) {
      const once = outputs.get(one.id)!;
      expect(redacted(JSON.parse(once) as Json), one.id).toBe(once);
    }
  });

  it('leave nothing behind in any place when the value stands in plain text beside', () => {
    const hidden = cases.filter((one) =>
      /percent|entities|base64|hex|gzip|JWT|zero-width|soft|full-width/.test(one.id),
    );
    const leaking = hidden.filter((one) => {
      const type = one.id.split(': ')[1] as Type;
      return leftIn(redacted([said(type, VALUES[type]), one.record]), one.planted).length > 0;
    });
    expect(leaking.map((one) => one.id)).toEqual([]);
  });
});
