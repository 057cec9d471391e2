/**
 * A catalogue of tools from the calls of a source whose logs do not say what was offered (traces of coding agents, of
 * benchmarks). It says what was seen, no more: names, parameters and their JSON types; a parameter that stood in every
 * call is required. A release uses it only when a lead says so, and its rows say `tools_from: "observed"`.
 */
import { contentHash } from '../trajectory/hash.ts';
import { isObject, type Json, JsonNumber, type JsonObject } from '../trajectory/json.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import type { ToolDef } from '../trajectory/trajectory.ts';
import type { Unit } from '../trajectory/unit.ts';
import { holdsPlaceholder } from './placeholders.ts';

type Seen = { calls: number; parameters: Map<string, { calls: number; types: Set<string> }> };

export class ToolObserver {
  private readonly tools = new Map<string, Seen>();

  add(unit: Redacted<Unit>): void {
    for (const event of unit.events) {
      if (event.kind !== 'tool_call' || !isObject(event.toolCall.arguments)) continue;
      const { name, arguments: args } = event.toolCall;
      const seen = this.tools.get(name) ?? { calls: 0, parameters: new Map() };
      this.tools.set(name, seen);
      seen.calls++;
      for (const key of Object.keys(args)) {
        // A key that stands for a person's data is no parameter of the tool.
        if (holdsPlaceholder(key)) continue;
        const parameter = seen.parameters.get(key) ?? { calls: 0, types: new Set() };
        seen.parameters.set(key, parameter);
        parameter.calls++;
        parameter.types.add(typeOf(args[key]!));
      }
    }
  }

  /** Tools by name, the same whatever the order of the units. */
  catalogue(): ToolDef[] {
    const names = [...this.tools.keys()].sort();
    return names.map((name) => {
      const parameters = toSchema(this.tools.get(name)!);
      return { sha: contentHash({ name, parameters }), name, parameters, raw: { name, parameters } };
    });
  }
}

function toSchema({ calls, parameters }: Seen): JsonObject {
  const names = [...parameters.keys()].sort();
  const properties: JsonObject = Object.create(null);
  for (const name of names) {
    const types = [...parameters.get(name)!.types].sort();
    const kept = types.includes('number') ? types.filter((type) => type !== 'integer') : types;
    properties[name] = { type: kept.length === 1 ? kept[0]! : kept };
  }
  const required = names.filter((name) => parameters.get(name)!.calls === calls);
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number' || value instanceof JsonNumber)
    return /^-?\d+$/.test(String(value)) ? 'integer' : 'number';
  return typeof value;
}
