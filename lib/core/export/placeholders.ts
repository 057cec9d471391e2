/**
 * Placeholder numbers of one row: given anew by first appearance, from 1 a type, so that a number never means the same
 * person in two rows. What stands in one branch of a pair only is numbered by a keyed shuffle, so that a number never
 * tells which branch was chosen.
 */
import { createHmac } from 'node:crypto';
import { type PiiType, PLACEHOLDER } from '../pii/taxonomy.ts';
import { isObject, type Json, type JsonObject } from '../trajectory/json.ts';

/** Any bracket token, also of a type that we do not know; what validation and evaluation look for. */
export const ANY_PLACEHOLDER = /\[[A-Z][A-Z0-9_]*_[0-9]+\]/g;
export const holdsPlaceholder = (text: string): boolean => text.includes('[') && text.search(ANY_PLACEHOLDER) >= 0;

export type Renumbering = ReadonlyMap<string, string>;

/** Tokens of a value by first appearance in the order in which it is written, each once. */
export function placeholdersIn(value: unknown): string[] {
  const seen = new Set<string>();
  collect(value, seen);
  return [...seen];
}

function collect(value: unknown, seen: Set<string>): void {
  if (typeof value === 'string') {
    if (value.includes('[')) for (const [token] of value.matchAll(PLACEHOLDER)) seen.add(token);
  } else if (Array.isArray(value)) for (const item of value) collect(item, seen);
  else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      if (key.includes('[')) collect(key, seen);
      collect(value[key], seen);
    }
  }
}

/**
 * @param shared what both branches (or the whole row) hold
 * @param branches texts of which each stands in one branch only; their order does not matter
 * @param key orders the tokens of the branches; the same key gives the same numbers
 */
export function renumber(shared: unknown, branches: readonly unknown[] = [], key = ''): Renumbering {
  const ordered = placeholdersIn(shared);
  const known = new Set(ordered);
  const inBranches = placeholdersIn(branches).filter((token) => !known.has(token));
  const rank = (token: string) => createHmac('sha256', key).update(token).digest('hex');
  const shuffled = inBranches.map((token) => [rank(token), token] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  ordered.push(...shuffled.map(([, token]) => token));

  const counts = new Map<PiiType, number>();
  const numbers = new Map<string, string>();
  for (const token of ordered) {
    const type = token.slice(1, token.lastIndexOf('_')) as PiiType;
    const n = (counts.get(type) ?? 0) + 1;
    counts.set(type, n);
    numbers.set(token, `[${type}_${n}]`);
  }
  return numbers;
}

export const renumberText = (text: string, numbers: Renumbering): string =>
  text.includes('[') ? text.replace(PLACEHOLDER, (token) => numbers.get(token) ?? token) : text;

/** The value with every string and key renumbered; numbers keep their literals. */
export function renumberJson<T>(value: T, numbers: Renumbering): T {
  return numbers.size === 0 ? value : (walk(value, numbers) as T);
}

function walk(value: unknown, numbers: Renumbering): unknown {
  if (typeof value === 'string') return renumberText(value, numbers);
  if (Array.isArray(value)) return value.map((item) => walk(item, numbers));
  if (!isObject(value)) return value;
  const copy: JsonObject = Object.create(null);
  for (const key of Object.keys(value)) copy[renumberText(key, numbers)] = walk(value[key], numbers) as Json;
  return copy;
}
