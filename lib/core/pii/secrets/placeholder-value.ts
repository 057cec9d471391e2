/** Whether a value only stands for a secret: a variable, a blank to fill in, a mask, an example. */
import { entropyOf } from '../entropy.ts';

const REFERENCE =
  /^(?:\$[\w({]|%\w+%|\{\{?|<[^>]*>?$|\[[^\]]*\]?$|`|#\{|@\w+@|!|&|\*+$|process\.env|os\.(?:environ|getenv)|env\.|ENV\[|import\.meta|getenv|secrets?\.|vars?\.|local\.|data\.|config\.|settings\.|self\.|this\.|args\.|options?\.|params?\.|props\.|request\.|req\.|ctx\.|context\.|input\.|module\.|credentials?\.|keyring|vault:|ssm:|arn:|enc\[|file:|ref\+|op:\/\/|gs:\/\/|s3:\/\/|https?:\/\/|\(|\/[\w.-]+\/|\.\.?\/|~\/)/i;
const WORDS =
  /^(?:null|nil|none|undefined|true|false|yes|no|on|off|string|str|text|number|int|integer|bool(?:ean)?|object|any|unknown|bytes|optional|required|empty|blank|secret|password|passwd|passw0rd|pass|pwd|token|key|value|default|example|sample|test(?:ing)?|dummy|fake|mock|foo(?:bar)?|bar|baz|redacted|removed|hidden|masked|censored|filtered|private|todo|tbd|n\/?a|changeme|change_me|change-me|placeholder|insert\w*|enter\w*|replace\w*|your\w*|my[-_]?\w*|some\w*|xxx+|abc(?:123|def)?|1234?5?6?7?8?|invalid|missing|expired|incorrect|wrong|reset|basic|bearer|digest|oauth2?|jwt|api_?key|access_?token|refresh_?token|auth|authorization|credentials?|hunter2?x{3,}|not[-_ ]\w*|is|was|the|a|an|for|and|or|with|to|in|of|are|will|must|should|can|cannot|has|have|if|when|that|this|it|be|been|manager|managed|field|policy|protected|generated|provided|prompt|input|env|environment|config(?:uration)?|stdin|file|path|name|id|type|expires?|length|error|authentication|hash(?:ed)?|encrypted|plain(?:text)?|verification|successfully|correct|updated|changed|needed|strength)$/i;
const FILL_IN =
  /(?:x{4,}|X{4,}|#{4,}|\*{3,}|\.{3,}|•{2,}|…|_{4,}|-{4,}|0{8,}|1{8,}|\byour[-_ ]?\w*|\bmy[-_](?:secret|token|key|password|api)|example|sample|placeholder|redacted|dummy|changeme|insert[-_ ]|replace[-_ ]|<\w|\{\{|\$\{|%\{|\}\}|fake[-_]?|not[-_]?a[-_]?real|lorem|(?:^|[^a-z])(?:foo|bar|baz)(?:$|[^a-z]))/i;
const RUNS = ['abcdefghijklmnopqrstuvwxyz', '0123456789012345678901234567890'];

/** True for what no one would have to keep secret. */
export function isPlaceholderValue(value: string): boolean {
  if (value.includes('\ue000')) return true;
  const bare = value.replace(/^["'`]+|["'`;,]+$/g, '');
  return bare.length < 3 || REFERENCE.test(bare) || WORDS.test(bare) || FILL_IN.test(bare) || /^(.)\1*$/.test(bare);
}

/** For tokens of a fixed form: nothing to fill in, no alphabet typed out, enough variety. */
export function isRandomEnough(token: string, minBits: number): boolean {
  if (token.includes('\ue000') || /x{6,}|\*{3,}|\.{3,}/i.test(token)) return false;
  // forms of long groups of digits may repeat one
  if (minBits >= 2.5 && /(.)\1{7,}/i.test(token)) return false;
  return entropyOf(token) >= minBits;
}

/** The alphabet or the digits typed out over most of the token. */
export function isTypedOut(token: string): boolean {
  const lower = token.toLowerCase();
  return RUNS.some((run) => {
    for (let i = 0; i + 16 <= run.length; i++) if (lower.includes(run.slice(i, i + 16))) return true;
    return false;
  });
}
