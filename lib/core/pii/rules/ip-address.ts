/** IPv4 and IPv6 addresses of hosts. Loopback, unspecified, netmasks and whole networks say nothing about anyone. */

import { before } from '../context.ts';
import { hasAny, maskOf } from '../traits.ts';
import { TRIGGER } from '../triggers.ts';
import type { Hit, Rule } from './rule.ts';

const V4 = /(?<![\w.-]|\d,)(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?(?![\w]|\.\d|-\d)/g;
const V6 =
  /(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:\.\d{1,3}){0,3}(?:%[a-z0-9]{1,12})?(?:\/\d{1,3})?(?![\w:])/gi;
const VERSION = /(?:\bv|\bver\.?|\bversions?|\brelease|\bbuild|[a-z]\/|chrome\/)[ :=]{0,2}$/i;

const DOT = maskOf('.');
const COLON = maskOf(':');

export const ipAddressRule: Rule = {
  detector: 'rule:ip@1',
  triggers: TRIGGER.DOTS | TRIGGER.COLONS,
  needs: (traits) => (traits.digits >= 4 && hasAny(traits, DOT)) || (traits.digits >= 1 && hasAny(traits, COLON)),
  find(input) {
    const { text } = input;
    const hits: Hit[] = [];
    for (const match of text.matchAll(V4)) {
      if (!isHostV4(match[0])) continue;
      if (VERSION.test(before(input, match.index, 12)) && !/\/\/$/.test(before(input, match.index, 2))) continue;
      hits.push({ start: match.index, end: match.index + match[0].length, type: 'IP', score: 0.75 });
    }
    if (text.includes(':'))
      for (const match of text.matchAll(V6)) {
        const address = match[0].replace(/:$/, (end) => (match[0].endsWith('::') ? end : ''));
        if (isHostV6(address))
          hits.push({ start: match.index, end: match.index + address.length, type: 'IP', score: 0.75 });
      }
    return hits;
  },
};

function isHostV4(text: string): boolean {
  const [address, prefix] = text.split('/');
  const octets = address!.split('.').map(Number);
  if (
    octets.some(
      (octet, i) => octet > 255 || (address!.split('.')[i]!.length > 1 && address!.split('.')[i]!.startsWith('0')),
    )
  )
    return false;
  const [a, b, c, d] = octets as [number, number, number, number];
  if (a === 127 || a === 0 || (a === 255 && b === 255)) return false;
  if (prefix === undefined) return true;
  const bits = Number(prefix);
  const host = ((a << 24) | (b << 16) | (c << 8) | d) & (bits >= 32 ? 0 : 0xffffffff >>> bits);
  return bits >= 32 || host !== 0;
}

function isHostV6(text: string): boolean {
  const [whole, prefix] = text.split('/');
  const address = whole!.split('%')[0]!;
  const parts = address.split('::');
  if (parts.length > 2) return false;
  const groups = parts.flatMap((part) => (part === '' ? [] : part.split(':')));
  if (
    groups.some(
      (group) => group === '' || (!/^[0-9a-f]{1,4}$/i.test(group) && !/^\d{1,3}(?:\.\d{1,3}){3}$/.test(group)),
    )
  )
    return false;
  const size = groups.length + (groups.at(-1)?.includes('.') ? 1 : 0);
  if (parts.length === 1 ? size !== 8 : size > 7 || size < 2) return false;
  // `ab::cd` is a name in C++ or Rust: an address shows a digit and, when short, starts like one in use
  if (
    parts.length === 2 &&
    (!/\d/.test(address) || (size < 3 && !/^(?:2[0-9a-f]{3}|f[cde][0-9a-f]{2}|ff0[0-9a-f])/i.test(address)))
  )
    return false;
  if (/^(?:0+:)*(?:0*)$/.test(address) || /^[:0]*1$/.test(address)) return false;
  return prefix === undefined || Number(prefix) >= 127 || !address.endsWith('::');
}
