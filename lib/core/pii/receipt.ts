/**
 * Proof that every byte was read. What is present is counted from the value itself; what was scanned is counted from
 * the leaves that detectors were given. They must be equal (docs/privacy.md, coverage).
 */
import { isObject, type Json, JsonNumber } from '../trajectory/json.ts';
import { pointerPart, scanJson } from './embedded-json.ts';
import type { WrittenSpan } from './pseudonymise.ts';
import type { Doc } from './read-leaves.ts';
import { RULES } from './rules/all-rules.ts';
import type { Leaf, ViewId } from './span.ts';

export type Extent = { path: string; start: number; end: number };
export type ScanReceipt = {
  /** UTF-8 bytes of all strings, numbers and keys that came from the log. */
  bytesPresent: number;
  bytesScanned: number;
  leaves: number;
  keys: number;
  views: ViewId[];
  /** Version by detector: every rule that read, and what else found something. */
  detectors: Record<string, string>;
  /** What nothing could open; masked whole as BLOB. */
  undecoded: Extent[];
  /** Of the redacted value, its keys sorted: what this receipt speaks of. */
  sha256: string;
};

/** Reading stopped short of some text. Names the places, never their content. */
export class ScanGapError extends Error {
  readonly reason = 'scan-gap';
  readonly id: string;
  readonly paths: readonly string[];
  constructor(id: string, paths: readonly string[]) {
    super(`scan-gap in ${id}: ${paths.length} places unread`);
    this.name = 'ScanGapError';
    this.id = id;
    this.paths = paths;
  }
}

/** UTF-8 bytes of a text; a lone surrogate counts as the three bytes that stand for it. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    if (code < 0x800) bytes += 1;
    else if (code >= 0xd800 && code <= 0xdbff && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

export type Coverage = { present: number; scanned: number; gaps: string[] };

/** Walks the value again, by itself, and looks each text up among what was read (`read` by leaf path). */
export function measureCoverage(
  value: Json,
  read: ReadonlyMap<string, Leaf>,
  isOurs: (path: string, text: string) => boolean,
): Coverage {
  const coverage: Coverage = { present: 0, scanned: 0, gaps: [] };
  const count = (path: string, text: string): void => {
    if (isOurs(path, text)) return;
    const bytes = utf8Bytes(text);
    coverage.present += bytes;
    if (read.get(path)?.text === text || coversEmbedded(path, text)) coverage.scanned += bytes;
    else coverage.gaps.push(path);
  };
  /** JSON in a string: all its literals were read, and nothing but punctuation stands between them. */
  const coversEmbedded = (path: string, text: string): boolean => {
    const literals = scanJson(text);
    if (literals === undefined) return false;
    let at = 0;
    for (const literal of literals) {
      if (!isPunctuation(text.slice(at, literal.start))) return false;
      const source = text.slice(literal.start, literal.end);
      const own = literal.kind === 'number' ? source : (JSON.parse(source) as string);
      if (read.get(path + literal.pointer)?.text !== own && !coversEmbedded(path + literal.pointer, own)) return false;
      at = literal.end;
    }
    return isPunctuation(text.slice(at));
  };
  const visit = (value: Json, path: string): void => {
    if (typeof value === 'string') count(path, value);
    else if (typeof value === 'number') count(path, JSON.stringify(value) ?? 'null');
    else if (value instanceof JsonNumber) count(path, value.literal);
    else if (Array.isArray(value)) for (const [n, item] of value.entries()) visit(item, `${path}/${n}`);
    else if (isObject(value))
      for (const key of Object.keys(value)) {
        if (value[key] === undefined) continue;
        const at = `${path}/${pointerPart(key)}`;
        count(`${at}#key`, key);
        visit(value[key]!, at);
      }
  };
  visit(value, '');
  return coverage;
}

const isPunctuation = (text: string): boolean => /^(?:[\s{}[\]:,]|true|false|null)*$/.test(text);

/** Views are always all tried; these are the ones that every text has been read in. */
export const ALL_VIEWS: readonly ViewId[] = [
  'source',
  'fold',
  'entities',
  'percent',
  'escapes',
  'decode',
  'unwrap',
  'spelled',
  'turned',
  'joined',
];

/**
 * @param isOurs texts written by this program, which no detector reads
 * @throws ScanGapError when a text of the value is not among the leaves that were read
 */
export function makeReceipt(
  doc: Doc,
  value: Json,
  isOurs: (path: string, text: string) => boolean,
  done: { spans: readonly WrittenSpan[]; hash: string },
): ScanReceipt {
  const read = new Map<string, Leaf>();
  const detectors: Record<string, string> = {};
  const note = (detector: string): void => {
    const [name, version] = splitDetector(detector);
    detectors[name] = version;
  };
  for (const { detector, besides } of RULES) {
    note(detector);
    if (besides !== undefined) note(besides);
  }
  let keys = 0;
  for (const { leaf, policy, found } of doc.leaves) {
    if (policy === 'fixed') continue;
    read.set(leaf.path, leaf);
    if (leaf.kind === 'key') keys++;
    for (const { detector } of found) note(detector);
  }
  const { present, scanned, gaps } = measureCoverage(value, read, isOurs);
  if (gaps.length > 0 || present !== scanned) throw new ScanGapError(doc.id, gaps.map(withoutKeys));
  return {
    bytesPresent: present,
    bytesScanned: scanned,
    leaves: read.size - keys,
    keys,
    views: [...ALL_VIEWS],
    detectors: Object.fromEntries(Object.entries(detectors).sort(([a], [b]) => (a < b ? -1 : 1))),
    undecoded: done.spans.flatMap(({ type, path, start, end }) => (type === 'BLOB' ? [{ path, start, end }] : [])),
    sha256: done.hash,
  };
}

/** Names of our own fields stay, keys of the log do not: they may be values. */
const withoutKeys = (path: string): string =>
  /^\/(?:(?:events|steps|tools)\/\d+(?:\/[a-z][A-Za-z]*)?|[a-z][A-Za-z]*)/.exec(path)?.[0] ?? '';

/** 'rule:email@3' -> ['rule:email', '3'], 'dict:7' -> ['dict', '7']. */
function splitDetector(detector: string): [string, string] {
  const at = Math.max(detector.lastIndexOf('@'), detector.startsWith('dict:') ? 4 : -1);
  return at < 0 ? [detector, '1'] : [detector.slice(0, at), detector.slice(at + 1)];
}
