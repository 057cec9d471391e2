/**
 * Everything in a JSON value that detectors read: strings, numbers and keys, also those of JSON inside strings (to
 * depth 8). A string that is JSON from end to end is not a leaf itself; its literals are.
 *
 * Paths are JSON pointers with '#' as a mark of ours (a '#' in a key is written `~2`):
 *   /user/phone             a value                     /user/phone#key      the key "phone" itself
 *   /arguments#json/to      inside a string             /arguments#json/a#2  second "a" of one object in a string
 *   /log#json.2/id          second value of JSON Lines in a string
 *
 * Write back with `replaceLeaves(value, replacements)`: it takes whole new texts by path and leaves all else as it was.
 */
import { isObject, type Json, JsonNumber, type JsonObject, stringify } from '../trajectory/json.ts';
import { pointerPart, quoteLike, scanJson } from './embedded-json.ts';
import type { Leaf } from './span.ts';

const MAX_JSON_IN_STRINGS = 8;
const NUMBER_LITERAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** In document order, a key before its value. `siblings` of values of one object or array are one shared list. */
export function leavesOf(value: Json, root = ''): Leaf[] {
  const leaves: Leaf[] = [];
  visit(value, root, '', undefined);
  return leaves;

  function add(leaf: Leaf, siblings: Leaf[] | undefined): void {
    leaves.push(leaf);
    if (siblings === undefined) return;
    leaf.siblings = siblings;
    siblings.push(leaf);
  }

  function visit(value: Json, path: string, key: string, siblings: Leaf[] | undefined): void {
    if (typeof value === 'string') visitText(value, path, key, siblings, 0);
    else if (typeof value === 'number' || value instanceof JsonNumber)
      add({ path, text: stringify(value), kind: 'number', key }, siblings);
    else if (Array.isArray(value)) {
      const own: Leaf[] = [];
      for (const [n, item] of value.entries()) visit(item, `${path}/${n}`, key, own);
    } else if (isObject(value)) {
      const own: Leaf[] = [];
      for (const name of Object.keys(value)) {
        const at = `${path}/${pointerPart(name)}`;
        leaves.push({ path: `${at}#key`, text: name, kind: 'key', key });
        visit(value[name]!, at, name, own);
      }
    }
  }

  function visitText(text: string, path: string, key: string, siblings: Leaf[] | undefined, depth: number): void {
    const literals = depth < MAX_JSON_IN_STRINGS ? scanJson(text) : undefined;
    if (literals === undefined) {
      add({ path, text, kind: 'string', key }, siblings);
      return;
    }
    const groups = new Map<number, Leaf[]>();
    for (const literal of literals) {
      const at = path + literal.pointer;
      const nearest = literal.key ?? key;
      const source = text.slice(literal.start, literal.end);
      const own = listIn(groups, literal.group);
      if (literal.kind === 'key') leaves.push({ path: at, text: JSON.parse(source), kind: 'key', key: nearest });
      else if (literal.kind === 'number') add({ path: at, text: source, kind: 'number', key: nearest }, own);
      else visitText(JSON.parse(source), at, nearest, own, depth + 1);
    }
  }
}

/**
 * The value with new texts for some of its leaves (by path, as `leavesOf(value, root)` names them). Types and key
 * counts stay; embedded JSON stays JSON in its own style. Parts without a replacement are shared with `value`.
 * @throws RangeError when a number's replacement is no number literal, or two keys of one object would become one
 */
export function replaceLeaves(value: Json, replacements: ReadonlyMap<string, string>, root = ''): Json {
  if (replacements.size === 0) return value;
  const touched = containersOf(replacements.keys());
  return rewrite(value, root);

  function rewrite(value: Json, path: string): Json {
    const text = replacements.get(path);
    if (typeof value === 'string') return text ?? (touched.has(path) ? rewriteText(value, path) : value);
    if (typeof value === 'number' || value instanceof JsonNumber)
      return text === undefined ? value : numberFrom(text, path);
    if (value === null || typeof value === 'boolean' || !touched.has(path)) return value;
    if (Array.isArray(value)) return value.map((item, n) => rewrite(item, `${path}/${n}`));
    const copy = Object.create(null) as JsonObject;
    for (const name of Object.keys(value)) {
      const at = `${path}/${pointerPart(name)}`;
      const key = replacements.get(`${at}#key`) ?? name;
      if (Object.hasOwn(copy, key)) throw new RangeError(`two keys of ${path || 'the root'} would become one`);
      copy[key] = rewrite(value[name]!, at);
    }
    return copy;
  }

  function rewriteText(text: string, path: string): string {
    let done = '';
    let from = 0;
    const keys = new Map<number, Map<string, string>>();
    for (const literal of scanJson(text) ?? []) {
      const at = path + literal.pointer;
      const source = text.slice(literal.start, literal.end);
      const whole = replacements.get(at);
      if (literal.kind === 'key') checkKey(literal.group, source, whole, at);
      let written: string;
      if (literal.kind === 'number') written = whole === undefined ? source : stringify(numberFrom(whole, at));
      else if (whole !== undefined) written = quoteLike(whole, source);
      else if (touched.has(at)) written = quoteLike(rewriteText(JSON.parse(source), at), source);
      else continue;
      done += text.slice(from, literal.start) + written;
      from = literal.end;
    }
    return done + text.slice(from);

    function checkKey(group: number, source: string, whole: string | undefined, at: string): void {
      const before = JSON.parse(source) as string;
      const after = whole ?? before;
      const taken = keys.get(group) ?? new Map<string, string>();
      keys.set(group, taken);
      const other = taken.get(after);
      if (other !== undefined && other !== before) throw new RangeError(`two keys beside ${at} would become one`);
      taken.set(after, before);
    }
  }
}

/** Paths of all objects, arrays and strings that hold one of these leaves. */
function containersOf(paths: Iterable<string>): Set<string> {
  const containers = new Set<string>();
  for (const path of paths) {
    const value = path.endsWith('#key') ? path.slice(0, -4) : path;
    for (let i = value.length - 1; i >= 0; i--) {
      if (value[i] !== '/' && value[i] !== '#') continue;
      const container = value.slice(0, i);
      if (containers.has(container)) break;
      containers.add(container);
    }
  }
  return containers;
}

function numberFrom(literal: string, path: string): Json {
  if (!NUMBER_LITERAL.test(literal)) throw new RangeError(`the number at ${path} can't become a text`);
  const value = Number(literal);
  return Number.isFinite(value) && JSON.stringify(value) === literal ? value : new JsonNumber(literal);
}

function listIn(groups: Map<number, Leaf[]>, group: number): Leaf[] {
  const list = groups.get(group) ?? [];
  groups.set(group, list);
  return list;
}
