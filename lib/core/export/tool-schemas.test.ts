import { describe, expect, it } from 'vitest';
import { JsonNumber, type JsonObject } from '../trajectory/json.ts';
import { allowsNull, compileSchema, nullsIn } from './tool-schemas.ts';

const issues = (schema: JsonObject, args: JsonObject) =>
  compileSchema(schema)?.(args).map(({ pointer, keyword }) => `${keyword} ${pointer}`);
const one = (schema: JsonObject, value: JsonObject[string]) =>
  issues({ type: 'object', properties: { a: schema } }, { a: value });

describe('arguments against the schema of a tool', () => {
  it('meet it, or are told where they do not', () => {
    expect(one({ type: 'integer' }, 3)).toEqual([]);
    expect(one({ type: 'integer' }, new JsonNumber('3.0'))).toEqual([]);
    expect(one({ type: 'integer' }, 3.5)).toEqual(['type /a']);
    expect(issues({ type: 'object', required: ['a'] }, {})).toEqual(['required ']);
    expect(issues({ type: 'object', properties: {}, additionalProperties: false }, { b: 1 })).toEqual([
      'additionalProperties ',
    ]);
  });

  it('may be written in the type names of other stacks', () => {
    expect(
      issues({ type: 'dict', properties: { a: { type: 'float' }, b: { type: 'tuple' } } }, { a: 1.5, b: [] }),
    ).toEqual([]);
    expect(one({ type: 'STRING' }, 3)).toEqual(['type /a']);
    expect(one({ type: 'any' }, 3)).toEqual([]);
    expect(one({ type: 'string', nullable: true }, null)).toEqual([]);
  });

  it('follow references inside the schema; a schema that can not be read binds nobody', () => {
    const schema = { type: 'object', properties: { a: { $ref: '#/$defs/n' } }, $defs: { n: { type: 'number' } } };
    expect(issues(schema, { a: 'x' })).toEqual(['type /a']);
    expect(issues({ $ref: 'https://example.test/other.json' }, {})).toBeUndefined();
  });

  it.each([
    ['enum', { enum: ['Oslo'] }],
    ['const', { const: 'Oslo' }],
    ['format', { type: 'string', format: 'date' }],
    ['pattern', { type: 'string', pattern: '^[0-9]+$' }],
    ['maxLength', { type: 'string', maxLength: 2 }],
    ['minLength', { type: 'string', minLength: 50 }],
  ])('%s binds a value and not a placeholder', (keyword, schema) => {
    expect(one(schema, 'Bergen')).toEqual([`${keyword} /a`]);
    expect(one(schema, 'near [LOCATION_1]')).toEqual([]);
  });

  it('run patterns of strangers in linear time', () => {
    const started = performance.now();
    one({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(5000)}b`);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('nulls', () => {
  it('are found wherever they are', () => {
    expect(nullsIn({ a: null, 'b/c': [1, null], d: { '~': null } })).toEqual(['/a', '/b~1c/1', '/d/~0']);
  });

  it.each([
    [{ type: 'string' }, false],
    [{ type: ['string', 'null'] }, true],
    [{ type: 'string', nullable: true }, true],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, true],
    [{ enum: ['x', null] }, true],
    [{ description: 'anything' }, true],
    [{ $ref: '#/$defs/maybe' }, true],
  ] as [JsonObject, boolean][])('%j allows one: %s', (schema, allowed) => {
    const parameters = { type: 'object', properties: { a: schema }, $defs: { maybe: { type: ['null', 'string'] } } };
    expect(allowsNull(parameters, '/a')).toBe(allowed);
  });

  it('are not allowed where nothing is declared', () => {
    expect(allowsNull({ type: 'object', properties: {} }, '/other')).toBe(false);
  });
});
