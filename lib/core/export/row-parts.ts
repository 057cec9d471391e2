/** What rows of every config share: their metadata string, their tools, and the checks that decide whether they may leave. */
import { canonicalJson, isObject, type Json, JsonNumber, type JsonObject } from '../trajectory/json.ts';
import { callsIn } from './chat-format.ts';
import { floatSurvives, isFloatLiteral, isSafeInteger } from './float-survival.ts';
import { EXPORTED_TAGS, type Message, type Refused, type RowMeta, type ToolFunction } from './row.ts';
import { type ArgumentCheck, compileSchema, nullsIn } from './tool-schemas.ts';

/** Metadata as it stands in the row: sorted keys, no blanks, only what is known. */
export const metaString = (meta: JsonObject): string => canonicalJson(meta);

/** The part of the metadata that does not depend on the kind of row. */
export function commonMeta(meta: RowMeta): JsonObject {
  const { split, level, group, cluster, source, lang, domain, redaction, teacher, tokens } = meta;
  const known: { [key: string]: Json | undefined } = {
    ...exportedTags(meta.tags),
    split,
    level,
    group,
    cluster,
    source,
    lang,
    domain,
    redaction,
    teacher,
    tokens,
    weight: meta.weight ?? 1,
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** Tags that a trainer can use, those that say nothing (0, false) left out. */
export function exportedTags(tags: JsonObject | undefined): JsonObject {
  const kept: JsonObject = {};
  for (const name of EXPORTED_TAGS) {
    const value = tags?.[name];
    if ((typeof value === 'number' && value !== 0) || value === true) kept[name] = value;
  }
  return kept;
}

/** Checks of a row's tools by name. */
type ToolChecks = ReadonlyMap<string, ArgumentCheck>;

/**
 * Keeps the compiled schemas of tools while rows are made; rows of one agent share their tools.
 * @returns the checks of the tools that a `tools` string holds
 */
export function schemaCache(): (tools: readonly ToolFunction[], text: string) => ToolChecks {
  const compiled = new Map<string, ToolChecks>();
  return (tools, text) => {
    let checks = compiled.get(text);
    if (!checks) {
      checks = new Map(tools.map((tool) => [tool.function.name, compileSchema(tool.function.parameters)]));
      compiled.set(text, checks);
    }
    return checks;
  };
}
export type SchemaCache = ReturnType<typeof schemaCache>;

/** Ids of calls whose arguments break the schema of their tool. */
export function invalidCalls(messages: readonly Message[], checks: ToolChecks): string[] {
  return callsIn(messages).flatMap(({ call }) => {
    const issues = checks.get(call.function.name)?.(call.function.arguments);
    return issues && issues.length > 0 ? [call.id] : [];
  });
}

/** Nulls that the log had, as `<call id>#<JSON pointer>`. */
export const nullArguments = (messages: readonly Message[]): string[] =>
  callsIn(messages).flatMap(({ call }) => nullsIn(call.function.arguments).map((pointer) => `${call.id}#${pointer}`));

/** A number that no loader brings back as it was logged keeps its row at home. */
export function numbersRefuse(messages: readonly Message[]): Refused | undefined {
  for (const { call } of callsIn(messages)) {
    for (const literal of numberLiterals(call.function.arguments)) {
      if (isFloatLiteral(literal)) {
        if (!floatSurvives(literal)) return { refused: 'float_changes_on_load' };
      } else if (!isSafeInteger(literal)) return { refused: 'integer_too_large' };
    }
  }
  return undefined;
}

function* numberLiterals(value: Json): Generator<string> {
  if (typeof value === 'number') yield String(value);
  else if (value instanceof JsonNumber) yield value.literal;
  else if (Array.isArray(value)) for (const item of value) yield* numberLiterals(item);
  else if (isObject(value)) for (const key of Object.keys(value)) yield* numberLiterals(value[key]!);
}
