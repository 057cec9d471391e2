/** Handles, logins, and the names that systems write: home directories, ssh, git, sudo, log lines, environment. */

import { hasContext } from '../context.ts';
import { hasAny, maskOf } from '../traits.ts';
import { matchesAt, TRIGGER, wordStarts } from '../triggers.ts';
import { CONTEXT, clip, type Hit, type Rule } from './rule.ts';

/** Names that machines and documentation use. */
const NO_ONE =
  /^(?:your\w*|my\w*|root|admin(?:istrator)?|ubuntu|debian|centos|ec2-user|node|app|apps?|user|users|runner|www-data|nginx|git|postgres|mysql|redis|daemon|nobody|docker|vagrant|jenkins|circleci|travis|public|shared|default|guest|test|tester|demo|example|me|you|your|name|username|user_?name|user[._-]?\d{0,3}|foo|bar|baz|home|local|system|service|svc|deploy|deployer|build|bot|ci|dev|devel|oracle|pi|vscode|codespace|coder|sandbox|workspace|project|projects|src|code|lib|linuxbrew|hadoop|spark|airflow|jovyan|appuser|nonroot|swebench|testbed|agent|assistant|human|model|owner|none|null|undefined|unknown|true|false|string|anonymous|anon|self|this|invalid|illegal|all users|default user|defaultuser0|containeradministrator|runneradmin|is|was|and|or|for|from|the|a|an|not|to|in|with|exists|required|field|already|must|should|can|cannot|has|id|ids|input|output|value|type|list|data|email|password|login|account|profile|object|model)$/i;
const NAME = String.raw`[\p{L}\d_][\p{L}\d_.-]{1,38}[\p{L}\d_]`;

/** `isWord`: opens with a word that triggers, and is tried there only. */
type Pattern = { id: string; pattern: RegExp; score: number; hint?: string; isWord?: true };
// biome-ignore format: one row a place
const PATTERNS: readonly Pattern[] = [
  { id: 'home', hint: '/', score: 0.75, pattern: /(?<![\w.])\/(?:home|Users|export\/home|var\/home|mnt\/c\/Users)\/([^\s/\\:"'<>|*?${}()\ue000,;]{2,40})(?=$|[\s/\\:"'),;\]>])/g },
  { id: 'home', hint: '\\', score: 0.75, pattern: /\b[A-Za-z]:(?:\\{1,4}|\/)(?:Users|Documents and Settings)(?:\\{1,4}|\/)([^\\/:"<>|*?\r\n\ue000%{}]{2,40})(?=\\|\/|$|["'\r\n])/g },
  { id: 'ssh', hint: '@', score: 0.7, pattern: new RegExp(String.raw`\b(?:ssh|scp|rsync|sftp|mosh|ssh-copy-id)\b[^\n|;&@]{0,120}?[ =](${NAME})@(?=[\w[])`, 'gu') },
  { id: 'tilde', hint: '~', score: 0.6, pattern: /(?<![\w~/])~([a-z][a-z0-9_-]{2,30})(?=\/)/g },
  { id: 'log', isWord: true, score: 0.75, pattern: new RegExp(String.raw`\b(?:accepted|failed) (?:password|publickey|keyboard-interactive(?:\/pam)?|none)?(?: ?for)(?: invalid user)? (${NAME})(?= from)|\b(?:accepted|authentication failure|session (?:opened|closed)|failed login|login|logged in|auth(?:enticat\w+)?|password changed) for (?:user |invalid user )?["']?(${NAME})`, 'iuy') },
  { id: 'sudo', hint: 'USER=', score: 0.7, pattern: new RegExp(String.raw`\bsudo(?:\[\d+\])?:\s{1,4}(${NAME}) :`, 'gu') },
  { id: 'uid', hint: 'uid=', score: 0.75, pattern: new RegExp(String.raw`\buid=\d+\((${NAME})\)`, 'gu') },
  { id: 'environment', hint: '=', score: 0.75, pattern: new RegExp(String.raw`(?<![\w])(?:USER|LOGNAME|USERNAME|SUDO_USER|GIT_(?:AUTHOR|COMMITTER)_NAME|PGUSER|MYSQL_USER|DB_USER(?:NAME)?|SMTP_USER|SSH_USER)=["']?(${NAME})`, 'gu') },
  { id: 'host', hint: 'HOST', score: 0.6, pattern: /(?<![\w])(?:HOSTNAME|COMPUTERNAME|USERDOMAIN)=["']?([\p{L}\d][\p{L}\d-]{2,60})/gu },
  { id: 'chown', hint: 'chown', score: 0.65, pattern: /\bchown(?: -[a-zA-Z]+)* ([a-z_][a-z0-9_.-]{2,30})(?=[: ])/g },
  { id: 'listing', hint: 'rw', score: 0.65, pattern: /(?:^|\n)[-dl](?:[r-][w-][xsS-]){2}[r-][w-][xtT-][.+@]?\s+\d+ ([a-z_][a-z0-9_.-]{1,30}) +/g },
  { id: 'prompt', hint: '@', score: 0.6, pattern: /(?:^|\n)[([]?([a-z_][a-z0-9_.-]{2,30})@[\w.-]{2,40}[: ][^\n$#]{0,80}[$#] /g },
  { id: 'chat', hint: '<', score: 0.75, pattern: /(?:^|\n)[ \t]{0,4}(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?[ \t]{1,2})?<[@+% ]?([\p{L}\d_|`^{}\\-][\p{L}\d_.|`^{}\\-]{1,28})> /gu },
  { id: 'chat', hint: '===', score: 0.75, pattern: /(?:^|\n)={3} ([\p{L}\d_|`^-]{2,30})(?= \[| is now| has (?:joined|left|quit))/gu },
  { id: 'query', hint: '=', score: 0.62, pattern: new RegExp(String.raw`(?:[?&](?:uid|u|author)|(?<![\p{L}\d_-])(?:user(?:_?name)?|login|handle))=(${NAME})(?=[&#\s"'<>,;]|$)`, 'gu') },
  { id: 'handle', hint: '@', score: 0.45, pattern: /(?<![\w@./`$\\-])@([A-Za-z_][\w.]{2,29}(?:-[\w]{1,20})?)(?![\w@/(]|\.\w)/g },
  { id: 'label', isWord: true, score: 0.7, pattern: new RegExp(String.raw`(?<![\p{L}\d_-])(?:user[ _-]?name|login(?: ?name)?|log-?in|user[ _-]?id|screen ?name|nick(?:name)?|handle|account name|benutzername|gamertag|skype(?: id)?|discord(?: tag)?|slack(?: id)?|telegram|wechat(?: id)?|instagram|insta|twitter|snapchat|github|enduser\.id|username)["']?(?: (?:is|ist|was|handle|user(?:name)?|account|id))?[ \t]{0,2}(?:[:=]|\bis\b|\bist\b|->)[ \t]{0,2}["']?@?(${NAME})(?:#\d{4})?`, 'iuy') },
  { id: 'label', isWord: true, score: 0.65, pattern: new RegExp(String.raw`\b(?:logged in as|signed in as|log in as|sign in as|authenticated as|running as|run as user|impersonating|on behalf of user|for user|by user|user account|user named|username|user name)[ \t]{1,2}["'“]?@?(${NAME})`, 'iuy') },
];
/** What stands behind an @ in code and packages. */
const NO_HANDLE =
  /^(?:media|import|param|params|returns?|throws|see|since|deprecated|override|overload|property|staticmethod|classmethod|abstractmethod|dataclass|app|pytest|component|injectable|input|output|entity|column|test|before|after|beforeeach|aftereach|bean|service|controller|autowired|getmapping|postmapping|requestmapping|restcontroller|here|channel|everyone|all|types?|keyframes|font-face|charset|supports|include|mixin|extend|apply|tailwind|layer|use|if|else|each|for|while|example|author|version|license|private|public|protected|internal|todo|ts-ignore|ts-expect-error|typedef|template|class|interface|function|module|namespace|default|nullable|notnull|id|data|getter|setter|builder|slf4j|transactional|wraps|lru_cache|cache|functools|click|task|tool|agent|retry|router|api|get|post|put|delete|patch|babel|angular|vue|react|next|babel|eslint|testing-library|context|final|safe|unsafe|main|mainactor|state|published|objc|escaping|available|username|user|handle|name|mention|latest|v\d+|\d.*)$/i;
/** A plain word with another behind it goes on with the sentence. */
const PROSE = /^[A-Za-z]+ (?!and\b|or\b|but\b|on\b|with\b|in\b|to\b|at\b|for\b|from\b|has\b|was\b|via\b)[a-z]/;
const SOCIAL =
  /\b(?:twitter|x\.com|instagram|insta|ig|tiktok|telegram|slack|discord|handle|follow|dm|tweet\w*|mention\w*|tag(?:ged)?|cc|assign\w*|ping|thanks|thx|hi|hey|by|via|profile|github|user)\b/i;

const SIGNS = maskOf('@\\=~/-');
export const usernameRule: Rule = {
  detector: 'rule:username@1',
  needs: (traits) => hasAny(traits, SIGNS) || (traits.bits & TRIGGER.USER) !== 0,
  find(input) {
    const { text, traits } = input;
    const hits: Hit[] = [];
    const starts = (traits.bits & TRIGGER.USER) === 0 ? [] : wordStarts(text, TRIGGER.USER);
    for (const { id, hint, pattern, score, isWord } of PATTERNS) {
      if (hint !== undefined && !text.includes(hint)) continue;
      for (const match of isWord ? matchesAt(text, starts, pattern) : text.matchAll(pattern)) {
        const name = match.slice(1).find((group) => group !== undefined)!;
        const bare = name.replace(/[.-]+$/, '');
        if (NO_ONE.test(bare) || /^\d+$/.test(bare) || /^[<{$%[]/.test(bare)) continue;
        const start = match.index + match[0].lastIndexOf(name);
        if (id === 'label' && PROSE.test(text.slice(start, start + name.length + 12))) continue;
        if (id === 'handle' && (NO_HANDLE.test(bare) || isDecorator(text, match.index))) continue;
        const isSocial = id === 'handle' && hasContext(input, match.index, start + name.length, SOCIAL);
        const lead = id === 'handle' ? 1 : 0;
        hits.push({
          start: start - lead,
          end: start + bare.length,
          type: id === 'host' ? 'DEVICE_ID' : 'USERNAME',
          score: clip(score + (isSocial ? CONTEXT : 0)),
          subtype: id,
        });
      }
    }
    return hits;
  },
};

/** `@name` that opens a line of code, or stands in one. */
function isDecorator(text: string, at: number): boolean {
  return (
    /(?:^|\n)[ \t]{0,40}$/.test(text.slice(Math.max(0, at - 41), at)) &&
    /^@[\w.]{1,60}(?:\(|[ \t]*\r?\n)/.test(text.slice(at, at + 80))
  );
}
