/**
 * Finds where JSON values end in bytes that are still arriving, without parsing them: strings and matching brackets are
 * all that is looked at. A bracket that does not match, or a raw control character in a string, stops it at once, so
 * that one broken value can't swallow those after it.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Far beyond what the parser reads: it will say `too_deep`. */
const TOO_DEEP = 4096;

export const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** The end of the next value, relative to its start; `undefined` until more bytes are there. */
export type Found = { length: number; broken: boolean } | undefined;

export class ValueCutter {
  private first: number | undefined;
  private scanned = 0;
  private inString = false;
  private escaped = false;
  private readonly open: number[] = [];

  /**
   * @param bytes what is held; `from` is where the value starts, the same value as in the call before (negative
   * when its first bytes are no longer held)
   * @param isLast no more bytes will come
   */
  find(bytes: Uint8Array, from: number, isLast: boolean): Found {
    this.first ??= bytes[from]!;
    if (this.first !== 0x7b && this.first !== 0x5b && this.first !== QUOTE) return this.findScalar(bytes, from, isLast);
    let at = from + this.scanned;
    const end = bytes.length;
    while (at < end) {
      const byte = bytes[at++]!;
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) {
          this.inString = false;
          if (this.open.length === 0) return { length: at - from, broken: false };
        } else if (byte < 0x20) return { length: at - from, broken: true };
      } else if (byte === QUOTE) this.inString = true;
      else if (byte === 0x7b || byte === 0x5b) {
        if (this.open.length === TOO_DEEP) return { length: at - from, broken: true };
        this.open.push(byte + 2);
      } else if (byte === 0x7d || byte === 0x5d) {
        if (this.open.pop() !== byte) return { length: at - from, broken: true };
        if (this.open.length === 0) return { length: at - from, broken: false };
      }
    }
    this.scanned = at - from;
    return undefined;
  }

  /** Numbers, words and garbage: up to the next blank, comma or bracket. */
  private findScalar(bytes: Uint8Array, from: number, isLast: boolean): Found {
    let at = from + Math.max(1, this.scanned);
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (
        isBlank(byte) ||
        byte === 0x2c ||
        byte === 0x5d ||
        byte === 0x7d ||
        byte === 0x5b ||
        byte === 0x7b ||
        byte === QUOTE
      ) {
        return { length: at - from, broken: false };
      }
    }
    this.scanned = at - from;
    return isLast ? { length: at - from, broken: false } : undefined;
  }
}
