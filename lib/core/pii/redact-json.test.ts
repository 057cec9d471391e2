import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, type Json, stringify } from '../trajectory/json.ts';
import { compileDictionary, EMPTY_DICTIONARY } from './dictionary.ts';
import { leavesOf } from './leaves.ts';
import type { RedactionConfig } from './redact.ts';
import { redactJson } from './redact-json.ts';

const keyOf = (type: string, normalised: string): string => `${type}:${normalised}`;
const config: RedactionConfig = { dictionary: EMPTY_DICTIONARY, keyOf };
const redact = (value: Json, more: Partial<RedactionConfig> = {}) => redactJson(value, { ...config, ...more });

/** Words as they stand beside values in logs: scripts that run the other way, joiners, line ends, broken pairs. */
const around = fc.constantFrom(
  '',
  ' ',
  '👩‍👩‍👧‍👦',
  '\r\n',
  'שלום ',
  'مرحبا ',
  '\u200f',
  '\u202e',
  '🇩🇪',
  'e\u0301',
  '\ud83d',
  '[EMAIL_3]',
  '“',
  'x: ',
  '\u0000',
  '\t',
);
const value = fc.constantFrom(
  'mara.quist@tallow.example',
  'I am Mara Quist',
  '+44 20 7946 0139',
  'ok',
  '4000 0012 3456 7899',
  '203.0.113.77',
  'jon@holt.example',
);
const text = fc.array(fc.oneof(around, value), { maxLength: 8 }).map((words) => words.join(' '));
const json = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer({ min: 0, max: 10 ** 13 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(value, fc.constantFrom('phone', 'name', 'note')), tie('any'), {
      maxKeys: 3,
      noNullPrototype: false,
    }),
    tie('any').map((inner) => JSON.stringify(inner)),
  ),
})).any;

const shapeOf = (value: Json): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (isObject(value)) return Object.values(value).map(shapeOf);
  return value === null ? 'null' : typeof value;
};

describe('redacting any JSON', () => {
  it('keeps it JSON: types, lengths and key counts as they were', () => {
    fc.assert(
      fc.property(json, (record) => {
        expect(shapeOf(redact(record).value)).toEqual(shapeOf(record));
      }),
      { numRuns: 60 },
    );
  });

  it('a second time changes nothing', () => {
    fc.assert(
      fc.property(json, (record) => {
        const once = redact(record).value;
        expect(stringify(redact(once).value)).toBe(stringify(once));
      }),
      { numRuns: 60 },
    );
  });

  it('a second time changes nothing under keys that were values, whole or in part', () => {
    const record = {
      '+44 20 7946 0139': 164636987153,
      'email Mara Quist': 'x@y',
      'I am Mara Quist': { id: 'u-77-x1' },
    };
    const once = redact(record).value;
    expect(redact(once).value).toEqual(once);
    expect(stringify(once)).toMatch(/^\{"\[PHONE_1\]":164636987153,"email \[PERSON_1\]"/);
  });

  it('of a text masks the same as of its parts: values are gone wherever they stand, whatever stands around', () => {
    fc.assert(
      fc.property(around, around, value, (before, after, planted) => {
        fc.pre(planted !== 'ok');
        const bare = planted.replace('I am ', '');
        expect(stringify(redact({ a: `${before} ${planted} ${after}` }).value)).not.toContain(bare);
      }),
      { numRuns: 60 },
    );
  });

  it('writes what stood outside the values back as it was', () => {
    fc.assert(
      fc.property(text, (line) => {
        const out = redact(line).value as string;
        const kept = out.split(/\[[A-Z_]+_\d+\]/);
        let at = 0;
        for (const piece of kept) {
          expect(line.indexOf(piece, at)).toBeGreaterThanOrEqual(at);
          at = line.indexOf(piece, at) + piece.length;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('with one more detector never uncovers anything', () => {
    const words = compileDictionary(
      [
        { id: '1', value: 'holt', type: 'CONFIDENTIAL', mode: 'folded' },
        { id: '2', value: 'tallow.example ok', type: 'ORG', mode: 'folded' },
      ],
      1,
    );
    const lettersKept = (record: Json, dictionary = EMPTY_DICTIONARY): number =>
      leavesOf(redact(record, { dictionary }).value).reduce(
        (sum, leaf) => sum + leaf.text.replaceAll(/\[[A-Z_]+_\d+\]|[^\p{L}\p{N}]/gu, '').length,
        0,
      );
    fc.assert(
      fc.property(text, (line) => {
        expect(lettersKept(line, words)).toBeLessThanOrEqual(lettersKept(line));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves suggestions standing when only auto is asked for, and reports what it replaced without the value', () => {
    const line = 'mail mara@tallow.example, cus_9sK2ml41Qx went home';
    const both = redact(line);
    const auto = redactJson(line, config, { tier: 'auto' });
    expect(both.value).toMatch(/^mail \[EMAIL_1\], \[ACCOUNT_ID_1\] went home$/);
    expect(auto.value).toBe('mail [EMAIL_1], cus_9sK2ml41Qx went home');
    expect(JSON.stringify(both.report)).not.toMatch(/tallow|9sK2/);
    expect(both.report.map((row) => [row.type, row.placeholder, row.tier])).toEqual([
      ['EMAIL', '[EMAIL_1]', 'auto'],
      ['ACCOUNT_ID', '[ACCOUNT_ID_1]', 'suggest'],
    ]);
  });

  it('takes time in proportion to length', () => {
    const line = 'I am Mara Quist, mara.quist@tallow.example, +44 20 7946 0139, at Tallow. ';
    const seconds = (times: number): number => {
      const start = process.cpuUsage();
      redact(line.repeat(times));
      return process.cpuUsage(start).user;
    };
    seconds(40);
    expect(seconds(800)).toBeLessThan(40 * Math.max(seconds(100), 2_000));
  });
});
