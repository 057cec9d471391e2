/**
 * `npm run test:presidio`: the HTTP plug-in against a real Presidio analyzer. Installs `presidio-analyzer` with pip into a
 * folder of its own (or uses ASSAY_PRESIDIO_VENV), starts it, asks it through the plug-in, and redacts with what it says.
 * Not part of `npm test`: the installation takes minutes. Without Python it says so and ends with 0.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EMPTY_DICTIONARY } from '../lib/core/pii/dictionary.ts';
import { readWithPlugin } from '../lib/core/pii/plugin/plugin.ts';
import { newLeaf, readOnce } from '../lib/core/pii/read-leaves.ts';
import { readConfigOf } from '../lib/core/pii/redact.ts';
import { analyzerAt } from '../lib/store/analyzer.ts';

const VERSION = '2.2.366';
const venv = process.env.ASSAY_PRESIDIO_VENV ?? path.join(os.tmpdir(), `assay-presidio-${VERSION}`);
const python = path.join(venv, 'bin', 'python');
if (spawnSync('python3', ['--version']).status !== 0) {
  process.stdout.write('no Python here: nothing was tested\n');
  process.exit(0);
}
if (!existsSync(python)) {
  mkdirSync(path.dirname(venv), { recursive: true });
  run('python3', ['-m', 'venv', venv]);
  run(python, ['-m', 'pip', 'install', '--quiet', `presidio-analyzer==${VERSION}`]);
}

function run(command: string, args: string[]): void {
  if (spawnSync(command, args, { stdio: 'inherit' }).status !== 0) process.exit(1);
}

const portOf = (server: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    server.stdout!.once('data', (line: Buffer) => resolve(Number(line.toString())));
    server.once('exit', () => reject(new Error('the analyzer did not start')));
  });

const server = spawn(python, [fileURLToPath(new URL('presidio-server.py', import.meta.url))], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let failed = 0;
const check = (what: string, holds: boolean): void => {
  if (!holds) failed++;
  process.stdout.write(`${holds ? 'ok  ' : 'FAIL'} ${what}\n`);
};
try {
  const plugin = analyzerAt(`http://127.0.0.1:${await portOf(server)}/`, { timeoutMs: 30_000 });
  const texts = [
    'Write to mara.quist@tallow.com or pay with 4012 8888 8888 1881.',
    'Nothing at all stands here.',
    `${'Some words that go on. '.repeat(400)}😀 The mailbox is jon.varga@tallow.com today.`,
  ];
  const [first, none, long] = await plugin.detect(texts);
  const reads = (text: string, spans: typeof first): string[] =>
    spans!.map(({ start, end, type }) => `${type} ${[...text].slice(start, end).join('')}`);
  check('finds a mailbox', reads(texts[0]!, first).includes('EMAIL mara.quist@tallow.com'));
  check('finds a card', reads(texts[0]!, first).includes('PAYMENT_CARD 4012 8888 8888 1881'));
  check('finds nothing in plain words', none!.length === 0);
  check(
    'finds a mailbox behind 9,000 characters and an emoji, at its place in code points',
    reads(texts[2]!, long).includes('EMAIL jon.varga@tallow.com'),
  );
  const finds = await readWithPlugin(plugin, texts);
  const config = readConfigOf({
    dictionary: EMPTY_DICTIONARY,
    plugins: [finds],
    keyOf: (type, value) => `${type}:${value}`,
  });
  const leaf = newLeaf({ path: '', text: texts[0]!, kind: 'string', key: '' }, 'free');
  readOnce([{ id: '', leaves: [leaf] }], config);
  check(
    'its spans stand among our own, under its name',
    leaf.found.some(({ detector }) => detector === 'plugin:presidio@1'),
  );
} finally {
  server.kill();
}
process.stdout.write(`${failed === 0 ? 'all hold' : `${failed} failed`}, presidio-analyzer ${VERSION}\n`);
process.exit(failed === 0 ? 0 : 1);
