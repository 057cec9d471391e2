/**
 * `value.name` and `value[key]` in the immutable sandbox: an attribute of Python's type comes before an item for the
 * dot, behind it for brackets; what begins with an underscore or would change the value is there but may not be used.
 */
import { index, places } from './arguments.ts';
import { equal } from './compare.ts';
import { formatFields } from './format-spec.ts';
import { callMarked, TEXT_METHODS } from './text-methods.ts';
import {
  Callable,
  Dict,
  DictView,
  Float,
  hasSurrogates,
  type Invoke,
  type Keywords,
  Markup,
  Namespace,
  Native,
  PyError,
  Range,
  Tuple,
  toList,
  typeError,
  typeName,
  Undefined,
  type Value,
  valueError,
} from './values.ts';

const LIST_CHANGES = new Set(['append', 'clear', 'pop', 'reverse', 'insert', 'sort', 'extend', 'remove']);
const DICT_CHANGES = new Set(['clear', 'pop', 'popitem', 'setdefault', 'update']);

/** What every object of Python's has, even an undefined one. */
const DUNDERS = new Set(
  ['class', 'doc', 'init', 'new', 'eq', 'ne', 'hash', 'str', 'repr', 'len', 'iter', 'bool', 'module', 'dir'].map(
    (name) => `__${name}__`,
  ),
);

const unsafe = (value: Value, name: string) =>
  new Undefined(`access to attribute '${name}' of '${typeName(value)}' object is unsafe.`);

const method = (name: string, invoke: Invoke) => new Callable(name, invoke);

type DictMethod = (self: Dict, args: Value[], keywords: Keywords | null) => Value;

const view = (what: 'keys' | 'values' | 'items'): DictMethod => {
  return (self, args, keywords) => {
    places(what, 0, 0, args, keywords);
    return new DictView(self, what);
  };
};

const DICT_METHODS: ReadonlyMap<string, DictMethod> = new Map<string, DictMethod>([
  ['items', view('items')],
  ['keys', view('keys')],
  ['values', view('values')],
  [
    'get',
    (self, args, keywords) => {
      const [key, otherwise = null] = places('get', 1, 2, args, keywords);
      return self.get(key!) ?? (self.has(key!) ? null : otherwise);
    },
  ],
  [
    'copy',
    (self, args, keywords) => {
      places('copy', 0, 0, args, keywords);
      return self.copy();
    },
  ],
  [
    'fromkeys',
    (_self, args, keywords) => {
      const [keys, value = null] = places('fromkeys', 1, 2, args, keywords);
      return Dict.of(toList(keys!).map((key) => [key, value] as const));
    },
  ],
]);

/** Names that mean a method on every dict, whatever keys it has. */
export const isDictAttribute = (name: string): boolean =>
  DICT_METHODS.has(name) || DICT_CHANGES.has(name) || /^__(?:[a-z_]+)__$/.test(name);

function searchItems(items: readonly Value[], name: string, args: Value[], keywords: Keywords | null): Value {
  const [wanted, start, stop] = places(name, 1, name === 'index' ? 3 : 1, args, keywords);
  if (name === 'count') return items.filter((item) => item === wanted || equal(item, wanted!)).length;
  const from = start === undefined ? 0 : index(start);
  const to = stop === undefined ? items.length : index(stop);
  const clamp = (at: number) => Math.max(0, at < 0 ? at + items.length : at);
  for (let at = clamp(from); at < Math.min(clamp(to), items.length); at++) {
    if (items[at] === wanted || equal(items[at]!, wanted!)) return at;
  }
  throw valueError('the value is not in the list');
}

/** An attribute of the value's type; undefined when the type has none of that name. */
function typeAttribute(value: Value, name: string): Value | undefined {
  if (value instanceof Dict) {
    const found = DICT_METHODS.get(name);
    if (found) return method(name, (args, keywords) => found(value, args, keywords));
    return DICT_CHANGES.has(name) ? unsafe(value, name) : undefined;
  }
  if (typeof value === 'string' || value instanceof Markup) return textAttribute(value, name);
  if (Array.isArray(value)) {
    if (name === 'index' || name === 'count') return method(name, (a, k) => searchItems(value, name, a, k));
    if (name === 'copy') return method(name, (a, k) => places(name, 0, 0, a, k).concat(value));
    return LIST_CHANGES.has(name) ? unsafe(value, name) : undefined;
  }
  if (value instanceof Tuple) {
    if (name === 'index' || name === 'count') return method(name, (a, k) => searchItems(value.items, name, a, k));
    const at = value.names?.indexOf(name) ?? -1;
    return at >= 0 ? value.items[at] : undefined;
  }
  if (value instanceof Namespace) return value.attributes.get(name);
  if (value instanceof Native) return value.attribute(name);
  if (value instanceof Callable) return value.attributes?.get(name);
  if (value instanceof Range) {
    if (name === 'start' || name === 'stop' || name === 'step') return value[name];
    if (name === 'index' || name === 'count') return method(name, (a, k) => searchItems(toList(value), name, a, k));
    return undefined;
  }
  return numberAttribute(value, name);
}

function textAttribute(value: string | Markup, name: string): Value | undefined {
  const found = TEXT_METHODS.get(name);
  if (found) {
    if (typeof value === 'string') return method(name, (args, keywords) => found(value, args, keywords));
    return method(name, (args, keywords) => callMarked(name, found, value, args, keywords));
  }
  const marked = value instanceof Markup;
  const self = marked ? value.text : value;
  const give = (text: string) => (marked ? new Markup(text) : text);
  if (name === 'format') {
    return method(name, (args, keywords) => give(formatFields(self, args, keywords, LOOKUPS, marked)));
  }
  if (name === 'format_map') {
    return method(name, (args, keywords) => {
      const [fields] = places(name, 1, 1, args, keywords);
      if (!(fields instanceof Dict)) throw typeError('format_map wants a mapping');
      return give(formatFields(self, [], fields.map as unknown as Keywords, LOOKUPS, marked));
    });
  }
  if (name === 'encode' || name === 'maketrans') {
    return method(name, () => {
      throw new PyError('Limit', `str.${name} is not known here`);
    });
  }
  return undefined;
}

function numberAttribute(value: Value, name: string): Value | undefined {
  if (value instanceof Float) {
    if (name === 'real') return value;
    if (name === 'imag') return new Float(0);
    if (name === 'is_integer') return method(name, () => Number.isInteger(value.value));
    return name === 'conjugate' ? method(name, () => value) : undefined;
  }
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean') return undefined;
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (name === 'real' || name === 'numerator') return number;
  if (name === 'imag') return 0;
  if (name === 'denominator') return 1;
  if (name === 'conjugate') return method(name, () => number);
  if (name === 'bit_length') {
    return method(name, () => (number ? (number < 0 ? -number : number).toString(2).length : 0));
  }
  return undefined;
}

/** `value.name`. */
export function attribute(value: Value, name: string): Value {
  if (value instanceof Undefined) {
    if (DUNDERS.has(name)) return unsafe(value, name);
    throw value.fail();
  }
  const found = typeAttribute(value, name);
  if (found !== undefined) return name.startsWith('_') ? unsafe(value, name) : found;
  if (name.startsWith('__') && value instanceof Dict && isDictAttribute(name)) return unsafe(value, name);
  const taken = subscript(value, name);
  return taken ?? new Undefined(`'${typeName(value)} object' has no attribute '${name}'`);
}

/** `value[key]`. */
export function item(value: Value, key: Value): Value {
  if (value instanceof Undefined) throw value.fail();
  const taken = subscript(value, key);
  if (taken !== undefined) return taken;
  const name = typeof key === 'string' ? key : key instanceof Markup ? key.text : undefined;
  if (name !== undefined) {
    const found = typeAttribute(value, name);
    if (found !== undefined) return name.startsWith('_') ? unsafe(value, name) : found;
  }
  return new Undefined(`'${typeName(value)} object' has no such item`);
}

/** What Python's `value[key]` gives; undefined where it raises a TypeError or LookupError. */
function subscript(value: Value, key: Value): Value | undefined {
  if (value instanceof Dict) {
    if (typeof key === 'string') return value.map.get(key);
    try {
      return value.get(key);
    } catch (thrown) {
      if (thrown instanceof PyError) return undefined;
      throw thrown;
    }
  }
  if (typeof key !== 'number' && typeof key !== 'boolean') return undefined;
  const at = Number(key);
  if (Array.isArray(value)) return value.at(at);
  if (value instanceof Tuple) return value.items.at(at);
  if (typeof value === 'string') return hasSurrogates(value) ? [...value].at(at) : value.at(at);
  if (value instanceof Markup) {
    const char = [...value.text].at(at);
    return char === undefined ? undefined : new Markup(char);
  }
  if (value instanceof Range) {
    const place = at < 0 ? at + value.length : at;
    return place >= 0 && place < value.length ? value.at(place) : undefined;
  }
  return undefined;
}

const LOOKUPS = { attribute, item };
