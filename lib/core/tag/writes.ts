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

export type WriteMark = { isWrite: boolean; origin: 'tools' | typeof WRITES_RULE };

function annotationsOf(raw: Json): Json | undefined {
  if (!isObject(raw)) return undefined;
  const inner = isObject(raw.function) ? raw.function : raw;
  return inner.annotations ?? raw.annotations;
}

export function markWrites(tools: readonly ToolDef[]): (name: string) => WriteMark {
  const annotated = new Map<string, boolean>();
  for (const tool of tools) {
    const marks = annotationsOf(tool.raw);
    if (!isObject(marks)) continue;
    if (marks.readOnlyHint === true) annotated.set(tool.name, false);
    else if (marks.readOnlyHint === false || marks.destructiveHint === true) annotated.set(tool.name, true);
  }
  return (name) => {
    const known = annotated.get(name);
    if (known !== undefined) return { isWrite: known, origin: 'tools' };
    const words = nameWords(name);
    return { isWrite: !READING_VERB.test(words) && WRITING_VERB.test(words), origin: WRITES_RULE };
  };
}
