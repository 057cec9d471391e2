/** How arguments reach what is called: by place and by name, as Python binds them. */
import { numeric } from './compare.ts';
import { Float, type Keywords, PyError, textOf, typeError, typeName, Undefined, type Value } from './values.ts';

/**
 * @param names of the parameters in order; @param required how many of them have no default
 * @returns the values in order, `undefined` where none was given
 */
export function bind(
  called: string,
  names: readonly string[],
  required: number,
  args: readonly Value[],
  keywords: Keywords | null,
): (Value | undefined)[] {
  if (args.length > names.length) throw typeError(`${called}() takes at most ${names.length} arguments`);
  const bound: (Value | undefined)[] = args.slice();
  if (keywords) {
    for (const [name, value] of keywords) {
      const at = names.indexOf(name);
      if (at < 0) throw typeError(`${called}() got an unexpected keyword argument`);
      if (bound[at] !== undefined) throw typeError(`${called}() got multiple values for argument '${name}'`);
      bound[at] = value;
    }
  }
  for (let at = 0; at < required; at++) {
    if (bound[at] === undefined) throw typeError(`${called}() missing required argument '${names[at]}'`);
  }
  return bound;
}

/** For methods written in C: no keywords. */
export function places(called: string, least: number, most: number, args: Value[], keywords: Keywords | null): Value[] {
  if (keywords && keywords.size > 0) throw typeError(`${called}() takes no keyword arguments`);
  if (args.length < least || args.length > most) throw typeError(`${called}() takes ${least} to ${most} arguments`);
  return args;
}

/** An int where an int is due. @throws PyError TypeError otherwise */
export function index(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return value > 0n ? Number.MAX_SAFE_INTEGER : -Number.MAX_SAFE_INTEGER;
  if (value instanceof Undefined) throw typeError("'Undefined' object cannot be interpreted as an integer");
  throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** The same, with a default for what was not given. */
export const indexOr = (value: Value | undefined, otherwise: number): number =>
  value === undefined ? otherwise : index(value);

/** A text where a text is due. */
export function text(value: Value, called = 'argument'): string {
  const found = textOf(value);
  if (found === undefined) throw typeError(`${called} must be str, not ${typeName(value)}`);
  return found;
}

/** `float(value)` of a number. */
export function double(value: Value): number {
  if (value instanceof Float) return value.value;
  const number = numeric(value);
  if (number === undefined) {
    if (value instanceof Undefined) throw value.fail();
    throw typeError(`must be real number, not ${typeName(value)}`);
  }
  const converted = Number(number);
  if (!Number.isFinite(converted)) throw new PyError('OverflowError', 'int too large to convert to float');
  return converted;
}
