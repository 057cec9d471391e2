/**
 * Which tools change the world. A schema's own annotation decides (MCP `readOnlyHint`, `destructiveHint`); without one
 * the verb in the tool's name does (`writes@1`), and the tag says so in its origin.
 */
import { isObject, type Json } from '../trajectory/json.ts';
import type { ToolDef } from '../trajectory/trajectory.ts';
import { nameWords } from './complexity.ts';

export const WRITES_RULE = 'rule:writes@1';

const WRITING_VERB =
  /(?:^|[^a-z])(?:add|append|apply|approve|archive|assign|book|buy|cancel|change|close|commit|create|delete|deploy|disable|drop|edit|enable|exchange|insert|install|merge|modify|move|order|overwrite|patch|pay|post|publish|purchase|push|put|refund|remove|rename|replace|reserve|reset|return|schedule|send|set|submit|transfer|update|upgrade|upload|write)(?:[^a-z]|$)/i;
const READING_VERB =
  /^(?:calculate|check|count|describe|fetch|find|get|list|look|query|read|retrieve|search|show|think|view)(?:[^a-z]|$)/i;

/** Writes that take something away or bind somebody: doing one again otherwise means that the first was wrong. */
const BINDING_VERB =
  /(?:^|[^a-z])(?:archive|book|buy|cancel|change|close|delete|disable|drop|exchange|merge|modify|move|order|overwrite|pay|publish|purchase|refund|remove|rename|replace|reserve|reset|return|send|submit|transfer|update|upgrade)(?:[^a-z]|$)/i;

export type WriteMark = { isWrite: boolean; isBinding: boolean; origin: 'tools' | typeof WRITES_RULE };

function annotationsOf(raw: Json): Json | undefined {
  if (!isObject(raw)) return undefined;
  const inner = isObject(raw.function) ? raw.function : raw;
  return inner.annotations ?? raw.annotations;
}

export function markWrites(tools: readonly ToolDef[]): (name: string) => WriteMark {
  const annotated = new Map<string, WriteMark>();
  for (const tool of tools) {
    const marks = annotationsOf(tool.raw);
    if (!isObject(marks)) continue;
    const isWrite = marks.readOnlyHint !== true && (marks.readOnlyHint === false || marks.destructiveHint === true);
    const isSaid = typeof marks.readOnlyHint === 'boolean' || marks.destructiveHint === true;
    if (isSaid)
      annotated.set(tool.name, { isWrite, isBinding: isWrite && marks.destructiveHint !== false, origin: 'tools' });
  }
  return (name) => {
    const known = annotated.get(name);
    if (known !== undefined) return known;
    const words = nameWords(name);
    const isWrite = !READING_VERB.test(words) && WRITING_VERB.test(words);
    return { isWrite, isBinding: isWrite && BINDING_VERB.test(words), origin: WRITES_RULE };
  };
}
