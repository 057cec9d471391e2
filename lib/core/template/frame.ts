/** One call of a function of the template at work: its slots, and the call that it was defined in. */
import type { Run } from './run.ts';
import type { FunctionScope, Variable } from './symbols.ts';
import { Undefined, type Value } from './values.ts';

export class Frame {
  readonly slots: (Value | undefined)[];
  readonly outer: Frame | null;
  readonly run: Run;
  constructor(scope: FunctionScope, outer: Frame | null, run: Run) {
    this.slots = new Array(scope.size).fill(undefined);
    this.outer = outer;
    this.run = run;
  }
}

export type Evaluate = (frame: Frame) => Value;

/** How many functions out a variable lives. */
function hops(from: FunctionScope, variable: Variable): number {
  let count = 0;
  for (let scope: FunctionScope | null = from; scope !== variable.scope; scope = scope.parent) {
    if (!scope) throw new Error('a variable of another function');
    count++;
  }
  return count;
}

const frameAt = (frame: Frame, count: number): Frame => {
  let found = frame;
  for (let at = 0; at < count; at++) found = found.outer!;
  return found;
};

export function reader(from: FunctionScope, variable: Variable): (frame: Frame) => Value | undefined {
  const { slot } = variable;
  const count = hops(from, variable);
  if (count === 0) return (frame) => frame.slots[slot];
  if (count === 1) return (frame) => frame.outer!.slots[slot];
  return (frame) => frameAt(frame, count).slots[slot];
}

export function writer(from: FunctionScope, variable: Variable): (frame: Frame, value: Value | undefined) => void {
  const { slot } = variable;
  const count = hops(from, variable);
  if (count === 0) {
    return (frame, value) => {
      frame.slots[slot] = value;
    };
  }
  return (frame, value) => {
    frameAt(frame, count).slots[slot] = value;
  };
}

export function readName(from: FunctionScope, variable: Variable, name: string): Evaluate {
  const { slot } = variable;
  const hint = `'${name}' is undefined`;
  if (hops(from, variable) === 0) {
    return (frame) => {
      const value = frame.slots[slot];
      return value === undefined ? new Undefined(hint) : value;
    };
  }
  const read = reader(from, variable);
  return (frame) => {
    const value = read(frame);
    return value === undefined ? new Undefined(hint) : value;
  };
}
