/**
 * Items of lists of messages and tools that were read lately. Request logs repeat the whole conversation in every call: an
 * item that comes again is the very object that was read before, and what readers worked out of it is still known. It
 * changes how long reading takes, never what is read. Bounded; emptied when a source is done.
 */
import type { Json } from '../trajectory/json.ts';

export type ReadItem = {
  text: string;
  value: Json;
  /** How deep it goes, itself counted. */
  depth: number;
  duplicateKeys: boolean;
  sanitised: boolean;
};

/** Characters of a generation: the older of two is forgotten when the younger is full. */
const GENERATION_CHARS = 3_000_000;
/** Longer ones would leave no room for others. */
const MAX_CHARS = 200_000;
/** How much of an item tells it from others at a glance; shorter ones are read faster than looked up. */
const GLANCE_CHARS = 128;
const ALIKE = 4;

const SLOTS = 1 << 15;

class ItemMemo {
  private young = new Map<number, ReadItem[]>();
  private old = new Map<number, ReadItem[]>();
  /** What readers worked out of a kept value, by its kind. */
  private youngNotes = new Map<Json, Map<string, unknown>>();
  private oldNotes = new Map<Json, Map<string, unknown>>();
  private chars = 0;
  /** What was seen once: only what comes a second time is worth a copy. */
  private readonly seen = new Int32Array(SLOTS);

  /** @returns 0 for an item that is not worth remembering */
  glance(text: string, from: number): number {
    if (from + GLANCE_CHARS > text.length) return 0;
    let mark = 0x811c9dc5;
    for (let at = from; at < from + GLANCE_CHARS; at++) mark = Math.imul(mark ^ text.charCodeAt(at), 0x01000193);
    return mark | 1;
  }

  recall(mark: number, text: string, from: number): ReadItem | undefined {
    const young = find(this.young.get(mark), text, from);
    if (young) return young;
    const old = find(this.old.get(mark), text, from);
    if (old) this.keep(mark, old);
    return old;
  }

  /** @returns whether an item that looks like this came before */
  comesAgain(mark: number): boolean {
    const slot = (mark >>> 1) & (SLOTS - 1);
    if (this.seen[slot] === mark) return true;
    this.seen[slot] = mark;
    return false;
  }

  keep(mark: number, item: ReadItem): void {
    if (item.text.length > MAX_CHARS) return;
    this.chars += item.text.length;
    if (this.chars > GENERATION_CHARS) {
      this.old = this.young;
      this.oldNotes = this.youngNotes;
      this.young = new Map();
      this.youngNotes = new Map();
      this.chars = item.text.length;
    }
    this.youngNotes.set(item.value, this.oldNotes.get(item.value) ?? new Map());
    const alike = this.young.get(mark);
    if (!alike) this.young.set(mark, [item]);
    else if (alike.unshift(item) > ALIKE) alike.pop();
  }

  notesOn(value: Json): Map<string, unknown> | undefined {
    return this.youngNotes.get(value) ?? this.oldNotes.get(value);
  }

  clear(): void {
    this.young = new Map();
    this.old = new Map();
    this.youngNotes = new Map();
    this.oldNotes = new Map();
    this.chars = 0;
    this.seen.fill(0);
  }
}

function find(items: ReadItem[] | undefined, text: string, from: number): ReadItem | undefined {
  if (!items) return undefined;
  for (const item of items) if (text.slice(from, from + item.text.length) === item.text) return item;
  return undefined;
}

export const itemMemo = new ItemMemo();

/** What `make` works out of a value alone: once, when the value is one that comes again. The result is not to be changed. */
export function workedOut<T>(value: Json, what: string, make: () => T): T {
  const notes = itemMemo.notesOn(value);
  if (!notes) return make();
  const known = notes.get(what) as T | undefined;
  if (known !== undefined) return known;
  const made = make();
  notes.set(what, made);
  return made;
}
