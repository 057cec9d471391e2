/** Jinja's tests, `value is name`. */
import { bind } from './arguments.ts';
import { remainder } from './arithmetic.ts';
import { contains, equal, numeric, type Order, ordered } from './compare.ts';
import { FILTER_NAMES } from './filter-names.ts';
import { str } from './text.ts';
import { isLowerText, isUpperText } from './text-methods.ts';
import {
  Callable,
  Dict,
  DictView,
  Float,
  hashOf,
  Iter,
  itemsOf,
  type Keywords,
  Markup,
  Native,
  sizeOf,
  textOf,
  Undefined,
  type Value,
} from './values.ts';

export type Test = (value: Value, args: Value[], keywords: Keywords | null) => boolean;

function test(names: readonly string[], holds: (value: Value, ...rest: Value[]) => boolean): Test {
  return (value, args, keywords) => {
    if (args.length === names.length && keywords === null) return holds(value, ...args);
    return holds(value, ...(bind('test', names, names.length, args, keywords) as Value[]));
  };
}

const order = (operator: Order) => test(['b'], (value, other) => ordered(value, other, operator));
const equals = test(['b'], (value, other) => value === other || equal(value, other));
const differs = test(['b'], (value, other) => !(value === other || equal(value, other)));
const isInteger = (value: Value) => typeof value === 'number' || typeof value === 'bigint';

function isSame(value: Value, other: Value): boolean {
  // Python keeps one object for each small int and for equal literals of one template: equal is the nearest to that.
  if (isInteger(value) && isInteger(other)) return value === other;
  if (value instanceof Float && other instanceof Float) return value === other;
  return value === other;
}

const isIterable = (value: Value) => itemsOf(value) !== undefined || value instanceof Iter;

/** Has a length and can be indexed. */
const isSequence = (value: Value): boolean =>
  sizeOf(value) !== undefined && !(value instanceof DictView) && !(value instanceof Native);

function isName(names: ReadonlySet<string>): Test {
  return test([], (value) => {
    hashOf(value);
    const name = textOf(value);
    return name !== undefined && names.has(name);
  });
}

const isCallable = (value: Value): boolean =>
  value instanceof Callable || (value instanceof Native && value.invoke !== undefined) || value instanceof Undefined;

export const TESTS: Record<string, Test> = {
  odd: test([], (value) => equal(remainder(value, 2), 1)),
  even: test([], (value) => equal(remainder(value, 2), 0)),
  divisibleby: test(['num'], (value, by) => equal(remainder(value, by), 0)),
  defined: test([], (value) => !(value instanceof Undefined)),
  undefined: test([], (value) => value instanceof Undefined),
  filter: isName(FILTER_NAMES),
  test: (value, args, keywords) => TEST_NAMES(value, args, keywords),
  none: test([], (value) => value === null),
  boolean: test([], (value) => typeof value === 'boolean'),
  false: test([], (value) => value === false),
  true: test([], (value) => value === true),
  integer: test([], isInteger),
  float: test([], (value) => value instanceof Float),
  lower: test([], (value) => isLowerText(str(value))),
  upper: test([], (value) => isUpperText(str(value))),
  string: test([], (value) => textOf(value) !== undefined),
  mapping: test([], (value) => value instanceof Dict),
  number: test([], (value) => numeric(value) !== undefined),
  sequence: test([], isSequence),
  iterable: test([], (value) => isIterable(value)),
  callable: test([], isCallable),
  sameas: test(['other'], isSame),
  escaped: test([], (value) => value instanceof Markup),
  in: test(['seq'], (value, box) => contains(box, value)),
  '==': equals,
  eq: equals,
  equalto: equals,
  '!=': differs,
  ne: differs,
  '>': order('>'),
  gt: order('>'),
  greaterthan: order('>'),
  ge: order('>='),
  '>=': order('>='),
  '<': order('<'),
  lt: order('<'),
  lessthan: order('<'),
  '<=': order('<='),
  le: order('<='),
};

const TEST_NAMES = isName(new Set(Object.keys(TESTS)));
