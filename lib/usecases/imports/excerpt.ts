import { redactText } from '#lib/core/pii/redact.ts';

const EXCERPT_CHARACTERS = 240;

/** The start of a refused record with everything masked that either tier finds; control characters as a dot. */
export function excerptOf(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, EXCERPT_CHARACTERS * 8));
  const shown = [...redactText(text)].slice(0, EXCERPT_CHARACTERS).join('');
  return shown.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
}
