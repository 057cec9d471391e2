/** What statements share: what they tell the loop around them, and how variables start, get values and end. */
import type { Place } from './compile-expression.ts';
import { type Frame, reader, writer } from './frame.ts';
import type { Symbols } from './symbols.ts';
import type { Statement, Target } from './syntax.ts';
import { itemsOf, type Namespace, toList, type Value, valueError } from './values.ts';

/** What a statement says about the loop around it. */
export const GO_ON = 0;
export const BREAK = 1;
export const CONTINUE = 2;
export type Signal = typeof GO_ON | typeof BREAK | typeof CONTINUE;
export type Execute = (frame: Frame) => Signal;
export type CompileBody = (body: readonly Statement[], place: Place) => Execute;

/** Sets the variables of a scope to what they start with. */
export function starter(symbols: Symbols): (frame: Frame) => void {
  const steps: ((frame: Frame) => void)[] = [];
  for (const [variable, start] of symbols.starts) {
    if (start.kind === 'parameter') continue;
    const write = writer(symbols.scope, variable);
    if (start.kind === 'missing') steps.push((frame) => write(frame, undefined));
    else if (start.kind === 'resolve') {
      const { name } = start;
      steps.push((frame) => write(frame, frame.run.exported.get(name) ?? frame.run.variables.get(name)));
    } else {
      const read = reader(symbols.scope, start.of);
      steps.push((frame) => write(frame, read(frame)));
    }
  }
  if (steps.length === 0) return () => {};
  return (frame) => {
    for (const step of steps) step(frame);
  };
}

/** Forgets the variables of a scope when it is left: a macro that saw them sees them no more. */
export function forgetter(symbols: Symbols): (frame: Frame) => void {
  const writes = [...symbols.starts.keys()].map((variable) => writer(symbols.scope, variable));
  return (frame) => {
    for (const write of writes) write(frame, undefined);
  };
}

/** How a value gets into a target; tuples take a value apart. */
export function compileTarget(target: Target, symbols: Symbols): (frame: Frame, value: Value) => void {
  if (target.kind === 'name') return writer(symbols.scope, symbols.find(target.name)!);
  if (target.kind === 'member') {
    const read = reader(symbols.scope, symbols.find(target.name)!);
    const { attribute } = target;
    return (frame, value) => (read(frame) as Namespace).attributes.set(attribute, value);
  }
  const targets = target.items.map((one) => compileTarget(one, symbols));
  return (frame, value) => {
    const items = itemsOf(value) ?? toList(value);
    if (items.length !== targets.length) throw valueError('the number of values to unpack is wrong');
    for (let at = 0; at < targets.length; at++) targets[at]!(frame, items[at]!);
  };
}
