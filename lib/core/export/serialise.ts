/**
 * Rows as the exact bytes of data files: one shard a config, split and level, rows sorted by id, the same rows always
 * the same bytes. Where the loader would freeze types too early, an anchor row comes first (docs/decisions/0006-rows.md).
 */
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '../trajectory/json.ts';
import { stringify } from '../trajectory/json.ts';
import { anchorSplit, findUnfit, type Line, type SplitLines } from './anchor-rows.ts';
import { SAMPLE_BYTES } from './loader-sample.ts';
import { CONFIGS, type Config, type EvalRow, LEVELS, type Level, type Row, SPLITS, type Split } from './row.ts';

export const MAX_SHARD_BYTES = 100_000_000;

/** One row with what decides where it goes; `index` goes into the sampler's index as it is. */
export type RowEntry = { config: Config; split: Split; level: Level; row: Row; index?: IndexFields };
export type IndexFields = {
  tags?: JsonObject;
  group: string;
  cluster?: string;
  source?: string;
  weight?: number;
  tokens?: JsonObject;
};

export type ShardRow = { entry: RowEntry; line: number; byteStart: number; byteEnd: number };
export type Shard = {
  path: string;
  config: Config;
  split: Split;
  level: Level;
  rows: ShardRow[];
  /** As the file holds them: packed when the name ends in .gz. */
  bytes: Uint8Array;
};

export type SerialiseOptions = { gzip?: boolean; maxShardBytes?: number; sampleBytes?: number };

/** One line, LF included. */
export const serialiseRow = (row: Row | EvalRow): string => `${stringify(row)}\n`;

/** Level 6, no name, no time, no system: the same bytes on every machine. */
export function gzipStable(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: 6 });
  packed[9] = 255;
  return packed;
}

/** @returns shards, and the rows that no loader could read beside the others (reason `no_anchor`) */
export function toShards(
  entries: readonly RowEntry[],
  options: SerialiseOptions = {},
): { shards: Shard[]; leftOut: RowEntry[] } {
  const leftOut: RowEntry[] = [];
  const shards = CONFIGS.flatMap((config) => {
    let kept = entries.filter((entry) => entry.config === config);
    for (;;) {
      const made = layOut(config, kept, options);
      if (made.unfit.size === 0) return made.shards();
      leftOut.push(...kept.filter(({ row }) => made.unfit.has(row.id)));
      kept = kept.filter(({ row }) => !made.unfit.has(row.id));
    }
  });
  return { shards, leftOut };
}

const toLine = (entry: RowEntry): Line => ({ entry, line: Buffer.from(serialiseRow(entry.row)) });

function layOut(config: Config, entries: readonly RowEntry[], options: SerialiseOptions) {
  const lines = entries.map(toLine).sort((a, b) => (a.entry.row.id < b.entry.row.id ? -1 : 1));
  const splits: SplitLines[] = SPLITS.flatMap((split) => {
    const ofSplit = lines.filter(({ entry }) => entry.split === split);
    const levels = LEVELS.map((level) => ({ level, lines: ofSplit.filter(({ entry }) => entry.level === level) }));
    return ofSplit.length === 0 ? [] : [{ split, levels: levels.filter((level) => level.lines.length > 0) }];
  });
  const sampleBytes = Math.min(options.sampleBytes ?? SAMPLE_BYTES, options.maxShardBytes ?? MAX_SHARD_BYTES);
  for (const { levels } of splits) anchorSplit(levels, lines, sampleBytes, toLine);
  const unfit = new Set(findUnfit(splits, lines, sampleBytes).map(({ row }) => row.id));
  const shards = () =>
    splits.flatMap(({ split, levels }) =>
      levels.flatMap(({ level, lines: ofLevel }) => cutShards(config, split, level, ofLevel, options)),
    );
  return { unfit, shards };
}

function cutShards(
  config: Config,
  split: Split,
  level: Level,
  lines: readonly Line[],
  options: SerialiseOptions,
): Shard[] {
  const { gzip = false, maxShardBytes = MAX_SHARD_BYTES } = options;
  const cuts: Line[][] = [];
  let bytes = 0;
  for (const line of lines) {
    const current = cuts.at(-1);
    if (!current || bytes + line.line.length > maxShardBytes) {
      cuts.push([line]);
      bytes = line.line.length;
    } else {
      current.push(line);
      bytes += line.line.length;
    }
  }
  const five = (n: number) => String(n).padStart(5, '0');
  return cuts.map((cut, index) => {
    const name = `${split}-${level}-${five(index)}-of-${five(cuts.length)}.jsonl${gzip ? '.gz' : ''}`;
    let at = 0;
    const rows = cut.map(({ entry, line }, lineIndex) => {
      const byteStart = at;
      at += line.length;
      return { entry, line: lineIndex + 1, byteStart, byteEnd: at };
    });
    const plain = Buffer.concat(cut.map(({ line }) => line));
    return { path: `data/${config}/${name}`, config, split, level, rows, bytes: gzip ? gzipStable(plain) : plain };
  });
}

/** `sampler/index.jsonl`: where each row stands, and by what a sampler may choose it. Bytes are those of the unpacked file. */
export function samplerIndex(shards: readonly Shard[]): string {
  const lines = shards.flatMap((shard) =>
    shard.rows.map(({ entry, line, byteStart, byteEnd }) => {
      const { tags = {}, group, cluster, source, weight = 1, tokens = {} } = entry.index ?? { group: undefined };
      const { config, split, level } = entry;
      return `${stringify({ id: entry.row.id, config, split, file: shard.path, line, byteStart, byteEnd, level, tags, group, cluster, source, weight, tokens })}\n`;
    }),
  );
  return lines.join('');
}

/** Rows of train by config and level: what mixtures are made of. */
export function trainStock(shards: readonly Shard[]): { config: Config; level: Level; rows: number }[] {
  const counts = new Map<string, { config: Config; level: Level; rows: number }>();
  for (const { entry } of shards.flatMap((shard) => shard.rows)) {
    if (entry.split !== 'train') continue;
    const key = `${entry.config}\n${entry.level}`;
    const cell = counts.get(key) ?? { config: entry.config, level: entry.level, rows: 0 };
    cell.rows++;
    counts.set(key, cell);
  }
  return [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
}
