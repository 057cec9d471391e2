import { isObject, type Json } from './json.ts';

/** The value at a JSON pointer (RFC 6901), or undefined; with `#key` at its end the key that it names. */
export function atPointer(root: unknown, pointer: string): Json | undefined {
  if (pointer.endsWith('#key')) {
    const at = pointer.lastIndexOf('/');
    const key = pointer
      .slice(at + 1, -4)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~');
    const holder = atPointer(root, pointer.slice(0, at));
    return isObject(holder) && Object.hasOwn(holder, key) ? key : undefined;
  }
  let value = root as Json | undefined;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/** Code points `start` to `end`, half open. */
export const sliceCodePoints = (text: string, start: number, end: number): string =>
  [...text].slice(start, end).join('');
