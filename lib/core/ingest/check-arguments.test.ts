import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../trajectory/json.ts';
import { ArgumentChecker } from './check-arguments.ts';
import { readToolDef } from './shared/tool-defs.ts';

const tool = (parameters: JsonObject) => readToolDef({ name: 'lookup', parameters })!;

describe('do the arguments meet the schema?', () => {
  const checker = new ArgumentChecker();
  const city = tool({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] });

  it('says yes or no by draft 2020-12, whatever draft the schema names', () => {
    expect(checker.isValid(city, { city: 'Oslo' })).toBe(true);
    expect(checker.isValid(city, { town: 'Oslo' })).toBe(false);
    expect(checker.isValid(tool({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'array' }), [])).toBe(true);
  });

  it.each([
    ['no schema', readToolDef({ name: 'lookup' })!],
    ['a schema that points elsewhere', tool({ $ref: 'https://schemas.example/x.json' })],
    ['a schema that is none', tool({ type: 'nonsense' })],
    ['a pattern that RE2 does not know', tool({ properties: { a: { type: 'string', pattern: '(?=x)y' } } })],
  ])('stays silent with %s', (_, def) => {
    expect(checker.isValid(def, { a: 'x' })).toBeUndefined();
  });

  it('is not held up by a pattern that backtracks', () => {
    const def = tool({ properties: { a: { type: 'string', pattern: '^(a+)+$' } } });
    const started = performance.now();
    expect(checker.isValid(def, { a: `${'a'.repeat(5000)}!` })).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('tool definitions', () => {
  it('are the same tool in every wrapping', () => {
    const parameters = { type: 'object', properties: {} };
    const wrapped: Json[] = [
      { name: 'f', parameters },
      { type: 'function', function: { name: 'f', parameters } },
      { type: 'function', function: { type: 'function', function: { name: 'f', parameters } } },
      { name: 'f', input_schema: parameters },
      { toolSpec: { name: 'f', inputSchema: { json: parameters } } },
      { name: 'f', parameters: '{"properties":{},"type":"object"}' },
    ];
    expect(new Set(wrapped.map((raw) => readToolDef(raw)?.sha)).size).toBe(1);
  });
});
