/**
 * Token classification with the operator's own files: `model.onnx`, `vocab.txt` (BERT's word pieces) and `config.json`
 * (`id2label`) in one folder. The runtime, `onnxruntime-node`, is not installed by default; docs/privacy.md says how.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { joinChunks } from '#lib/core/pii/plugin/chunks.ts';
import { typeOfEntity } from '#lib/core/pii/plugin/entity-names.ts';
import { DetectorAwayError, type Plugin, type PluginSpan } from '#lib/core/pii/plugin/plugin.ts';
import { type WordPieces, wordPiecesOf } from './word-pieces.ts';

/** Pieces a run, and how many the next one reads again. */
const WINDOW = 256;
const OVERLAP = 32;
const LEAST_SCORE = 0.3;

const Config = z.object({ id2label: z.record(z.string(), z.string()), do_lower_case: z.boolean().optional() });

/** The part of the runtime that is used here. */
type Tensor = { data: Float32Array | BigInt64Array; dims: readonly number[] };
type Session = { inputNames: readonly string[]; run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> };
type Runtime = {
  InferenceSession: { create(model: Uint8Array): Promise<Session> };
  Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => Tensor;
};

/** @throws DetectorAwayError when the runtime or a file is missing */
export async function onnxTaggerIn(folder: string): Promise<Plugin> {
  const { runtime, session, pieces, labels, version } = await open(folder).catch((error: unknown) => {
    throw new DetectorAwayError(
      (error as { code?: string }).code === 'MODULE_NOT_FOUND'
        ? 'onnxruntime-node is not installed'
        : 'the ONNX model can not be opened',
    );
  });

  async function scoresOf(ids: readonly number[]): Promise<Float32Array> {
    const dims = [1, ids.length];
    const tensor = (value: (i: number) => number): Tensor =>
      new runtime.Tensor(
        'int64',
        BigInt64Array.from(ids, (_, i) => BigInt(value(i))),
        dims,
      );
    const feeds: Record<string, Tensor> = {};
    for (const name of session.inputNames)
      feeds[name] = tensor(name === 'input_ids' ? (i) => ids[i]! : name === 'attention_mask' ? () => 1 : () => 0);
    const output = Object.values(await session.run(feeds))[0];
    if (
      output === undefined ||
      output.data.length !== ids.length * labels.length ||
      !(output.data instanceof Float32Array)
    )
      throw new DetectorAwayError('the ONNX model answers in another form');
    return output.data;
  }

  async function spansOf(text: string): Promise<PluginSpan[]> {
    const whole = pieces(text);
    const found: { start: number; spans: PluginSpan[] }[] = [];
    for (let from = 1; from < whole.ids.length - 1; from += WINDOW - OVERLAP) {
      const to = Math.min(from + WINDOW, whole.ids.length - 1);
      const ids = [whole.ids[0]!, ...whole.ids.slice(from, to), whole.ids.at(-1)!];
      const scores = await scoresOf(ids);
      found.push({ start: 0, spans: read(whole, from, to, scores) });
      if (to === whole.ids.length - 1) break;
    }
    return joinChunks(found);
  }

  /** The best label of each piece; pieces of one label in a row are one span, scored by its weakest. */
  function read(whole: WordPieces, from: number, to: number, scores: Float32Array): PluginSpan[] {
    const spans: PluginSpan[] = [];
    let open: { name: string; start: number; end: number; score: number } | undefined;
    const close = (): void => {
      if (open !== undefined && open.score >= LEAST_SCORE)
        spans.push({ start: open.start, end: open.end, ...typeOfEntity(open.name, open.score) });
      open = undefined;
    };
    for (let i = from; i < to; i++) {
      const { label, share } = best(scores, (i - from + 1) * labels.length, labels);
      const place = whole.places[i];
      const name = label.replace(/^[BIES]-/, '');
      if (label === 'O' || place === undefined) close();
      else if (open !== undefined && open.name === name && !label.startsWith('B-')) {
        open.end = place.end;
        open.score = Math.min(open.score, share);
      } else {
        close();
        open = { name, ...place, score: share };
      }
    }
    close();
    return spans;
  }

  return {
    id: 'onnx',
    version,
    async detect(texts) {
      const found: PluginSpan[][] = [];
      for (const text of texts) found.push(await spansOf(text));
      return found;
    },
  };
}

/** Label and softmax share of the highest of one piece's figures. */
function best(scores: Float32Array, at: number, labels: readonly string[]): { label: string; share: number } {
  let top = 0;
  for (let i = 1; i < labels.length; i++) if (scores[at + i]! > scores[at + top]!) top = i;
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += Math.exp(scores[at + i]! - scores[at + top]!);
  return { label: labels[top]!, share: 1 / sum };
}

async function open(folder: string) {
  const place = createRequire(import.meta.url).resolve('onnxruntime-node');
  const loaded = (await import(pathToFileURL(place).href)) as Runtime & { default?: Runtime };
  const runtime = loaded.default ?? loaded;
  const model = await readFile(path.join(folder, 'model.onnx'));
  const config = Config.parse(JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8')));
  const vocabulary = (await readFile(path.join(folder, 'vocab.txt'), 'utf8')).replace(/\n$/, '').split('\n');
  const labels = Object.entries(config.id2label)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, label]) => label);
  return {
    runtime,
    session: await runtime.InferenceSession.create(model),
    pieces: wordPiecesOf(
      vocabulary,
      config.do_lower_case ?? vocabulary.every((piece) => piece.startsWith('[') || piece === piece.toLowerCase()),
    ),
    labels,
    version: createHash('sha256').update(model).digest('hex').slice(0, 12),
  };
}
