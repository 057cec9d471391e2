/** Every real sample: no crash, and the account of its records adds up. Skipped where the shared samples are absent. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBytes } from './testing/parse-bytes.ts';

const SAMPLES = new URL('../../../../shared/samples/', import.meta.url);

const filesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, SAMPLES), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${folder}/${entry.name}`)
    .filter((path) => existsSync(new URL(path, SAMPLES)));

describe.skipIf(!existsSync(SAMPLES))('the public samples', () => {
  const folders = existsSync(SAMPLES) ? readdirSync(SAMPLES).filter((name) => !/SUMS|\.md$|LICENSES/.test(name)) : [];
  it.each(folders)('%s: every record is accounted for', async (folder) => {
    for (const path of filesIn(folder)) {
      const bytes = readFileSync(new URL(path, SAMPLES));
      const { broken, summary } = await parseBytes(bytes);
      const { records, mapped, duplicates, quarantined } = summary;
      expect({ path, lost: records - mapped - duplicates - quarantined.length }).toEqual({ path, lost: 0 });
      expect({ path, broken }).toEqual({ path, broken: [] });
    }
  });
});
