/**
 * Attributes as a tree: `llm.input_messages.10.message.role` and nested objects read the same. Numeric keys are list
 * items in numeric order; holes are closed.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';

const isIndex = (key: string): boolean => /^\d{1,6}$/.test(key);

type Tree = { value?: Json; children?: Map<string, Tree> };

/** Names with more steps than any convention has are one key each, so that a hostile name makes no deep tree. */
export const MAX_STEPS = 24;
const MAX_DEPTH = 48;

function grow(tree: Tree, value: Json, depth: number): void {
  if (!isObject(value) || depth > MAX_DEPTH) {
    tree.value = value;
    return;
  }
  for (const key of Object.keys(value)) {
    let at = tree;
    const steps = key.split('.', MAX_STEPS + 1);
    for (const step of steps.length > MAX_STEPS ? [key] : steps) {
      at.children ??= new Map();
      let child = at.children.get(step);
      if (!child) {
        child = {};
        at.children.set(step, child);
      }
      at = child;
    }
    grow(at, value[key]!, depth + 1);
  }
}

function toJson(tree: Tree): Json {
  if (!tree.children) return tree.value ?? null;
  const keys = [...tree.children.keys()];
  if (keys.length > 0 && keys.every(isIndex)) {
    return keys.sort((a, b) => Number(a) - Number(b)).map((key) => toJson(tree.children!.get(key)!));
  }
  const object: JsonObject = Object.create(null);
  // A name that is both a value and a prefix of others keeps its value under the empty key.
  if (tree.value !== undefined) object[''] = tree.value;
  for (const key of keys) object[key] = toJson(tree.children.get(key)!);
  return object;
}

/** Lists inside are left as they are. */
export function nestAttributes(attributes: JsonObject): JsonObject {
  const tree: Tree = {};
  grow(tree, attributes, 0);
  const nested = toJson(tree);
  return isObject(nested) ? nested : Object.create(null);
}
