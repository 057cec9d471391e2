/**
 * Case, accents, width and layout folded away for comparing values: `Renée  QUIST` and `renee quist` are one. Every
 * folded UTF-16 unit knows the source unit it came from.
 */
export type FoldedText = {
  text: string;
  /** `at[i]` = source unit of folded unit i, `at[text.length]` = source length; null when the fold moved nothing. */
  at: Int32Array | null;
};

const PLAIN = /^[\x21-\x7e]*(?: [\x21-\x7e]+)* ?$/;
const MARKS = /\p{M}/gu;
/** Invisible: zero-width, soft hyphen, bidi controls, variation selectors, tags. */
const INVISIBLE =
  /^[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\u{e0000}-\u{e0fff}]$/u;
const DASH = /^[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]$/;
const QUOTE = /^[\u2018\u2019\u201b\u2032\u02bc\uff07`\u00b4]$/;
const SPECIAL: Record<string, string> = {
  ß: 'ss',
  ẞ: 'ss',
  æ: 'ae',
  Æ: 'ae',
  œ: 'oe',
  Œ: 'oe',
  ø: 'o',
  Ø: 'o',
  đ: 'd',
  Đ: 'd',
  ł: 'l',
  Ł: 'l',
  ð: 'd',
  Ð: 'd',
  þ: 'th',
  Þ: 'th',
  ı: 'i',
  ħ: 'h',
};

const folds = new Map<string, string>();
/** Folded form of one code point: '' when it is dropped, ' ' for white space. */
function foldChar(char: string): string {
  const known = folds.get(char);
  if (known !== undefined) return known;
  let out: string;
  if (INVISIBLE.test(char)) out = '';
  else if (/^\s$/u.test(char)) out = ' ';
  else if (DASH.test(char)) out = '-';
  else if (QUOTE.test(char)) out = "'";
  else {
    const plain = SPECIAL[char] ?? char.normalize('NFKD').replace(MARKS, '').toLowerCase();
    out =
      /^\p{Nd}$/u.test(plain) && plain.charCodeAt(0) > 127 ? String(decimalValue(plain)) : plain.replace(/\s+/gu, ' ');
  }
  if (folds.size < 50_000) folds.set(char, out);
  return out;
}

/** Unicode decimal digits stand in runs of ten, in order, starting at zero. */
function decimalValue(digit: string): number {
  const code = digit.codePointAt(0)!;
  let zero = code;
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--;
  return (code - zero) % 10;
}

export function foldText(text: string): FoldedText {
  if (PLAIN.test(text)) return { text: text.toLowerCase(), at: null };
  if (ASCII.test(text)) return foldAscii(text);
  let at = new Int32Array(text.length * 2 + 32);
  let out = '';
  let blank = false;
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i)!;
    const char = code < 128 ? text[i]! : String.fromCodePoint(code);
    const folded = code > 32 && code < 127 ? char.toLowerCase() : foldChar(char);
    if (folded !== ' ' || !blank) {
      if (out.length + folded.length >= at.length) at = grown(at, out.length + folded.length);
      at.fill(i, out.length, out.length + folded.length);
      out += folded;
    }
    if (folded !== '') blank = folded === ' ';
    i += char.length;
  }
  at[out.length] = text.length;
  return { text: out, at: at.subarray(0, out.length + 1) };
}

const ASCII = /^[\x00-\x7f]*$/;

/** Only runs of white space get shorter. */
function foldAscii(text: string): FoldedText {
  const at = new Int32Array(text.length + 1);
  let out = '';
  let length = 0;
  let from = 0;
  const copy = (end: number): void => {
    out += text.slice(from, end);
    for (let i = from; i < end; i++) at[length++] = i;
  };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 32 || !(code === 32 || (code >= 9 && code <= 13))) continue;
    const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0x21;
    const goesOn = next === 32 || (next >= 9 && next <= 13);
    if (code === 32 && !goesOn) continue;
    copy(i);
    at[length++] = i;
    out += ' ';
    while (i + 1 < text.length && isBlankCode(text.charCodeAt(i + 1))) i++;
    from = i + 1;
  }
  copy(text.length);
  at[length] = text.length;
  return { text: out.toLowerCase(), at: at.subarray(0, length + 1) };
}
const isBlankCode = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** NFKD can give 18 units for one. */
function grown(at: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length * 2 + 2);
  larger.set(at);
  return larger;
}

/** Folded value alone, trimmed. */
export const foldValue = (value: string): string => foldText(value).text.trim();

/** Source units of the folded range [start, end), widened to whole code points with what was dropped inside. */
export function sourceRange(folded: FoldedText, start: number, end: number, source: string): [number, number] {
  if (folded.at === null) return [start, end];
  const from = folded.at[start]!;
  const last = folded.at[end - 1]!;
  const code = source.codePointAt(last)!;
  let to = last + (code > 0xffff ? 2 : 1);
  while (to < source.length && /^\p{M}$/u.test(source[to]!)) to++;
  return [from, to];
}

const WORD = /[\p{L}\p{N}\p{M}]/u;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const isWordUnit = (unit: number): boolean =>
  unit < 128
    ? (unit > 47 && unit < 58) || (unit > 96 && unit < 123) || (unit > 64 && unit < 91)
    : WORD.test(String.fromCharCode(unit)) || (unit >= 0xd800 && unit <= 0xdfff);

/**
 * Whether [start, end) of a folded text stands by itself: no letter or digit goes on beyond either end. Scripts that
 * write no spaces have no such borders.
 */
export function standsAlone(text: string, start: number, end: number): boolean {
  return isBorder(text, start) && isBorder(text, end);
}

export function isBorder(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return true;
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  if (!isWordUnit(before) || !isWordUnit(after)) return true;
  return (
    (before > 127 && UNSPACED.test(String.fromCharCode(before))) ||
    (after > 127 && UNSPACED.test(String.fromCharCode(after)))
  );
}
