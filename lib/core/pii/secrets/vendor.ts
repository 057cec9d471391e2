/** Keys that show whose they are, found in long tokens by the table of `vendor-rules`. JWTs and password hashes too. */

import type { Hit, Rule } from '../rules/rule.ts';
import { fromBase64, textOf } from '../views/bytes.ts';
import { isRandomEnough, isTypedOut } from './placeholder-value.ts';
import { isPublicKey } from './public-keys.ts';
import { VENDOR_RULES } from './vendor-rules.ts';

/** Nothing shorter holds a key; English has one such token in some hundred characters. */
const LONG_TOKEN = /[^\s"'`<>,;\ue000]{14,}/g;
const COMPILED = VENDOR_RULES.map((rule) => ({
  ...rule,
  regex: new RegExp(`(?<![A-Za-z0-9_])(?:${rule.pattern})(?![A-Za-z0-9_])`, rule.before === undefined ? 'y' : 'g'),
}));
const DEFAULT_BITS = 3;

const JWT = /(?<![A-Za-z0-9_-])ey[A-Za-z0-9_-]{8,}\.ey[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?/g;
const PASSWORD_HASH =
  /(?<![\w$])\$(?:2[abxy]|1|5|6|7|y|apr1|argon2(?:id?|d)|scrypt|pbkdf2(?:-sha\d+)?)\$[A-Za-z0-9./=,$+-]{16,200}|(?<!\w)\{S?SHA\}[A-Za-z0-9+/=]{20,}/g;

export const vendorSecretRule: Rule = {
  detector: 'secret:vendor@1',
  needs: (traits) => traits.longest >= 14,
  find({ text }) {
    const hits: Hit[] = [];
    for (const token of text.matchAll(LONG_TOKEN)) {
      if (token[0].length < 30 && !/[\dA-Z]/.test(token[0])) continue;
      hits.push(...keysIn(text, token.index, token.index + token[0].length));
    }
    if (text.includes('.ey'))
      for (const match of text.matchAll(JWT))
        if (isJwt(match[0]))
          hits.push({
            start: match.index,
            end: match.index + match[0].length,
            type: 'SECRET',
            score: 0.9,
            subtype: 'jwt',
          });
    if (text.includes('$') || text.includes('SHA}'))
      for (const match of text.matchAll(PASSWORD_HASH))
        if (/\d/.test(match[0].slice(4)))
          hits.push({
            start: match.index,
            end: match.index + match[0].length,
            type: 'SECRET',
            score: 0.75,
            subtype: 'password-hash',
          });
    return hits;
  },
};

/** Rows of the table by the first two characters of their keyword; a keyword of one character stands with every second. */
const BY_PAIR: (number[] | undefined)[] = [];
for (const [n, { keyword }] of COMPILED.entries())
  for (let second = 0; second < 128; second++)
    if (keyword.length === 1 || keyword.charCodeAt(1) === second) {
      const pair = keyword.charCodeAt(0) * 128 + second;
      const rows = BY_PAIR[pair] ?? [];
      BY_PAIR[pair] = rows;
      rows.push(n);
    }
const HAS_PAIR = new Uint8Array(128 * 128);
BY_PAIR.forEach((_, pair) => {
  HAS_PAIR[pair] = 1;
});

/** In the order of the table, so that the first row names a key that several fit. */
function keysIn(text: string, from: number, to: number): Hit[] {
  let found: { row: number; hit: Hit }[] | undefined;
  let code = text.charCodeAt(from);
  for (let at = from; at < to; at++) {
    const next = at + 1 < to ? text.charCodeAt(at + 1) : 0;
    const pair = code < 128 && next < 128 ? code * 128 + next : -1;
    code = next;
    if (pair < 0 || HAS_PAIR[pair] === 0) continue;
    for (const row of BY_PAIR[pair]!) {
      const rule = COMPILED[row]!;
      if (at + rule.keyword.length > to || !text.startsWith(rule.keyword, at)) continue;
      if (found?.some((one) => one.row === row && one.hit.end > at)) continue;
      const hit = matchAt(text, at, rule);
      if (hit === undefined) continue;
      found ??= [];
      found.push({ row, hit });
    }
  }
  return found === undefined ? [] : found.sort((a, b) => a.row - b.row).map(({ hit }) => hit);
}

function matchAt(text: string, at: number, rule: (typeof COMPILED)[number]): Hit | undefined {
  rule.regex.lastIndex = Math.max(0, at - (rule.before ?? 0));
  const window = rule.before === undefined ? text : text.slice(0, at + rule.keyword.length + 400);
  const match = rule.regex.exec(window);
  if (match === null || match.index > at || match.index + match[0].length < at) return undefined;
  if (rule.near !== undefined && !rule.near.test(text.slice(Math.max(0, match.index - 60), match.index)))
    return undefined;
  if (!isRandomEnough(match[0], rule.minBits ?? DEFAULT_BITS) || /EXAMPLE$/.test(match[0])) return undefined;
  if (rule.id === 'gcp-api-key' && isPublicKey(match[0])) return undefined;
  if ((rule.minBits ?? 0) >= 3.5 && isTypedOut(match[0])) return undefined;
  if (rule.id === 'vault-service-old' && !/(?=.*\d)(?=.*[A-Z])/.test(match[0])) return undefined;
  return { start: match.index, end: match.index + match[0].length, type: 'SECRET', score: 0.95, subtype: rule.id };
}

/** Three parts of which the first is the JSON of a header. */
function isJwt(token: string): boolean {
  const header = textOf(fromBase64(token.slice(0, token.indexOf('.'))));
  return header !== undefined && /^\s*\{.*"(?:alg|typ|enc|kid)"/s.test(header);
}
