/** Fields of logged objects that stand under one of several names. */
import type { Json, JsonObject } from '../../trajectory/json.ts';
import { asNumber } from './json-access.ts';

/** A text that says something; blank ones are no value. */
export const textField = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** A number, or a string that holds one (OTLP writes 64-bit integers so). */
export function numberField(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : asNumber(value);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** A count or duration: never negative. */
export function amountField(value: Json | undefined): number | undefined {
  const number = numberField(value);
  return number !== undefined && number >= 0 ? number : undefined;
}

/** The first of these fields that is there and not null. */
export function pick(object: JsonObject, ...names: string[]): Json | undefined {
  for (const name of names) {
    const value = object[name];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The fields that are there: what is `undefined` is left out. */
export function present<T extends object>(fields: T): Present<T> {
  const kept: Partial<T> = {};
  for (const key of Object.keys(fields) as (keyof T)[]) if (fields[key] !== undefined) kept[key] = fields[key];
  return kept as unknown as Present<T>;
}
