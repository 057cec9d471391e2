/** Secrets as people say them: "the wifi password is …", one-time codes, PINs, keys shown in part. */

import type { Hit, Rule } from '../rules/rule.ts';
import { TRIGGER } from '../triggers.ts';
import { isPlaceholderValue } from './placeholder-value.ts';

const KEYWORDS =
  /pass|pwd|pw\b|kennwort|contrase|senha|mot de|wachtwoord|code|código|pin\b|otp|\btan\b|2fa|mfa|wi-?fi|secret|\.{3}|…|\*{3}|•{3}/;
const SAID =
  /\b(?:pass ?word|pass ?phrase|passcode|pwd|pw|passwort|kennwort|mot de passe|contraseña|senha|wachtwoord|password for \w+|wifi key|wi-?fi code|door code|gate code|alarm code|secret (?:word|answer))(?: (?:for|to|of|on) [\w .'’-]{1,30}?)?[ \t]{1,2}(?:is|was|ist|lautet|est|es|é|should be|to be|set to|reset to|changed to|became)[ \t]{0,2}:?[ \t]{0,2}["'“”‘’`]?([^\n"“”`\ue000]{3,60})/giu;
const SAID_SHORT =
  /\b(?:pass ?word|passwort|kennwort|contraseña|senha|pw|pwd|passcode|passphrase)[ \t]{0,2}(?::|=|->|–|-)[ \t]{1,2}["'“”‘’`]?([^\s"“”`\ue000]{4,60})/giu;
const NOT_SAID =
  /^(?:not|no|in|on|at|too|a|an|the|my|your|our|his|her|their|its?|to|for|from|of|or|and|so|very|also|never|always|only|still|being|been|now|just|either|both|required|requires?|incorrect|wrong|invalid|expired|missing|empty|correct|same|different|stored|saved|hashed|salted|encrypted|protected|case|used|needed|sent|reset|set|managed|generated|weak|strong|changed|valid|secure|safe|unsafe|ok|okay|fine|good|bad|what|where|how|why|that|this|these|those|there|here|longer|shorter|at least|probably|likely|maybe|usually|typically|generally|currently|already|about|between|longest|known|unknown|available|optional|mandatory|asked|entered|typed|provided|given|shown|displayed|hidden|visible|blank|null|undefined|working|compromised|leaked|exposed|secret|confidential|private|important|essential|one|something|anything|nothing|everything|when|if|because|since|by|with|without|as|like|less|more|under|over|above|below|case-sensitive|ready|done|updated|accepted|rejected|denied|limited|checked|verified|validated|compared|passed|transmitted|returned|kept|handled|nicht|falsch|ungültig|zu|noch|ein|eine|der|die|das)(?![\p{L}\d-])/iu;

const CODE_WORD = String.raw`(?:(?:verification|security|confirmation|auth(?:entication|orization)?|access|login|log-?in|sign-?in|one-?time|sms|2fa|mfa|otp|pass|activation|unlock|reset|bestätigungs|sicherheits)[ -]?(?:code|pin|password|passcode)|your code|the code|code|otp|pin(?: (?:code|number))?|passcode|tan|einmalcode|2fa|mfa|code de (?:vérification|sécurité)|código(?: de (?:verificación|seguridad))?)`;
const CODE_SAID = new RegExp(
  String.raw`(?<![\p{L}\d_-])(${CODE_WORD})(?:[ \t]{1,2}(?:is|was|ist|lautet|est|es|é|to log in is)|[ \t]{0,2}[:=])[ \t]{0,2}:?["'“*]{0,3}((?:[A-Z]{1,2}-)?(?:\d{3}[ -]\d{3,4}|\d{4,8}|\d{2} \d{2} \d{2}|(?=[A-Z]{0,7}\d)[A-Z0-9]{6,8}))(?![\p{L}\d]|[.,]\d|[ -]?\d{3})`,
  'giu',
);
const CODE_BEFORE =
  /(?<![\d\p{L}.,-])((?:G-)?\d{3}[ -]?\d{3,5}|\d{4,8}) is (?:your|the|ihr|dein)[^.\n]{0,30}?(?:code|otp|pin|passcode|password)/giu;
const NO_CODE =
  /(?:error|status|exit|return|response|http|country|area|zip|post(?:al)?|source|promo|discount|coupon|voucher|gift|product|item|dial(?:ling)?|currency|language|color|colour|dress|char|key|reason|result|airport|iata|sort|swift|bar|qr|build|machine|op|event|nace|sic|hs|icd|cpt|tax)[ _-]?$/i;

const PARTLY =
  /(?<![\w-])(?:(?:sk|pk|rk|ghp|gho|ghs|xox[abp]|hf|gsk|api|key|tok|token|glpat|npm|pat|AKIA|ASIA|AIza|ya29|eyJ|whsec|shpat|SG|secret)[-_.]?[A-Za-z0-9_-]{0,24}(?:\.{3,}|…|\*{3,}|•{3,})[A-Za-z0-9]{2,12}|(?:sk|pk|rk|ghp|xox[abp]|hf|gsk|glpat)[-_][A-Za-z0-9-]{2,24}(?:\.{3,}|…|\*{3,}|•{3,}))(?![\w-])/g;

export const spokenSecretRule: Rule = {
  detector: 'secret:spoken@1',
  triggers: TRIGGER.SAID | TRIGGER.HIDDEN,
  needs: (traits) => KEYWORDS.test(traits.lower),
  find({ text }) {
    return [...said(text), ...codes(text), ...partlyShown(text)];
  },
};

function said(text: string): Hit[] {
  const hits: Hit[] = [];
  for (const match of text.matchAll(SAID)) {
    const value = secretIn(match[1]!);
    if (value === undefined) continue;
    const start = match.index + match[0].length - match[1]!.length;
    const isMixed = /[\d!@#$%^&*_+~-]/.test(value);
    hits.push({
      start,
      end: start + value.length,
      type: 'SECRET',
      score: isMixed ? 0.8 : 0.62,
      subtype: 'spoken-password',
    });
  }
  for (const match of text.matchAll(SAID_SHORT)) {
    const value = match[1]!.replace(/[.,;!?)\]'’]+$/, '');
    if (isPlaceholderValue(value) || NOT_SAID.test(value) || !/[\d!@#$%^&*_+~-]|[a-z][A-Z]/.test(value)) continue;
    const start = match.index + match[0].length - match[1]!.length;
    hits.push({ start, end: start + value.length, type: 'SECRET', score: 0.7, subtype: 'spoken-password' });
  }
  return hits;
}

/** The first word, and number words or symbols that still belong to it; undefined when the sentence says no password. */
function secretIn(rest: string): string | undefined {
  if (NOT_SAID.test(rest)) return undefined;
  const words =
    /^[^\s,;()<>[\]{}]+(?: (?:\d[^\s,;]*|(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?(?![\w-])|(?:all|in) (?:lower|upper|caps)\w*|dash|dot|underscore|hash|star|bang)){0,5}/i.exec(
      rest,
    );
  const value = words?.[0].replace(/[.,;:!?'’”]+$/, '');
  if (value === undefined || value.length < 3 || isPlaceholderValue(value)) return undefined;
  const isPlain = /^\p{Ll}+$/u.test(value);
  // a plain word counts when the sentence ends behind it
  return isPlain && !/^[\s]*(?:$|[.,;!?)]|and\b|but\b|thanks|thx)/.test(rest.slice(value.length)) ? undefined : value;
}

function codes(text: string): Hit[] {
  const hits: Hit[] = [];
  if (!/\d{2}/.test(text)) return hits;
  for (const match of text.matchAll(CODE_SAID)) {
    if (/^(?:the )?code$/i.test(match[1]!) && NO_CODE.test(text.slice(Math.max(0, match.index - 12), match.index)))
      continue;
    if (!/\d/.test(match[2]!) || /^(?:19|20)\d{2}$/.test(match[2]!)) continue;
    if (
      /^code$/i.test(match[1]!) &&
      /^\d{4}$|^[45]\d\d/.test(match[2]!) &&
      !/\byour\b|\benter\b/i.test(text.slice(Math.max(0, match.index - 40), match.index))
    )
      continue;
    const end = match.index + match[0].length;
    hits.push({ start: end - match[2]!.length, end, type: 'SECRET', score: 0.7, subtype: 'one-time-code' });
  }
  for (const match of text.matchAll(CODE_BEFORE))
    hits.push({
      start: match.index,
      end: match.index + match[1]!.length,
      type: 'SECRET',
      score: 0.75,
      subtype: 'one-time-code',
    });
  return hits;
}

function partlyShown(text: string): Hit[] {
  const hits: Hit[] = [];
  if (!/\.{3}|…|\*{3}|•{3}/.test(text)) return hits;
  for (const match of text.matchAll(PARTLY))
    if (/\d/.test(match[0]) || /^(?:sk|pk|rk|gh|xox|hf_|gsk|glpat)/.test(match[0]))
      hits.push({
        start: match.index,
        end: match.index + match[0].length,
        type: 'SECRET',
        score: 0.65,
        subtype: 'partly-shown',
      });
  return hits;
}
