/**
 * A source's own rules about places: leaves that are masked or kept whole (what every source's keys give away is the
 * detector's, `path-rules.ts`). A pattern names the last keys of a path, parted by
 * dots (`*.email`, `user.id`, `metadata.*.token`); `*` is any one key, list indexes and JSON-in-string marks don't
 * count, and case, blanks, hyphens and underscores aside `user_id` is `userId`.
 */
import { foldValue } from './fold-text.ts';
import type { PiiType } from './taxonomy.ts';

export type PathRules = { mask: readonly string[]; keep: readonly string[] };
export type PathMatch = { action: 'mask' | 'keep'; type: PiiType; rule: string };
export type PathMatcher = (path: string) => PathMatch | undefined;

const squeeze = (key: string): string => foldValue(key).replaceAll(/[\s_-]/g, '');

/** Keys of a leaf path, nearest last, as patterns name them; undefined for a key leaf. */
function keysOf(path: string): string[] {
  const keys: string[] = [];
  for (const part of path.split(/\/|#json(?:\.\d+)?/)) {
    const key = part.replace(/#\d+$/, '').replaceAll('~2', '#').replaceAll('~1', '/').replaceAll('~0', '~');
    if (key === '' || /^\d+$/.test(key)) continue;
    keys.push(...key.split('.').map(squeeze));
  }
  return keys;
}

type Compiled = { keys: string[]; match: PathMatch };
const compile = (pattern: string, match: Omit<PathMatch, 'rule'>): Compiled => {
  const keys = pattern.split('.').map((key) => (key === '*' ? key : squeeze(key)));
  while (keys.length > 1 && keys[0] === '*') keys.shift();
  return { keys, match: { ...match, rule: keys.join('.') } };
};

/** What a masked leaf most likely holds, told by its last key. */
function typeOfKey(keys: readonly string[]): PiiType {
  const last = keys.at(-1) ?? '';
  if (/mail/.test(last)) return 'EMAIL';
  if (/phone|mobile|fax/.test(last)) return 'PHONE';
  if (/token|secret|key|pass|auth|cookie|session/.test(last)) return 'SECRET';
  if (/name/.test(last)) return 'PERSON';
  if (/address|street/.test(last)) return 'ADDRESS';
  if (/id$/.test(last)) return 'ACCOUNT_ID';
  return 'CONFIDENTIAL';
}

/** Masks win over keeps. */
export function compilePathRules(rules: PathRules = { mask: [], keep: [] }): PathMatcher {
  if (rules.mask.length + rules.keep.length === 0) return () => undefined;
  const masks = rules.mask.map((p) => compile(p, { action: 'mask', type: typeOfKey(p.split('.').map(squeeze)) }));
  const keeps = rules.keep.map((p) => compile(p, { action: 'keep', type: 'CONFIDENTIAL' }));
  const byLast = new Map<string, Compiled[]>();
  for (const rule of [...masks, ...keeps]) {
    const last = rule.keys.at(-1)!;
    byLast.set(last, [...(byLast.get(last) ?? []), rule]);
  }
  const anyLast = byLast.get('*') ?? [];
  const known = new Map<string, PathMatch | undefined>();
  return (path) => {
    if (path.endsWith('#key')) return undefined;
    const spot = path.replaceAll(/\/\d+(?=\/|#|$)/g, '');
    if (known.has(spot)) return known.get(spot);
    const keys = keysOf(path);
    const candidates = [...(byLast.get(keys.at(-1) ?? '') ?? []), ...anyLast];
    const match = candidates.find((rule) => endsWith(keys, rule.keys))?.match;
    if (known.size < 100_000) known.set(spot, match);
    return match;
  };
}

function endsWith(keys: readonly string[], pattern: readonly string[]): boolean {
  if (pattern.length > keys.length) return false;
  const from = keys.length - pattern.length;
  return pattern.every((key, i) => key === '*' || key === keys[from + i]);
}
