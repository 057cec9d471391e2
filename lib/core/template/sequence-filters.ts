/** Jinja's filters over sequences. Those that are generators in Python are lazy here too. */
import { index, text } from './arguments.ts';
import { add, MAX_TEXT, tooLarge } from './arithmetic.ts';
import { equal, ordered, sorted } from './compare.ts';
import { type Filter, named, VALUE_FILTERS } from './filters.ts';
import { item } from './lookups.ts';
import type { Run } from './run.ts';
import { TESTS } from './tests.ts';
import { str } from './text.ts';
import { joinText, splitLines } from './text-methods.ts';
import {
  Dict,
  DictView,
  hashOf,
  Iter,
  isTrue,
  itemsOf,
  iterate,
  type Keywords,
  Markup,
  PyError,
  Tuple,
  textOf,
  toList,
  typeError,
  typeName,
  Undefined,
  type Value,
} from './values.ts';
import { wrapText } from './wrap-text.ts';

const argumentError = (message: string) => new PyError('FilterArgumentError', message);

/** Goes over a value; every item is a step of the rendering. */
function* each(run: Run, value: Value): Generator<Value> {
  const source = iterate(value);
  for (let next = source.next(); !next.done; next = source.next()) {
    run.step();
    yield next.value;
  }
}

type Getter = (value: Value) => Value;

/** Reads `a.b.0`: each part as an item, a number as an index. */
function getter(path: Value | undefined, after?: Getter, otherwise: Value | undefined = undefined): Getter {
  const parts = pathParts(path ?? null);
  return (value) => {
    let found = value;
    for (const part of parts) {
      found = item(found, part);
      if (otherwise !== undefined && otherwise !== null && found instanceof Undefined) found = otherwise;
    }
    return after ? after(found) : found;
  };
}

function pathParts(path: Value): Value[] {
  if (path === null) return [];
  const written = textOf(path);
  if (written === undefined) return [path];
  return written.split('.').map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part));
}

const ignoreCase: Getter = (value) => {
  const source = textOf(value);
  return source === undefined ? value : source.toLowerCase();
};

const caseRule = (sensitive: Value | undefined): Getter | undefined =>
  isTrue(sensitive ?? false) ? undefined : ignoreCase;

function sort(_run: Run, value: Value, reverse: Value = false, sensitive: Value = false, path: Value = null): Value {
  const written = textOf(path);
  const paths: Value[] = written === undefined ? [path] : written.split(',');
  const getters = paths.map((one) => getter(one, caseRule(sensitive)));
  return sorted(toList(value), (one) => getters.map((get) => get(one)), isTrue(reverse));
}

function dictSort(_run: Run, value: Value, sensitive: Value = false, by: Value = 'key', reverse: Value = false): Value {
  const place = textOf(by) === 'key' ? 0 : textOf(by) === 'value' ? 1 : -1;
  if (place < 0) throw argumentError('You can only sort by either "key" or "value"');
  if (!(value instanceof Dict)) {
    if (value instanceof Undefined) throw value.fail();
    throw typeError(`'${typeName(value)}' object has no attribute 'items'`);
  }
  const rule = caseRule(sensitive);
  const key: Getter = (pair) => {
    const part = (pair as Tuple).items[place]!;
    return rule ? rule(part) : part;
  };
  return sorted(new DictView(value, 'items').items(), key, isTrue(reverse));
}

function extreme(operator: '<' | '>') {
  return (run: Run, value: Value, sensitive: Value = false, path: Value = null): Value => {
    const get = getter(path, caseRule(sensitive));
    let best: Value | undefined;
    let bestKey: Value = null;
    for (const one of each(run, value)) {
      const key = get(one);
      if (best !== undefined && !ordered(key, bestKey, operator)) continue;
      best = one;
      bestKey = key;
    }
    return best === undefined ? new Undefined('No aggregated item, sequence was empty.') : best;
  };
}

function groupBy(_run: Run, value: Value, path?: Value, otherwise: Value = null, sensitive: Value = false): Value {
  const get = getter(path, caseRule(sensitive), otherwise);
  const plain = getter(path, undefined, otherwise);
  const groups: { key: Value; items: Value[] }[] = [];
  for (const one of sorted(toList(value), get, false)) {
    const key = get(one);
    const last = groups.at(-1);
    if (last && equal(last.key, key)) last.items.push(one);
    else groups.push({ key, items: [one] });
  }
  return groups.map(({ key, items }) => {
    const shown = isTrue(sensitive) ? key : plain(items[0]!);
    return new Tuple([shown, items], ['grouper', 'list']);
  });
}

function* unique(run: Run, value: Value, sensitive: Value = false, path: Value = null): Generator<Value> {
  const get = getter(path, caseRule(sensitive));
  const seen = new Set<unknown>();
  for (const one of each(run, value)) {
    const key = hashOf(get(one));
    if (seen.has(key)) continue;
    seen.add(key);
    yield one;
  }
}

function join(run: Run, value: Value, separator: Value = '', path: Value = null): Value {
  const get = path === null ? undefined : getter(path);
  const parts: string[] = [];
  for (const one of each(run, value)) parts.push(str(get ? get(one) : one));
  return joinText(str(separator), parts);
}

function* batch(run: Run, value: Value, count?: Value, fill: Value = null): Generator<Value> {
  let row: Value[] = [];
  for (const one of each(run, value)) {
    if (typeof count === 'number' ? row.length === count : equal(row.length, count!)) {
      yield row;
      row = [];
    }
    row.push(one);
  }
  if (row.length === 0) return;
  const missing = fill === null ? 0 : index(count!) - row.length;
  if (missing > MAX_TEXT) throw tooLarge();
  for (let at = 0; at < missing; at++) row.push(fill);
  yield row;
}

function* columns(_run: Run, value: Value, count?: Value, fill: Value = null): Generator<Value> {
  const list = toList(value);
  const slices = index(count!);
  if (slices === 0) throw new PyError('ZeroDivisionError', 'integer division or modulo by zero');
  const size = Math.floor(list.length / slices);
  const longer = ((list.length % slices) + slices) % slices;
  let from = 0;
  for (let at = 0; at < slices; at++) {
    const to = from + size + (at < longer ? 1 : 0);
    const column = list.slice(from, to);
    if (fill !== null && at >= longer) column.push(fill);
    yield column;
    from = to;
  }
}

function reverse(_run: Run, value: Value): Value {
  const source = textOf(value);
  if (source !== undefined) {
    const turned = [...source].reverse().join('');
    return value instanceof Markup ? new Markup(turned) : turned;
  }
  const items = itemsOf(value);
  if (items && !(value instanceof Undefined)) {
    return new Iter(
      [...items].reverse()[Symbol.iterator](),
      Array.isArray(value) ? 'list_reverseiterator' : 'reversed',
    );
  }
  if (value instanceof Iter || value instanceof Undefined) {
    if (value instanceof Undefined) return [];
    return toList(value).reverse();
  }
  throw argumentError('argument must be iterable');
}

function last(_run: Run, value: Value): Value {
  const items = itemsOf(value);
  if (!items) throw typeError(`'${typeName(value)}' object is not reversible`);
  const found = items.at(-1);
  return found === undefined ? new Undefined('No last item, sequence was empty.') : found;
}

function* map(run: Run, value: Value, args: Value[], keywords: Keywords | null): Generator<Value> {
  if (!isTrue(value)) return;
  const apply = mapper(run, args, keywords);
  for (const one of each(run, value)) yield apply(one);
}

function mapper(run: Run, args: Value[], keywords: Keywords | null): Getter {
  if (args.length === 0 && keywords?.has('attribute')) {
    const { attribute, default: otherwise, ...rest } = Object.fromEntries(keywords);
    if (Object.keys(rest).length > 0) throw argumentError('Unexpected keyword argument');
    return getter(attribute, undefined, otherwise);
  }
  if (args.length === 0) throw argumentError('map requires a filter argument');
  const filter = filterNamed(args[0]!);
  return (one) => filter(run, one, args.slice(1), keywords);
}

function filterNamed(name: Value): Filter {
  const written = textOf(name);
  const filter = written !== undefined && Object.hasOwn(FILTERS, written) ? FILTERS[written] : undefined;
  if (!filter) throw new PyError('TemplateRuntimeError', 'No filter of that name.');
  return filter;
}

/** `select`, `reject`, `selectattr`, `rejectattr`. */
function choose(keep: boolean, byAttribute: boolean): Filter {
  function* chosen(run: Run, value: Value, args: Value[], keywords: Keywords | null): Generator<Value> {
    if (!isTrue(value)) return;
    if (byAttribute && args.length === 0) throw argumentError('Missing parameter for attribute name');
    const get = byAttribute ? getter(args[0]) : undefined;
    const [name, ...rest] = byAttribute ? args.slice(1) : args;
    const test = name === undefined ? undefined : TESTS[textOf(name) ?? ''];
    for (const one of each(run, value)) {
      const looked = get ? get(one) : one;
      if (name !== undefined && !test) throw new PyError('TemplateRuntimeError', 'No test of that name.');
      const held = test ? test(looked, rest, keywords) : isTrue(looked);
      if (held === keep) yield one;
    }
  }
  return (run, value, args, keywords) => new Iter(chosen(run, value, args, keywords));
}

function sum(run: Run, value: Value, path: Value = null, start: Value = 0): Value {
  const get = path === null ? undefined : getter(path);
  if (textOf(start) !== undefined) throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
  let total = start;
  for (const one of each(run, value)) total = add(total, get ? get(one) : one);
  return total;
}

function* entries(value: Value): Generator<Value> {
  if (value instanceof Undefined) return;
  if (!(value instanceof Dict)) throw typeError('Can only get item pairs from a mapping.');
  yield* new DictView(value, 'items').items();
}

function wordWrap(
  _run: Run,
  value: Value,
  width: Value = 79,
  breakLong: Value = true,
  wrap: Value = null,
  hyphens: Value = true,
): Value {
  const joiner = wrap === null ? '\n' : text(wrap);
  return splitLines(text(value))
    .map((line) => wrapText(line, index(width), isTrue(breakLong), isTrue(hyphens)).join(joiner))
    .join(joiner);
}

export const FILTERS: Record<string, Filter> = {
  ...VALUE_FILTERS,
  batch: named(['linecount', 'fill_with'], 1, (run, value, count, fill) => new Iter(batch(run, value, count, fill))),
  dictsort: named(['case_sensitive', 'by', 'reverse'], 0, dictSort),
  first: named([], 0, (_run, value) => {
    const next = iterate(value).next();
    return next.done ? new Undefined('No first item, sequence was empty.') : next.value;
  }),
  groupby: named(['attribute', 'default', 'case_sensitive'], 1, groupBy),
  items: named([], 0, (_run, value) => new Iter(entries(value))),
  join: named(['d', 'attribute'], 0, join),
  last: named([], 0, last),
  list: named([], 0, (run, value) => [...each(run, value)]),
  map: (run, value, args, keywords) => new Iter(map(run, value, args, keywords)),
  max: named(['case_sensitive', 'attribute'], 0, extreme('>')),
  min: named(['case_sensitive', 'attribute'], 0, extreme('<')),
  random: named([], 0, () => {
    throw new PyError('Limit', 'random is chance, and chance has no place in a rendering');
  }),
  reject: choose(false, false),
  rejectattr: choose(false, true),
  reverse: named([], 0, reverse),
  select: choose(true, false),
  selectattr: choose(true, true),
  slice: named(['slices', 'fill_with'], 1, (run, value, count, fill) => new Iter(columns(run, value, count, fill))),
  sort: named(['reverse', 'case_sensitive', 'attribute'], 0, sort),
  sum: named(['attribute', 'start'], 0, sum),
  unique: named(
    ['case_sensitive', 'attribute'],
    0,
    (run, value, sensitive, path) => new Iter(unique(run, value, sensitive, path)),
  ),
  urlize: named(['trim_url_limit', 'nofollow', 'target', 'rel', 'extra_schemes'], 0, () => {
    throw new PyError('Limit', 'urlize is not known here');
  }),
  wordwrap: named(['width', 'break_long_words', 'wrapstring', 'break_on_hyphens'], 0, wordWrap),
};
