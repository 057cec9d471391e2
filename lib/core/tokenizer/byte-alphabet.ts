/**
 * Byte-level tokenizers write each byte as one visible character (GPT-2's table): what is printable in Latin-1 stands for
 * itself, the rest for U+0100 and up in order. Here bytes are characters U+0000 to U+00FF, so ASCII stays as it is.
 */
const isPlain = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

const BYTE_OF = new Map<string, string>();
for (let byte = 0, extra = 0; byte < 256; byte++) {
  BYTE_OF.set(String.fromCharCode(isPlain(byte) ? byte : 0x100 + extra++), String.fromCharCode(byte));
}

/** A token of the vocabulary as its bytes; null when a character of it stands for no byte. */
export function tokenBytes(token: string): string | null {
  let bytes = '';
  for (const char of token) {
    const byte = BYTE_OF.get(char);
    if (byte === undefined) return null;
    bytes += byte;
  }
  return bytes;
}

const NON_ASCII = /[^\0-\u007f]/;
export const isAscii = (text: string): boolean => !NON_ASCII.test(text);

/** The UTF-8 bytes of a text, one character each. */
export const utf8Bytes = (text: string): string => (isAscii(text) ? text : Buffer.from(text).toString('latin1'));
