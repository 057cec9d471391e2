/** Bytes behind base64, base64url, hex and quoted-printable, and the text behind bytes (also packed ones). */
import { Decompress } from 'fflate';

export const MAX_DECODED_BYTES = 1 << 20;
export const MAX_RATIO = 100;

const BASE64 = new Int8Array(128).fill(-1);
for (const [n, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'].entries())
  BASE64[char.charCodeAt(0)] = n;
for (const [char, value] of [
  ['+', 62],
  ['-', 62],
  ['/', 63],
  ['_', 63],
] as const)
  BASE64[char.charCodeAt(0)] = value;

/** Either alphabet, padding or none; line ends and what stands behind the first `=` are left out. */
export function fromBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let size = 0;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x3d) break;
    const value = code < 128 ? BASE64[code]! : -1;
    if (value < 0) continue;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[size++] = (held >> bits) & 0xff;
    }
  }
  return bytes.subarray(0, size);
}

/** Whether the first bytes behind base64 may open a text, or a packed one: most identifiers fail here. */
export function opensAsTextOrPacked(token: string): boolean {
  let held = 0;
  let bits = 0;
  let size = 0;
  let first = 0;
  for (let i = 0; i < token.length && size < 9; i++) {
    const code = token.charCodeAt(i);
    const value = code < 128 ? BASE64[code]! : -1;
    if (value < 0) {
      if (code === 0x3d) break;
      continue;
    }
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    const byte = (held >> bits) & 0xff;
    if (size === 0) first = byte;
    if (
      size === 1 &&
      ((first === 0x1f && byte === 0x8b) || (first === 0x78 && (byte === 0x01 || byte === 0x9c || byte === 0xda)))
    )
      return true;
    const isControl = (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f;
    if (isControl && !(size === 0 && byte === 0x1f)) return false;
    if (byte >= 0xf5 || byte === 0xc0 || byte === 0xc1 || (size === 0 && byte >= 0x80 && byte < 0xc2)) return false;
    size++;
  }
  return true;
}

export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** A thrown error for each token that is no text would cost more than all the rest. */
function isUtf8(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i]!;
    const more =
      byte < 0x80
        ? 0
        : byte >= 0xc2 && byte < 0xe0
          ? 1
          : (byte & 0xf0) === 0xe0
            ? 2
            : byte >= 0xf0 && byte < 0xf5
              ? 3
              : -1;
    if (more < 0 || i + more >= bytes.length) return more === 0;
    for (let k = 1; k <= more; k++) if ((bytes[i + k]! & 0xc0) !== 0x80) return false;
    i += more + 1;
  }
  return true;
}

/** The text that these bytes are; undefined when they are none: not UTF-8, or control characters among them. */
export function textOf(bytes: Uint8Array): string | undefined {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if ((byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) || byte === 0x7f) return undefined;
  }
  return isUtf8(bytes) ? utf8.decode(bytes) : undefined;
}

const isPacked = (b: Uint8Array): boolean =>
  b.length > 8 &&
  ((b[0] === 0x1f && b[1] === 0x8b) || (b[0] === 0x78 && (b[1] === 0x01 || b[1] === 0x9c || b[1] === 0xda)));

/** Unpacks gzip and zlib within the limits; undefined when it is neither, is broken, or grows too large. */
export function unpack(bytes: Uint8Array): Uint8Array | undefined {
  if (!isPacked(bytes)) return undefined;
  const limit = Math.min(MAX_DECODED_BYTES, bytes.length * MAX_RATIO);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = new Decompress((chunk) => {
    size += chunk.length;
    if (size > limit) throw new RangeError('unpacks to more than allowed');
    chunks.push(chunk);
  });
  try {
    for (let at = 0; at < bytes.length; at += 4096)
      stream.push(bytes.subarray(at, at + 4096), at + 4096 >= bytes.length);
  } catch {
    return undefined;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
