/** `{% for %}`, with its filter, its `else` and its recursive form. */

import { compile, type Place } from './compile-expression.ts';
import { Frame, writer } from './frame.ts';
import { SyntaxProblem } from './lexer.ts';
import { Loop, type Recurse } from './loop.ts';
import { assigns, mentions } from './mentions.ts';
import {
  BREAK,
  type CompileBody,
  compileTarget,
  type Execute,
  forgetter,
  GO_ON,
  type Signal,
  starter,
} from './scopes.ts';
import { FunctionScope } from './symbols.ts';
import type { For } from './syntax.ts';
import { Iter, isTrue, itemsOf, iterate, type Value } from './values.ts';

type Round = (frame: Frame, items: Value, depth: number, recurse: Recurse | null) => Signal;

export function compileLoop(node: For, place: Place, compileBody: CompileBody): Execute {
  if (assigns([node], 'loop')) {
    throw new SyntaxProblem("Can't assign to special loop variable in for-loop target", node.line);
  }
  const source = compile(node.source, place);
  if (!node.recursive) {
    const round = compileRounds(node, place, place.symbols.scope, compileBody);
    return (frame) => round(frame, source(frame), 0, null);
  }
  const scope = new FunctionScope(place.symbols.scope);
  const round = compileRounds(node, place, scope, compileBody);
  return (frame) => {
    const { run } = frame;
    const recurse: Recurse = (items, depth) => {
      run.enterCall();
      const text = run.capture(() => {
        round(new Frame(scope, frame, run), items, depth, recurse);
      });
      run.leaveCall();
      return text;
    };
    const text = recurse(source(frame), 0);
    run.out += text;
    return GO_ON;
  };
}

/** @param scope of the function that the loop runs in */
function compileRounds(node: For, place: Place, scope: FunctionScope, compileBody: CompileBody): Round {
  const symbols = place.symbols.inner(scope);
  const isExtended = node.recursive || mentions(node.body, ['loop']).has('loop');
  const loopVariable = isExtended ? symbols.parameter('loop') : null;
  symbols.visitLoop(node, 'body');
  const assign = compileTarget(node.target, symbols);
  const within = { symbols, soft: false, inLoop: true, topLevel: false };
  const start = starter(symbols);
  const forget = forgetter(symbols);
  const body = compileBody(node.body, within);
  const setLoop = loopVariable ? writer(scope, loopVariable) : null;
  const filtered = node.test ? compileTest(node, place) : null;
  const otherwise = node.otherwise.length > 0 ? compileElse(node, place, scope, compileBody) : null;

  return (frame, items, depth, recurse) => {
    const { run } = frame;
    const over = filtered ? filtered(frame.run === run && node.recursive ? frame.outer! : frame, items) : items;
    const loop = setLoop ? new Loop(over, recurse, depth) : null;
    let ran = false;
    /** One round; true ends the loop. */
    const once = (value: Value): boolean => {
      run.step();
      assign(frame, value);
      setLoop?.(frame, loop!);
      start(frame);
      const signal = body(frame);
      // Jinja's own reading: a round that was broken off does not count as one for `else`.
      if (signal === GO_ON) ran = true;
      return signal === BREAK;
    };
    if (loop) {
      for (let value = loop.next(); value !== undefined; value = loop.next()) if (once(value)) break;
    } else {
      const list = itemsOf(over);
      if (list) {
        for (let at = 0; at < list.length; at++) if (once(list[at]!)) break;
      } else {
        const iterator = iterate(over);
        for (let next = iterator.next(); !next.done; next = iterator.next()) if (once(next.value)) break;
      }
    }
    forget(frame);
    return otherwise && !ran ? otherwise(frame) : GO_ON;
  };
}

function compileElse(node: For, place: Place, scope: FunctionScope, compileBody: CompileBody): Execute {
  const symbols = place.symbols.inner(scope);
  symbols.visitLoop(node, 'else');
  const start = starter(symbols);
  const forget = forgetter(symbols);
  const inLoop = place.inLoop && !node.recursive;
  const body = compileBody(node.otherwise, { symbols, soft: false, inLoop, topLevel: false });
  return (frame) => {
    start(frame);
    const signal = body(frame);
    forget(frame);
    return signal;
  };
}

/** The filter of a loop is a generator with variables of its own: an item is looked at when the loop comes to it. */
function compileTest(node: For, place: Place): (frame: Frame, items: Value) => Value {
  const scope = new FunctionScope(place.symbols.scope);
  const symbols = place.symbols.inner(scope);
  symbols.visitLoop(node, 'test');
  const assign = compileTarget(node.target, symbols);
  const start = starter(symbols);
  const test = compile(node.test!, { symbols, soft: false, inLoop: false, topLevel: false });
  function* passing(outer: Frame, items: Value): Generator<Value> {
    const frame = new Frame(scope, outer, outer.run);
    start(frame);
    const source = iterate(items);
    for (let next = source.next(); !next.done; next = source.next()) {
      outer.run.step();
      assign(frame, next.value);
      if (isTrue(test(frame))) yield next.value;
    }
  }
  return (frame, items) => new Iter(passing(frame, items));
}
