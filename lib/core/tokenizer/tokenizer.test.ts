import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundledTokenizerFolder } from '#lib/store/tokenizer-folder.ts';
import { MergeTable, merge } from './bpe.ts';
import { readSpecialTokens } from './special-tokens.ts';
import { Tokenizer } from './tokenizer.ts';
import { TokenizerRefusal } from './tokenizer-file.ts';

const fixture = (name: string) => readFileSync(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)), 'utf8');

type Reference = { text: string; ids: number[]; offsets: [number, number][] };
const references = (name: string) =>
  fixture(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Reference);

/** UTF-16 offsets as code points. */
const points = (text: string, at: number) => [...text.slice(0, at)].length;

const byteLevel = new Tokenizer(fixture('byte-level.json'));
const characters = new Tokenizer(fixture('characters.json'));

/** Ids and offsets in the fixtures are those of the library tokenizers 0.23.3 (fixtures/README.md). */
describe.each([
  ['byte-level with NFC, as Qwen', byteLevel, 'byte-level.jsonl'],
  ['over characters with bytes to fall back on, as Gemma', characters, 'characters.jsonl'],
] as const)('a tokenizer %s', (_name, tokenizer, file) => {
  it.each(references(file))('gives the ids and the places of the reference: $text', ({ text, ids, offsets }) => {
    const found = tokenizer.encodeWithOffsets(text);
    expect([...found.ids]).toEqual(ids);
    expect([...found.starts].map((start, at) => [points(text, start), points(text, found.ends[at]!)])).toEqual(offsets);
    expect([...tokenizer.encode(text)]).toEqual(ids);
    expect(tokenizer.count(text)).toBe(ids.length);
  });

  it('gives the same ids a second time and with places', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const once = [...tokenizer.encode(text)];
        expect([...tokenizer.encode(text)]).toEqual(once);
        expect([...tokenizer.encodeWithOffsets(text).ids]).toEqual(once);
      }),
      { numRuns: 60 },
    );
  });
});

const bundled = bundledTokenizerFolder();
describe.skipIf(!bundled)('the bundled tokenizer of Qwen3', () => {
  const tokenizer = bundled ? new Tokenizer(readFileSync(`${bundled}/tokenizer.json`, 'utf8')) : null;
  it.each(references('qwen3.jsonl'))('gives the ids of the reference: $text', ({ text, ids }) => {
    expect([...tokenizer!.encode(text)]).toEqual(ids);
  });
});

describe('byte pair encoding', () => {
  it('merges long words as it merges short ones', () => {
    const table = new MergeTable(6);
    const pairs: [number, number, number][] = [
      [1, 1, 4],
      [2, 3, 5],
      [4, 4, 6],
      [1, 2, 7],
      [7, 3, 8],
      [6, 5, 9],
    ];
    for (const [rank, [left, right, result]] of pairs.entries()) table.set(left, right, rank, result);
    /** By the rule itself: the lowest rank, the leftmost. */
    const plain = (symbols: number[]): number[] => {
      for (const [left, right, result] of pairs) {
        const at = symbols.findIndex((symbol, place) => symbol === left && symbols[place + 1] === right);
        if (at >= 0) return plain([...symbols.slice(0, at), result, ...symbols.slice(at + 2)]);
      }
      return symbols;
    };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 150 }), (symbols) => {
        expect(merge([...symbols], table)).toEqual(plain(symbols));
      }),
      { numRuns: 80 },
    );
  });
});

describe('what a tokenizer can not be', () => {
  it.each([
    ['no JSON', '{'],
    ['another kind of model', '{"model":{"type":"Unigram","vocab":[]}}'],
    ['dropout', '{"model":{"type":"BPE","dropout":0.1,"vocab":{},"merges":[]}}'],
    ['an unknown step', '{"pre_tokenizer":{"type":"Magic"},"model":{"type":"BPE","vocab":{},"merges":[]}}'],
    ['a merge of nothing', '{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}'],
  ])('%s is refused', (_what, text) => {
    expect(() => new Tokenizer(text)).toThrow(TokenizerRefusal);
  });
});

describe('special tokens of a tokenizer_config.json', () => {
  it('are those that are set, as texts', () => {
    const config =
      '{"bos_token":null,"eos_token":{"content":"<|im_end|>","lstrip":false},"pad_token":"<pad>","other":1}';
    expect([...readSpecialTokens(config)]).toEqual([
      ['eos_token', '<|im_end|>'],
      ['pad_token', '<pad>'],
    ]);
    expect([...readSpecialTokens(null)]).toEqual([]);
  });
});
