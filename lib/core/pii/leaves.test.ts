import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, type Json, JsonNumber, stringify } from '../trajectory/json.ts';
import { leavesOf, replaceLeaves } from './leaves.ts';

const at = (value: Json) => Object.fromEntries(leavesOf(value).map((leaf) => [leaf.path, leaf.text]));

describe('leaves of a record', () => {
  it('are strings, numbers and keys, with the nearest key above', () => {
    const leaves = leavesOf({ user: { phone: ['020', 7946], ok: true } });
    expect(leaves.map((l) => [l.path, l.text, l.kind, l.key])).toEqual([
      ['/user#key', 'user', 'key', ''],
      ['/user/phone#key', 'phone', 'key', 'user'],
      ['/user/phone/0', '020', 'string', 'phone'],
      ['/user/phone/1', '7946', 'number', 'phone'],
      ['/user/ok#key', 'ok', 'key', 'user'],
    ]);
  });

  it('are found in JSON in a string in a string', () => {
    const value = { arguments: '{"to":"mara@tallow.example","body":"{\\"p\\":\\"{\\\\\\"tel\\\\\\":1}\\"}"}' };
    expect(at(value)).toMatchObject({
      '/arguments#json/to': 'mara@tallow.example',
      '/arguments#json/body#json/p#json/tel': '1',
      '/arguments#json/body#json/p#key': 'p',
    });
    expect(at(value)['/arguments']).toBeUndefined();
  });

  it('keep both values of a key that an embedded object repeats', () => {
    expect(at(['{"name":"Mara","name":"x"}'])).toMatchObject({ '/0#json/name': 'Mara', '/0#json/name#2': 'x' });
  });

  it('are found line by line in JSON Lines inside a string', () => {
    expect(at(['{"a":"x"}\n{"a":"y"}\n'])).toMatchObject({ '/0#json/a': 'x', '/0#json.2/a': 'y' });
  });

  it('stop at depth 8 of JSON in strings, where the rest is one text', () => {
    let text = 'deep';
    for (let i = 0; i < 10; i++) text = JSON.stringify([text]);
    const leaves = leavesOf(text);
    expect(leaves).toHaveLength(1);
    expect(leaves[0]!.text).toBe(JSON.stringify([JSON.stringify(['deep'])]));
  });

  it.each(['[2] Contact Mara', '{not json}', '"said', '{"a":1,}', '[1 2]', '{"a":"\\x"}'])(
    'take %s as plain text',
    (text) => {
      expect(at([text])).toEqual({ '/0': text });
    },
  );

  it("share one list with the values beside them, and tell '#' in a key from ours", () => {
    const leaves = leavesOf({ 'a#key': 'x', b: 'y' });
    expect(leaves.map((l) => l.path)).toEqual(['/a~2key#key', '/a~2key', '/b#key', '/b']);
    expect(leaves[1]!.siblings).toBe(leaves[3]!.siblings);
    expect(leaves[1]!.siblings!.map((l) => l.text)).toEqual(['x', 'y']);
  });
});

describe('writing replacements back', () => {
  it('keeps the style of embedded JSON', () => {
    const value = { a: '{ "n": 1.0,\n "to": "m\\u00e9@x", "u": "http:\\/\\/q" , "n": 2 }' };
    const done = replaceLeaves(
      value,
      new Map([
        ['/a#json/to', '[EMAIL_1] é'],
        ['/a#json/u', 'https://x'],
        ['/a#json/n#2', '9001'],
      ]),
    );
    expect(done).toEqual({ a: '{ "n": 1.0,\n "to": "[EMAIL_1] \\u00e9", "u": "https:\\/\\/x" , "n": 9001 }' });
  });

  it('replaces keys, and refuses to make two keys one', () => {
    expect(stringify(replaceLeaves({ 'm@x': 1, b: 2 }, new Map([['/m@x#key', '[EMAIL_1]']])))).toBe(
      '{"[EMAIL_1]":1,"b":2}',
    );
    expect(() => replaceLeaves({ a: 1, b: 2 }, new Map([['/a#key', 'b']]))).toThrow(RangeError);
    expect(() => replaceLeaves(['{"a":1,"b":2}'], new Map([['/0#json/a#key', 'b']]))).toThrow(RangeError);
  });

  it('keeps numbers numbers, also those a double would change', () => {
    expect(replaceLeaves([442079460139], new Map([['/0', '900000000001']]))).toEqual([900000000001]);
    expect(replaceLeaves([1], new Map([['/0', '900000000000000000000001']]))).toEqual([
      new JsonNumber('900000000000000000000001'),
    ]);
    expect(() => replaceLeaves([1], new Map([['/0', '[PHONE_1]']]))).toThrow(/\/0/);
  });

  it('holds __proto__ as a key like any other', () => {
    const value = JSON.parse('{"__proto__":{"a":"x"}}') as Json;
    expect(stringify(replaceLeaves(value, new Map([['/__proto__/a', 'y']])))).toBe('{"__proto__":{"a":"y"}}');
  });

  const json = fc.letrec<{ any: Json }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.string({ maxLength: 6 }), tie('any'), { maxKeys: 4, noNullPrototype: false }),
      tie('any').map((value) => JSON.stringify(value)),
      tie('any').map((value) => JSON.stringify(value, null, 2)),
    ),
  })).any;

  it('of every leaf gives a value with the same shape and exactly the new texts', () => {
    fc.assert(
      fc.property(json, (value) => {
        const leaves = leavesOf(value);
        expect(new Set(leaves.map((l) => l.path)).size).toBe(leaves.length);
        const marked = new Map(leaves.map((l, n) => [l.path, l.kind === 'number' ? `9${n}` : `[[${n}]`]));
        const done = replaceLeaves(value, marked);
        expect(leavesOf(done).map((l) => [l.kind, l.text])).toEqual(leaves.map((l) => [l.kind, marked.get(l.path)]));
        expect(shapeOf(done)).toEqual(shapeOf(value));
      }),
      { numRuns: 150 },
    );
  });

  it('of leaves by their own text changes nothing', () => {
    fc.assert(
      fc.property(json, (value) => {
        const same = new Map(leavesOf(value).map((l) => [l.path, l.text]));
        expect(leavesOf(replaceLeaves(value, same)).map((l) => l.text)).toEqual([...same.values()]);
      }),
      { numRuns: 100 },
    );
  });
});

function shapeOf(value: Json): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (isObject(value)) return Object.values(value).map(shapeOf);
  return value === null ? 'null' : value instanceof JsonNumber ? 'number' : typeof value;
}
