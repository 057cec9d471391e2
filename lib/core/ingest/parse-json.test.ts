import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonNumber, stringify } from '../trajectory/json.ts';
import { parseJson } from './parse-json.ts';

const readValue = (text: string) => {
  const reading = parseJson(text);
  if (!reading.ok) throw new Error(`${reading.reason} at ${reading.at}`);
  return reading.value;
};

describe('JSON as it was logged', () => {
  it('agrees with JSON.parse on every value that a double can hold', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.constantFrom(undefined, 1, '\t'), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        fc.pre(!text.includes('\\u'));
        expect(JSON.parse(stringify(readValue(text)))).toEqual(JSON.parse(text));
      }),
      { numRuns: 100 },
    );
  });

  it('accepts exactly the texts that JSON.parse accepts', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      'a',
      '1',
      '-',
      '.',
      'e',
      'true',
      'null',
      ' ',
      '\n',
      '\\u12',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(parseJson(text).ok).toBe(valid);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['1.0', '90071992547409931', '1e400', '-0', '0.10', '1E2'])('keeps the number %s as written', (literal) => {
    const value = readValue(`{"n":${literal}}`);
    expect((value as { n: unknown }).n).toBeInstanceOf(JsonNumber);
    expect(stringify(value)).toBe(`{"n":${literal}}`);
  });

  it.each(['0', '-1', '17', '0.5', '1757015033.2218602'])('reads the number %s as a plain number', (literal) => {
    expect(readValue(literal)).toBe(Number(literal));
  });

  it('flags a key given twice and takes the last', () => {
    expect(parseJson('{"a":1,"b":2,"a":3}')).toMatchObject({ ok: true, flags: ['duplicate_keys'] });
    expect(stringify(readValue('{"a":1,"b":2,"a":3}'))).toBe('{"b":2,"a":3}');
  });

  it('replaces U+0000 and lone surrogates in values and keys', () => {
    const reading = parseJson('{"k\\u0000":"a\\ud800b\\udc00","ok":"\\ud83d\\ude00"}');
    expect(reading).toMatchObject({ ok: true, flags: ['sanitised'] });
    expect(stringify(reading.ok && reading.value)).toBe('{"k\uFFFD":"a\uFFFDb\uFFFD","ok":"😀"}');
  });

  it('treats __proto__ as data', () => {
    const value = readValue('{"__proto__":{"polluted":true},"constructor":1}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('reads 512 levels and refuses 513', () => {
    expect(parseJson('['.repeat(512) + ']'.repeat(512)).ok).toBe(true);
    expect(parseJson('['.repeat(513) + ']'.repeat(513))).toMatchObject({ ok: false, reason: 'too_deep' });
    expect(parseJson('[{"a":'.repeat(50000))).toMatchObject({ ok: false, reason: 'too_deep' });
  });

  it.each(['{"a":1', '{"a":"b', '[1,', '{"a":tru', '{"a":-', '{', ''])('says that %j stops early', (text) => {
    expect(parseJson(text)).toMatchObject({ ok: false, reason: 'bad_json', atEnd: true });
  });

  it.each(['{"a":x', '{"a" 1', '[1 2]', '{"a":"b\nc', '{"a":1}}'])('says that %j is broken', (text) => {
    expect(parseJson(text)).toMatchObject({ ok: false, reason: 'bad_json', atEnd: false });
  });
});
