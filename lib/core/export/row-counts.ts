/** Counts of a release's rows by what a reader of its card asks for. */
import { isObject, type JsonObject } from '../trajectory/json.ts';
import { readLine } from './read-line.ts';
import { CONFIGS, type Config, type Message, type Row, SPLITS, type Split } from './row.ts';
import type { RowEntry } from './serialise.ts';

export type Counts = { [name: string]: number };
export type RowCounts = {
  rows: number;
  byConfig: { name: Config; splits: Partial<Record<Split, number>> }[];
  level: Counts;
  tool: Counts;
  domain: Counts;
  lang: Counts;
  outcome: Counts;
  /** Placeholders in texts that a model learns to say. */
  targetPlaceholders: Counts;
};

const metaOf = (row: Row): JsonObject => {
  const reading = readLine(row.meta_json);
  return reading.ok && isObject(reading.value) ? reading.value : {};
};

/** Messages whose text is a target of training. */
function targetsOf(row: Row): Message[] {
  if ('messages' in row)
    return row.messages.filter((message) => message.role === 'assistant' && message.train !== false);
  return [...row.chosen];
}

const sorted = (counts: Map<string, number>): Counts =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));

export function countRows(entries: readonly RowEntry[]): RowCounts {
  const tallies = {
    level: new Map(),
    tool: new Map(),
    domain: new Map(),
    lang: new Map(),
    outcome: new Map(),
    placeholder: new Map(),
  };
  const add = (tally: Map<string, number>, name: unknown) => {
    if (typeof name === 'string' && name !== '') tally.set(name, (tally.get(name) ?? 0) + 1);
  };
  for (const { level, row } of entries) {
    const meta = metaOf(row);
    add(tallies.level, level);
    for (const name of ['domain', 'lang', 'outcome'] as const) add(tallies[name], meta[name]);
    for (const name of toolsCalled(row)) add(tallies.tool, name);
    for (const target of targetsOf(row)) {
      for (const [, type] of target.content.matchAll(/\[([A-Z][A-Z_]*)_[0-9]+\]/g)) add(tallies.placeholder, type);
    }
  }
  return {
    rows: entries.length,
    byConfig: CONFIGS.flatMap((name) => {
      const ofConfig = entries.filter((entry) => entry.config === name);
      if (ofConfig.length === 0) return [];
      const splits = SPLITS.map((split) => [split, ofConfig.filter((entry) => entry.split === split).length] as const);
      return [{ name, splits: Object.fromEntries(splits.filter(([, rows]) => rows > 0)) }];
    }),
    level: sorted(tallies.level),
    tool: sorted(tallies.tool),
    domain: sorted(tallies.domain),
    lang: sorted(tallies.lang),
    outcome: sorted(tallies.outcome),
    targetPlaceholders: sorted(tallies.placeholder),
  };
}

/** Tools that a row calls, each once. */
function toolsCalled(row: Row): Set<string> {
  const messages: Message[] = 'messages' in row ? row.messages : [...row.prompt, ...row.chosen, ...row.rejected];
  return new Set(
    messages.flatMap((message) =>
      (message.role === 'assistant' ? (message.tool_calls ?? []) : []).map((call) => call.function.name),
    ),
  );
}
