import { describe, expect, it } from 'vitest';
import { stringify } from '../trajectory/json.ts';
import { parseArguments } from './parse-arguments.ts';

const plain = (logged: Parameters<typeof parseArguments>[0]) => JSON.parse(stringify(parseArguments(logged)));

describe('arguments of a call', () => {
  it.each([
    ['{"a": 1}', { arguments: { a: 1 } }],
    ['', { arguments: {} }],
    ['  ', { arguments: {} }],
    ['null', { arguments: {} }],
    ['"{\\"a\\":1}"', { arguments: { a: 1 }, repaired: 'double_encoded' }],
    ['{"a":[1,2,],}', { arguments: { a: [1, 2] }, repaired: 'trailing_comma' }],
    ["{'a': 'it\\'s', \"b\": 'x'}", { arguments: { a: "it's", b: 'x' }, repaired: 'single_quotes' }],
    ["{'a': True, 'b': None, 'c': (1, 2)}", { arguments: { a: true, b: null, c: [1, 2] }, repaired: 'python_literal' }],
    ['"just a word"', { arguments: 'just a word' }],
  ])('reads %j', (logged, expected) => {
    expect(plain(logged)).toEqual({ argumentsRaw: logged, flags: [], ...expected });
  });

  it('keeps a logged value as compact JSON, number literals as written', () => {
    expect(parseArguments(undefined)).toMatchObject({ argumentsRaw: '' });
    expect(plain({ a: 1, b: [true, null] })).toEqual({
      argumentsRaw: '{"a":1,"b":[true,null]}',
      arguments: { a: 1, b: [true, null] },
      flags: [],
    });
    expect(stringify(parseArguments('{"n":1.0}').arguments)).toBe('{"n":1.0}');
  });

  it.each(['{"a": "cut', 'ls -la', '{a: 1}', "{'a': open('x')}"])(
    'says why %j can not be read, without quoting it',
    (logged) => {
      const read = parseArguments(logged);
      expect(read.arguments).toBeUndefined();
      expect(read.parseError).toMatch(/^not JSON at character \d+$/);
      expect(read.argumentsRaw).toBe(logged);
    },
  );
});
