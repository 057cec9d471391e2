/** `npm run -s demo:release -- DIR`: a complete signed release in DIR, from logs on disk alone. Prints DIR as its last line. */
import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import { planDemoRelease, sealDemoRelease } from '#lib/usecases/demo/demo-release.ts';
import { writeFolder } from './training.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('demo:release: name the folder to write to\n');
  process.exit(2);
}
if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0) {
  process.stderr.write('demo:release: the folder is not empty\n');
  process.exit(2);
}
const started = performance.now();
const planned = await planDemoRelease();
const files = sealDemoRelease(planned, generateKeyPairSync('ed25519').privateKey);
writeFolder(folder, files);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stderr.write(`${planned.rows} rows, ${files.length} files, ${seconds} s\n`);
process.stdout.write(`${folder}\n`);
