/**
 * Characters that would not be seen, or would turn what is seen around: each gets a name that is drawn beside it.
 * The character itself stays in the text, alone in an isolated element, so that offsets hold and it does no harm.
 */
const CONTROLS =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );
const NAMES: Record<number, string> = {
  127: 'DEL',
  133: 'NEL',
  173: 'SHY',
  847: 'CGJ',
  1564: 'ALM',
  6158: 'MVS',
  8203: 'ZWSP',
  8204: 'ZWNJ',
  8205: 'ZWJ',
  8206: 'LRM',
  8207: 'RLM',
  8232: 'LS',
  8233: 'PS',
  8234: 'LRE',
  8235: 'RLE',
  8236: 'PDF',
  8237: 'LRO',
  8238: 'RLO',
  8288: 'WJ',
  8294: 'LRI',
  8295: 'RLI',
  8296: 'FSI',
  8297: 'PDI',
  12644: 'HF',
  65279: 'BOM',
};
const hex = (point: number): string => `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;

/** Tabs and line feeds are laid out as such; CR is drawn because the browser would drop it. */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/gu;

const PICTURE = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u;

/** A joiner between two pictures makes one emoji of them and is no hidden character. */
function joinsEmoji(text: string, at: number): boolean {
  const before = text.codePointAt(at - 1);
  const start = before !== undefined && before >= 0xdc00 && before <= 0xdfff ? at - 2 : at - 1;
  const after = text.codePointAt(at + 1);
  if (start < 0 || after === undefined) return false;
  return (
    PICTURE.test(String.fromCodePoint(text.codePointAt(start) as number)) && PICTURE.test(String.fromCodePoint(after))
  );
}

export function nameOfGlyph(point: number): string {
  if (point < 0x20) return CONTROLS[point] as string;
  if (point >= 0xe0020 && point < 0xe007f) return `TAG ${String.fromCharCode(point - 0xe0000)}`;
  return NAMES[point] ?? hex(point);
}

/** Where in the text (UTF-16) a character has to be drawn, and as what. */
export function findGlyphs(text: string): { start: number; end: number; name: string }[] {
  const found: { start: number; end: number; name: string }[] = [];
  for (const match of text.matchAll(UNSEEN)) {
    const at = match.index;
    if (match[0] === '\u200d' && joinsEmoji(text, at)) continue;
    found.push({ start: at, end: at + match[0].length, name: nameOfGlyph(match[0].codePointAt(0) as number) });
  }
  return found;
}
