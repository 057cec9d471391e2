/**
 * Rows as the exact bytes of data files: one shard a config, split and level, rows sorted by id, the same rows always
 * the same bytes. Where the loader would freeze types too early, an anchor row comes first (docs/decisions/rows.md).
 */
import { gzipSync } from 'node:zlib';
import type { Json, JsonObject } from '../trajectory/json.ts';
import { stringify } from '../trajectory/json.ts';
import { type Frozen, findMisfit, freeze, SAMPLE_BYTES, type SampleIssue, Shape } from './loader-sample.ts';
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

export function toShards(entries: readonly RowEntry[], options: SerialiseOptions = {}): Shard[] {
  return CONFIGS.flatMap((config) =>
    configShards(
      config,
      entries.filter((entry) => entry.config === config),
      options,
    ),
  );
}

function configShards(config: Config, entries: readonly RowEntry[], options: SerialiseOptions): Shard[] {
  const lines = entries.map((entry) => ({ entry, line: Buffer.from(serialiseRow(entry.row)) }));
  lines.sort((a, b) => (a.entry.row.id < b.entry.row.id ? -1 : 1));
  const bySplit = SPLITS.map((split) => ({
    split,
    levels: LEVELS.map((level) => ({
      level,
      lines: lines.filter(({ entry }) => entry.split === split && entry.level === level),
    })).filter((group) => group.lines.length > 0),
  })).filter(({ levels }) => levels.length > 0);
  for (const { levels } of bySplit) anchor(levels, lines, options.sampleBytes ?? SAMPLE_BYTES);
  return bySplit.flatMap(({ split, levels }) =>
    levels.flatMap(({ level, lines: ofLevel }) => cutShards(config, split, level, ofLevel, options)),
  );
}

type Line = { entry: RowEntry; line: Buffer };
type LevelLines = { level: Level; lines: Line[] };

const ANCHORS_AT_MOST = 8;

/**
 * Moves rows to the front of a split's first shard until the types that the loader infers from it fit every row of the
 * config. A row of another level may have to come: its own metadata keeps its level.
 */
function anchor(levels: LevelLines[], all: readonly Line[], sampleBytes: number): void {
  const first = levels[0]!;
  const inFirst = new Set(first.lines);
  const inSplit = new Set(levels.flatMap((level) => level.lines));
  for (let tries = 0; tries < ANCHORS_AT_MOST; tries++) {
    const issues: SampleIssue[] = [];
    const frozen = freezeLines(first.lines, sampleBytes, issues);
    const misfits = all.filter(({ entry }) => findMisfit(frozen, entry.row as unknown as Json) !== undefined);
    if (misfits.length === 0 && issues.length === 0) return;
    const own = misfits.find((line) => inFirst.has(line)) ?? misfits.find((line) => inSplit.has(line));
    if (own) {
      for (const level of levels) {
        const at = level.lines.indexOf(own);
        if (at >= 0) level.lines.splice(at, 1);
      }
      first.lines.unshift(own);
    } else {
      const marked = markTrained(first.lines);
      if (!marked) return;
    }
  }
}

function freezeLines(lines: readonly Line[], sampleBytes: number, issues: SampleIssue[]): Frozen {
  const shape = new Shape();
  let bytes = 0;
  for (const { entry, line } of lines) {
    if (bytes >= sampleBytes) break;
    bytes += line.length;
    shape.add(entry.row as unknown as Json, { file: '', row: 0 });
  }
  return freeze(shape, issues);
}

/**
 * A split in which all messages look alike gets its mixed message list by saying outright, in one row, what holds
 * anyway: that the last answer is trained.
 */
function markTrained(lines: Line[]): boolean {
  const [first] = lines;
  if (!first || !('messages' in first.entry.row)) return false;
  const { row } = first.entry;
  const last = row.messages.at(-1);
  if (last?.role !== 'assistant' || last.train !== undefined) return false;
  const messages = [...row.messages.slice(0, -1), { ...last, train: true }];
  const entry = { ...first.entry, row: { ...row, messages } };
  lines[0] = { entry, line: Buffer.from(serialiseRow(entry.row)) };
  return true;
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

/** `sampler/mixtures.json`: a flat mix, a staged one that keeps replaying what came before, and how to weigh by a model. */
export function samplerMixtures(shards: readonly Shard[]): string {
  const counts = new Map<string, { config: Config; level: Level; rows: number }>();
  for (const { entry } of shards.flatMap((shard) => shard.rows)) {
    if (entry.split !== 'train') continue;
    const key = `${entry.config}\n${entry.level}`;
    const cell = counts.get(key) ?? { config: entry.config, level: entry.level, rows: 0 };
    cell.rows++;
    counts.set(key, cell);
  }
  const cells = [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
  const phases = [
    { name: 'first steps', levels: ['L0', 'L1'] },
    { name: 'several steps', levels: ['L0', 'L1', 'L2', 'L3'] },
    { name: 'everything', levels: [...LEVELS] as string[] },
  ];
  const staged = phases.flatMap(({ name, levels }) => {
    const take = cells.filter((cell) => levels.includes(cell.level));
    return take.length === 0 ? [] : [{ name, epochs: 1, take: shares(take), replay: 0.2 }];
  });
  return `${stringify({
    flat: cells.map(({ config, level }) => ({ config, level, weight: 1 })),
    staged,
    modelAware: { join: 'id', scores: 'JSONL {"id","loss"|"passRate"}', weight: 'p*(1-p)' },
  })}\n`;
}

/** Shares of the rows, rounded to 1/10,000; the largest cell takes what rounding left, so they sum to 1. */
function shares(cells: readonly { config: Config; level: Level; rows: number }[]) {
  const total = cells.reduce((sum, { rows }) => sum + rows, 0);
  const parts = cells.map(({ rows }) => Math.floor((rows / total) * 10_000));
  const largest = cells.reduce((best, { rows }, index) => (rows > cells[best]!.rows ? index : best), 0);
  parts[largest]! += 10_000 - parts.reduce((sum, part) => sum + part, 0);
  return cells.map(({ config, level }, index) => ({ config, level, share: parts[index]! / 10_000 }));
}
