/**
 * Writes placeholders where values stood and numbers them, from 1 for each type by first appearance in the document, so
 * no number joins two documents. The only caller of `mintRedacted`.
 */
import { contentHash } from '../trajectory/hash.ts';
import type { Json } from '../trajectory/json.ts';
import { mintRedacted, type Redacted } from '../trajectory/redacted.ts';
import { pointerPart } from './embedded-json.ts';
import { replaceLeaves } from './leaves.ts';
import type { Entity, EntityGraph } from './link.ts';
import { maskedNumber, maskNumber, placeholderOf } from './placeholder.ts';
import { type Decision, type Found, type ReadLeaf, textOfSpan } from './read-leaves.ts';
import type { Span } from './span.ts';
import type { PiiType } from './taxonomy.ts';

/** A span as it is stored: code points in the source leaf, path in the redacted value (a key may be a value), never the value. */
export type WrittenSpan = Pick<Span, 'start' | 'end' | 'type' | 'tier' | 'score' | 'detector' | 'view' | 'subtype'> & {
  path: string;
  /** Keyed id. */
  entity: string;
  /** What stands there now; left out when the value was left standing. */
  placeholder?: string;
  decision: Decision;
};
export type WrittenEntity = {
  entity: string;
  type: PiiType;
  n: number;
  placeholder: string;
  /** Spans in this document. */
  count: number;
  /** Keyed id of the person that this mailbox, handle or link belongs to. */
  of?: string;
  /** Several entities could own it: a task for the linking queue. */
  ambiguous?: true;
};
/** For the vault only. */
export type EntityValue = { entity: string; type: PiiType; value: string; aliases: string[] };

export type Pseudonymised<T> = {
  redacted: Redacted<T>;
  spans: WrittenSpan[];
  entities: WrittenEntity[];
  values: EntityValue[];
  /** Content hash of `redacted`, as `restoreRedacted` asks for it. */
  hash: string;
};

/** A value of the graph, or a bracket token of the log, which is an entity by itself. */
type Owner = { type: PiiType; id: string; entity?: Entity; literal?: string };

/** @param keyOf keyed hash of type and normalised value, key held by the caller */
export function pseudonymise<T extends Json | object>(
  value: T,
  leaves: readonly ReadLeaf[],
  graph: EntityGraph,
  keyOf: (type: PiiType, normalised: string) => string,
  finish: (redacted: T, source: T) => T = (redacted) => redacted,
): Pseudonymised<T> {
  const ids = new Map<string, string>();
  const idOf = (type: PiiType, normalised: string): string => {
    const key = `${type}\0${normalised}`;
    const known = ids.get(key) ?? keyOf(type, normalised);
    ids.set(key, known);
    return known;
  };
  const ownerOf = (span: Found, text: string): Owner => {
    if (span.origin !== undefined) {
      const { type, text: literal } = span.origin;
      return { type, literal, id: idOf(type, literal) };
    }
    const entity = graph.entityOf(span.type, text);
    if (entity === undefined) return { type: span.type, id: idOf(span.type, text) };
    return { type: entity.type, entity, id: idOf(entity.type, entity.normalised) };
  };
  const numbers = new Numbers(leaves, idOf);
  const keys = new Map<string, Map<string, string>>();
  const replacements = new Map<string, string>();
  /** Objects that get a new key: only there can two keys become one. */
  const changing = new Set<string>();
  for (const { leaf, masked } of leaves)
    if (leaf.kind === 'key' && masked.length > 0) changing.add(containerOf(leaf.path));
  const paths = new RedactedPaths();
  const spans: WrittenSpan[] = [];
  const values = new Map<string, EntityValue>();

  for (const read of leaves) {
    const { leaf } = read;
    const write = (span: Found, owner: Owner, placeholder?: string): void => {
      const { tier, score, detector, view, decision } = span;
      const start = read.offsets.toPoint(span.start);
      const end = read.offsets.toPoint(span.end);
      const written: WrittenSpan = {
        path: paths.of(leaf.path),
        start,
        end,
        type: owner.type,
        tier,
        score,
        detector,
        view,
        entity: owner.id,
        decision,
      };
      if (placeholder !== undefined) written.placeholder = placeholder;
      if (span.subtype !== undefined) written.subtype = span.subtype;
      spans.push(written);
    };
    const keep = (owner: Owner, text: string): void => {
      const known = values.get(owner.id);
      const fullest = owner.entity?.values[0] ?? text;
      if (known === undefined)
        values.set(owner.id, {
          entity: owner.id,
          type: owner.type,
          value: fullest,
          aliases: text === fullest ? [] : [text],
        });
      else if (known.value !== text && !known.aliases.includes(text)) known.aliases.push(text);
    };
    if (read.masked.length > 0) {
      const owners = read.masked.map((span) => ownerOf(span, textOfSpan(read, span)));
      const place = (alias: number): string[] =>
        owners.map((owner) =>
          leaf.kind === 'number' ? numbers.digits(owner, leaf.text) : numbers.token(owner, alias),
        );
      let tokens = place(0);
      let text = rewritten(read, tokens);
      if (leaf.kind === 'key') {
        const taken = listIn(keys, containerOf(leaf.path));
        for (let alias = 1; taken.has(text) && taken.get(text) !== leaf.text; alias++) {
          tokens = place(alias);
          text = rewritten(read, tokens);
        }
        taken.set(text, leaf.text);
      }
      replacements.set(leaf.path, text);
      if (leaf.kind === 'key') paths.rename(leaf.path, text);
      for (const [i, span] of read.masked.entries()) {
        write(span, owners[i]!, tokens[i]!);
        keep(owners[i]!, leaf.text.slice(span.start, span.end));
      }
    } else if (leaf.kind === 'key' && changing.size > 0 && changing.has(containerOf(leaf.path)))
      listIn(keys, containerOf(leaf.path)).set(leaf.text, leaf.text);
    for (const span of read.left) write(span, ownerOf(span, textOfSpan(read, span)));
  }
  const redacted = finish(replaceLeaves(value as Json, replacements) as T, value);
  return {
    redacted: mintRedacted(redacted),
    spans,
    entities: numbers.entities(),
    values: [...values.values()],
    hash: contentHash(redacted),
  };
}

/** Hands out numbers and remembers who has which. */
class Numbers {
  private readonly idOf: (type: PiiType, normalised: string) => string;
  private readonly last = new Map<PiiType, number>();
  private readonly rows = new Map<string, WrittenEntity>();
  /** Numbers that stand in numeric leaves of the source as ours would, and are left there. */
  private readonly taken = new Set<number>();
  private lastDigits = 0;

  constructor(leaves: readonly ReadLeaf[], idOf: (type: PiiType, normalised: string) => string) {
    this.idOf = idOf;
    for (const { leaf, masked } of leaves) {
      if (leaf.kind !== 'number' || masked.length > 0) continue;
      const n = maskedNumber(leaf.text);
      if (n !== undefined) this.taken.add(n);
    }
  }

  /** @param alias above 0 for a key that would otherwise equal another key of its object: a further number */
  token(owner: Owner, alias: number): string {
    const key = `${owner.type}\0${owner.literal ?? owner.id}`;
    const own = alias === 0 ? key : `${key}\0${alias}`;
    if (alias > 0) this.rows.get(alias === 1 ? key : `${key}\0${alias - 1}`)!.count--;
    const known = this.rows.get(own);
    if (known !== undefined) {
      known.count++;
      return known.placeholder;
    }
    const n = (this.last.get(owner.type) ?? 0) + 1;
    this.last.set(owner.type, n);
    const placeholder = placeholderOf(owner.type, n);
    this.add(own, owner, n, placeholder);
    return placeholder;
  }

  /**
   * Numeric leaves are numbered apart from tokens: a number doesn't show its type, so reading a redacted document again
   * could not tell which type's count it belongs to.
   */
  digits(owner: Owner, literal: string): string {
    const key = `#\0${owner.id}`;
    const known = this.rows.get(key);
    if (known !== undefined) {
      known.count++;
      return maskNumber(literal, known.n);
    }
    do this.lastDigits++;
    while (this.taken.has(this.lastDigits));
    const placeholder = maskNumber(literal, this.lastDigits);
    this.add(key, owner, this.lastDigits, placeholder);
    return placeholder;
  }

  private add(key: string, owner: Owner, n: number, placeholder: string): void {
    const row: WrittenEntity = { entity: owner.id, type: owner.type, n, placeholder, count: 1 };
    const person = owner.entity?.of;
    if (person !== undefined) row.of = this.idOf(person.type, person.normalised);
    if (owner.entity?.ambiguous) row.ambiguous = true;
    this.rows.set(key, row);
  }

  entities(): WrittenEntity[] {
    return [...this.rows.values()].filter((row) => row.count > 0);
  }
}

function rewritten(read: ReadLeaf, tokens: readonly string[]): string {
  const { text, kind } = read.leaf;
  if (kind === 'number') return tokens[0]!;
  let out = '';
  let at = 0;
  for (const [i, span] of read.masked.entries()) {
    out += text.slice(at, span.start) + tokens[i]!;
    at = span.end;
  }
  return out + text.slice(at);
}

/** Pointers into the redacted value: keys on the way may have been replaced. */
class RedactedPaths {
  private readonly renamed = new Map<string, string>();

  /** @param path of the key leaf; keys come before what stands under them */
  rename(path: string, key: string): void {
    const own = path.slice(0, -'#key'.length);
    const again = /#\d+$/.exec(own)?.[0] ?? '';
    this.renamed.set(own, `${this.of(containerOf(path))}/${pointerPart(key)}${again}`);
  }

  of(path: string): string {
    if (this.renamed.size === 0) return path;
    for (
      let end = path.length;
      end > 0;
      end = Math.max(path.lastIndexOf('/', end - 1), path.lastIndexOf('#', end - 1))
    ) {
      const renamed = this.renamed.get(path.slice(0, end));
      if (renamed !== undefined) return renamed + path.slice(end);
    }
    return path;
  }
}

/** The object that a key leaf belongs to: '/a/b#key' -> '/a', '/a#json/b#key' -> '/a#json'. */
const containerOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

function listIn(lists: Map<string, Map<string, string>>, name: string): Map<string, string> {
  const list = lists.get(name) ?? new Map<string, string>();
  lists.set(name, list);
  return list;
}
