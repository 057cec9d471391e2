/**
 * Python's values as a chat template sees them. Ints are JavaScript numbers while they are exact and bigints beyond;
 * a float is a `Float`, so that `1.0` is never taken for `1`. Lists are arrays; strings are strings, and everything
 * that counts in them counts code points. "Missing" (no such variable) is JavaScript's `undefined`, never a `Value`.
 */

/** A Python exception: its kind decides which filters swallow it; the message never holds a value of the row. */
export class PyError extends Error {
  readonly kind: string;
  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

export const typeError = (message: string) => new PyError('TypeError', message);
export const valueError = (message: string) => new PyError('ValueError', message);

export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export class Undefined {
  readonly hint: string;
  constructor(hint: string) {
    this.hint = hint;
  }
  fail(): PyError {
    return new PyError('UndefinedError', this.hint);
  }
}

/** Text marked as safe HTML (`|safe`, `|escape`): joined with plain text it escapes that. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class Tuple {
  readonly items: Value[];
  /** Set for what `groupby` gives: its first two items also have names. */
  readonly names?: readonly string[];
  constructor(items: Value[], names?: readonly string[]) {
    this.items = items;
    this.names = names;
  }
}

/** What a key is looked up by: `1`, `1.0` and `True` are one key. */
export type Hash = string | number | bigint | null | object | symbol;
const UNDEFINED_HASH = Symbol('undefined');

/** @throws PyError TypeError for lists and dicts, as Python */
export function hashOf(key: Value): Hash {
  if (typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint' || key === null) return key;
  if (typeof key === 'boolean') return key ? 1 : 0;
  if (key instanceof Float) {
    const { value } = key;
    if (Number.isSafeInteger(value)) return value + 0;
    return Number.isInteger(value) ? BigInt(value) : value;
  }
  if (key instanceof Markup) return key.text;
  if (key instanceof Undefined) return UNDEFINED_HASH;
  // A non-character in front keeps these apart from every string that is text.
  if (key instanceof Tuple) return `\uffff(${key.items.map((item) => describeHash(hashOf(item))).join(',')})`;
  if (Array.isArray(key)) throw typeError("unhashable type: 'list'");
  if (key instanceof Dict) throw typeError("unhashable type: 'dict'");
  return key;
}

function describeHash(hash: Hash): string {
  return typeof hash === 'string' ? JSON.stringify(hash) : `${typeof hash}:${String(hash)}`;
}

/** A dict in insertion order. A key set twice keeps its first place and its first form. */
export class Dict {
  readonly map = new Map<Hash, Value>();
  /** The keys as they were written, once one of them isn't a plain string. */
  private written: Map<Hash, Value> | undefined;

  static of(entries: Iterable<readonly [Value, Value]>): Dict {
    const dict = new Dict();
    for (const [key, value] of entries) dict.set(key, value);
    return dict;
  }

  get size(): number {
    return this.map.size;
  }
  get(key: Value): Value | undefined {
    return this.map.get(typeof key === 'string' ? key : hashOf(key));
  }
  has(key: Value): boolean {
    return this.map.has(hashOf(key));
  }
  set(key: Value, value: Value): void {
    if (typeof key !== 'string') {
      const hash = hashOf(key);
      this.written ??= new Map();
      if (!this.map.has(hash)) this.written.set(hash, key);
      this.map.set(hash, value);
    } else this.map.set(key, value);
  }
  keys(): Value[] {
    const { written } = this;
    if (!written) return [...this.map.keys()] as string[];
    return [...this.map.keys()].map((hash) => (written.has(hash) ? written.get(hash)! : (hash as string)));
  }
  values(): Value[] {
    return [...this.map.values()];
  }
  entries(): [Value, Value][] {
    const { written } = this;
    if (!written) return [...this.map.entries()] as [string, Value][];
    const keys = this.keys();
    return this.values().map((value, at) => [keys[at]!, value]);
  }
  copy(): Dict {
    return Dict.of(this.entries());
  }
}

/** What `dict.keys()`, `.values()` and `.items()` give: has a length, can be gone over again, has no index. */
export class DictView {
  readonly dict: Dict;
  readonly what: 'keys' | 'values' | 'items';
  constructor(dict: Dict, what: 'keys' | 'values' | 'items') {
    this.dict = dict;
    this.what = what;
  }
  items(): Value[] {
    if (this.what === 'keys') return this.dict.keys();
    if (this.what === 'values') return this.dict.values();
    return this.dict.entries().map((entry) => new Tuple(entry));
  }
}

export class Range {
  readonly start: number;
  readonly step: number;
  readonly length: number;
  readonly stop: number;
  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }
  at(index: number): number {
    return this.start + index * this.step;
  }
}

/** A generator: gone over once, item by item, so that what fails fails when it is reached. */
export class Iter {
  readonly source: Iterator<Value>;
  readonly name: string;
  constructor(source: Iterator<Value>, name = 'generator') {
    this.source = source;
    this.name = name;
  }
}

export class Namespace {
  readonly attributes: Dict;
  constructor(attributes: Dict) {
    this.attributes = attributes;
  }
}

export type Keywords = Map<string, Value>;
export type Invoke = (args: Value[], keywords: Keywords | null) => Value;

/** Something that can be called: a method, a global, a macro. `shown` is its repr where Python's is stable. */
export class Callable {
  readonly name: string;
  readonly invoke: Invoke;
  readonly kind: 'function' | 'macro' | 'type';
  readonly attributes: Dict | undefined;
  constructor(name: string, invoke: Invoke, kind: 'function' | 'macro' | 'type' = 'function', attributes?: Dict) {
    this.name = name;
    this.invoke = invoke;
    this.kind = kind;
    this.attributes = attributes;
  }
}

/** An object of Jinja's own with named attributes (`loop`, `cycler`, `joiner`). */
export abstract class Native {
  abstract readonly name: string;
  /** @returns undefined when there is no such attribute */
  abstract attribute(name: string): Value | undefined;
  invoke: Invoke | undefined = undefined;
  length(): number | undefined {
    return undefined;
  }
  repr(): string {
    return `<${this.name} object>`;
  }
}

export type Value =
  | null
  | boolean
  | number
  | bigint
  | Float
  | string
  | Markup
  | Value[]
  | Tuple
  | Dict
  | DictView
  | Range
  | Iter
  | Namespace
  | Callable
  | Native
  | Undefined;

/** Python's name of the type, for messages. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') return 'int';
  if (typeof value === 'string') return 'str';
  if (Array.isArray(value)) return 'list';
  if (value instanceof DictView) return `dict_${value.what}`;
  if (value instanceof Iter || value instanceof Native) return value.name;
  return value.constructor.name === 'Callable' ? 'function' : value.constructor.name.toLowerCase();
}

/** A string's text, marked or not; undefined for everything else. */
export function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Markup ? value.text : undefined;
}

const SURROGATE = /[\ud800-\udfff]/;

export const hasSurrogates = (text: string): boolean => SURROGATE.test(text);

/** Length in code points. */
export function countPoints(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = text.length;
  for (let at = 0; at < text.length - 1; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
      count--;
      at++;
    }
  }
  return count;
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (value === null || value instanceof Undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Float) return value.value !== 0;
  if (typeof value === 'bigint') return true;
  const size = sizeOf(value);
  return size === undefined || size > 0;
}

/** `len()`; undefined for what has none. */
export function sizeOf(value: Value): number | undefined {
  if (typeof value === 'string') return countPoints(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof Dict) return value.size;
  if (value instanceof Tuple) return value.items.length;
  if (value instanceof Markup) return countPoints(value.text);
  if (value instanceof DictView) return value.dict.size;
  if (value instanceof Range) return value.length;
  if (value instanceof Undefined) return 0;
  return value instanceof Native ? value.length() : undefined;
}

export function length(value: Value): number {
  const size = sizeOf(value);
  if (size === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`);
  return size;
}

/** The items of what is already there; undefined for generators and for what can't be gone over. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  if (value instanceof Dict) return value.keys();
  if (value instanceof DictView) return value.items();
  if (typeof value === 'string') return hasSurrogates(value) ? [...value] : value.split('');
  // Going over marked text gives plain characters.
  if (value instanceof Markup) return [...value.text];
  if (value instanceof Range) return Array.from({ length: value.length }, (_, at) => value.at(at));
  return value instanceof Undefined ? [] : undefined;
}

/** @throws PyError TypeError when it can't be gone over */
export function iterate(value: Value): Iterator<Value> {
  const items = itemsOf(value);
  if (items) return items[Symbol.iterator]();
  if (value instanceof Iter) return value.source;
  throw typeError(`'${typeName(value)}' object is not iterable`);
}

export function toList(value: Value): Value[] {
  const items = itemsOf(value);
  if (items) return items as Value[];
  const list: Value[] = [];
  const source = iterate(value);
  for (let next = source.next(); !next.done; next = source.next()) list.push(next.value);
  return list;
}

/** An int as a number where that is exact, else as a bigint. */
export function int(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}
