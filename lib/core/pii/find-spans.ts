/**
 * All that rules find in one leaf: path rules, and every rule in every view, mapped to the source. Spans may overlap;
 * merging is another's work. Pure, deterministic, linear in the length of the text.
 */
import { codePointsOf } from './code-points.ts';
import { blankPlaceholders, type RuleText, ruleText, wordsOf } from './context.ts';
import { pathHit } from './path-rules.ts';
import { addressBlocks } from './rules/address-block.ts';
import { JOINED_RULES, RULES } from './rules/all-rules.ts';
import type { Rule } from './rules/rule.ts';
import { AUTO_FROM, type Leaf, type Span, SUGGEST_FROM, type Tier, type ViewId } from './span.ts';
import { type PiiType, PLACEHOLDER } from './taxonomy.ts';
import { traitsWithin } from './traits.ts';
import { stretchesOf } from './triggers.ts';
import { type Readings, readingsOf } from './views/build-views.ts';
import { type Joined, joinedTexts } from './views/joined.ts';
import { extentOf, readsAnew, sourceView, type View } from './views/view.ts';

/** Numbers with fewer digits meet path rules only. */
const MIN_DIGITS = 5;
/** Keys without any of these hold nothing that a rule could find. */
const KEY_WORTH_READING = /[\d@%&=\\:/]|[^\x00-\x7f]| |.{41}/;

type Found = {
  start: number;
  end: number;
  type: PiiType;
  score: number;
  detector: string;
  view: ViewId;
  subtype?: string;
  reads?: string;
};

/**
 * Spans of the wanted tier and above ('suggest' gives both), sorted, without exact repeats.
 * @param config `readings`: a caller that reads the same texts again hands in what keeps them
 */
export function findSpans(leaf: Leaf, config: { tier: Tier; readings?: (text: string) => Readings }): Span[] {
  const text = blankPlaceholders(leaf.text, PLACEHOLDER);
  const found: Found[] = [];
  const path = pathHit(text === leaf.text ? leaf : { ...leaf, text });
  if (path !== undefined) found.push({ start: 0, end: text.length, view: 'source', ...path });
  if (isWorthReading(leaf, text)) {
    found.push(...readViews(leaf, text, config.readings ?? readingsOf));
  }
  if (leaf.kind !== 'key') found.push(...readJoined(leaf));
  return finish(leaf.text, found, config.tier);
}

/** What machines write by the million: an ISO time holds nothing besides what its key says. */
const MACHINE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?$/;

function isWorthReading(leaf: Leaf, text: string): boolean {
  if (leaf.kind === 'number') return text.replace(/\D/g, '').length >= MIN_DIGITS;
  if (leaf.kind === 'key') return KEY_WORTH_READING.test(text);
  return text.length > 2 && !MACHINE_TIME.test(text);
}

function readViews(leaf: Leaf, text: string, readings: (text: string) => Readings): Found[] {
  const found: Found[] = [];
  const key = wordsOf(leaf.key);
  if (leaf.kind === 'number') {
    readView(sourceView(text), key, leaf.kind, text, found);
    return found;
  }
  const { source, views, blobs } = readings(text);
  readView(source, key, leaf.kind, text, found);
  if (source.traits.digits > 0) {
    const named = found.filter(
      (hit) => (hit.type === 'LOCATION' || hit.type === 'ADDRESS') && hit.score >= SUGGEST_FROM,
    );
    for (const hit of addressBlocks(text, named))
      found.push({ ...hit, detector: 'rule:address-block@1', view: 'source' });
  }
  for (const view of views) readView(view, key, leaf.kind, text, found);
  for (const blob of blobs)
    found.push({
      ...blob,
      type: 'BLOB',
      score: isCertain(text, blob) ? 0.65 : 0.5,
      detector: 'rule:blob@1',
      view: 'decode',
    });
  return found;
}

function readView(view: View, key: string, kind: Leaf['kind'], source: string, found: Found[]): void {
  const input: RuleText = { text: view.text, traits: view.traits, key, kind, view: view.id };
  for (const rule of RULES) {
    const { triggers } = rule;
    if (triggers !== undefined && (view.traits.bits & triggers) === 0 && !(rule.isKeyed && key !== '')) continue;
    if (!rule.needs(view.traits)) continue;
    if (triggers === undefined || view.text.length <= MAX_WHOLE) take(rule, input, 0);
    else
      for (const { start, end } of stretchesOf(view.text, view.traits.blocks, triggers)) {
        const text = view.text.slice(start, end);
        take(rule, { ...input, text, traits: traitsWithin(view.traits, text) }, start);
      }
  }

  function take(rule: Rule, input: RuleText, offset: number): void {
    for (const hit of rule.find(input)) {
      const start = hit.start + offset;
      const end = hit.end + offset;
      if (view.id !== 'source' && !readsAnew(view, source, start, end)) continue;
      const one: Found = { detector: rule.detector, ...hit, ...extentOf(view, start, end), view: view.id };
      if (view.id !== 'source') one.reads = view.text.slice(start, end);
      found.push(one);
    }
  }
}

/** A text up to this long is read whole by the rules that find a trigger in it. */
const MAX_WHOLE = 448;

/** Files in the text and long runs are blobs for sure; a short one may be an id that someone wants kept. */
const isCertain = (text: string, blob: { start: number; end: number }): boolean =>
  blob.end - blob.start >= 200 || text.startsWith('data:', blob.start);

/** What a leaf's neighbours make of it; `findSpans` holds the same. */
export function findJoined(leaf: Leaf, tier: Tier): Span[] {
  if (leaf.kind === 'key') return [];
  const found = readJoined(leaf);
  return found.length === 0 ? [] : finish(leaf.text, found, tier);
}

/** A hit over neighbours masks each of them whole. */
function readJoined(leaf: Leaf): Found[] {
  const found: Found[] = [];
  for (const joined of joinedTexts(leaf.siblings)) {
    const own = joined.parts.find((part) => part.leaf === leaf);
    if (own === undefined) continue;
    for (const hit of hitsOver(joined)) {
      const isCut = hit.start < own.start || hit.end > own.end;
      if (isCut && own.start < hit.end && own.end > hit.start) found.push({ ...hit, start: 0, end: leaf.text.length });
    }
  }
  return found;
}

const joinedHits = new WeakMap<Joined, Found[]>();

/** Read once for all leaves that are joined. */
function hitsOver(joined: Joined): Found[] {
  const before = joinedHits.get(joined);
  if (before !== undefined) return before;
  const kind = joined.parts.every((part) => part.leaf.kind === 'number') ? 'number' : 'string';
  const input = ruleText(joined.text, joined.key, kind, 'joined');
  const hits = JOINED_RULES.flatMap((rule) =>
    rule.find(input).map((hit): Found => ({ ...hit, detector: rule.detector, view: 'joined' })),
  );
  joinedHits.set(joined, hits);
  return hits;
}

function finish(text: string, found: readonly Found[], tier: Tier): Span[] {
  if (found.length === 0) return [];
  const least = tier === 'auto' ? AUTO_FROM : SUGGEST_FROM;
  const toCodePoints = codePointsOf(text);
  const spans = new Map<string, Span>();
  for (const hit of found) {
    if (hit.score < least || hit.end <= hit.start) continue;
    const start = toCodePoints(hit.start);
    const end = toCodePoints(hit.end - 1) + 1;
    const span: Span = { ...hit, start, end, tier: hit.score >= AUTO_FROM ? 'auto' : 'suggest' };
    if (span.subtype === undefined) delete span.subtype;
    const name = `${start}:${end}:${span.type}:${span.detector}`;
    const other = spans.get(name);
    if (other === undefined || other.score < span.score) spans.set(name, span);
  }
  return [...spans.values()].sort(
    (a, b) =>
      a.start - b.start ||
      b.end - a.end ||
      b.score - a.score ||
      (a.detector < b.detector ? -1 : a.detector > b.detector ? 1 : 0),
  );
}
