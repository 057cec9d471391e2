import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openReleaseFolder } from './release-folder.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-release-'));
fs.mkdirSync(path.join(folder, 'data'));
for (const name of ['manifest.json', 'data/train.jsonl']) fs.writeFileSync(path.join(folder, name), '{}');
afterAll(() => fs.rmSync(folder, { recursive: true }));

it('names files by their place in the folder, however the folder itself was named', async () => {
  const here = path.relative(process.cwd(), folder);
  for (const root of [folder, `${folder}/`, here, `./${here}/`, path.join(here, 'data/..')])
    expect((await openReleaseFolder(root)).paths).toEqual(['data/train.jsonl', 'manifest.json']);
  const before = process.cwd();
  process.chdir(folder);
  try {
    for (const root of ['.', './'])
      expect((await openReleaseFolder(root)).paths).toEqual(['data/train.jsonl', 'manifest.json']);
  } finally {
    process.chdir(before);
  }
});
