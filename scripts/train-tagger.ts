/**
 * Trains the name tagger and writes `lib/core/pii/tagger/weights.ts` and its card `docs/tagger.json`. The same corpora and
 * the same code give the same bytes.
 *
 *   node scripts/train-tagger.ts FOLDER      FOLDER holds the corpora of docs/tagger.md, each in its own folder
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'fflate';
import { CORPORA, generated, glued, lowered, readCorpus, type Sentence } from './tagger/sentences.ts';
import { examplesOf, quantised, train } from './tagger/train.ts';

const VERSION = '1.0.0';
const SEED = 1;
const EPOCHS = 7;
/** Steps of the stored weights a unit: larger weights than 10.6 are cut there. */
const SCALE = 12;
const GENERATED = 14000;

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('usage: node scripts/train-tagger.ts FOLDER\n');
  process.exit(2);
}
const corpora = CORPORA.map((corpus) => ({ ...corpus, sentences: readCorpus(folder, corpus) }));
const written = corpora.flatMap(({ sentences }) => sentences).filter(({ held }) => !held);
const base = [...written.map(glued), ...written.filter((_, i) => i % 2 === 0), ...generated(7, GENERATED, false)];
const sentences: Sentence[] = [...base, ...base.filter((_, i) => i % 3 === 0).map(lowered)];
const examples = examplesOf(sentences);
const model = quantised(
  train(examples, EPOCHS, SEED, (line) => process.stderr.write(`${line}\n`)),
  SCALE,
);
const packed = Buffer.from(gzipSync(new Uint8Array(model.weights.buffer), { level: 9, mtime: 0 }));
const sha256 = createHash('sha256').update(new Uint8Array(model.weights.buffer)).digest('hex');
writeFileSync(
  new URL('../lib/core/pii/tagger/weights.ts', import.meta.url),
  `/** Made by scripts/train-tagger.ts, not by hand. What it was trained on, and whose that is: docs/tagger.md. */
export const TAGGER_VERSION = '${VERSION}';
/** Steps of a weight a unit of score. */
export const SCALE = ${SCALE};
export const TRANSITIONS: readonly number[] = ${JSON.stringify([...model.transitions])};
/** Eight-bit weights, gzip, base64. */
export const WEIGHTS =
  '${packed.toString('base64')}';
`,
);
const card = {
  name: 'tagger',
  version: VERSION,
  kind: 'averaged perceptron, linear chain over BIO labels, hashed features',
  seed: SEED,
  epochs: EPOCHS,
  weightsSha256: sha256,
  weightsNonZero: model.weights.reduce((sum, weight) => sum + (weight === 0 ? 0 : 1), 0),
  packedBytes: packed.byteLength,
  sentences: sentences.length,
  words: examples.reduce((sum, { count }) => sum + count, 0),
  heldOut:
    'one document in six, by hash; of presidio-synth one template in six; of generated lines one template, name and place in six',
  sources: [
    ...corpora.map(({ name, file, licence, from, sentences }) => ({
      name,
      file,
      from,
      licence,
      sha256: createHash('sha256')
        .update(readFileSync(`${folder}/${file}`))
        .digest('hex'),
      trained: sentences.filter(({ held }) => !held).length,
      heldOut: sentences.filter(({ held }) => held).length,
    })),
    {
      name: 'generated',
      file: 'scripts/tagger/templates.ts',
      from: 'this project',
      licence: "the project's own",
      trained: GENERATED,
      heldOut: 0,
    },
  ],
};
writeFileSync(new URL('../docs/tagger.json', import.meta.url), `${JSON.stringify(card, null, 2)}\n`);
process.stderr.write(`weights ${sha256}, ${packed.byteLength} bytes packed\n`);
