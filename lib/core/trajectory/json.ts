/**
 * JSON as logs hold it. Number literals that a double would change (`1.0`, `90071992547409931`, `1e400`) are kept as
 * `JsonNumber`, so that what is exported is what was logged.
 */
export class JsonNumber {
  readonly literal: string;
  constructor(literal: string) {
    this.literal = literal;
  }
  /** Nearest double; Infinity for 1e400. */
  valueOf(): number {
    return Number(this.literal);
  }
  toString(): string {
    return this.literal;
  }
  /** `JSON.stringify` prints the literal (four times as fast as walking the value ourselves). */
  toJSON(): unknown {
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(this.literal);
  }
}

/** Objects read from logs have a null prototype, so `__proto__` is a key like any other. */
export type JsonObject = { [key: string]: Json };
export type Json = null | boolean | number | string | JsonNumber | Json[] | JsonObject;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

/**
 * Compact JSON, keys in their own order, `JsonNumber` as its literal.
 * @throws RangeError on nesting deeper than the stack allows; readers refuse more than 512 levels before that
 */
export const stringify = (value: unknown): string => JSON.stringify(value) ?? 'null';

/** Like `stringify` with keys sorted by code unit at every level: the form that is hashed. */
export function canonicalJson(value: unknown): string {
  if (value instanceof JsonNumber) return value.literal;
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (isObject(value)) {
    const fields: string[] = [];
    for (const key of Object.keys(value).sort()) {
      const field = value[key] as unknown;
      if (field !== undefined) fields.push(`${JSON.stringify(key)}:${canonicalJson(field)}`);
    }
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
