/** Mailboxes. Generic local parts in reserved domains are documentation and stay. */

import { hasContext } from '../context.ts';
import { hasAny, maskOf } from '../traits.ts';
import { AGAINST, CONTEXT, clip, type Hit, type Rule } from './rule.ts';

const LOCAL_CHAR = /[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]/u;
const LOCAL_START = /[\p{L}\p{N}_+]/u;
const DOMAIN = /(?:xn--)?[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,62})(?:\.[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,62})){0,8}/uy;
const IP_DOMAIN = /\[\d{1,3}(?:\.\d{1,3}){3}\]/y;
const TOP = /\.(?:xn--[a-z0-9-]{2,59}|\p{L}{2,24})$/u;
const MAX_LOCAL = 64;

const RESERVED = /(?:^|\.)(?:example\.(?:com|org|net|edu)|example|test|invalid|localhost|localdomain)$/i;
const GENERIC =
  /^(?:user(?:name)?|you(?:r|rname|remail|r[._-]?(?:name|email))?|name|foo|bar|baz|test(?:er|user|ing)?|email|e?mail|someone|somebody|anyone|nobody|no-?reply|do-?not-?reply|me|my[._-]?(?:name|email)|a|b|c|x|y|z|abc|demo|sample|example|first[._-]?(?:name)?[._-]?last(?:[._-]?name)?|firstname|lastname|user[._-]?\d{1,3}|test[._-]?\d{1,3}|foo[._-]?bar|placeholder)$/i;
/** `git@github.com:org/repo`, `user@sha256:…`, `file@2x.png`, `pkg@1.2.3`: no mailboxes. */
const FILE_TOP =
  /\.(?:png|jpe?g|gif|svg|webp|css|js|ts|tsx|jsx|mjs|json|ya?ml|md|html?|py|go|rs|lock|map|scss|less|ico|woff2?)$/i;
const SERVICE = /^(?:git|hg|svn)$/i;
const WORDS = /\b(?:e-?mails?|mail(?:box|to)?|correo|courriel|posta|contact|reply|cc|bcc|from|to)\b/i;

const AT = maskOf('@');

export const emailRule: Rule = {
  detector: 'rule:email@1',
  needs: (traits) => hasAny(traits, AT),
  find(input) {
    const { text } = input;
    const hits: Hit[] = [];
    let last = 0;
    for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      const end = endOfDomain(text, at + 1);
      if (end < 0) continue;
      const start = startOfLocal(text, at, last);
      if (start === at) continue;
      const local = text.slice(start, at);
      const domain = text.slice(at + 1, end);
      if (SERVICE.test(local) && text[end] === ':') continue;
      let score = 0.7;
      if (hasContext(input, start, end, WORDS)) score += CONTEXT;
      if (FILE_TOP.test(domain) || /^\d/.test(domain.slice(domain.lastIndexOf('.') + 1))) score -= AGAINST;
      else if (RESERVED.test(domain) && GENERIC.test(local)) score = 0;
      if (score > 0) hits.push({ start, end, type: 'EMAIL', score: clip(score) });
      last = end;
    }
    return hits;
  },
};

/** The longest domain at `at` that ends in a top level of letters; -1 when there is none. */
function endOfDomain(text: string, at: number): number {
  IP_DOMAIN.lastIndex = at;
  if (IP_DOMAIN.test(text)) return IP_DOMAIN.lastIndex;
  DOMAIN.lastIndex = at;
  const match = DOMAIN.exec(text);
  if (match === null) return -1;
  let domain = match[0].replace(/[-.]+$/, '');
  // digits may follow a domain without a blank ("acme.com123-45-6789"): the top level is letters only
  while (domain !== '' && !TOP.test(domain)) {
    const glued = /\.(\p{L}{2,24})[\d-][\p{L}\p{N}-]*$/u.exec(domain);
    if (glued !== null && !glued[0].startsWith('.xn--')) return at + glued.index + 1 + glued[1]!.length;
    const dot = domain.lastIndexOf('.');
    if (dot < 0) return domain.toLowerCase() === 'localhost' ? at + domain.length : -1;
    domain = domain.slice(0, dot);
  }
  return domain === '' ? -1 : at + domain.length;
}

/** Start of the local part before the `@` at `at`, not before `from`. */
function startOfLocal(text: string, at: number, from: number): number {
  let start = at;
  while (start > from && at - start < MAX_LOCAL && LOCAL_CHAR.test(text[start - 1]!)) start--;
  if (text[at - 1] === '"') {
    const quoted = text.slice(Math.max(from, at - MAX_LOCAL), at - 1);
    const quote = quoted.lastIndexOf('"');
    if (quote >= 0 && quote < quoted.length - 1 && !quoted.slice(quote).includes('\n'))
      return at - 1 - quoted.length + quote;
  }
  // marks that surround an address in prose and code are no part of it
  const local = text.slice(start, at);
  const cut = Math.max(
    local.lastIndexOf('='),
    local.lastIndexOf('?'),
    local.lastIndexOf('&'),
    local.lastIndexOf('/'),
    local.lastIndexOf('`'),
    local.lastIndexOf('{'),
    local.lastIndexOf('|'),
  );
  start += cut + 1;
  if (text[start] === "'" && text.indexOf("'", at) > 0) start++;
  while (start < at && !LOCAL_START.test(text[start]!)) start++;
  return text[at - 1] === '.' ? at : start;
}
