/**
 * What `datasets` makes of a file: it looks at the first 10 MiB of the first shard of the first split, turns paths of
 * mixed type into `Json` columns and freezes every other path to the type it saw. Here the same is computed without it
 * (docs/exports.md, "Loading"; compared by hand with datasets 5.0.1).
 */
import { isObject, type Json, JsonNumber } from '../trajectory/json.ts';

export const SAMPLE_BYTES = 10_485_760;

/** Where a value stood: index of the file, line from 1. */
export type Place = { file: string; row: number };

type Kind = 'string' | 'number' | 'boolean' | 'object' | 'list';
const kindOf = (value: Exclude<Json, null>): Kind => {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number' || value instanceof JsonNumber) return 'number';
  return Array.isArray(value) ? 'list' : 'object';
};

const DATE = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}(?::?\d{2}(?::?\d{2})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

const MAX_KEY_SETS = 256;
const MAX_KEYS = 5000;

/** Everything that was seen at one path, over many rows. */
export class Shape {
  /** Kinds in the order of appearance, with the first place of each. */
  readonly kinds = new Map<Kind, Place>();
  /** Sets of keys of the objects, sorted, with the first place of each. */
  readonly keySets = new Map<string, { keys: string[]; at: Place }>();
  readonly fields = new Map<string, Shape>();
  item: Shape | undefined;
  firstNull: Place | undefined;
  isFirstEmpty = false;
  /** Every string so far has the form of a date. */
  allDates = true;
  private readonly keyOrders = new Set<string>();

  add(value: Json, at: Place): void {
    if (value === null) {
      this.firstNull ??= at;
      return;
    }
    const kind = kindOf(value);
    if (!this.kinds.has(kind)) this.kinds.set(kind, at);
    if (kind === 'string') {
      if (this.allDates && !DATE.test(value as string)) this.allDates = false;
    } else if (kind === 'list') {
      const items = value as Json[];
      if (items.length > 0) {
        this.item ??= new Shape();
        for (const item of items) this.item.add(item, at);
      }
    } else if (kind === 'object') this.addObject(value as { [key: string]: Json }, at);
  }

  private addObject(value: { [key: string]: Json }, at: Place): void {
    const keys = Object.keys(value);
    const order = keys.join('\0');
    if (!this.keyOrders.has(order) && this.keyOrders.size < MAX_KEY_SETS) {
      if (this.keyOrders.size === 0) this.isFirstEmpty = keys.length === 0;
      this.keyOrders.add(order);
      const sorted = keys.toSorted();
      const name = sorted.join('\0');
      if (!this.keySets.has(name)) this.keySets.set(name, { keys: sorted, at });
    }
    for (const key of keys) {
      let field = this.fields.get(key);
      if (!field) {
        if (this.fields.size >= MAX_KEYS) continue;
        field = new Shape();
        this.fields.set(key, field);
      }
      field.add(value[key]!, at);
    }
  }
}

/** The type that the loader gave a path for all shards of all splits. */
export type Frozen =
  | { kind: 'json' }
  | { kind: 'null' }
  | { kind: 'string' | 'number' | 'boolean' | 'date' }
  | { kind: 'list'; item: Frozen }
  | { kind: 'struct'; fields: Map<string, Frozen> };

/** Leaves of the sample that a loader can't type well. `path` is a list of keys, `[]` for list items. */
export type SampleIssue =
  | { kind: 'mixed'; path: string[]; at: Place }
  | { kind: 'untyped'; path: string[]; at: Place | undefined }
  | { kind: 'date'; path: string[]; at: Place };

const JSON_TYPE: Frozen = { kind: 'json' };

/** @param issues receives what freezing met on the way */
export function freeze(shape: Shape, issues: SampleIssue[] = [], path: string[] = []): Frozen {
  const kinds = [...shape.kinds.keys()];
  if (kinds.length === 0) {
    issues.push({ kind: 'untyped', path, at: shape.firstNull });
    return { kind: 'null' };
  }
  if (kinds.length > 1) {
    issues.push({ kind: 'mixed', path, at: shape.kinds.get(kinds[1]!)! });
    return JSON_TYPE;
  }
  const [kind] = kinds;
  const at = shape.kinds.get(kind!)!;
  if (kind === 'list') {
    const inside = [...path, '[]'];
    if (!shape.item) {
      issues.push({ kind: 'untyped', path, at });
      return { kind: 'list', item: { kind: 'null' } };
    }
    return { kind: 'list', item: freeze(shape.item, issues, inside) };
  }
  if (kind === 'object') {
    if (path.length > 0 && (shape.keySets.size > 1 || shape.isFirstEmpty)) return JSON_TYPE;
    const fields = new Map<string, Frozen>();
    for (const [key, field] of shape.fields) fields.set(key, freeze(field, issues, [...path, key]));
    return { kind: 'struct', fields };
  }
  if (kind === 'string' && shape.allDates) {
    issues.push({ kind: 'date', path, at });
    return { kind: 'date' };
  }
  return { kind: kind! };
}

/** A place in a row that can't be cast, or would come back with a null that was not there. */
export type Misfit = { path: (string | number)[]; why: string };

/** @returns the first misfit of a value; top-level columns that are missing are another rule's business */
export function findMisfit(frozen: Frozen, value: Json, path: (string | number)[] = []): Misfit | undefined {
  // A leaf without a type and one that is read as a date are reported for the whole file.
  if (value === null || frozen.kind === 'json' || frozen.kind === 'null' || frozen.kind === 'date') return undefined;
  if (frozen.kind === 'list') {
    if (!Array.isArray(value)) return { path, why: 'no list here' };
    for (let index = 0; index < value.length; index++) {
      const misfit = findMisfit(frozen.item, value[index]!, [...path, index]);
      if (misfit) return misfit;
    }
    return undefined;
  }
  if (frozen.kind === 'struct') {
    if (!isObject(value)) return { path, why: 'no object here' };
    const keys = Object.keys(value);
    const isRow = path.length === 0;
    if (!isRow) {
      const isNew = keys.find((key) => !frozen.fields.has(key));
      if (isNew !== undefined) return { path: [...path, isNew], why: 'a key that the first chunk has not' };
      if (keys.length < frozen.fields.size)
        return { path, why: 'a key of the first chunk is missing and would come back as null' };
    }
    for (const key of keys) {
      const field = frozen.fields.get(key);
      const misfit = field && findMisfit(field, value[key]!, [...path, key]);
      if (misfit) return misfit;
    }
    return undefined;
  }
  return kindOf(value) === frozen.kind ? undefined : { path, why: `no ${frozen.kind} here` };
}

export type ShapeMisfit = { path: string[]; why: string; at: Place };

/** The same question for all rows behind a shape at once, the first place for each path. */
export function* findShapeMisfits(frozen: Frozen, shape: Shape, path: string[] = []): Generator<ShapeMisfit> {
  if (frozen.kind === 'json' || frozen.kind === 'null' || frozen.kind === 'date') return;
  const due: Kind = frozen.kind === 'struct' ? 'object' : frozen.kind;
  for (const [kind, at] of shape.kinds) if (kind !== due) yield { path, why: `no ${due} here`, at };
  if (frozen.kind === 'list') {
    if (shape.item) yield* findShapeMisfits(frozen.item, shape.item, [...path, '[]']);
  } else if (frozen.kind === 'struct') {
    for (const { keys, at } of path.length === 0 ? [] : shape.keySets.values()) {
      const isNew = keys.find((key) => !frozen.fields.has(key));
      if (isNew !== undefined) yield { path: [...path, isNew], why: 'a key that the first chunk has not', at };
      else if (keys.length < frozen.fields.size) yield { path, why: 'a key of the first chunk is missing', at };
    }
    for (const [key, field] of shape.fields) {
      const frozenField = frozen.fields.get(key);
      if (frozenField) yield* findShapeMisfits(frozenField, field, [...path, key]);
    }
  }
}
