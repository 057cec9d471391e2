/** JSON as Python's `json.dumps` writes it with its defaults, with or without `ensure_ascii`. */
import { isObject, type Json, JsonNumber } from '../trajectory/json.ts';
import { readLine } from './read-line.ts';

/** Python's repr of a double: the shortest digits, exponent form below 1e-4 and from 1e16 on. */
export function pythonFloat(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(x, -0)) return '-0.0';
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [mantissa, exponent] = x.toExponential().split('e');
    const power = Number(exponent);
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  const written = String(x);
  return written.includes('.') ? written : `${written}.0`;
}

function pythonNumber(literal: string): string {
  if (/[.eE]/.test(literal)) return pythonFloat(Number(literal));
  return literal === '-0' ? '0' : literal;
}

const escapeNonAscii = (text: string): string =>
  text.replace(/[\u007f-\uffff]/g, (char) =>
    char === '\u007f' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

export function pythonJson(value: Json, ensureAscii: boolean): string {
  if (typeof value === 'number') return pythonNumber(String(value));
  if (value instanceof JsonNumber) return pythonNumber(value.literal);
  if (typeof value === 'string') return ensureAscii ? escapeNonAscii(JSON.stringify(value)) : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => pythonJson(item, ensureAscii)).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value).map(
    (key) => `${pythonJson(key, ensureAscii)}: ${pythonJson(value[key]!, ensureAscii)}`,
  );
  return `{${fields.join(', ')}}`;
}

/**
 * Whether a text has the form that Python would write for the value it holds. Lengths are compared, since JavaScript
 * objects do not keep the place of keys that look like array indexes.
 */
export function isPythonJson(text: string): boolean {
  const reading = readLine(text);
  return (
    reading.ok && [true, false].some((ensureAscii) => pythonJson(reading.value, ensureAscii).length === text.length)
  );
}
