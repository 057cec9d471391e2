/** Tool definitions in whatever wrapping the log used. */
import { contentHash } from '../../trajectory/hash.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { ToolDef } from '../../trajectory/trajectory.ts';
import { workedOut } from '../item-memo.ts';
import { parseJson } from '../parse-json.ts';
import { asObject, asText } from './json-access.ts';

/** Every definition in a list, a single value, an object by name, or JSON of these inside a string. */
export function readToolDefs(value: Json | undefined): ToolDef[] {
  const plain = unstring(value);
  if (Array.isArray(plain)) return plain.flatMap(readToolDefs);
  if (!isObject(plain)) return [];
  for (const list of ['functionDeclarations', 'function_declarations', 'tools']) {
    if (Array.isArray(plain[list])) return readToolDefs(plain[list]);
  }
  const def = workedOut(plain, 'tool', () => readToolDef(plain));
  return def ? [def] : [];
}

/** @param raw the logged value; kept as it is */
export function readToolDef(raw: Json): ToolDef | undefined {
  let inner = asObject(unstring(raw));
  for (let unwrapped = true; inner && unwrapped; ) {
    const next: JsonObject | undefined = asObject(unstring(inner.function)) ?? asObject(unstring(inner.toolSpec));
    unwrapped = next !== undefined;
    inner = next ?? inner;
  }
  if (!inner) return undefined;
  const name =
    asText(inner.name) ?? (typeof inner.type === 'string' && inner.type !== 'function' ? inner.type : undefined);
  if (name === undefined || name === '') return undefined;
  const description = asText(inner.description);
  const parameters = readParameters(inner);
  const def: { name: string; description?: string; parameters?: JsonObject } = { name };
  if (description !== undefined) def.description = description;
  if (parameters !== undefined) def.parameters = parameters;
  return { sha: contentHash(def), ...def, raw };
}

function readParameters(inner: JsonObject): JsonObject | undefined {
  for (const key of [
    'parameters',
    'input_schema',
    'inputSchema',
    'parametersJsonSchema',
    'parameters_json_schema',
    'args_schema',
    'json_schema',
  ]) {
    const schema = asObject(unstring(inner[key]));
    if (schema) return asObject(unstring(schema.json)) ?? asObject(unstring(schema.jsonSchema)) ?? schema;
  }
  return undefined;
}

function unstring(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  const reading = parseJson(value);
  return reading.ok ? reading.value : value;
}
