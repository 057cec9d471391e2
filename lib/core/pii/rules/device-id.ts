/** MAC addresses, IMEI and SIM numbers, names of someone's machine. Serial numbers stand in `labelled-number`. */

import { hasContext, type RuleText } from '../context.ts';
import { hasAny, maskOf } from '../traits.ts';
import { TRIGGER } from '../triggers.ts';
import { isLuhn } from './checksums.ts';
import { CHECKED, CONTEXT, type Hit, type Rule } from './rule.ts';

const MAC =
  /(?<![0-9a-f:.-])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})(?![0-9a-f:]|[.-][0-9a-f])/gi;
const IMEI = /(?<![\d.-])(?:\d{15}|\d{2}-\d{6}-\d{6}-\d|\d{6} \d{2} \d{6} \d)(?![\d.-])/g;
const IMEI_WORDS = /\bimei(?:sv)?\b/i;
const SIM = /\b(?:iccid|imsi|sim(?: card)?(?: (?:number|no\.?|id))?)\b[ \t:=#"']{0,5}(\d{14,20})(?!\d)/gi;
/** `maras-macbook.local`, `Mara's iPhone`, `mquist-laptop`. */
const MACHINE =
  /(?<![\w-])(?:[\p{L}\d]{2,30}['’]?s?[- _](?:macbook(?:[- _]?(?:pro|air))?|imac|iphone|ipad|mbp|mac-?mini|laptop|thinkpad|galaxy|pixel)(?:[-_.][\w.-]{1,30})?|[\p{L}][\p{L}\d]{1,30}-[\p{L}\d-]{1,30}\.local)(?![\w-])/giu;
const NOT_OWNERS =
  /^(?:the|a|an|my|your|his|her|our|their|this|that|new|old|apple|google|samsung|work|dell|lenovo|gaming|any|each|every|or|and|for|with|on|of|in|company|first|service|cluster|svc|settings|docker|env|config|localhost)[- _.'’]/i;

const SEPARATORS = maskOf(':-.');
const MACHINES = /macbook|imac|iphone|ipad|mbp|mac-?mini|laptop|thinkpad|galaxy|pixel|\.local/;

export const deviceIdRule: Rule = {
  detector: 'rule:device-id@1',
  triggers: TRIGGER.COLONS | TRIGGER.HEX_PAIRS | TRIGGER.DEVICE,
  isKeyed: true,
  needs: (traits) =>
    (traits.digits >= 1 && hasAny(traits, SEPARATORS)) || traits.digits >= 14 || MACHINES.test(traits.lower),
  find(input) {
    return [...macs(input), ...imeis(input), ...machines(input)];
  },
};

function macs(input: RuleText): Hit[] {
  const hits: Hit[] = [];
  for (const match of input.text.matchAll(MAC)) {
    const hex = match[0].replace(/[^0-9a-f]/gi, '');
    if (/^(.)\1*$/.test(hex)) continue;
    const isDotted = match[0].includes('.');
    const isNamed = hasContext(
      input,
      match.index,
      match.index + match[0].length,
      /\b(?:mac|ether|hwaddr|bssid|wlan|wifi|lladdr|bluetooth)\b/i,
    );
    const score = (isDotted ? 0.3 : 0.7) + (isNamed ? 0.3 : 0);
    if (!/^\d{4}\.\d{4}\.\d{4}$/.test(match[0]) || isNamed)
      hits.push({ start: match.index, end: match.index + match[0].length, type: 'DEVICE_ID', score, subtype: 'mac' });
  }
  return hits;
}

function imeis(input: RuleText): Hit[] {
  const hits: Hit[] = [];
  if (IMEI_WORDS.test(input.text) || IMEI_WORDS.test(input.key))
    for (const match of input.text.matchAll(IMEI)) {
      const end = match.index + match[0].length;
      if (hasContext(input, match.index, end, IMEI_WORDS))
        hits.push({
          start: match.index,
          end,
          type: 'DEVICE_ID',
          score: 0.4 + CONTEXT + (isLuhn(match[0].replace(/\D/g, '')) ? CHECKED : 0),
          subtype: 'imei',
        });
    }
  for (const match of input.text.matchAll(SIM)) {
    const end = match.index + match[0].length;
    hits.push({ start: end - match[1]!.length, end, type: 'DEVICE_ID', score: 0.8, subtype: 'sim' });
  }
  return hits;
}

function machines(input: RuleText): Hit[] {
  const hits: Hit[] = [];
  if (!MACHINES.test(input.traits.lower)) return hits;
  for (const match of input.text.matchAll(MACHINE)) {
    if (NOT_OWNERS.test(match[0])) continue;
    const isHost = /\.local$|['’]s |s[-_]|^\w+[-_]\w/i.test(match[0]);
    if (isHost)
      hits.push({
        start: match.index,
        end: match.index + match[0].length,
        type: 'DEVICE_ID',
        score: 0.65,
        subtype: 'machine',
      });
  }
  return hits;
}
