/**
 * Checks arguments against the JSON Schema of a tool (draft 2020-12), as logs hold them: type names of other dialects
 * are read as ours, and a placeholder stands for a value that would fit, so formats, patterns, enums and length limits
 * do not apply to a text that holds one.
 */
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import { isObject, type Json, JsonNumber, type JsonObject } from '../trajectory/json.ts';
import { holdsPlaceholder } from './placeholders.ts';

export type SchemaIssue = { pointer: string; keyword: string };
/** `undefined`: the schema can't be read, so nothing can be said. */
export type ArgumentCheck = ((args: Json) => SchemaIssue[]) | undefined;

/** Type names that other stacks write (BFCL, Gemini). */
const TYPE_NAMES: Record<string, string> = {
  dict: 'object',
  float: 'number',
  double: 'number',
  int: 'integer',
  long: 'integer',
  str: 'string',
  bool: 'boolean',
  tuple: 'array',
  list: 'array',
};
const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);

const isText = (data: unknown): data is string => typeof data === 'string';
const codePoints = (text: string): number => [...text].length;

/** Keywords that a text with a placeholder need not meet. */
const RELAXED: Record<string, (limit: Json, data: unknown) => boolean> = {
  enum: (values, data) => Array.isArray(values) && values.some((value) => isEqual(value, data)),
  const: (value, data) => isEqual(value, data),
  minLength: (limit, data) => !isText(data) || codePoints(data) >= Number(limit),
  maxLength: (limit, data) => !isText(data) || codePoints(data) <= Number(limit),
  pattern: (pattern, data) => !isText(data) || matches(String(pattern), data),
  format: (format, data) => !isText(data) || hasFormat(String(format), data),
};

const compiledPatterns = new Map<string, RE2JS | null>();

/** Patterns come from logs: they run in linear time. One that RE2 can't read binds nobody. */
function matches(pattern: string, text: string): boolean {
  let compiled = compiledPatterns.get(pattern);
  if (compiled === undefined) {
    try {
      compiled = RE2JS.compile(pattern);
    } catch {
      compiled = null;
    }
    compiledPatterns.set(pattern, compiled);
  }
  return compiled === null || compiled.matcher(text).find();
}

const FORMATS: Record<string, RegExp> = {
  date: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  time: /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[zZ]|[+-]\d{2}:\d{2})$/,
  'date-time':
    /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[tT ](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[zZ]|[+-]\d{2}:?\d{2})$/,
  email: /^[^\s@]+@[^\s@]+$/,
  uuid: /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/,
  ipv4: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/,
  uri: /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/,
};
/** Formats that we do not know are notes, as the draft has it. */
const hasFormat = (format: string, text: string): boolean => FORMATS[format]?.test(text) ?? true;

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}

function newAjv(): Ajv2020 {
  const made = new Ajv2020({
    strict: false,
    validateSchema: false,
    allErrors: true,
    validateFormats: false,
    logger: false,
  });
  for (const [keyword, meets] of Object.entries(RELAXED)) {
    made.removeKeyword(keyword);
    made.addKeyword({
      keyword,
      validate: (limit: Json, data: unknown) => (isText(data) && holdsPlaceholder(data)) || meets(limit, data),
      errors: false,
    });
  }
  return made;
}

const LISTS_OF_SCHEMAS = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const MAPS_OF_SCHEMAS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const LITERAL_KEYWORDS = new Set(['enum', 'const', 'default', 'examples', 'required']);
const DROPPED_KEYWORDS = new Set(['$schema', '$id', 'id', '$dynamicRef', '$dynamicAnchor', 'nullable']);

/** One dialect: 2020-12 with plain JavaScript numbers. */
function normaliseSchema(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const made: Record<string, unknown> = {};
  for (const key of Object.keys(schema)) {
    const value = schema[key];
    if (key === 'type') {
      const types = [value]
        .flat()
        .map(typeName)
        .filter((name) => name !== undefined);
      if (types.length > 0) made.type = types.length === 1 ? types[0] : types;
    } else if (key === 'items' && Array.isArray(value)) made.prefixItems = value.map(normaliseSchema);
    else if (LISTS_OF_SCHEMAS.has(key) && Array.isArray(value)) made[key] = value.map(normaliseSchema);
    else if (MAPS_OF_SCHEMAS.has(key) && isObject(value)) {
      made[key] = Object.fromEntries(Object.keys(value).map((name) => [name, normaliseSchema(value[name])]));
    } else if (LITERAL_KEYWORDS.has(key)) made[key] = plain(value);
    else if (!DROPPED_KEYWORDS.has(key)) made[key] = isObject(value) ? normaliseSchema(value) : plain(value);
  }
  // `required: true` inside a property is draft 3: no list, no rule.
  if (!Array.isArray(made.required)) delete made.required;
  if (schema.nullable === true && made.type !== undefined) made.type = [...new Set([made.type, 'null'].flat())];
  return made;
}

function typeName(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const name = value.toLowerCase();
  const known = Object.hasOwn(TYPE_NAMES, name) ? TYPE_NAMES[name]! : name;
  return TYPES.has(known) ? known : undefined;
}

/** Numbers kept literal become doubles: what a schema can be asked about. */
function plain(value: unknown): unknown {
  if (value instanceof JsonNumber) return value.valueOf();
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const made: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (key === '__proto__') continue;
    made[key] = plain(value[key]);
  }
  return made;
}

let ajv: Ajv2020 | undefined;

/** Compiles the parameters of a tool: some milliseconds, so callers keep the result. */
export function compileSchema(parameters: JsonObject): ArgumentCheck {
  let validate: ValidateFunction;
  ajv ??= newAjv();
  const schema = normaliseSchema(parameters) as object;
  try {
    validate = ajv.compile(schema);
  } catch {
    return undefined;
  } finally {
    ajv.removeSchema(schema);
  }
  return (args) => {
    if (validate(plain(args))) return [];
    return (validate.errors ?? []).map(({ instancePath, keyword }) => ({ pointer: instancePath, keyword }));
  };
}

/**
 * Whether the schema says outright that a null may stand at this place: `type` or `anyOf` with null, `nullable`, null
 * in `enum`, or a declared property without any rule.
 */
export function allowsNull(parameters: JsonObject, pointer: string): boolean {
  let places: Json[] = [parameters];
  for (const escaped of pointer.split('/').slice(1)) {
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    places = places.flatMap((schema) => childSchemas(schema, key, parameters, 0));
  }
  return places.some((schema) => saysNull(schema, parameters, 0));
}

const MAX_REFS = 16;

function alternatives(schema: JsonObject, root: JsonObject, refs: number): Json[] {
  const listed = ['anyOf', 'oneOf', 'allOf'].flatMap((key) =>
    Array.isArray(schema[key]) ? (schema[key] as Json[]) : [],
  );
  const target = typeof schema.$ref === 'string' && refs < MAX_REFS ? resolveRef(schema.$ref, root) : undefined;
  return target === undefined ? listed : [...listed, target];
}

function resolveRef(ref: string, root: JsonObject): Json | undefined {
  if (!ref.startsWith('#')) return undefined;
  let place: Json | undefined = root;
  for (const key of ref.slice(1).split('/').slice(1)) {
    place = isObject(place) ? place[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }
  return place;
}

function childSchemas(schema: Json, key: string, root: JsonObject, refs: number): Json[] {
  if (!isObject(schema)) return [];
  const found: Json[] = [];
  if (isObject(schema.properties) && Object.hasOwn(schema.properties, key)) found.push(schema.properties[key]!);
  else if (isObject(schema.additionalProperties)) found.push(schema.additionalProperties);
  if (/^\d+$/.test(key)) {
    const tuple = [schema.prefixItems, schema.items].find(Array.isArray) as Json[] | undefined;
    if (tuple?.[Number(key)] !== undefined) found.push(tuple[Number(key)]!);
    else if (isObject(schema.items)) found.push(schema.items);
  }
  return [...found, ...alternatives(schema, root, refs).flatMap((other) => childSchemas(other, key, root, refs + 1))];
}

const RULES = ['type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', '$ref', 'not'];

function saysNull(schema: Json, root: JsonObject, refs: number): boolean {
  if (schema === true) return true;
  if (!isObject(schema)) return false;
  if (schema.nullable === true || schema.const === null) return true;
  if ([schema.type].flat().some((name) => typeof name === 'string' && name.toLowerCase() === 'null')) return true;
  if (Array.isArray(schema.enum) && schema.enum.includes(null)) return true;
  if (alternatives(schema, root, refs).some((other) => saysNull(other, root, refs + 1))) return true;
  return !RULES.some((rule) => Object.hasOwn(schema, rule));
}

/** Pointers of all nulls in a value. */
export function nullsIn(value: Json, pointer = ''): string[] {
  if (value === null) return [pointer];
  if (Array.isArray(value)) return value.flatMap((item, index) => nullsIn(item, `${pointer}/${index}`));
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((key) => nullsIn(value[key]!, `${pointer}/${escapePointer(key)}`));
}

export const escapePointer = (key: string): string =>
  key.includes('/') || key.includes('~') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
