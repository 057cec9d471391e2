import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * A file of the checkout, looked for from this file and from the working folder upwards: the built web server runs from
 * a folder of its own inside the checkout, where modules no longer know their place.
 * @returns null where there is none
 */
export function findUpwards(...parts: string[]): string | null {
  for (const start of [import.meta.dirname, process.cwd()]) {
    for (let folder = start; folder; folder = path.dirname(folder)) {
      const file = [folder, ...parts].join(path.sep);
      if (existsSync(file)) return file;
      if (folder === path.dirname(folder)) break;
    }
  }
  return null;
}
