/** Looking into logged JSON without trusting it: every getter answers undefined for what is not of the kind asked for. */
import { isObject, type Json, JsonNumber, type JsonObject } from '../../trajectory/json.ts';

export const asObject = (value: Json | undefined): JsonObject | undefined => (isObject(value) ? value : undefined);
export const asArray = (value: Json | undefined): Json[] | undefined => (Array.isArray(value) ? value : undefined);
export const asText = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
export const asBoolean = (value: Json | undefined): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined;

/** Finite numbers only; number literals that a double changes come as the nearest double. */
export function asNumber(value: Json | undefined): number | undefined {
  const number = typeof value === 'number' ? value : value instanceof JsonNumber ? value.valueOf() : undefined;
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** Ids are text or numbers in logs; empty text is none. */
export function asId(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (typeof value === 'number' || value instanceof JsonNumber) return String(value);
  return undefined;
}

/** First text that is not empty among the fields. */
export function firstText(object: JsonObject, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const text = asText(object[key]);
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

/** Follows keys down; undefined as soon as one is missing. */
export function dig(value: Json | undefined, ...keys: string[]): Json | undefined {
  let here = value;
  for (const key of keys) {
    if (!isObject(here)) return undefined;
    here = here[key];
  }
  return here;
}

/** One step of a JSON pointer (RFC 6901). */
export const pointerTo = (base: string, ...keys: (string | number)[]): string =>
  base + keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Stands in a pointer where it goes on inside a string. No key gives it: a `~` of a key is always followed by 0. */
const IN_TEXT = '~"';

/** The pointer of what stands in the JSON inside the string that `pointer` names. */
export const insideText = (pointer: string): string => pointer + IN_TEXT;

/** Places inside a string can't be pointed at: the string is what the pointer names then. */
export function placeable(pointer: string): string {
  const inside = pointer.indexOf(IN_TEXT);
  return inside < 0 ? pointer : pointer.slice(0, inside);
}

/** The value that a JSON pointer names, or undefined. */
export function resolvePointer(value: Json | undefined, pointer: string): Json | undefined {
  if (pointer === '') return value;
  let here = value;
  for (const step of pointer.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(here)) here = here[Number(key)];
    else if (isObject(here)) here = here[key];
    else return undefined;
  }
  return here;
}

/** What an object holds besides these fields; undefined when nothing is left. Fields without a value are left out. */
export function allBut(value: JsonObject, ...names: string[]): JsonObject | undefined {
  const rest: JsonObject = Object.create(null);
  for (const name of Object.keys(value)) {
    const field = value[name];
    if (!names.includes(name) && field !== undefined && field !== null) rest[name] = field;
  }
  return Object.keys(rest).length > 0 ? rest : undefined;
}
