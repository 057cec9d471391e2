/** Values given to names that say "secret": in code, settings, environment, flags, XML, headers of requests. */

import { entropyOf } from '../entropy.ts';
import type { Hit, Rule } from '../rules/rule.ts';
import { hasAny, maskOf } from '../traits.ts';
import { isPlaceholderValue, isTypedOut } from './placeholder-value.ts';

const PASSWORD =
  'passw(?:or)?d|passwd|pwd|passphrase|pass_?code|kennwort|passwort|contraseña|senha|mot_?de_?passe|wachtwoord|db_?pass|_pass|mysql_pwd';
const KEY = String.raw`secret|token|api[_ .-]?key|apikey|app[_-]?key|access[_-]?key|access[_-]?id|private[_-]?key|signing[_-]?key|encryption[_-]?key|master[_-]?key|account[_-]?key|storage[_-]?key|service[_-]?key|auth[_-]?key|shared[_-]?key|license[_-]?key|consumer[_-]?key|session[_-]?key|webhook[_-]?url|credentials?|client[_-]?srt|auth|bearer|dsn|salt|hmac|jwt|connection[_-]?string|sessionid|session_?id|csrf|cookie|sid`;
const OPERATOR = String.raw`["'\]]{0,2}[ \t]{0,16}(?:=>|:=|\?=|\|\|=|:(?!:)|={1,3}|<-|->|,(?=[ \t]{0,2}["']))[ \t]{0,8}`;
/** Quoted (group 3 of `ASSIGNMENT` is the quote) or bare. */
const VALUE = String.raw`(?:(?:[bru]|\$|@|\\)?(["'${'`'}])([^"'${'`'}\r\n\ue000]{3,1000})\3?|([^\s"'${'`'},;<>(){}\[\]\\|&\ue000]{4,1000}))`;

const ASSIGNMENT = new RegExp(String.raw`(${PASSWORD}|${KEY})([A-Za-z0-9_.-]{0,24})${OPERATOR}${VALUE}`, 'gi');
const FLAG =
  /(?:^|\s)--?(?:[a-z]+[-_]?)?(password|passwd|pass|secret|token|api[-_]?key|clientsecret|accesskey|auth-?token)[ \t]+["']?([^\s"'`<>|;&\ue000-][^\s"'`<>|;&\ue000]{4,300})/gi;
const XML =
  /<([\w:.-]{0,40}(?:password|passwd|secret|token|apikey|api-key|accesskey)[\w:.-]{0,20})(?:\s[^<>]{0,80})?>\s{0,3}([^<>\s]{4,500})\s{0,3}<\//gi;
/** A vendor's name as the variable, and a long random value. */
const VENDOR =
  /\b(?:sourcegraph|sumo(?:logic)?|datadog|dd|algolia|fastly|snyk|travis|circleci|heroku|okta|auth0|zendesk|mailgun|mailchimp|sendgrid|twilio|plaid|stripe|square|adafruit|beamer|bittrex|codecov|coinbase|droneci|etsy|finnhub|freshbooks|gitter|hubspot|intercom|jfrog|kraken|kucoin|launchdarkly|linkedin|lob|mapbox|mattermost|netlify|nytimes|new_?relic|privateai|rapidapi|sendbird|sentry|sidekiq|sonar(?:qube)?|squarespace|trello|twitch|twitter|yandex|cohere|mistral|deepgram|assemblyai|openweather|azure|cloudflare|digitalocean|jira|confluence|atlassian|asana|airtable|contentful|discord|dropbox|facebook|figma|flickr|clickhouse|webex|zoom)(?:[_.-][\w.-]{0,24})?["']?[ \t]{0,4}(?::=|=>|=|:)[ \t]{0,4}["']?([A-Za-z0-9+/_-]{20,120}={0,2})(?![\w+/-])/gi;

/** Names that hold one of the words and are no secrets. */
const HARMLESS_TAIL =
  /^(?:s?[-_.]?(?:count|limit|usage|length|len|size|type|name|names|id|ids|url|uri|file|path|field|policy|expir\w*|ttl|hash_?type|index|idx|prompt|reset|manager|provider|store|version|ref|arn|format|label|hint|rotation|required|strength|min|max|regex|pattern|class|color|created|updated|at|in|enabled|valid\w*|verified|status|header|param\w*|method|mode|source|endpoint|scope|level|state|owner|group|env|var|key_?name|title|message|error|text|description|placeholder|probability|logprobs?|izer\w*|ize\w*|ization\w*|entication|enticated|or|ors|ority|orized|orization_url|orize\w*))(?![a-z])/i;
const KEY_NAME = new RegExp(`^(?:${KEY})$`, 'i');

const NAMES =
  /pass|pwd|kennwort|contrase|senha|mot_?de|wachtwoord|secret|token|key|cred|auth|bearer|dsn|salt|hmac|jwt|connection|session|csrf|cookie|sid|webhook|srt|access/;
const SIGNS = maskOf('=:<-"\'');

export const assignmentRule: Rule = {
  detector: 'secret:assignment@1',
  needs: (traits) => hasAny(traits, SIGNS) && (traits.longest >= 20 || NAMES.test(traits.lower)),
  find({ text, traits }) {
    const hits: Hit[] = [];
    const isNamed = NAMES.test(traits.lower);
    for (const match of isNamed ? text.matchAll(ASSIGNMENT) : []) {
      const [whole, name, tail, , quoted, bare] = match;
      if (HARMLESS_TAIL.test(tail!) || isInsideWord(text, match.index, name!)) continue;
      const raw = quoted ?? bare!.replace(/[.,;:!?]+$/, '');
      const start = match.index + whole.indexOf(quoted ?? bare!, whole.length - (quoted ?? bare!).length - 2);
      const isKey = KEY_NAME.test(name!);
      const score = isKey
        ? keyScore(raw, quoted !== undefined, name!)
        : passwordScore(raw, quoted !== undefined, text, match.index, name!);
      if (score > 0)
        hits.push({
          start,
          end: start + raw.length,
          type: 'SECRET',
          score,
          subtype: isKey ? 'assigned-key' : 'assigned-password',
        });
    }
    for (const match of isNamed ? text.matchAll(FLAG) : [])
      push(
        match,
        match[2]!,
        /pass/i.test(match[1]!)
          ? passwordScore(match[2]!, false, text, match.index, 'FLAG')
          : keyScore(match[2]!, false, match[1]!),
        'flag',
      );
    if (isNamed && text.includes('</'))
      for (const match of text.matchAll(XML))
        push(
          match,
          match[2]!,
          /pass/i.test(match[1]!)
            ? passwordScore(match[2]!, true, text, match.index, 'XML')
            : keyScore(match[2]!, true, match[1]!),
          'element',
        );
    for (const match of traits.longest >= 20 && traits.digits > 0 ? text.matchAll(VENDOR) : [])
      if (entropyOf(match[1]!) >= 3.3 && /\d/.test(match[1]!))
        push(match, match[1]!, keyScore(match[1]!, true, 'vendor'), 'vendor-key');
    return hits;

    function push(match: RegExpMatchArray, value: string, score: number, subtype: string): void {
      const start = match.index! + match[0].lastIndexOf(value);
      if (score > 0) hits.push({ start, end: start + value.length, type: 'SECRET', score, subtype });
    }
  },
};

/** 'author: x' holds 'auth', 'inside' holds 'sid': short words must stand alone or start a part of a name. */
function isInsideWord(text: string, at: number, name: string): boolean {
  if (!/^(?:auth|sid|salt|dsn|pwd|jwt|hmac|csrf|cookie|bearer|token|secret)$/i.test(name)) return false;
  const previous = text[at - 1] ?? ' ';
  return /[a-z]/.test(previous) && /[a-z]/.test(text[at]!);
}

function passwordScore(value: string, isQuoted: boolean, text: string, at: number, name: string): number {
  if (value.length < 4 || isPlaceholderValue(value) || isCode(value) || / .* .* /.test(value)) return 0;
  if (/pass|pwd|secret/i.test(value) && /^[a-z_.-]+$/i.test(value) && (!isQuoted || /[_.]|[a-z][A-Z]/.test(value)))
    return 0;
  const isSetting =
    name === 'FLAG' ||
    name === 'XML' ||
    /^[A-Z_]+$/.test(text.slice(at, at + name.length)) ||
    /[\d!@#$%^&*+?~-]/.test(value);
  if (isQuoted) return / /.test(value) ? 0.45 : 0.75;
  if (isSetting) return 0.75;
  return /^[A-Z]?[a-z]+$/.test(value) ? 0.35 : 0.6;
}

function keyScore(value: string, isQuoted: boolean, name: string): number {
  if (value.length < 8 || /\s/.test(value) || isPlaceholderValue(value) || isCode(value)) return 0;
  if (isTypedOut(value)) return 0;
  const bits = entropyOf(value);
  const hasDigit = /\d/.test(value);
  const isMixed = /[a-z]/.test(value) && /[A-Z]/.test(value);
  if (
    /^(?:auth|sid|salt|dsn|cookie|session_?id|sessionid|credentials?)$/i.test(name) &&
    (value.length < 12 || !hasDigit)
  )
    return 0;
  if (/access[_-]?id/i.test(name) ? value.length < 12 : value.length < 10) return 0;
  if (/^[\w-]+(?:\.[a-z]+)+$/i.test(value) && !hasDigit) return 0;
  if (hasDigit && bits >= 3) return value.length >= 12 ? 0.8 : /secret/i.test(name) || isQuoted ? 0.65 : 0.4;
  if (isMixed && bits >= 3.5 && value.length >= 20 && isQuoted) return 0.7;
  if (/secret/i.test(name) && isQuoted && /[^\w.-]/.test(value)) return 0.65;
  return value.length >= 24 && bits >= 3.8 && isMixed ? 0.6 : 0;
}

/** Calls, member access, types, paths, snake and camel names without a digit. */
function isCode(value: string): boolean {
  return (
    (/[()]|::|->|\[|\]$|^[A-Za-z_$][\w$]*\.[A-Za-z_$]/.test(value) && !/[!@#%^&*+~]/.test(value)) ||
    /^[a-z]+(?:[_-][a-z]+){1,8}$/.test(value) ||
    /^[a-z]+(?:[A-Z][a-z]+){1,8}$/.test(value) ||
    /^[A-Z]+(?:_[A-Z]+){1,8}$/.test(value) ||
    /^(?:[A-Z][a-z]+){2,8}$/.test(value) ||
    /^\.{0,2}\/[\w./-]+$/.test(value) ||
    /^[a-z]{4,}:\/\//.test(value)
  );
}
