/** The targets of a release: template, tokenizer, what to expect of each row, and how to set the trainers (docs/exports.md). */

import { createHash } from 'node:crypto';
import { parseClock } from '../template/strftime.ts';
import { Template } from '../template/template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { sha256 } from '../trajectory/hash.ts';
import { type JsonObject, stringify } from '../trajectory/json.ts';
import { expectRow, isUnseen, type Renderer, type Seen } from './expectations.ts';
import type { Config, Row } from './row.ts';
import { gzipStable, type RowEntry, type Shard } from './serialise.ts';

/** A student family that a release is proven for. */
export type Target = {
  name: string;
  /** Architecture of the tiny model that the dry run trains. */
  family: string;
  /** With generation markers. */
  template: string;
  tokenizer: { name: string; revision?: string; licence: string };
  /** As trainers read it from a folder; shipped with the release. */
  files: readonly { path: string; text: string }[];
  specialTokens: Readonly<Record<string, string>>;
  stopToken: string;
  /** Made of `tokenizer.json` once, it is large. */
  encoder: Tokenizer;
};

export type TargetFacts = {
  name: string;
  template: { path: string; sha256: string };
  tokenizer: { name: string; revision?: string; licence: string; sha256: string; shipped: boolean };
  specialTokens: Readonly<Record<string, string>>;
  stopToken: string;
  tokens: Record<string, { max: number; p50: number; p95: number; p99: number }>;
  promptTokens: Record<string, { max: number }>;
  textSha256: Record<string, string>;
};

const LORA = { r: 16, lora_alpha: 32, lora_dropout: 0.05, target_modules: 'all-linear', task_type: 'CAUSAL_LM' };
const LENGTH_STEP = 1024;
const SHORTEST = 2048;

export function rendererOf(target: Target, date: string | undefined): Renderer {
  return {
    template: new Template(target.template),
    tokenizer: target.encoder,
    specialTokens: new Map(Object.entries(target.specialTokens)),
    clock: date === undefined ? null : parseClock(date),
  };
}

export type Measured = {
  /** Rows that every target takes, with their token counts in metadata and index. */
  entries: RowEntry[];
  /** Rows that some target can't take, by rule. */
  refused: { entry: RowEntry; rule: string; target: string }[];
  seen: Map<string, Map<string, Seen<object>>>;
};

/** Looks at every row through every target. A row that one of them can't take leaves: nothing is dropped behind one's back later. */
export function measure(entries: readonly RowEntry[], targets: readonly Target[], date?: string): Measured {
  const renderers = targets.map((target) => ({ target, renderer: rendererOf(target, date) }));
  const seen = new Map(targets.map(({ name }) => [name, new Map<string, Seen<object>>()]));
  const refused: Measured['refused'] = [];
  const kept: RowEntry[] = [];
  for (const entry of entries) {
    const tokens: Record<string, number> = {};
    let bad: { rule: string; target: string } | undefined;
    for (const { target, renderer } of renderers) {
      const found = expectRow(renderer, entry.row);
      const isUntrained = !isUnseen(found) && found.trained === 0;
      if (isUnseen(found)) bad ??= { rule: found.refused, target: target.name };
      else if (isUntrained) bad ??= { rule: 'no_training_target', target: target.name };
      else {
        tokens[target.name] = found.length;
        seen.get(target.name)!.set(entry.row.id, found);
      }
    }
    if (bad) refused.push({ entry, ...bad });
    else kept.push(withTokens(entry, tokens));
  }
  return { entries: kept, refused, seen };
}

function withTokens(entry: RowEntry, tokens: Record<string, number>): RowEntry {
  if (Object.keys(tokens).length === 0) return entry;
  const meta = JSON.parse(entry.row.meta_json) as JsonObject;
  const known = Object.entries({ ...meta, tokens }).sort(([a], [b]) => (a < b ? -1 : 1));
  const row: Row = { ...entry.row, meta_json: stringify(Object.fromEntries(known) as JsonObject) };
  return { ...entry, row, ...(entry.index ? { index: { ...entry.index, tokens } } : {}) };
}

/** The value at a share of the sorted list, by nearest rank. */
const rank = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;

export type TargetFile = { path: string; bytes: Uint8Array; rows?: number };

/** Files and facts of one target, over the rows as the shards hold them. */
export function targetFiles(
  target: Target,
  shards: readonly Shard[],
  seen: ReadonlyMap<string, Seen<object>>,
): { files: TargetFile[]; facts: TargetFacts } {
  const root = `targets/${target.name}`;
  const lengths = new Map<Config, number[]>();
  const prompts = new Map<Config, number>();
  const texts = new Map<string, ReturnType<typeof createHash>>();
  const expected: string[] = [];
  for (const { config, split, rows } of shards) {
    const key = `${config}/${split}`;
    const hash = texts.get(key) ?? createHash('sha256');
    texts.set(key, hash);
    for (const { entry } of rows) {
      const found = seen.get(entry.row.id)!;
      const { id, ...rest } = found.expect as { id: string };
      expected.push(`${stringify({ config, split, id, ...rest } as JsonObject)}\n`);
      for (const text of found.texts) hash.update(text).update('\0');
      lengths.set(config, [...(lengths.get(config) ?? []), found.length]);
      if (found.promptLength !== undefined) prompts.set(config, Math.max(prompts.get(config) ?? 0, found.promptLength));
    }
  }
  const tokenizerJson = target.files.find(({ path }) => path === 'tokenizer.json')?.text ?? '';
  const spec = {
    name: target.name,
    family: target.family,
    tokenizer: { ...target.tokenizer, sha256: sha256(tokenizerJson), shipped: true },
    specialTokens: target.specialTokens,
    stopToken: target.stopToken,
  };
  const text = (path: string, of: string): TargetFile => ({ path: `${root}/${path}`, bytes: Buffer.from(of) });
  const tokens = Object.fromEntries(
    [...lengths].map(([config, all]) => {
      const sorted = all.toSorted((a, b) => a - b);
      return [
        config,
        { max: sorted.at(-1)!, p50: rank(sorted, 0.5), p95: rank(sorted, 0.95), p99: rank(sorted, 0.99) },
      ];
    }),
  );
  return {
    files: [
      text('chat_template.jinja', target.template),
      text('target.json', `${stringify(spec as unknown as JsonObject)}\n`),
      ...target.files.map((file) => text(file.path, file.text)),
      { path: `${root}/expect.jsonl.gz`, bytes: gzipStable(Buffer.from(expected.join(''))), rows: expected.length },
    ],
    facts: {
      name: target.name,
      template: { path: `${root}/chat_template.jinja`, sha256: sha256(target.template) },
      tokenizer: spec.tokenizer,
      specialTokens: target.specialTokens,
      stopToken: target.stopToken,
      tokens,
      promptTokens: Object.fromEntries([...prompts].map(([config, max]) => [config, { max }])),
      textSha256: Object.fromEntries([...texts].map(([key, hash]) => [key, hash.digest('hex')])),
    },
  };
}

/** `trainer_args.json`: keyword arguments of SFTConfig and DPOConfig as they are; no row is cut under them. */
export function trainerArgs(facts: readonly TargetFacts[]): string {
  const targets = facts.map(({ name, template, tokens }) => {
    const argsOf = (kind: 'sft' | 'dpo') => {
      const configs = Object.keys(tokens).filter((config) => config.startsWith(kind));
      const longest = Math.max(SHORTEST, ...configs.map((config) => tokens[config]!.max));
      const common = { max_length: Math.ceil(longest / LENGTH_STEP) * LENGTH_STEP, truncation_mode: 'keep_start' };
      const more =
        kind === 'sft'
          ? { assistant_only_loss: true, packing: false, shuffle_dataset: false }
          : { beta: 0.1, loss_type: ['sigmoid'] };
      return configs.length === 0 ? {} : { [kind]: { configs, args: { ...common, ...more } } };
    };
    return [name, { chat_template: template.path, ...argsOf('sft'), ...argsOf('dpo'), lora: LORA }];
  });
  const all = { schema: 'assay.trainer-args/1', targets: Object.fromEntries(targets) };
  return `${stringify(all as unknown as JsonObject)}\n`;
}
