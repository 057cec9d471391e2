import { redactWords } from '../redact-words.ts';

const EXCERPT_CHARACTERS = 240;

/**
 * The start of a refused record with everything masked that either tier finds; control characters as a dot. A cut text
 * may end inside a value that is then not recognised, so more is scanned than is shown.
 */
export function excerptOf(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8')
    .decode(bytes.subarray(0, EXCERPT_CHARACTERS * 16))
    .replaceAll('\u0000', '\ufffd');
  const shown = [...redactWords(text)].slice(0, EXCERPT_CHARACTERS).join('');
  return shown.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
}
