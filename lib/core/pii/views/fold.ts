/**
 * `fold`: compatibility forms and composed letters (NFKC), letters that look Latin, any decimal digits as 0 to 9;
 * invisible characters are left out. Text of one script stays as it is: only tokens that mix scripts are folded.
 */
import { type Change, type View, viewsAround } from './view.ts';

/** Zero-width, joiners, soft hyphen, bidi marks, variation selectors, tag characters. */
const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\u{e0000}-\u{e01ef}]/u;
const INVISIBLE_WHOLE = new RegExp(`^${INVISIBLE.source}$`, 'u');
/** Spaces of other widths; dashes of other widths beside a digit or letter. */
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;
const DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/;
const DASH_SITE = /[\u2010\u2011]|(?<=[\d)])[\u2012-\u2015\u2212\ufe58\ufe63\uff0d](?=[\d(])/;
/** Compatibility blocks: full-width, letter-like, super- and subscript, enclosed, mathematical; CJK forms are not. */
const COMPATIBLE =
  /[\u00aa\u00b2\u00b3\u00b9\u00ba\u02b0-\u02b8\u2024\u2025\u2070-\u209c\u2100-\u2138\u2145-\u2149\u2160-\u217f\u2460-\u24ff\ufb00-\ufb06\ufe50-\ufe6f\uff01-\uff5e\u{1d400}-\u{1d7ff}\u{1f100}-\u{1f169}]/u;
const DIGIT = /(?![0-9])\p{Nd}/u;
const COMBINING = /[a-zA-Z][\u0300-\u036f]+/;

/** Cyrillic, Greek and Armenian letters that are drawn like Latin ones. */
const LOOKALIKES = new Map<string, string>();
// biome-ignore format: a table, one line a few letters
for (const [latin, others] of Object.entries({
  a: 'аαɑ', b: 'ЬƄ', c: 'сϲᴄ', d: 'ԁժ', e: 'еҽ', g: 'ɡց', h: 'һհ', i: 'іιı', j: 'јϳ', k: 'κкᴋ', l: 'ӏℓ', m: 'мᴍ', n: 'ոпᴎ',
  o: 'оοօσᴏ', p: 'рρ', q: 'ԛզ', r: 'гᴦ', s: 'ѕꜱ', t: 'тτᴛ', u: 'υսᴜ', v: 'νѵᴠ', w: 'ԝшωᴡ', x: 'хχ', y: 'уүγ', z: 'ᴢ',
  A: 'АΑ', B: 'ВΒ', C: 'СϹ', E: 'ЕΕ', F: 'Ϝ', G: 'Ԍ', H: 'НΗ', I: 'ІΙӀ', J: 'Ј', K: 'КΚ', L: 'Լ', M: 'МΜ', N: 'Ν', O: 'ОΟՕ',
  P: 'РΡ', Q: 'Ԛ', S: 'ЅՏ', T: 'ТΤ', U: 'Ս', V: 'Ѵ', W: 'Ԝ', X: 'ХΧ', Y: 'ҮΥУ', Z: 'Ζ',
}))
  for (const other of others) LOOKALIKES.set(other, latin);
const MIXED =
  /[a-zA-Z0-9@._-][\u0370-\u058f\u0250-\u02af\u1d00-\u1d7f\ua731\u0131\u2113]|[\u0370-\u058f\u0250-\u02af\u1d00-\u1d7f\ua731\u0131\u2113][a-zA-Z0-9@._-]/;

const SITE = new RegExp(
  [INVISIBLE, SPACES, DASH_SITE, COMPATIBLE, DIGIT, COMBINING, MIXED].map((r) => r.source).join('|'),
  'gu',
);
const NON_ASCII = /[^\x00-\x7f]/;
const TOKEN_CHAR = /[^\s,;:"'()<>[\]{}]/;
const MAX_TOKEN = 120;

export function foldViews(parent: View): View[] {
  const { text } = parent;
  if (!parent.traits.hasNonAscii) return [];
  const changes: Change[] = [];
  let done = 0;
  for (const site of text.matchAll(SITE)) {
    if (site.index + site[0].length <= done) continue;
    let start = site.index;
    while (start > done && site.index - start < MAX_TOKEN && TOKEN_CHAR.test(text[start - 1]!)) start--;
    let end = site.index + site[0].length;
    while (end < text.length && end - site.index < MAX_TOKEN && TOKEN_CHAR.test(text[end]!)) end++;
    foldToken(text, start, end, changes);
    done = end;
  }
  return viewsAround(parent, changes, 'fold');
}

/** Cluster by cluster (a letter with its combining marks), so that each change names exactly what it stands for. */
function foldToken(text: string, start: number, end: number, changes: Change[]): void {
  const token = text.slice(start, end);
  const isMixed = /[a-zA-Z@]/.test(token);
  for (const cluster of token.matchAll(/[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+/gu)) {
    const folded = foldCluster(cluster[0], isMixed);
    const at = start + cluster.index;
    if (folded !== cluster[0]) changes.push({ start: at, end: at + cluster[0].length, text: folded });
  }
}

function foldCluster(cluster: string, isMixed: boolean): string {
  if (!NON_ASCII.test(cluster)) return cluster;
  if (INVISIBLE_WHOLE.test(cluster)) return '';
  if (SPACES.test(cluster)) return ' ';
  if (DASHES.test(cluster)) return '-';
  const digit = DIGIT.test(cluster) ? digitValue(cluster) : undefined;
  if (digit !== undefined) return String(digit);
  const lookalike = isMixed ? LOOKALIKES.get(cluster) : undefined;
  return lookalike ?? cluster.normalize('NFKC');
}

/** Decimal digits stand in runs of ten from a zero; mathematical digits are covered by NFKC before. */
function digitValue(char: string): number | undefined {
  const compatible = char.normalize('NFKC');
  if (/^[0-9]$/.test(compatible)) return Number(compatible);
  const code = char.codePointAt(0)!;
  for (let value = 0; value < 10; value++) {
    const before = code - value - 1;
    if (!/\p{Nd}/u.test(String.fromCodePoint(before))) return value;
  }
  return undefined;
}
