/** Coordinates as decimal pairs, degrees and minutes, plus codes, three words. Single numbers: see `path-rules`. */

import { hasContext } from '../context.ts';
import { TRIGGER } from '../triggers.ts';
import { CONTEXT, clip, type Hit, type Rule } from './rule.ts';

const PAIR =
  /(?<![\w.,-])[(]?([-+]?\d{1,2}\.\d{3,15})°?\s?[NS]?\s?[,;/ ]\s{0,2}([-+]?\d{1,3}\.\d{3,15})°?\s?(?:[EW](?![a-z]))?(?![\w.]|,\d)/g;
const LABELLED = /\b(?:lat(?:itude)?|lng|lon(?:g(?:itude)?)?)["']?\s{0,3}[:=]\s{0,3}["']?([-+]?\d{1,3}\.\d{2,15})/gi;
const DEGREES =
  /(?<![\w.])\d{1,3} ?°(?: ?\d{1,2}(?:\.\d+)? ?['′’])?(?: ?\d{1,2}(?:\.\d+)? ?(?:"|″|”|''))? ?[NSEWO](?:[,; ]{0,3}\d{1,3} ?°(?: ?\d{1,2}(?:\.\d+)? ?['′’])?(?: ?\d{1,2}(?:\.\d+)? ?(?:"|″|”|''))? ?[NSEWO])?(?![\p{L}])/gu;
const PLUS_CODE = /(?<![\w+])[23456789CFGHJMPQRV][23456789CFGHJMPQRVWX]{3,7}\+[23456789CFGHJMPQRVWX]{2,3}(?![\w+])/g;
const THREE_WORDS = /(?<![\w/])\/\/\/[a-z]{3,20}\.[a-z]{3,20}\.[a-z]{3,20}(?![\w.])/g;
const GEOHASH = /\bgeo ?hash\b["']?[ \t]{0,3}(?:is|=|:)?[ \t"']{0,3}([0-9b-hjkmnp-z]{6,12})(?![\w])/gi;
const WORDS =
  /\b(?:gps|geo\w*|lat(?:itude)?|lon(?:gitude)?|lng|coord\w*|location|position|map|maps|pin|standort|ubicación)\b|[?&@!]$/i;

export const geoRule: Rule = {
  detector: 'rule:geo@1',
  triggers: TRIGGER.SEPARATED | TRIGGER.GEO | TRIGGER.PLACE_CODE | TRIGGER.NON_ASCII,
  needs: (traits) => traits.digits >= 4 || traits.text.includes('///'),
  find(input) {
    const { text } = input;
    const hits: Hit[] = [];
    const add = (start: number, end: number, score: number) =>
      hits.push({ start, end, type: 'GEO', score: clip(score) });
    for (const match of text.matchAll(PAIR)) {
      const [whole, lat, lon] = match;
      if (Math.abs(Number(lat)) > 90 || Math.abs(Number(lon)) > 180) continue;
      const isNamed = hasContext(input, match.index, match.index + whole.length, WORDS);
      const decimals = Math.min(lat!.split('.')[1]!.length, lon!.split('.')[1]!.length);
      const score =
        (decimals >= 4 ? 0.5 : 0.3) + (isNamed ? CONTEXT + 0.1 : 0) + (whole.includes(',') && decimals >= 4 ? 0.1 : 0);
      const lead = whole.startsWith('(') ? 1 : 0;
      add(match.index + lead, match.index + whole.trimEnd().length, score);
    }
    for (const match of text.matchAll(LABELLED)) {
      const end = match.index + match[0].length;
      if (Math.abs(Number(match[1])) <= 180) add(end - match[1]!.length, end, 0.7);
    }
    if (text.includes('°'))
      for (const match of text.matchAll(DEGREES))
        if (/[′'’"″”]|[NSEW].*[NSEW]/.test(match[0])) add(match.index, match.index + match[0].length, 0.7);
    if (text.includes('+'))
      for (const match of text.matchAll(PLUS_CODE)) {
        const isLong = match[0].indexOf('+') === 8;
        const isNamed = hasContext(
          input,
          match.index,
          match.index + match[0].length,
          /\b(?:plus ?code|location|address|open location|map)\b/i,
        );
        if (/[A-Z]/.test(match[0]) && (isLong || isNamed)) add(match.index, match.index + match[0].length, 0.65);
      }
    if (text.includes('///'))
      for (const match of text.matchAll(THREE_WORDS)) add(match.index, match.index + match[0].length, 0.65);
    for (const match of text.matchAll(GEOHASH)) {
      const end = match.index + match[0].length;
      if (/\d/.test(match[1]!)) add(end - match[1]!.length, end, 0.7);
    }
    return hits;
  },
};
