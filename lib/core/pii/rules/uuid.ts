/** UUIDs, object ids and the like where words say that they stand for a person or a device; else they are machine ids. */

import { distanceBefore, hasContext } from '../context.ts';
import { hasAny, maskOf } from '../traits.ts';
import { TRIGGER } from '../triggers.ts';
import { CONTEXT, type Hit, type Rule } from './rule.ts';

const UUID = /(?<![0-9a-f-])[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-f-])/gi;
/** `cus_…`, `user_…`, `usr-…`: vendors' ids of people. */
const PERSON_ID =
  /(?<![\w])(?:cus|acct|usr|user|uid|mem|member|emp|employee|patient|cust|customer|sub|client|auth0\||google-oauth2\||contact|person|lead)[_|-](?=[A-Za-z0-9-]*\d)[A-Za-z0-9-]{6,40}(?![\w])/g;
const PERSON =
  /\b(?:users?|customers?|members?|clients?|accounts?|employees?|patients?|subscribers?|persons?|people|profiles?|uid|owners?|sub|subject|contacts?|enduser|end user|author|actor|principal|student|tenant|visitor|anonymous|distinct|recipient|sender|payer)\b/gi;
const DEVICE =
  /\b(?:devices?|udid|idfa|gaid|aaid|advertising|install(?:ation)?|browser|cookie|client id|machine id|push|fingerprint)\b/gi;
const MACHINE =
  /\b(?:traces?|spans?|requests?|runs?|messages?|msg|events?|correlation|build|commit|sha\d*|hash|digest|checksum|etag|session|thread|job|task|tool|call|document|doc|file|image|chunk|version|release|model|node|pod|container|transaction|revision|parent|batch|index|experiment|dataset|sample)\b/gi;

const JOINERS = maskOf('-_|');

export const uuidRule: Rule = {
  detector: 'rule:uuid@1',
  triggers: TRIGGER.LONG32 | TRIGGER.PERSON_ID,
  needs: (traits) => traits.longest >= 9 && traits.digits >= 1 && (hasAny(traits, JOINERS) || traits.longest >= 32),
  find(input) {
    const hits: Hit[] = [];
    for (const match of input.text.matchAll(UUID)) {
      if (
        !match[0].includes('-') &&
        match[0].length === 32 &&
        !/\b(?:user|customer|member|account|device)\b/.test(input.key)
      )
        continue;
      const end = match.index + match[0].length;
      const person = distanceBefore(input, match.index, PERSON);
      const device = distanceBefore(input, match.index, DEVICE);
      const machine = distanceBefore(input, match.index, MACHINE);
      const nearest = Math.min(person, device);
      if (nearest === Number.POSITIVE_INFINITY || machine < nearest || /^([0-])\1*$/.test(match[0].replace(/-/g, '')))
        continue;
      hits.push({
        start: match.index,
        end,
        type: device < person ? 'DEVICE_ID' : 'ACCOUNT_ID',
        score: nearest <= 20 ? 0.75 : 0.6,
        subtype: 'uuid',
      });
    }
    for (const match of input.text.matchAll(PERSON_ID)) {
      const end = match.index + match[0].length;
      const isNamed = hasContext(
        input,
        match.index,
        end,
        /\b(?:user|customer|account|member|employee|patient|contact|id)\b/i,
      );
      hits.push({
        start: match.index,
        end,
        type: 'ACCOUNT_ID',
        score: 0.45 + (isNamed ? CONTEXT : 0),
        subtype: 'vendor-id',
      });
    }
    return hits;
  },
};
