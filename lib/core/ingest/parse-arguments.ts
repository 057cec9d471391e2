/** Arguments of a tool call as logged, parsed, with at most one repair (docs/formats.md). */
import type { Repair, ToolCall } from '../trajectory/event.ts';
import { isObject, type Json, stringify } from '../trajectory/json.ts';
import { type JsonFlag, parseJson } from './parse-json.ts';
import { type LooseRules, parseLoose } from './parse-loose.ts';

export type ReadArguments = Pick<ToolCall, 'argumentsRaw' | 'arguments' | 'parseError' | 'repaired'> & {
  flags: JsonFlag[];
};

const REPAIRS: [Repair, LooseRules][] = [
  ['trailing_comma', { trailingComma: true }],
  ['single_quotes', { singleQuotes: true }],
  ['python_literal', { trailingComma: true, singleQuotes: true, python: true }],
];

/** @param logged a string verbatim, a JSON value, or undefined when the log holds no arguments */
export function parseArguments(logged: Json | undefined): ReadArguments {
  if (logged === undefined || logged === null) {
    return { argumentsRaw: logged === null ? 'null' : '', arguments: Object.create(null), flags: [] };
  }
  if (typeof logged !== 'string') return { argumentsRaw: stringify(logged), arguments: logged, flags: [] };
  if (logged.trim() === '') return { argumentsRaw: logged, arguments: Object.create(null), flags: [] };

  const reading = parseJson(logged);
  if (reading.ok) {
    if (reading.value === null) return { argumentsRaw: logged, arguments: Object.create(null), flags: reading.flags };
    const inner = typeof reading.value === 'string' ? parseJson(reading.value) : undefined;
    if (inner?.ok && (isObject(inner.value) || Array.isArray(inner.value))) {
      return { argumentsRaw: logged, arguments: inner.value, repaired: 'double_encoded', flags: inner.flags };
    }
    return { argumentsRaw: logged, arguments: reading.value, flags: reading.flags };
  }
  for (const [repaired, rules] of REPAIRS) {
    const value = parseLoose(logged, rules);
    if (value !== undefined) return { argumentsRaw: logged, arguments: value, repaired, flags: [] };
  }
  const parseError = reading.reason === 'too_deep' ? 'nested deeper than 512' : `not JSON at character ${reading.at}`;
  return { argumentsRaw: logged, parseError, flags: [] };
}
