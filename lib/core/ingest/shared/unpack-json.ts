/** Logs wrap JSON in strings, sometimes twice: unwrapped until it is no JSON any more. */
import type { Json } from '../../trajectory/json.ts';
import { parseJson } from '../parse-json.ts';

const MAX_WRAPPINGS = 5;
const LOOKS_LIKE_JSON = /^\s*[[{"]/;

/**
 * @returns the object or list inside a string, a string's innermost text when it was quoted JSON, or the value itself.
 * Numbers and words (`"42"`, `"true"`) stay text.
 */
export function unpackJson(value: Json | undefined): Json | undefined {
  let inner = value;
  for (let i = 0; i < MAX_WRAPPINGS && typeof inner === 'string' && LOOKS_LIKE_JSON.test(inner); i++) {
    const reading = parseJson(inner);
    if (!reading.ok) return inner;
    inner = reading.value;
  }
  return inner;
}
