/** A person's own keys, kept in this browser under the person's id, so that two people at one machine do not mix. */
import type { KeySettings } from './keyboard.ts';
import { ACT_BY_ID, ACTS, findClashes, type Remap } from './keys.ts';

const place = (personId: string): string => `assay-keys:${personId}`;

/** Unknown acts, odd shapes and clashes are dropped: a broken store never takes the keyboard away. */
export function parseRemap(text: string | null): Remap {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const remap: Record<string, readonly string[]> = {};
  for (const [id, keys] of Object.entries(value)) {
    const isWhole =
      Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === 'string' && key !== '');
    if (!ACT_BY_ID.has(id) || !isWhole) continue;
    const next = { ...remap, [id]: keys as string[] };
    if (findClashes(ACTS, next).length === 0) Object.assign(remap, next);
  }
  return remap;
}

export function loadKeySettings(personId: string, lettersOff: boolean): KeySettings {
  try {
    return { remap: parseRemap(localStorage.getItem(place(personId))), lettersOff };
  } catch {
    return { remap: {}, lettersOff };
  }
}

export function saveRemap(personId: string, remap: Remap): void {
  try {
    localStorage.setItem(place(personId), JSON.stringify(remap));
  } catch {
    // A browser that keeps nothing still has the keys until the page is left.
  }
}
