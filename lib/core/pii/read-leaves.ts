/**
 * All spans of all leaves of some documents that belong together (the units of one trajectory): detect, link, propagate,
 * and read the masked text again until nothing new turns up, so that redacting twice gives what redacting once gave.
 * Offsets in here are UTF-16; `pseudonymise` writes code points.
 */

import type { Dictionary } from './dictionary.ts';
import { findJoined, findSpans } from './find-spans.ts';
import { type EntityGraph, linkMentions, mentionsOf } from './link.ts';
import { cutAround, maskedText, sourceOffsets } from './masked-text.ts';
import { mergeSpans } from './merge.ts';
import { type Offsets, offsetsOf } from './offsets.ts';
import { tellingKeyAbove } from './path-rules.ts';
import { type FoundPlaceholder, findPlaceholders } from './placeholder.ts';
import type { PluginFinds } from './plugin/plugin.ts';
import { buildPropagator } from './propagate.ts';
import { ReadingCache, searchViews } from './search-views.ts';
import { lastFrom } from './sorted.ts';
import type { PathMatcher } from './source-paths.ts';
import { AUTO_FROM, type Leaf, type Span, type Tier } from './span.ts';
import { classOf, type PiiType } from './taxonomy.ts';
import { blankBefore, blankBehind } from './triggers.ts';
import type { LeafPolicy } from './unit-paths.ts';

/**
 * `auto`: masked, a detector found it · `marked`: masked, a reviewer marked it · `released`: left, a reviewer said it is
 * no personal data · `kept`: left, the source's policy keeps the type or the path.
 */
export type Decision = 'auto' | 'marked' | 'released' | 'kept';
/** UTF-16 offsets. */
export type Found = Span & {
  decision: Decision;
  /** A bracket token of the log. */
  origin?: FoundPlaceholder;
  /** Marked for one document only. */
  local?: true;
};

export type ReadLeaf = {
  leaf: Leaf;
  policy: LeafPolicy;
  offsets: Offsets;
  /** Bracket tokens that the log itself holds. */
  tokens: FoundPlaceholder[];
  /** Everything to be masked, before merging. */
  found: Found[];
  /** What was found and stays. */
  left: Found[];
  /** Sorted, disjoint: what is replaced. */
  masked: Found[];
};
export type Doc = { id: string; leaves: ReadLeaf[] };

export type ReadConfig = {
  /** 'auto' leaves suggestions standing; both are masked by default. */
  tier?: Tier;
  dictionary: Dictionary;
  pathMatch: PathMatcher;
  /** Reviewers' marks: for all documents, and for one by its id. */
  marks: Dictionary;
  marksOf: ReadonlyMap<string, Dictionary>;
  plugins: readonly PluginFinds[];
  /** Whether a reviewer or the policy lets this value stand. */
  stands(docId: string, type: PiiType, value: string): 'released' | 'kept' | undefined;
};

/** Short texts in which nothing at all was found: roles, names of models and tools, states. Logs are full of them. */
const plain = new Set<string>();
const MAX_PLAIN = 40;
const MAX_PLAINS = 20_000;
const NO_SPANS: Span[] = [];
function rememberPlain(name: string): void {
  if (plain.size >= MAX_PLAINS) plain.clear();
  plain.add(name);
}

/** Masked texts up to this long are read again whole, longer ones this far around their tokens. */
const MAX_WHOLE = 400;
const NEAR = 72;

/** Each round masks more; four were the most that any text of the tests needed. */
const MAX_ROUNDS = 8;

export const textOfSpan = (read: ReadLeaf, span: Found): string =>
  span.reads ?? read.leaf.text.slice(span.start, span.end);

const NO_TOKENS: FoundPlaceholder[] = [];
export const newLeaf = (leaf: Leaf, policy: LeafPolicy): ReadLeaf => ({
  leaf,
  policy,
  offsets: offsetsOf(leaf.text),
  tokens: policy === 'fixed' || !leaf.text.includes('[') ? NO_TOKENS : findPlaceholders(leaf.text),
  found: [],
  left: [],
  masked: [],
});

/** Fills `found`, `left` and `masked` of every leaf. */
export function readLeaves(docs: readonly Doc[], config: ReadConfig): EntityGraph {
  const reader = new Reader(docs, config);
  reader.detect();
  for (let round = 1; ; round++) {
    const graph = reader.link();
    const grew = reader.propagate(graph);
    const again = reader.rereadMasked(round >= MAX_ROUNDS);
    if (!grew && !again) return graph;
  }
}

/** Detectors only: nothing is linked, propagated or read again, and nothing is merged. */
export function readOnce(docs: readonly Doc[], config: ReadConfig): void {
  new Reader(docs, config).detect();
}

class Reader {
  private readonly docs: readonly Doc[];
  private readonly config: ReadConfig;
  private readonly tier: Tier;
  private readonly searched = new Set<string>();
  private readonly known = new Map<string, Span[]>();
  private readonly readings = new ReadingCache();
  /** Masks of a leaf when it was last read again. */
  private readonly readAs = new Map<ReadLeaf, { shape: string; masks: Set<string> }>();

  constructor(docs: readonly Doc[], config: ReadConfig) {
    this.docs = docs;
    this.config = config;
    this.tier = config.tier ?? 'suggest';
  }

  detect(): void {
    for (const doc of this.docs) for (const read of doc.leaves) if (read.policy !== 'fixed') this.detectIn(doc, read);
  }

  private detectIn(doc: Doc, read: ReadLeaf): void {
    const { leaf, offsets } = read;
    const { dictionary, marks, marksOf, pathMatch, plugins } = this.config;
    for (const token of read.tokens) read.found.push(tokenSpan(token));
    const path = read.policy === 'free' ? pathMatch(leaf.path) : undefined;
    const add = (span: Found): void => {
      this.add(doc, read, span, path?.action === 'keep');
    };
    if (path?.action === 'mask' && leaf.text.trim() !== '') add(whole(leaf.text, path.type, `path:${path.rule}`));
    for (const span of this.spansOf(leaf)) {
      if (read.policy === 'opaque' && !PERSONAL.has(span.type)) continue;
      add({ ...span, start: offsets.toUnit(span.start), end: offsets.toUnit(span.end), decision: 'auto' });
    }
    for (const { detector, of } of leaf.kind === 'number' ? [] : plugins) {
      const spans = of(leaf.text);
      if (spans === undefined) throw new RangeError('a text that a detector from outside has not read');
      for (const { start, end, type, score } of spans)
        add({
          ...whole('', type, detector),
          start: offsets.toUnit(start),
          end: offsets.toUnit(end),
          score,
          tier: score >= AUTO_FROM ? 'auto' : 'suggest',
        });
    }
    const own = marksOf.get(doc.id);
    const search = (list: Dictionary, detector: string, decision: Decision, local: boolean): void => {
      if (list.entries === 0) return;
      for (const hit of searchViews(leaf.text, this.readings, list.search)) {
        const span: Found = { ...hit, tier: 'auto', score: 1, detector, decision };
        add(local ? { ...span, local: true } : span);
      }
    };
    search(dictionary, `dict:${dictionary.version}`, 'auto', false);
    search(marks, 'mark@1', 'marked', false);
    if (own !== undefined) search(own, 'mark@1', 'marked', true);
  }

  /** Detectors' spans of a leaf, in code points. Logs repeat themselves: prompts, tool definitions, arguments. */
  private spansOf(leaf: Leaf): Span[] {
    const name = `${leaf.kind}\0${leaf.key}\0${tellingKeyAbove(leaf)}\0${leaf.text}`;
    const isPlain = leaf.text.length <= MAX_PLAIN && plain.has(name);
    let alone = isPlain ? NO_SPANS : this.known.get(name);
    if (alone === undefined) {
      alone = findSpans({ ...leaf, siblings: undefined }, { tier: this.tier, readings: this.readings.of });
      this.known.set(name, alone);
      if (alone.length === 0 && this.tier === 'suggest' && leaf.text.length <= MAX_PLAIN) rememberPlain(name);
    }
    if ((leaf.siblings?.length ?? 0) < 2) return alone;
    const joined = findJoined(leaf, this.tier);
    return joined.length === 0 ? alone : [...alone, ...joined];
  }

  /** Spans of a masked text: of a long one only near its tokens, where it reads otherwise than before. */
  private spansAround(copy: Leaf, tokens: readonly FoundPlaceholder[], offsets: Offsets): Span[] {
    const { text } = copy;
    if (text.length <= MAX_WHOLE || copy.kind !== 'string') return this.spansOf(copy);
    const near: { start: number; end: number }[] = [];
    let size = 0;
    for (const token of tokens) {
      const start = Math.max(near.at(-1)?.end ?? 0, blankBefore(text, token.start - NEAR));
      const end = blankBehind(text, token.end + NEAR);
      size += end - start;
      if (near.length > 0 && start <= near.at(-1)!.end) near.at(-1)!.end = end;
      else near.push({ start, end });
    }
    if (size > text.length * 0.7) return this.spansOf(copy);
    const all = (copy.siblings?.length ?? 0) < 2 ? [] : findJoined(copy, this.tier);
    for (const { start, end } of near) {
      const from = offsets.toPoint(start);
      for (const span of this.spansOf({ path: copy.path, kind: copy.kind, key: '', text: text.slice(start, end) }))
        all.push({ ...span, start: span.start + from, end: span.end + from });
    }
    return all;
  }

  /** Cuts the span around bracket tokens, and puts it where it belongs. */
  private add(doc: Doc, read: ReadLeaf, span: Found, keptByPath: boolean): boolean {
    if (this.tier === 'auto' && span.tier === 'suggest') return false;
    const { text, kind } = read.leaf;
    const pieces = kind === 'number' ? [{ ...span, start: 0, end: text.length }] : cutAround(span, read.tokens, text);
    let added = false;
    for (const piece of pieces) {
      const stands = this.standing(doc.id, piece, piece.reads ?? text.slice(piece.start, piece.end), keptByPath);
      if (stands !== undefined) read.left.push({ ...piece, decision: stands });
      else if (!covers(read.masked, piece)) {
        read.found.push(piece);
        added = true;
      }
    }
    return added;
  }

  private standing(docId: string, span: Found, value: string, keptByPath: boolean): 'released' | 'kept' | undefined {
    if (span.decision === 'marked') return undefined;
    const released = this.config.stands(docId, span.type, value);
    if (released !== undefined) return released;
    const sure = span.checked === true || classOf(span.type) === 'secret' || span.detector.startsWith('dict:');
    return keptByPath && !sure ? 'kept' : undefined;
  }

  link(): EntityGraph {
    const all: { span: Found; value: string }[] = [];
    for (const { leaves } of this.docs)
      for (const read of leaves) {
        if (read.found.length === 0) continue;
        read.masked = mergeSpans(read.found);
        for (const span of read.masked)
          if (span.origin === undefined) all.push({ span, value: textOfSpan(read, span) });
      }
    return linkMentions(mentionsOf(all));
  }

  /** True when it found something that was not masked yet. */
  propagate(graph: EntityGraph): boolean {
    const local = this.localValues();
    const propagator = buildPropagator(graph.entities, this.searched, local);
    if (propagator.needles === 0) return false;
    let grew = false;
    for (const doc of this.docs)
      for (const read of doc.leaves) {
        if (read.policy === 'fixed') continue;
        const kept = read.policy === 'free' && this.config.pathMatch(read.leaf.path)?.action === 'keep';
        for (const hit of searchViews(read.leaf.text, this.readings, propagator.search)) {
          if (read.leaf.kind === 'number' && hit.end - hit.start < read.leaf.text.length) continue;
          const score = hit.tier === 'suggest' ? 0.4 : hit.subtype === 'value' ? 0.95 : 0.85;
          const span: Found = { ...hit, score, detector: 'propagate@1', decision: 'auto' };
          if (this.add(doc, read, span, kept)) grew = true;
        }
      }
    return grew;
  }

  /** Values that only a mark for one unit masks: they go no further than that unit. */
  private localValues(): Set<string> {
    const local = new Set<string>();
    const shared = new Set<string>();
    for (const { leaves } of this.docs)
      for (const read of leaves)
        for (const span of read.masked) (span.local ? local : shared).add(textOfSpan(read, span));
    for (const value of shared) local.delete(value);
    return local;
  }

  /** Detectors read what would be written. True when they find more; at the last round the whole leaf is masked. */
  rereadMasked(last: boolean): boolean {
    let more = false;
    const masked = new Map<Leaf, Leaf>();
    const lists = new Map<readonly Leaf[], Leaf[]>();
    const byLeaf = new Map<Leaf, ReadLeaf>();
    /** What stands under a key is read with the key as it will be written. */
    const newKeys = new Map<string, string>();
    for (const { leaves } of this.docs)
      for (const read of leaves) {
        if (read.masked.length === 0) continue;
        byLeaf.set(read.leaf, read);
        if (read.leaf.kind === 'key') newKeys.set(read.leaf.text, maskedText(read));
      }
    const maskedLeaf = (leaf: Leaf): Leaf => {
      const done = masked.get(leaf);
      if (done !== undefined) return done;
      const read = byLeaf.get(leaf);
      const key = newKeys.get(leaf.key) ?? leaf.key;
      const copy: Leaf = { path: leaf.path, kind: leaf.kind, key, text: read ? maskedText(read) : leaf.text };
      masked.set(leaf, copy);
      if (leaf.siblings !== undefined && leaf.siblings.length > 1) {
        const list = lists.get(leaf.siblings) ?? [];
        if (!lists.has(leaf.siblings)) {
          lists.set(leaf.siblings, list);
          for (const sibling of leaf.siblings) list.push(maskedLeaf(sibling));
        }
        copy.siblings = list;
      }
      return copy;
    };
    for (const doc of this.docs)
      for (const read of doc.leaves) {
        if (read.policy === 'fixed') continue;
        const newKey = newKeys.get(read.leaf.key);
        if (newKey === undefined && read.masked.length === 0) continue;
        if (read.leaf.kind === 'number' && read.masked.length > 0) continue;
        read.masked = mergeSpans(read.found);
        const masks = new Set(read.masked.map((span) => `${span.start}-${span.end}-${span.type}`));
        const shape = [...masks, newKey ?? ''].join();
        const before = this.readAs.get(read);
        if (before?.shape === shape) continue;
        this.readAs.set(read, { shape, masks });
        if (this.rereadLeaf(doc, read, maskedLeaf(read.leaf), last, before?.masks)) more = true;
      }
    return more;
  }

  /** @param before masks under which the leaf was read last */
  private rereadLeaf(doc: Doc, read: ReadLeaf, copy: Leaf, last: boolean, before?: ReadonlySet<string>): boolean {
    const tokens = findPlaceholders(copy.text);
    const offsets = offsetsOf(copy.text);
    const back = sourceOffsets(read);
    const fresh = tokens.filter((token) => {
      const mask = read.masked[lastFrom(read.masked, back(token.end) - 1)];
      return before === undefined || mask === undefined || !before.has(`${mask.start}-${mask.end}-${mask.type}`);
    });
    const spans = this.spansAround(copy, fresh, offsets).filter(
      (span) => read.policy !== 'opaque' || PERSONAL.has(span.type),
    );
    if (spans.length === 0) return false;
    const kept = read.policy === 'free' && this.config.pathMatch(read.leaf.path)?.action === 'keep';
    let more = false;
    for (const span of spans) {
      const units: Found = {
        ...span,
        start: offsets.toUnit(span.start),
        end: offsets.toUnit(span.end),
        decision: 'auto',
      };
      for (const piece of cutAround(units, tokens, copy.text)) {
        const source = { ...piece, start: back(piece.start), end: back(piece.end - 1) + 1 };
        if (this.add(doc, read, source, kept)) more = true;
      }
    }
    if (more && last) read.found.push(whole(read.leaf.text, read.found[0]!.type, 'unsettled@1'));
    return more;
  }
}

/** Types that make even a machine's id personal. */
const PERSONAL = new Set<PiiType>(['PERSON', 'EMAIL', 'USERNAME', 'CONFIDENTIAL', 'IP', 'ADDRESS', 'GOV_ID']);

const whole = (text: string, type: PiiType, detector: string): Found => ({
  start: 0,
  end: text.length,
  type,
  tier: 'auto',
  score: 1,
  detector,
  view: 'source',
  decision: 'auto',
});

const tokenSpan = (token: FoundPlaceholder): Found => ({
  ...whole('', token.type, 'placeholder@1'),
  start: token.start,
  end: token.end,
  origin: token,
});

/** @param masked sorted and disjoint */
function covers(masked: readonly Found[], span: Found): boolean {
  const mask = masked[lastFrom(masked, span.start)];
  // a place that turns out to be someone's surname is that someone
  return (
    mask !== undefined && mask.end >= span.end && (classOf(mask.type) !== 'quasi' || classOf(span.type) === 'quasi')
  );
}
