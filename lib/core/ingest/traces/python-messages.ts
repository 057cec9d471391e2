/**
 * Messages that a Python program printed: `role='user' content='Hi' tool_calls=[…]` one after another, with Python's
 * own quoting. Read field by field; a text that does not fit gives nothing.
 */
import type { Json, JsonObject } from '../../trajectory/json.ts';
import { isMessageLike } from '../shared/read-message.ts';
import type { Spot } from '../shared/spot.ts';
import { readTold, type Told } from '../shared/told.ts';
import { readPythonLiteral } from './python-literal.ts';

const FIELD = /([a-z_]+)=/y;
const START = /^\s*(?:\[\s*)?(?:[A-Za-z]+\(\s*)?role=/;
const KEPT = new Set(['role', 'content', 'tool_calls', 'tool_call_id', 'name']);

export function readPythonMessages(text: string, spot: Spot, side: 'input' | 'output'): Told[] {
  if (!START.test(text)) return [];
  const messages: JsonObject[] = [];
  let at = text.indexOf('role=');
  while (at < text.length) {
    FIELD.lastIndex = at;
    const field = FIELD.exec(text);
    if (!field) {
      at++;
      continue;
    }
    const literal = readPythonLiteral(text, FIELD.lastIndex);
    if (literal === undefined) return [];
    at = literal.end;
    if (field[1] === 'role') messages.push(Object.create(null));
    const message = messages.at(-1);
    if (message && KEPT.has(field[1]!)) message[field[1]!] = literal.value as Json;
  }
  return messages.filter(isMessageLike).map((message) => readTold(message, spot, side));
}
