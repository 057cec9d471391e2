/** Turns expressions into functions that evaluate them. */
import * as arithmetic from './arithmetic.ts';
import { contains, equal, ordered } from './compare.ts';
import { type Evaluate, type Frame, readName } from './frame.ts';
import { SyntaxProblem } from './lexer.ts';
import { attribute, isDictAttribute, item } from './lookups.ts';
import { FILTERS } from './sequence-filters.ts';
import { slice } from './slices.ts';
import type { Symbols } from './symbols.ts';
import type { Arguments, Call, CompareOperator, Expression, FilterNode } from './syntax.ts';
import { TESTS } from './tests.ts';
import { str } from './text.ts';
import {
  Callable,
  Dict,
  isTrue,
  iterate,
  type Keywords,
  Native,
  PyError,
  Tuple,
  textOf,
  typeError,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

/** Where an expression stands. */
export type Place = {
  symbols: Symbols;
  /** Inside an `if`: a filter that does not exist fails only when it is reached. */
  soft: boolean;
  inLoop: boolean;
  topLevel: boolean;
};

const soften = (place: Place): Place => ({ ...place, soft: true });

export function compile(node: Expression, place: Place): Evaluate {
  switch (node.kind) {
    case 'const': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return readName(place.symbols.scope, place.symbols.find(node.name)!, node.name);
    case 'list': {
      const items = node.items.map((one) => compile(one, place));
      return (frame) => items.map((one) => one(frame));
    }
    case 'tuple': {
      const items = node.items.map((one) => compile(one, place));
      return (frame) => new Tuple(items.map((one) => one(frame)));
    }
    case 'dict':
      return compileDict(node.pairs, place);
    case 'attribute':
      return compileAttribute(compile(node.value, place), node.name);
    case 'item':
      return compileItem(node.value, node.key, place);
    case 'slice':
      // Among several subscripts: no value of ours has use for it.
      return () => {
        throw typeError('slices stand alone in brackets');
      };
    case 'call':
      return compileCall(node, place);
    case 'filter':
      return compileFilter(node, place, null);
    case 'test':
      return compileTest(node, place);
    case 'not': {
      const value = compile(node.value, place);
      return (frame) => !isTrue(value(frame));
    }
    case 'negate':
    case 'positive': {
      const value = compile(node.value, place);
      const apply = node.kind === 'negate' ? arithmetic.negate : arithmetic.positive;
      return (frame) => apply(value(frame));
    }
    case 'and':
    case 'or':
      return compileLogic(node.kind, compile(node.left, place), compile(node.right, place));
    case 'binary': {
      const left = compile(node.left, place);
      const right = compile(node.right, place);
      const apply = OPERATIONS[node.operator];
      return (frame) => apply(left(frame), right(frame));
    }
    case 'concat': {
      const parts = node.parts.map((part) => compile(part, place));
      return (frame) => {
        let joined = '';
        for (const part of parts) joined += str(part(frame));
        if (joined.length > arithmetic.MAX_TEXT) throw arithmetic.tooLarge();
        return joined;
      };
    }
    case 'compare':
      return compileCompare(node, place);
    case 'if': {
      const within = soften(place);
      const test = compile(node.test, within);
      const yes = compile(node.yes, within);
      const otherwise = node.otherwise ? compile(node.otherwise, within) : null;
      const hint = 'the inline if-expression evaluated to false and no else section was defined.';
      return (frame) => {
        if (isTrue(test(frame))) return yes(frame);
        return otherwise ? otherwise(frame) : new Undefined(hint);
      };
    }
  }
}

const OPERATIONS = {
  '+': arithmetic.add,
  '-': arithmetic.subtract,
  '*': arithmetic.multiply,
  '/': arithmetic.divide,
  '//': arithmetic.floorDivide,
  '%': arithmetic.remainder,
  '**': arithmetic.power,
} as const;

function compileLogic(kind: 'and' | 'or', left: Evaluate, right: Evaluate): Evaluate {
  if (kind === 'and') {
    return (frame) => {
      const value = left(frame);
      return isTrue(value) ? right(frame) : value;
    };
  }
  return (frame) => {
    const value = left(frame);
    return isTrue(value) ? value : right(frame);
  };
}

function compileDict(pairs: [Expression, Expression][], place: Place): Evaluate {
  const compiled = pairs.map(([key, value]) => [compile(key, place), compile(value, place)] as const);
  return (frame) => {
    const dict = new Dict();
    for (const [key, value] of compiled) dict.set(key(frame), value(frame));
    return dict;
  };
}

function compileAttribute(value: Evaluate, name: string): Evaluate {
  if (isDictAttribute(name) || name.startsWith('_')) return (frame) => attribute(value(frame), name);
  // The usual case: a key of a dict whose name is no method of dicts.
  return (frame) => {
    const object = value(frame);
    if (object instanceof Dict) {
      const found = object.map.get(name);
      if (found !== undefined) return found;
    }
    return attribute(object, name);
  };
}

function compileItem(value: Expression, key: Expression, place: Place): Evaluate {
  const of = compile(value, place);
  if (key.kind === 'slice') {
    const part = (one: Expression | null): Evaluate => (one ? compile(one, place) : () => null);
    const start = part(key.start);
    const stop = part(key.stop);
    const step = part(key.step);
    return (frame) => slice(of(frame), start(frame), stop(frame), step(frame));
  }
  if (key.kind === 'const' && typeof key.value === 'string') {
    const name = key.value;
    return (frame) => {
      const object = of(frame);
      if (object instanceof Dict) {
        const found = object.map.get(name);
        if (found !== undefined) return found;
      }
      return item(object, name);
    };
  }
  const by = compile(key, place);
  return (frame) => item(of(frame), by(frame));
}

const COMPARISONS: Record<CompareOperator, (a: Value, b: Value) => boolean> = {
  '==': (a, b) => a === b || equal(a, b),
  '!=': (a, b) => !(a === b || equal(a, b)),
  '<': (a, b) => ordered(a, b, '<'),
  '<=': (a, b) => ordered(a, b, '<='),
  '>': (a, b) => ordered(a, b, '>'),
  '>=': (a, b) => ordered(a, b, '>='),
  in: (a, b) => contains(b, a),
  'not in': (a, b) => !contains(b, a),
};

function compileCompare(node: Extract<Expression, { kind: 'compare' }>, place: Place): Evaluate {
  const first = compile(node.first, place);
  const rest = node.rest.map(({ operator, value }) => ({ holds: COMPARISONS[operator], value: compile(value, place) }));
  if (rest.length === 1) {
    const { holds, value } = rest[0]!;
    return (frame) => holds(first(frame), value(frame));
  }
  return (frame) => {
    let left = first(frame);
    for (const { holds, value } of rest) {
      const right = value(frame);
      if (!holds(left, right)) return false;
      left = right;
    }
    return true;
  };
}

type Given = { args: Value[]; keywords: Keywords | null };

/** How the arguments of a call are worked out. */
export function compileArguments(given: Arguments, place: Place): (frame: Frame) => Given {
  const args = given.args.map((one) => compile(one, place));
  const keywords = given.keywords.map(({ name, value }) => ({ name, value: compile(value, place) }));
  const star = given.star ? compile(given.star, place) : null;
  const doubleStar = given.doubleStar ? compile(given.doubleStar, place) : null;
  if (keywords.length === 0 && !star && !doubleStar) {
    if (args.length === 0) return () => ({ args: [], keywords: null });
    if (args.length === 1) {
      const [only] = args;
      return (frame) => ({ args: [only!(frame)], keywords: null });
    }
    return (frame) => ({ args: args.map((one) => one(frame)), keywords: null });
  }
  return (frame) => {
    const values = args.map((one) => one(frame));
    if (star) {
      const source = iterate(star(frame));
      for (let next = source.next(); !next.done; next = source.next()) values.push(next.value);
    }
    const named: Keywords = new Map();
    for (const { name, value } of keywords) named.set(name, value(frame));
    if (doubleStar) addKeywords(named, doubleStar(frame));
    return { args: values, keywords: named.size > 0 ? named : null };
  };
}

function addKeywords(named: Keywords, more: Value): void {
  if (!(more instanceof Dict)) throw typeError(`argument after ** must be a mapping, not ${typeName(more)}`);
  for (const [key, value] of more.entries()) {
    const name = textOf(key);
    if (name === undefined) throw typeError('keywords must be strings');
    if (named.has(name)) throw typeError('got multiple values for a keyword argument');
    named.set(name, value);
  }
}

export function invoke(callee: Value, args: Value[], keywords: Keywords | null): Value {
  if (callee instanceof Callable || (callee instanceof Native && callee.invoke)) return callee.invoke!(args, keywords);
  if (callee instanceof Undefined) throw callee.fail();
  throw typeError(`'${typeName(callee)}' object is not callable`);
}

/** @param caller what a call block hands to the macro it calls */
export function compileCall(node: Call, place: Place, caller: Evaluate | null = null): Evaluate {
  const callee = compile(node.callee, place);
  const given = compileArguments(node.arguments, place);
  return (frame) => {
    const called = callee(frame);
    const { args, keywords } = given(frame);
    if (!caller) return invoke(called, args, keywords);
    const named: Keywords = keywords ?? new Map();
    if (named.has('caller')) throw typeError('got multiple values for the special caller argument');
    named.set('caller', caller(frame));
    return invoke(called, args, named);
  };
}

/** @param block what the filter takes when its node has no value: the text of the block around it */
export function compileFilter(node: FilterNode, place: Place, block: Evaluate | null): Evaluate {
  const value =
    node.value === null
      ? block!
      : node.value.kind === 'filter'
        ? compileFilter(node.value, place, block)
        : compile(node.value, place);
  const given = compileArguments(node.arguments, place);
  const filter = Object.hasOwn(FILTERS, node.name) ? FILTERS[node.name] : undefined;
  if (!filter) return unknown('filter', node, place);
  return (frame) => {
    const subject = value(frame);
    const { args, keywords } = given(frame);
    return filter(frame.run, subject, args, keywords);
  };
}

function compileTest(node: Extract<Expression, { kind: 'test' }>, place: Place): Evaluate {
  const given = compileArguments(node.arguments, place);
  const test = Object.hasOwn(TESTS, node.name) ? TESTS[node.name] : undefined;
  const value = compile(node.value, place);
  if (!test) return unknown('test', node, place);
  if (node.arguments.args.length === 0 && node.name === 'defined') {
    return (frame) => !(value(frame) instanceof Undefined);
  }
  return (frame) => {
    const subject = value(frame);
    const { args, keywords } = given(frame);
    return test(subject, args, keywords);
  };
}

function unknown(kind: 'filter' | 'test', node: { name: string; line: number }, place: Place): Evaluate {
  const message = `No ${kind} named '${node.name}'.`;
  if (!place.soft) throw new SyntaxProblem(message, node.line);
  return () => {
    throw new PyError('TemplateRuntimeError', message);
  };
}
