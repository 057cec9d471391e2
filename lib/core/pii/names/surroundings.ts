/** What stands around a word and makes it more or less of a name. Offsets are UTF-16. */
import { AFTER, NOT_NAMES } from './cues.ts';
import { isGiven, isNameLike, type Token } from './tokens.ts';

export const gapOf = (text: string, a: Token, b: Token): string => text.slice(a.endAll, b.start);
export const isBlank = (gap: string): boolean => gap === ' ' || gap === '\u00a0' || gap === '  ';
export function startsSentence(text: string, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && ' \t"\'“‘(*_['.includes(text[i]!)) i--;
  return i < 0 || '.!?:;\n\r•|>-–—]'.includes(text[i]!);
}

/** In a table a capital is no sign of a sentence. */
export const inCell = (text: string, start: number): boolean =>
  /\|\s?$/.test(text.slice(Math.max(0, start - 2), start));

/** Glued to code or a path: `Foo.bar(`, `path/Name`, `$Name`, `Name=`. */
export function isGlued(text: string, start: number, end: number): boolean {
  const before = text[start - 1];
  const after = text[end];
  return (
    (before !== undefined && '._/\\@#$=<{&%~+'.includes(before)) ||
    (after !== undefined && '_/\\=({<[@:'.includes(after) && text[end + 1] !== ' ' && text[end + 1] !== '\n') ||
    (after === '.' && /[\p{L}\p{N}_]/u.test(text[end + 1] ?? ' ')) ||
    (before === '(' && /[\p{L}\p{N}_]/u.test(text[start - 2] ?? ' ')) ||
    (before !== undefined && /[\p{N}]/u.test(before)) ||
    (after !== undefined && /[\p{N}]/u.test(after))
  );
}

export function wordBefore(text: string, tokens: readonly Token[], i: number): string {
  const before = tokens[i - 1];
  if (before === undefined) return '';
  const gap = gapOf(text, before, tokens[i]!);
  return gap.length <= 4 && !/[\n.!?]/.test(gap) ? before.folded : '';
}

export function wordAfter(text: string, tokens: readonly Token[], end: number): string {
  const next = tokens[end];
  return next !== undefined && isBlank(text.slice(tokens[end - 1]!.endAll, next.start)) ? next.folded : '';
}

/** Labels and phrases that say a name comes next. */
const CUE =
  /(?:\b(?:my|his|her|their|your|the) (?:full |first |last |sur)?names? (?:is|was|are)|\bi am|\bi'm|\bim|\bthis is|\bit's|\bcalled|\bnamed|\bspeaking (?:to|with)|\bon behalf of|\bsigned(?: by)?|\bauthor(?:ed by)?|\b(?:first|last|full|sur|fore|given|family|user|customer|contact|patient|card ?holder)[ _]?names?|\b(?:name|nom|nombre|nome|vorname|nachname|naam|from|to|cc|attn|contact|customer|client|patient|assignee|reporter|owner|artist|passenger|guest|recipient|sender|manager|beneficiary|co-authored-by|signed-off-by|reviewed-by)\s?[:=|]|je m'appelle|ich bin|ich heisse|ich heiße|mein name ist|me llamo|mi nombre es|mi chiamo|ik ben|mijn naam is)["'\s|*:=]{1,12}$/i;
/** 'is', 'was', 'ist', 'llamo', 'appelle', 'chiamo': a cheap look before the pattern. */
export const endsAsNameIs = (text: string, token: Token): boolean =>
  /[stoe]/.test(text[token.end - 1] ?? '') && token.endAll - token.start > 1;
export const NAME_IS = /\b(?:names? (?:is|was)|mein name ist|me llamo|je m'appelle|mi chiamo)\s$/i;
export const CUE_REACH = 40;
export const hasCue = (text: string, start: number): boolean => {
  const last = text.charCodeAt(start - 1);
  if (start === 0 || (last > 126 && last !== 0xa0)) return false;
  return CUE.test(text.slice(Math.max(0, start - CUE_REACH), start));
};

/** What only a person does comes next: a verb, a speech label, an address to the reader. */
export function acts(text: string, tokens: readonly Token[], end: number, after: string): boolean {
  if (AFTER.has(after) || /[a-z](?:ed|es)$/.test(after)) return true;
  const last = tokens[end - 1]!;
  const rest = text.slice(last.endAll, last.endAll + 12);
  return /^: \S/.test(rest)
    ? text.lastIndexOf('\n', last.start) >= last.start - 2 || last.start < 3
    : /^(?:, (?:can|could|you|please|i) | ?['’]s )/i.test(rest);
}

/** "Lopez, Santos and Coleman": names come in lists. */
export function besideName(text: string, tokens: readonly Token[], start: number, end: number): boolean {
  const before = tokens[start - 1];
  const after = tokens[end];
  const named = (token: Token): boolean =>
    token.shape === 'capital' && (isGiven(token) || isNameLike(token)) && !NOT_NAMES.has(token.folded);
  if (before !== undefined && named(before) && /^ ?(?:,|&) $/.test(gapOf(text, before, tokens[start]!))) return true;
  if (after !== undefined && named(after) && /^ ?(?:,|&) $/.test(gapOf(text, tokens[end - 1]!, after))) return true;
  const earlier = tokens[start - 2];
  if (before?.folded === 'and' && earlier !== undefined && named(earlier)) return true;
  const later = tokens[end + 1];
  return after?.folded === 'and' && later !== undefined && named(later);
}

/** A house number stands right beside it. */
export const inAddress = (text: string, start: number, end: number): boolean =>
  /\d[a-z]?,? (?:[\p{L}.]{1,6} )?$/u.test(text.slice(Math.max(0, start - 12), start)) ||
  /^ \d/.test(text.slice(end, end + 2));

/** "Hi Mara," · "Thanks, Mara" at the end of a line · "Mara," at the start of one. */
export function isVocative(text: string, first: Token, last: Token, before: string): boolean {
  const rest = text.slice(last.endAll, last.endAll + 2);
  if (/^(?:hi|hello|hey|dear|hallo|liebe|lieber|hola|bonjour|thanks|thank|cheers|regards|best|love)$/.test(before))
    return !/^ \p{Ll}/u.test(rest) || before === 'dear' || before === 'hi';
  const line = text.lastIndexOf('\n', first.start) + 1;
  if (first.start - line <= 2 && /^[,!]?(?:\n|$)/.test(rest) && line > 0) {
    const above = text
      .slice(Math.max(0, line - 30), line)
      .trim()
      .toLowerCase();
    return /(?:regards|thanks|thank you|cheers|best|wishes|love|sincerely|yours|greetings|gruss|grüße|grussen),?$/.test(
      above,
    );
  }
  return false;
}
