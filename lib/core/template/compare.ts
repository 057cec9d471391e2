/** `==`, `<` and `in` as Python's values do them. */
import {
  Dict,
  DictView,
  Float,
  hasSurrogates,
  Iter,
  itemsOf,
  iterate,
  Namespace,
  Range,
  Tuple,
  textOf,
  typeError,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

type Numeric = number | bigint;

/** An int, float or bool as a JavaScript number or bigint; undefined for the rest. Mixed comparisons are exact. */
export function numeric(value: Value): Numeric | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof Float ? value.value : undefined;
}

export function equal(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  const left = numeric(a);
  if (left !== undefined) {
    const right = numeric(b);
    // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint of the same value are the same int
    return right !== undefined && left == right;
  }
  if (a === b) return true;
  const text = textOf(a);
  if (text !== undefined) return text === textOf(b);
  if (Array.isArray(a)) return Array.isArray(b) && equalItems(a, b);
  if (a instanceof Dict) return b instanceof Dict && equalDicts(a, b);
  if (a instanceof Undefined) return b instanceof Undefined;
  if (a instanceof Tuple) return b instanceof Tuple && equalItems(a.items, b.items);
  if (a instanceof Range) return b instanceof Range && equalItems([...itemsOf(a)!], [...itemsOf(b)!]);
  if (a instanceof DictView && a.what !== 'values' && b instanceof DictView && b.what === a.what) {
    return a.dict.size === b.dict.size && a.items().every((item) => contains(b, item));
  }
  return false;
}

function equalItems(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at] && !equal(a[at]!, b[at]!)) return false;
  return true;
}

function equalDicts(a: Dict, b: Dict): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a.map) {
    const other = b.map.get(key);
    if (other === undefined || !equal(value, other)) return false;
  }
  return true;
}

/** Strings by code point: UTF-16 order differs where one side has a surrogate. */
function compareText(a: string, b: string): number {
  if (!hasSurrogates(a) && !hasSurrogates(b)) return a < b ? -1 : a > b ? 1 : 0;
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at > 0 && (a.charCodeAt(at) & 0xfc00) === 0xdc00) at--;
  else if (at > 0 && (b.charCodeAt(at) & 0xfc00) === 0xdc00) at--;
  return Math.sign((a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1));
}

const SIGNS = { '<': [-1], '<=': [-1, 0], '>': [1], '>=': [1, 0] } as const;
export type Order = keyof typeof SIGNS;

/** @throws PyError for values that have no order between them */
export function ordered(a: Value, b: Value, operator: Order): boolean {
  const left = numeric(a);
  const right = numeric(b);
  if (left !== undefined && right !== undefined) {
    if (operator === '<') return left < right;
    if (operator === '<=') return left <= right;
    return operator === '>' ? left > right : left >= right;
  }
  const text = textOf(a);
  const other = textOf(b);
  if (text !== undefined && other !== undefined) return holds(compareText(text, other), operator);
  if (a instanceof Undefined) throw a.fail();
  if (b instanceof Undefined) throw b.fail();
  const items = Array.isArray(a) ? a : a instanceof Tuple ? a.items : undefined;
  const others = Array.isArray(b) ? b : b instanceof Tuple ? b.items : undefined;
  if (items && others && Array.isArray(a) === Array.isArray(b)) {
    const shared = Math.min(items.length, others.length);
    for (let at = 0; at < shared; at++) {
      if (!equal(items[at]!, others[at]!)) return ordered(items[at]!, others[at]!, operator);
    }
    return holds(Math.sign(items.length - others.length), operator);
  }
  throw typeError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

const holds = (sign: number, operator: Order) => (SIGNS[operator] as readonly number[]).includes(sign);

/** `item in box`. */
export function contains(box: Value, item: Value): boolean {
  const text = textOf(box);
  if (text !== undefined) {
    const part = textOf(item);
    if (part === undefined) throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    return text.includes(part);
  }
  if (box instanceof Dict) return box.has(item);
  if (box instanceof DictView && box.what === 'keys') return box.dict.has(item);
  if (box instanceof DictView && box.what === 'items') {
    if (!(item instanceof Tuple) || item.items.length !== 2) return false;
    const value = box.dict.get(item.items[0]!);
    return value !== undefined && equal(value, item.items[1]!);
  }
  if (box instanceof Range) {
    const number = numeric(item);
    return number !== undefined && (itemsOf(box) as Value[]).some((one) => equal(one, item));
  }
  if (box instanceof Namespace) throw typeError("argument of type 'Namespace' is not iterable");
  if (!itemsOf(box) && !(box instanceof Iter)) throw typeError(`argument of type '${typeName(box)}' is not iterable`);
  const source = iterate(box);
  for (let next = source.next(); !next.done; next = source.next()) {
    if (next.value === item || equal(next.value, item)) return true;
  }
  return false;
}

/** `sorted(values, key=…)`: stable. @throws PyError TypeError where two keys have no order */
export function sorted(values: readonly Value[], keyOf: (value: Value) => Value, reverse: boolean): Value[] {
  const keyed = values.map((value) => ({ value, key: keyOf(value) }));
  if (reverse) keyed.reverse();
  keyed.sort((a, b) => (ordered(b.key, a.key, '<') ? 1 : ordered(a.key, b.key, '<') ? -1 : 0));
  if (reverse) keyed.reverse();
  return keyed.map(({ value }) => value);
}
