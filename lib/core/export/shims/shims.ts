/**
 * What other stacks read: a folder each under `shims/`, made of the very rows of the release (docs/exports.md). A row that a
 * stack can't carry without losing something is left out of that folder and named in its `refused.jsonl`.
 */
import { type JsonObject, stringify } from '../../trajectory/json.ts';
import type { Config, DpoRow, SftRow, Split } from '../row.ts';
import type { Shard } from '../serialise.ts';
import { rendererOf, type Target } from '../targets.ts';
import { axolotlDpo, axolotlSft, toRenderedPair } from './axolotl.ts';
import { datasetInfo, isShimRefusal, toLlamaFactoryDpo, toLlamaFactorySft } from './llama-factory.ts';
import { holdsReasoning, toOpenAiDpo, toOpenAiSft } from './openai.ts';
import { parquetTwin, verlParquet } from './parquet.ts';
import { toKto, toPromptCompletion } from './trl.ts';

export type ShimFile = { path: string; bytes: Uint8Array; rows?: number };
type Refused = { stack: string; id: string; rule: string };
type SplitRows = { config: Config; split: Split; paths: string[]; rows: (SftRow | DpoRow)[] };

export function makeShims(shards: readonly Shard[], targets: readonly Target[], date?: string): ShimFile[] {
  const splits = splitsOf(shards);
  const book = new ShimBook();
  for (const part of splits) {
    const name = `${part.config}-${part.split}`;
    book.bytes(`parquet/${part.config}/${part.split}.parquet`, parquetTwin(part.rows));
    if (part.config.startsWith('sft')) addSft(book, name, part.rows as SftRow[]);
    else addDpo(book, name, part.rows as DpoRow[]);
  }
  addLlamaFactory(book, splits);
  const [target] = targets;
  if (target) addAxolotl(book, splits, target, date);
  return book.files();
}

class ShimBook {
  private readonly made = new Map<string, ShimFile>();
  private readonly refusals: Refused[] = [];

  bytes(path: string, bytes: Uint8Array): void {
    this.made.set(path, { path: `shims/${path}`, bytes });
  }
  text(path: string, text: string): void {
    this.bytes(path, Buffer.from(text));
  }
  lines(path: string, rows: readonly JsonObject[]): boolean {
    if (rows.length === 0) return false;
    const bytes = Buffer.from(rows.map((row) => `${stringify(row)}\n`).join(''));
    this.made.set(path, { path: `shims/${path}`, bytes, rows: rows.length });
    return true;
  }
  refuse(stack: string, id: string, rule: string): void {
    this.refusals.push({ stack, id, rule });
  }
  files(): ShimFile[] {
    for (const [stack, refused] of Map.groupBy(this.refusals, (one) => one.stack))
      this.lines(
        `${stack}/refused.jsonl`,
        refused.map(({ id, rule }) => ({ id, rule })),
      );
    return [...this.made.values()];
  }
}

function splitsOf(shards: readonly Shard[]): SplitRows[] {
  const splits = new Map<string, SplitRows>();
  for (const { config, split, path, rows } of shards) {
    const key = `${config}/${split}`;
    const part = splits.get(key) ?? { config, split, paths: [], rows: [] };
    part.paths.push(path);
    part.rows.push(...rows.map(({ entry }) => entry.row));
    splits.set(key, part);
  }
  return [...splits.values()];
}

function addSft(book: ShimBook, name: string, rows: readonly SftRow[]): void {
  const spoken = rows.filter((row) => {
    if (!holdsReasoning(row.messages)) return true;
    book.refuse('openai', row.id, 'reasoning');
    return false;
  });
  book.lines(`openai/${name}.jsonl`, spoken.map(toOpenAiSft));
  const completions = rows.flatMap((row): JsonObject[] => {
    const made = toPromptCompletion(row);
    if (made === null) book.refuse('trl', row.id, 'context_only_answer');
    return made === null ? [] : [made];
  });
  book.lines(`trl/prompt-completion-${name}.jsonl`, completions);
  book.bytes(`verl/${name}.parquet`, verlParquet(rows));
}

function addDpo(book: ShimBook, name: string, rows: readonly DpoRow[]): void {
  const spoken = rows.filter((row) => {
    if (![row.prompt, row.chosen, row.rejected].some(holdsReasoning)) return true;
    book.refuse('openai', row.id, 'reasoning');
    return false;
  });
  book.lines(`openai/${name}.jsonl`, spoken.map(toOpenAiDpo));
  book.lines(`trl/kto-${name}.jsonl`, rows.flatMap(toKto));
}

function addLlamaFactory(book: ShimBook, splits: readonly SplitRows[]): void {
  const files = splits.flatMap(({ config, split, rows }) => {
    const isRanking = config.startsWith('dpo');
    const file = `${config}-${split}.jsonl`;
    const made = rows.flatMap((row): JsonObject[] => {
      const one = isRanking ? toLlamaFactoryDpo(row as DpoRow) : toLlamaFactorySft(row as SftRow);
      if (!isShimRefusal(one)) return [one];
      book.refuse('llama-factory', row.id, one.refused);
      return [];
    });
    const name = `${config.replace('-', '_')}_${split}`;
    return book.lines(`llama-factory/${file}`, made)
      ? [{ name, file, isRanking, hasTools: config.endsWith('agent') }]
      : [];
  });
  book.text('llama-factory/dataset_info.json', `${JSON.stringify(datasetInfo(files), null, 2)}\n`);
}

function addAxolotl(book: ShimBook, splits: readonly SplitRows[], target: Target, date: string | undefined): void {
  const renderer = rendererOf(target, date);
  const template = `targets/${target.name}/chat_template.jinja`;
  for (const { config, split, paths, rows } of splits) {
    if (config.startsWith('sft')) {
      if (split === 'train')
        book.text(`axolotl/${config}.yaml`, axolotlSft(paths, template, target.stopToken, config.endsWith('agent')));
      continue;
    }
    const file = `axolotl/${config}-${split}.jsonl`;
    book.lines(
      file,
      (rows as DpoRow[]).map((row) => toRenderedPair(renderer, row)),
    );
    if (split === 'train') book.text(`axolotl/${config}.yaml`, axolotlDpo(`shims/${file}`));
  }
}
