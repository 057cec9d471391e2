/** Secrets that a place makes plain: headers, links with a password, PEM blocks, dot files, commands, Kubernetes data. */

import type { Hit, Rule } from '../rules/rule.ts';
import { hasAny, maskOf } from '../traits.ts';
import { fromBase64, textOf } from '../views/bytes.ts';
import { isPlaceholderValue } from './placeholder-value.ts';

const AUTHORIZATION =
  /\b(?:proxy-)?authorization["'\\]{0,2}[ \t]{0,3}[:=,][ \t]{0,3}["'`\\]{0,2}((?:bearer|basic|token|digest|negotiate|apikey|ssws|bot|key|hmac|aws4-hmac-sha256)[ \t]+)?([^\s"'`\\\ue000][^"'`\r\n\\\ue000]{5,2000})/gi;
const BEARER =
  /\b(?:bearer|basic)[ \t]{1,2}(?=[A-Za-z0-9._~+/=-]{0,60}[0-9=])([A-Za-z0-9._~+/-]{12,4000}={0,2})(?![\w])/gi;
const HEADER =
  /\b(?:x-[a-z-]{0,20}(?:api-?key|token|auth|secret|signature|session|csrf)[a-z-]{0,12}|api-key|ocp-apim-subscription-key|x-amz-security-token|private-token|job-token)["'\\]{0,2}[ \t]{0,3}[:=][ \t]{0,3}["'`\\]{0,2}([^\s"'`\\,;\ue000]{6,2000})/gi;
const COOKIE =
  /\b(?:set-)?cookie["'\\]{0,2}[ \t]{0,3}[:=][ \t]{0,3}["'`\\]{0,2}([\w.%$!#*+|~-]{1,80}=[^"'`\r\n\\\ue000]{1,4000})/gi;
const URL_PASSWORD =
  /(?<![\w])[a-z][a-z0-9+.-]{1,24}:\/\/([^\s:@/"'`<>\ue000]{0,80}):([^\s@"'`<>\ue000]{1,200})@(?=[\w[])/gi;
const URL_TOKEN = /(?<![\w])[a-z][a-z0-9+.-]{1,24}:\/\/([A-Za-z0-9_-]{20,200})@(?=[\w[])/gi;
const QUERY_TOKEN =
  /[?&;#](?:amp;)?(?:access_token|id_token|refresh_token|auth_token|token|api_?key|apikey|key|sig|signature|x-amz-signature|x-amz-security-token|x-amz-credential|x-goog-signature|x-sig|hmac|secret|client_secret|password|passwd|pwd|code|session(?:_?id)?|sid|jwt|otp|ticket|auth)=([^&#\s"'`<>\ue000]{6,2000})/gi;
const NETRC = /\bmachine\s{1,4}\S{1,100}\s{1,4}login\s{1,4}(\S{1,100})\s{1,4}password\s{1,4}(\S{1,200})/gi;
const PGPASS = /(?:^|\n)[\w.*-]{1,100}:(?:\d{2,5}|\*):[\w*-]{1,60}:([\w.@-]{1,60}):([^\s:]{3,200})(?=\r?\n|$)/g;
// biome-ignore format: one pattern a line
const COMMANDS: readonly RegExp[] = [
  /\bcurl\b[^\n]{0,200}?\s(?:-u|--user|--proxy-user)[ =]?["']?([^\s:"'<>$\ue000]{1,60}:[^\s"'<>\ue000]{3,100})/gi,
  /\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n]{0,160}?\s-p([^\s"'$<>\ue000]{4,100})/g,
  /\b(?:sshpass|redis-cli|docker login|7z|unzip|openssl|az login|mongo(?:sh|dump)?)\b[^\n]{0,120}?\s(?:-p|-a|-P|--password|--pass)[ =]?["']?([^\s"'$<>\ue000-][^\s"'<>\ue000]{3,100})/gi,
  /\becho\s+["']?([^\s"'|$]{6,60})["']?\s*\|\s*(?:sudo -S|docker login|gh auth|passwd|kinit)/gi,
  /\bIDENTIFIED (?:BY|WITH \w+ (?:BY|AS)) ["']([^"'\n]{3,100})["']/gi,
  /\b(?:CREATE|ALTER) (?:USER|ROLE)\b[^\n;]{0,80}? PASSWORD ["']([^"'\n]{3,100})["']/gi,
];
const PEM_BEGIN = /-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----/g;
const KUBERNETES = /\bkind["']?:\s{0,3}["']?secret\b/i;
const YAML_VALUE =
  /(?:^|\n)([ \t]+)["']?([\w.-]{1,80})["']?:[ \t]{1,4}(?:[|>][-+]?[ \t]*\r?\n[ \t]+)?["']?([A-Za-z0-9+/]{4,4000}={0,2})["']?[ \t]*(?=\r?\n|$)/g;

const SIGNS = maskOf('=:');

export const credentialRule: Rule = {
  detector: 'secret:credential@1',
  needs: (traits) =>
    hasAny(traits, SIGNS) ||
    traits.text.includes('-----BEGIN') ||
    /bearer|basic|machine|identified|password/.test(traits.lower),
  find({ text }) {
    const hits: Hit[] = [];
    const add = (start: number, value: string, subtype: string, score = 0.85) => {
      if (!isPlaceholderValue(value)) hits.push({ start, end: start + value.length, type: 'SECRET', score, subtype });
    };
    const addLast = (match: RegExpMatchArray, value: string, subtype: string, score?: number) =>
      add(match.index! + match[0].lastIndexOf(value), value, subtype, score);

    for (const match of text.matchAll(AUTHORIZATION)) {
      const value = match[1] === undefined ? match[2]! : /^[^\s,]+/.exec(match[2]!)![0];
      if (match[1] !== undefined || !/ [a-z]+ /.test(value)) addLast(match, value, 'authorization');
    }
    for (const match of text.matchAll(BEARER))
      if (/[A-Z\d].*\d|=$/.test(match[1]!) || match[1]!.length > 30) addLast(match, match[1]!, 'bearer', 0.8);
    for (const match of text.matchAll(HEADER)) addLast(match, match[1]!, 'header');
    for (const match of text.matchAll(COOKIE))
      add(match.index + match[0].length - match[1]!.length, match[1]!.trimEnd(), 'cookie');
    if (text.includes('://') && text.includes('@')) {
      for (const match of text.matchAll(URL_PASSWORD)) {
        const [whole, user, password] = match;
        if (isPlaceholderValue(password!) || /^\d{2,5}\//.test(password!)) continue;
        const start = match.index + whole.indexOf('://') + 3;
        add(start, `${user}:${password}`, 'url-password', 0.9);
      }
      for (const match of text.matchAll(URL_TOKEN)) if (/\d/.test(match[1]!)) addLast(match, match[1]!, 'url-token');
    }
    if (/[?&;#]/.test(text) && text.includes('='))
      for (const match of text.matchAll(QUERY_TOKEN))
        if (/\d/.test(match[1]!) || match[1]!.length >= 20) addLast(match, match[1]!, 'query-token', 0.75);
    for (const match of text.matchAll(NETRC)) addLast(match, match[2]!, 'netrc');
    for (const match of text.matchAll(PGPASS)) addLast(match, match[2]!, 'pgpass', 0.7);
    for (const pattern of COMMANDS)
      for (const match of text.matchAll(pattern)) addLast(match, match[1]!, 'command', 0.8);
    hits.push(...privateKeys(text));
    if (KUBERNETES.test(text)) hits.push(...kubernetes(text));
    return hits;
  },
};

/** The whole block; without its end, the base64 that follows the beginning. */
function privateKeys(text: string): Hit[] {
  const hits: Hit[] = [];
  let last = 0;
  for (const begin of text.matchAll(PEM_BEGIN)) {
    if (begin.index < last) continue;
    const body = begin.index + begin[0].length;
    const close = body + text.slice(body, body + 20_200).indexOf('-----END');
    const run = /^(?:[A-Za-z0-9+/=\s]|\\+[nr]|[:,"'-]|Proc-Type|DEK-Info)*/.exec(text.slice(body, body + 20_000))![0];
    const isClosed = close >= body && close - body <= run.length + 200;
    const end = isClosed ? endOfLabel(text, close) : body + run.trimEnd().length;
    if (end - body < 20) continue;
    hits.push({ start: begin.index, end, type: 'SECRET', score: 0.95, subtype: 'private-key' });
    last = end;
  }
  return hits;
}

function endOfLabel(text: string, close: number): number {
  const label = /^-----END [A-Z0-9 ]{0,50}-----/.exec(text.slice(close, close + 80));
  return close + (label === null ? 8 : label[0].length);
}

/** Values under `data:` or `stringData:` of a Secret. */
function kubernetes(text: string): Hit[] {
  const hits: Hit[] = [];
  for (const document of text.matchAll(/(?:^|\n---)[\s\S]*?(?=\n---|$)/g)) {
    if (!KUBERNETES.test(document[0])) continue;
    const data = /(?:^|\n)[ \t]*["']?(?:data|stringData)["']?:[ \t]*(?=\r?\n)/.exec(document[0]);
    if (data === null) continue;
    const depth = /(?:^|\n)([ \t]*)/.exec(data[0])![1]!.length;
    const from = data.index + data[0].length;
    for (const match of document[0].slice(from).matchAll(YAML_VALUE)) {
      if (match[1]!.length <= depth) break;
      const plain = textOf(fromBase64(match[3]!))?.trim();
      if (isPlaceholderValue(match[3]!) || /^(?:foo|bar|baz|test|example|changeme)?$/i.test(plain ?? '?')) continue;
      const start = document.index + from + match.index + match[0].lastIndexOf(match[3]!);
      hits.push({ start, end: start + match[3]!.length, type: 'SECRET', score: 0.8, subtype: 'kubernetes-secret' });
    }
  }
  return hits;
}
