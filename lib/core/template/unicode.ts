/**
 * Where Unicode properties of this runtime differ from those of Python 3.11 (Unicode 14), which transformers runs on:
 * code points assigned since count as unassigned there. Made by comparing `str.isprintable` and `str.title` of Python
 * 3.11 with the classes of this runtime (Unicode 17) over all code points.
 */
const ASSIGNED_SINCE_14 = `
88f 897 c5c cdc cf3 ece 1acf-1add 1ae0-1aeb 1b4e-1b4f 1b7f 1c89-1c8a 20c1 2427-2429 2b96 2ffc-2fff 31e4-31e5 31ef
a7cb-a7cf a7d2 a7d4 a7da-a7dc a7f1 fbc3-fbd2 fd90-fd91 fdc8-fdce 105c0-105f3 10940-10959 10d40-10d65 10d69-10d85
10d8e-10d8f 10ec2-10ec7 10ed0-10ed8 10efa-10eff 1123f-11241 11380-11389 1138b 1138e 11390-113b5 113b7-113c0 113c2
113c5 113c7-113ca 113cc-113d5 113d7-113d8 113e1-113e2 116d0-116e3 11b00-11b09 11b60-11b67 11bc0-11be1 11bf0-11bf9
11db0-11ddb 11de0-11de9 11f00-11f10 11f12-11f3a 11f3e-11f5a 1342f 13440-13455 13460-143fa 16100-16139 16d40-16d79
16ea0-16eb8 16ebb-16ed3 16ff2-16ff6 187f8-187ff 18cff 18d09-18d1e 18d80-18df2 1b132 1b155 1cc00-1ccfc 1cd00-1ceb3
1ceba-1ced0 1cee0-1cef0 1d2c0-1d2d3 1df25-1df2a 1e030-1e06d 1e08f 1e4d0-1e4f9 1e5d0-1e5fa 1e5ff 1e6c0-1e6de
1e6e0-1e6f5 1e6fe-1e6ff 1f6d8 1f6dc 1f774-1f77f 1f7d9 1f8b2-1f8bb 1f8c0-1f8c1 1f8d0-1f8d8 1fa54-1fa57 1fa75-1fa77
1fa87-1fa8a 1fa8e-1fa8f 1faad-1faaf 1fabb-1fabf 1fac6 1fac8 1facd-1facf 1fada-1fadc 1fadf 1fae8-1faea 1faef
1faf7-1faf8 1fbcb-1fbef 1fbfa 2b739-2b73f 2cea2-2cead 2ebf0-2ee5d 31350-33479`;

const newer = ASSIGNED_SINCE_14.trim()
  .split(/\s+/)
  .map((range) =>
    range
      .split('-')
      .map((hex) => `\\u{${hex}}`)
      .join('-'),
  )
  .join('');

/** What `repr` writes as an escape: all that `str.isprintable` refuses, and the backslash. */
export const REPR_ESCAPED = new RegExp(`(?! )[\\\\\\p{C}\\p{Z}${newer}]`, 'gu');

const NEWER = new RegExp(`^[${newer}]$`, 'u');
const LETTER = /^\p{L}$/u;
const CASED_UPPER = /^\p{Uppercase}$/u;
const CASED_LOWER = /^\p{Lowercase}$/u;
const TITLECASE = /^\p{Lt}$/u;
const DECIMAL = /^\p{Nd}$/u;
const NUMERIC = /^\p{N}$/u;

const known = (char: string, pattern: RegExp) => pattern.test(char) && !NEWER.test(char);

export const isAlpha = (char: string): boolean => known(char, LETTER);
export const isUpper = (char: string): boolean => known(char, CASED_UPPER);
export const isLower = (char: string): boolean => known(char, CASED_LOWER);
export const isTitle = (char: string): boolean => known(char, TITLECASE);
export const isDecimal = (char: string): boolean => known(char, DECIMAL);
export const isPrintable = (text: string): boolean =>
  ![...text].some((char) => char !== '\\' && char.search(REPR_ESCAPED) >= 0);
export const isCased = (char: string): boolean => isUpper(char) || isLower(char) || isTitle(char);

/** `str.isdigit`: decimals, superscripts and digits in circles, brackets or with a stop. */
const OTHER_DIGIT =
  /^[\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]$/u;
export const isDigit = (char: string): boolean => isDecimal(char) || OTHER_DIGIT.test(char);

/** Ideographs that are numbers (`一`, `十`): `str.isnumeric` takes them though they are letters. */
const NUMBER_IDEOGRAPH =
  /^[\u3405\u3483\u382a\u3b4d\u4e00\u4e03\u4e07\u4e09\u4e5d\u4e8c\u4e94\u4e96\u4ebf-\u4ec0\u4edf\u4ee8\u4f0d\u4f70\u5104\u5146\u5169\u516b\u516d\u5341\u5343-\u5345\u534c\u53c1-\u53c4\u56db\u58f1\u58f9\u5e7a\u5efe-\u5eff\u5f0c-\u5f0e\u5f10\u62fe\u634c\u67d2\u6f06\u7396\u767e\u8086\u842c\u8cae\u8cb3\u8d30\u9621\u9646\u964c\u9678\u96f6\uf96b\uf973\uf978\uf9b2\uf9d1\uf9d3\uf9fd]$/;
export const isNumeric = (char: string): boolean => known(char, NUMERIC) || NUMBER_IDEOGRAPH.test(char);

/** The value of a decimal digit of any script, 0 to 9: they stand in runs of ten. */
export function digitValue(char: string): number {
  const code = char.codePointAt(0)!;
  if (code < 0x80) return code - 0x30;
  let zero = code;
  while (code - zero < 9 && DECIMAL.test(String.fromCodePoint(zero - 1))) zero--;
  return (code - zero) % 10;
}

const TITLE_FORMS: Record<string, string> = {
  ß: 'Ss',
  Ǆ: 'ǅ',
  ǆ: 'ǅ',
  Ǉ: 'ǈ',
  ǉ: 'ǈ',
  Ǌ: 'ǋ',
  ǌ: 'ǋ',
  Ǳ: 'ǲ',
  ǳ: 'ǲ',
  և: 'Եւ',
  ᾲ: 'Ὰͅ',
  ᾴ: 'Άͅ',
  '\u1fb7': '\u1fbc\u0342',
  ῂ: 'Ὴͅ',
  ῄ: 'Ήͅ',
  '\u1fc7': '\u1fcc\u0342',
  ῲ: 'Ὼͅ',
  ῴ: 'Ώͅ',
  '\u1ff7': '\u1ffc\u0342',
  ᾳ: 'ᾼ',
  ῃ: 'ῌ',
  ῳ: 'ῼ',
  ﬀ: 'Ff',
  ﬁ: 'Fi',
  ﬂ: 'Fl',
  ﬃ: 'Ffi',
  ﬄ: 'Ffl',
  ﬅ: 'St',
  ﬆ: 'St',
  ﬓ: 'Մն',
  ﬔ: 'Մե',
  ﬕ: 'Մի',
  ﬖ: 'Վն',
  ﬗ: 'Մխ',
};

/** The title form of one code point. */
export function titleForm(char: string): string {
  if (char <= '\u007f') return char.toUpperCase();
  const code = char.codePointAt(0)!;
  // Georgian letters keep their form; Greek ones with iota below have their title form eight places on.
  if (isTitle(char) || (code >= 0x10d0 && code <= 0x10ff)) return char;
  if (code >= 0x1f80 && code <= 0x1faf && (code & 8) === 0) return String.fromCodePoint(code + 8);
  return TITLE_FORMS[char] ?? (NEWER.test(char) ? char : char.toUpperCase());
}
