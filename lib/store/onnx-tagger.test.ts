/**
 * The ONNX plug-in on a model made here: one table from word piece to labels (a single Gather). Runs where the optional
 * runtime is installed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DetectorAwayError } from '#lib/core/pii/plugin/plugin.ts';
import { onnxTaggerIn } from './onnx-tagger.ts';

const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'mara', 'qui', '##st', 'call', 'lives', 'in', 'ghent', 'now'];
const LABELS = ['O', 'B-PER', 'I-PER', 'B-LOC'];
const SAYS: Record<string, number> = { mara: 1, qui: 2, '##st': 2, ghent: 3 };

/** Protocol buffers by hand: a field's number, its wire type, its value. */
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
const bytes = (field: number, value: Uint8Array | number[]): number[] => [
  ...varint((field << 3) | 2),
  ...varint(value.length),
  ...value,
];
const text = (field: number, value: string): number[] => bytes(field, [...Buffer.from(value)]);
const number = (field: number, value: number): number[] => [...varint(field << 3), ...varint(value)];

function tinyModel(): Uint8Array {
  const table = Float32Array.from(
    VOCABULARY.flatMap((piece) => LABELS.map((_, label) => (label === (SAYS[piece] ?? 0) ? 6 : 0))),
  );
  const dims = [VOCABULARY.length, LABELS.length];
  const tensor = [
    ...dims.flatMap((dim) => number(1, dim)),
    ...number(2, 1),
    ...text(8, 'table'),
    ...bytes(9, new Uint8Array(table.buffer)),
  ];
  const shape = (...sizes: (number | string)[]): number[] =>
    bytes(
      2,
      sizes.flatMap((size) => bytes(1, typeof size === 'number' ? number(1, size) : text(2, size))),
    );
  const value = (name: string, type: number, dims: number[]): number[] => [
    ...text(1, name),
    ...bytes(2, bytes(1, [...number(1, type), ...dims])),
  ];
  const node = [...text(1, 'table'), ...text(1, 'input_ids'), ...text(2, 'logits'), ...text(4, 'Gather')];
  const graph = [
    ...bytes(1, node),
    ...text(2, 'tiny'),
    ...bytes(5, tensor),
    ...bytes(11, value('input_ids', 7, shape(1, 'n'))),
    ...bytes(12, value('logits', 1, shape(1, 'n', LABELS.length))),
  ];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, number(2, 13))]);
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

const isInstalled = (() => {
  try {
    createRequire(import.meta.url).resolve('onnxruntime-node');
    return true;
  } catch {
    return false;
  }
})();

describe('token classification with ONNX', () => {
  it.skipIf(isInstalled)('stops the job when the runtime is not installed', async () => {
    await expect(onnxTaggerIn(folder)).rejects.toMatchObject({
      code: 'detector',
      message: 'onnxruntime-node is not installed',
    });
  });

  it.skipIf(!isInstalled)('stops the job when a file is missing', async () => {
    await expect(onnxTaggerIn(path.join(folder, 'none'))).rejects.toBeInstanceOf(DetectorAwayError);
  });

  it.skipIf(!isInstalled)(
    'names what the model names, whole words at their places, however long the text',
    async () => {
      writeFileSync(path.join(folder, 'model.onnx'), tinyModel());
      writeFileSync(path.join(folder, 'vocab.txt'), `${VOCABULARY.join('\n')}\n`);
      writeFileSync(
        path.join(folder, 'config.json'),
        JSON.stringify({ id2label: Object.fromEntries(LABELS.map((label, i) => [i, label])) }),
      );
      const plugin = await onnxTaggerIn(folder);
      const long = `${'call now '.repeat(400)}😀 Mara Quist lives in Ghent`;
      const [short, far] = await plugin.detect(['Call Mara Quist', long]);
      expect(short).toMatchObject([{ start: 5, end: 15, type: 'PERSON' }]);
      const points = [...long];
      expect(far!.map(({ start, end, type }) => `${type} ${points.slice(start, end).join('')}`)).toEqual([
        'PERSON Mara Quist',
        'LOCATION Ghent',
      ]);
      for (const { score } of [...short!, ...far!]) expect(score).toBeGreaterThan(0.9);
    },
  );
});
