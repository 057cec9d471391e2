/** `value[start:stop:step]` over code points and items. */
import { index } from './arguments.ts';
import {
  hasSurrogates,
  Markup,
  Range,
  Tuple,
  typeError,
  typeName,
  Undefined,
  type Value,
  valueError,
} from './values.ts';

/** What a slice of so many items takes. */
export function sliceRange(
  length: number,
  start: Value,
  stop: Value,
  step: Value,
): { from: number; to: number; by: number } {
  const by = step === null ? 1 : index(step);
  if (by === 0) throw valueError('slice step cannot be zero');
  const clamp = (value: Value, otherwise: number): number => {
    if (value === null) return otherwise;
    let at = index(value);
    if (at < 0) at += length;
    if (by > 0) return Math.min(Math.max(at, 0), length);
    return Math.min(Math.max(at, -1), length - 1);
  };
  return by > 0
    ? { from: clamp(start, 0), to: clamp(stop, length), by }
    : { from: clamp(start, length - 1), to: clamp(stop, -1), by };
}

function take<T>(items: readonly T[], start: Value, stop: Value, step: Value): T[] {
  const { from, to, by } = sliceRange(items.length, start, stop, step);
  if (by === 1) return items.slice(from, Math.max(from, to));
  const taken: T[] = [];
  for (let at = from; by > 0 ? at < to : at > to; at += by) taken.push(items[at]!);
  return taken;
}

export function sliceText(text: string, start: Value, stop: Value, step: Value): string {
  if (hasSurrogates(text)) return take([...text], start, stop, step).join('');
  const { from, to, by } = sliceRange(text.length, start, stop, step);
  if (by === 1) return text.slice(from, Math.max(from, to));
  let taken = '';
  for (let at = from; by > 0 ? at < to : at > to; at += by) taken += text[at];
  return taken;
}

export function slice(value: Value, start: Value, stop: Value, step: Value): Value {
  if (typeof value === 'string') return sliceText(value, start, stop, step);
  if (Array.isArray(value)) return take(value, start, stop, step);
  if (value instanceof Tuple) return new Tuple(take(value.items, start, stop, step));
  if (value instanceof Markup) return new Markup(sliceText(value.text, start, stop, step));
  if (value instanceof Range) {
    const { from, to, by } = sliceRange(value.length, start, stop, step);
    return new Range(value.at(from), value.at(to), value.step * by);
  }
  if (value instanceof Undefined) throw value.fail();
  throw typeError(`'${typeName(value)}' object is not subscriptable`);
}
