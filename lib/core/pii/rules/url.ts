/** Links that point at a person: profiles, personal pages, invites, private hosts, identifiers in path or query. */

import { hasContext, type RuleText } from '../context.ts';
import { hasAny, maskOf } from '../traits.ts';
import type { Hit, Rule } from './rule.ts';

const LINK =
  /(?<![\w@])(?:(?:https?|ftps?|wss?|sftp|smb|ssh|git|rtsp|s3|gs|jdbc:[a-z]+):\/\/|www\.)[^\s<>"'`{}|\\^\ue000\u201c\u201d\u00ab\u00bb]{3,2000}/gi;
/** Profile pages without a scheme, as people write them. */
const PROFILE =
  /(?<![\w@/.-])(?:(?:www|m|mobile|[a-z]{2})\.)?(?:linkedin\.com\/(?:in|pub)\/|(?:twitter|x)\.com\/|facebook\.com\/|fb\.me\/|instagram\.com\/|tiktok\.com\/@|t\.me\/|medium\.com\/@|github\.com\/|gitlab\.com\/|youtube\.com\/(?:@|user\/|c\/)|reddit\.com\/u(?:ser)?\/|snapchat\.com\/add\/|calendly\.com\/|keybase\.io\/|about\.me\/|linktr\.ee\/|wa\.me\/|venmo\.com\/(?:u\/)?|paypal\.me\/|cash\.app\/\$|orcid\.org\/|xing\.com\/profile\/|strava\.com\/athletes\/|discord\.gg\/|open\.spotify\.com\/user\/|pinterest\.[a-z.]{2,6}\/|behance\.net\/|dribbble\.com\/|stackoverflow\.com\/users\/|news\.ycombinator\.com\/user\?id=|threads\.net\/@|bsky\.app\/profile\/|mastodon\.[a-z]{2,10}\/@|vk\.com\/)([\w.%~+-]{2,60})/gi;
/** Paths of those hosts that are no one's. */
const NO_ONES =
  /^(?:login|signup|sign-up|about|home|explore|search|settings|privacy|terms|help|features|pricing|topics|trending|orgs|marketplace|sponsors|company|jobs|share|intent|hashtag|watch|groups|events|pages|developers?|docs|blog|apps|contact|i|p|reel|tos|security|enterprise|status|questions|tagged|sharer(?:\.php)?|dialog|plugins|tr|policies|legal|feed|notifications|messages)$/i;
const CODE_HOST = /(?:github|gitlab)\.com\//i;

const PERSONAL_PATH =
  /\/(?:~[\w.-]+|@[\w.-]{2,}|(?:users?|u|profiles?|members?|people|person|accounts?|customers?|clients?|patients?|employees?|authors?|contacts?|candidates?|staff|student|guest|in|mitglied)\/(?!me\b|users?\b|username\b|name\b|id\b|new\b|list\b|search\b|login\b|all\b|current\b|\{|:|<|settings\b|edit\b)[\w.%@~+-]{2,})/i;
const IDENTIFIER_QUERY =
  /[?&;#](?:amp;)?(?:[\w.-]*(?:e-?mail|user(?:_?(?:id|name))?|uid|login|phone|mobile|tel|account|acct|customer|member|client_?ref|subscriber|recipient|first_?name|last_?name|full_?name|name|dob|birth\w*|ssn|address|lat|lng|lon|ip|device|session(?:_?id)?|sid|invite|referr?al|ref_?code|token|sig(?:nature)?|x-sig|x-amz-\w+|x-goog-\w+|hmac|key|api_?key|auth|access_?token|code|secret|password|pwd|otp|ticket|se|sp|sv))=[^&#\s]{3,}/i;
const MEETING =
  /\b(?:zoom\.us\/(?:j|my|s|w)\/|meet\.google\.com\/[a-z]{3}-|teams\.(?:microsoft|live)\.com\/(?:l\/meetup|meet)|webex\.com\/meet\/|whereby\.com\/|meet\.jit\.si\/|cal\.com\/|meet\.[\w-]+\.[a-z]{2,}\/)|docs\.google\.com\/(?:document|spreadsheets|presentation|forms)\/d\/|drive\.google\.com\/(?:file|drive|open)|dropbox\.com\/(?:s|scl)\/|1drv\.ms\/|onedrive\.live\.com\/|sharepoint\.com\/|notion\.so\/\w|airtable\.com\/app|figma\.com\/(?:file|design)\//i;
const PRIVATE_HOST =
  /^(?:[a-z]+:\/\/)?(?:[^/@]*@)?(?:[\w-]+\.)*(?:[\w-]+\.(?:internal|intranet|corp|lan|home|local|private|priv|intra)|(?:intranet|jira|confluence|jenkins|grafana|kibana|vpn|staging|stage|uat|preprod)\.[\w-]+\.[a-z]{2,}(?:\.[a-z]{2,})?)(?=[/:?#]|$)/i;
const HOST_OF_NUMBERS = /^[a-z]+:\/\/(?:[^/@]*@)?(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])(?=[/:?#]|$)/i;
const RESERVED_HOST =
  /^(?:[a-z]+:\/\/)?(?:[\w-]+\.)*(?:example\.(?:com|org|net)|[\w-]+\.(?:example|test|invalid)|localhost|127\.0\.0\.1|0\.0\.0\.0)(?=[/:?#]|$)/i;
/** A bare site of someone: nothing behind the host, beside a word that says whose it is. */
const BARE = /^(?:https?:\/\/|www\.)[^/?#]+\/?$/i;
const OWN =
  /\b(?:website|web site|homepage|home page|my (?:site|blog|page|portfolio)|portfolio|blog|posted|personal (?:site|page)|webseite)\b/i;

const SLASH = maskOf('/');

export const urlRule: Rule = {
  detector: 'rule:url@1',
  needs: (traits) => hasAny(traits, SLASH) || traits.lower.includes('www.'),
  find(input) {
    const hits: Hit[] = [];
    const { text } = input;
    if (text.includes('://') || /www\./i.test(text))
      for (const match of text.matchAll(LINK)) {
        const url = trimEnd(match[0]);
        const found = scoreOf(input, url, match.index);
        if (found !== undefined)
          hits.push({ start: match.index, end: match.index + url.length, type: 'URL', ...found });
      }
    if (/\.(?:com|me|ee|gg|io|net|org|app)\/|t\.me|pinterest/i.test(text))
      for (const match of text.matchAll(PROFILE)) {
        if (NO_ONES.test(match[1]!)) continue;
        const isCode = CODE_HOST.test(match[0]);
        if (isCode && /^\/[\w.-]+/.test(text.slice(match.index + match[0].length))) continue;
        const start = match.index;
        const value = trimEnd(match[0]);
        hits.push({ start, end: start + value.length, type: 'URL', score: isCode ? 0.4 : 0.7, subtype: 'profile' });
      }
    return hits;
  },
};

/** Sentence marks behind a link, and a bracket that was opened before it. */
function trimEnd(url: string): string {
  let end = url.length;
  for (; end > 0; end--) {
    const char = url[end - 1]!;
    if ('.,;:!?*_'.includes(char)) continue;
    if (char === ')' && count(url.slice(0, end), ')') > count(url.slice(0, end), '(')) continue;
    if (char === ']' && count(url.slice(0, end), ']') > count(url.slice(0, end), '[')) continue;
    break;
  }
  return url.slice(0, end);
}

const count = (text: string, char: string): number => text.split(char).length - 1;

function scoreOf(input: RuleText, url: string, start: number): { score: number; subtype: string } | undefined {
  const { text } = input;
  const path = url.replace(/^[a-z:0-9]+:\/\/[^/?#]*/i, '');
  if (IDENTIFIER_QUERY.test(url) && !isTemplate(url)) return { score: 0.7, subtype: 'identifier' };
  if (MEETING.test(url)) return { score: 0.7, subtype: 'invite' };
  if (PERSONAL_PATH.test(path) && !isTemplate(path)) return { score: 0.65, subtype: 'personal-path' };
  if (/\/[\p{L}]{2,20}[-_.][\p{L}]{2,20}\/\d{1,3}(?:min|m)?\/?$/u.test(path)) return { score: 0.65, subtype: 'invite' };
  if (HOST_OF_NUMBERS.test(url) && !RESERVED_HOST.test(url)) return { score: 0.6, subtype: 'private-host' };
  if (RESERVED_HOST.test(url)) return undefined;
  if (PRIVATE_HOST.test(url)) return { score: 0.65, subtype: 'private-host' };
  if (/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/i.test(path)) return { score: 0.45, subtype: 'identifier' };
  if (
    BARE.test(url) &&
    hasContext(input, start, start + url.length, OWN) &&
    !/^\]?\(/.test(text.slice(start - 2, start))
  )
    return { score: 0.65, subtype: 'own-site' };
  return undefined;
}

/** `{id}`, `:id`, `<token>`, `$TOKEN`, `...`: documentation of a link. */
const isTemplate = (url: string): boolean => /[{}<>]|%7B|\$\w|\/:\w|=\.{2,}|=(?:xxx+|\*+|your[\w-]*|<|\[)/i.test(url);
