/** `README.md`, the dataset card: front matter that tells loaders the types, then what a person should know first. */

import type { ReleaseInfo } from './release-info.ts';
import type { Config } from './row.ts';
import { SPLITS } from './row.ts';
import type { Counts, RowCounts } from './row-counts.ts';
import type { Shard } from './serialise.ts';

/** A YAML scalar. JSON's double quotes are YAML's. */
const quote = (text: string): string => JSON.stringify(text);

export type Feature = { name: string; dtype: 'string' } | { name: string; list: 'json' | Feature[] };

const PLAIN_KEYS = new Set(['role', 'content']);

/** Features of a config; a message list is spelled out when no row has another key than role and content. */
export function featuresOf(config: Config, shards: readonly Shard[]): Feature[] {
  const columns = config.startsWith('sft') ? ['messages'] : ['prompt', 'chosen', 'rejected'];
  const rows = shards.filter((shard) => shard.config === config).flatMap((shard) => shard.rows);
  const isPlain = (column: string) =>
    config.endsWith('-chat') &&
    rows.every(({ entry }) =>
      (entry.row as unknown as Record<string, object[]>)[column]!.every((message) =>
        Object.keys(message).every((key) => PLAIN_KEYS.has(key)),
      ),
    );
  const list = (column: string): Feature => ({
    name: column,
    list: isPlain(column)
      ? [
          { name: 'role', dtype: 'string' },
          { name: 'content', dtype: 'string' },
        ]
      : 'json',
  });
  return [
    { name: 'id', dtype: 'string' },
    ...columns.map(list),
    ...(config.endsWith('-agent') ? [{ name: 'tools', dtype: 'string' } as const] : []),
    { name: 'meta_json', dtype: 'string' },
  ];
}

function featureYaml(feature: Feature): string {
  if ('dtype' in feature) return `{name: ${feature.name}, dtype: ${feature.dtype}}`;
  const list = feature.list === 'json' ? 'json' : `[${feature.list.map(featureYaml).join(', ')}]`;
  return `{name: ${feature.name}, list: ${list}}`;
}

/** @see https://huggingface.co/docs/hub/datasets-cards for the steps */
function sizeCategory(rows: number): string {
  if (rows < 1_000) return 'n<1K';
  if (rows < 10_000) return '1K<n<10K';
  if (rows < 100_000) return '10K<n<100K';
  return rows < 1_000_000 ? '100K<n<1M' : '1M<n<10M';
}

function frontMatter(info: ReleaseInfo, shards: readonly Shard[], counts: RowCounts): string[] {
  const configs = counts.byConfig.flatMap(({ name }) => {
    const splits = SPLITS.filter((split) => shards.some((shard) => shard.config === name && shard.split === split));
    const files = splits.map((split) => `{split: ${split}, path: "data/${name}/${split}-*"}`);
    return [`- config_name: ${name}`, `  data_files: [${files.join(', ')}]`];
  });
  const features = counts.byConfig.flatMap(({ name }) => [
    `- config_name: ${name}`,
    '  features:',
    ...featuresOf(name, shards).map((feature) => `  - ${featureYaml(feature)}`),
  ]);
  return [
    '---',
    `license: ${quote(info.licence)}`,
    `language: [${info.languages.map(quote).join(', ')}]`,
    'task_categories: [text-generation]',
    `size_categories: [${quote(sizeCategory(counts.rows))}]`,
    'tags: [conversational, tool-use, pseudonymised]',
    ...(configs.length > 0 ? ['configs:', ...configs, 'dataset_info:', ...features] : []),
    '---',
  ];
}

/** Text of the user in a Markdown line: no markup, no line of its own. */
export const plain = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|]/g, (mark) => `\\${mark}`);

export function table(title: string, counts: Counts): string[] {
  const names = Object.keys(counts);
  if (names.length === 0) return [];
  return ['', `| ${title} | rows |`, '| --- | ---: |', ...names.map((name) => `| ${plain(name)} | ${counts[name]} |`)];
}

/** The measured risk, in the words of what was measured. */
export function riskLines(info: ReleaseInfo): string[] {
  if (info.redaction.measured.length === 0) return ['No audit was measured for this release.'];
  return info.redaction.measured.map(({ class: kind, upper95 }) =>
    upper95 === null
      ? `- ${plain(kind)}: not measured.`
      : `- ${plain(kind)}: with 95 % confidence at most ${(upper95 * 100).toFixed(2)} % of the units may still hold something of this class.`,
  );
}

export function datasetCard(info: ReleaseInfo, shards: readonly Shard[], counts: RowCounts): string {
  const { release, purpose, recipient, consentBasis, retention } = info;
  const loads = counts.byConfig.map(({ name }) => `load_dataset("PATH/TO/THIS/FOLDER", "${name}")`);
  const body = [
    '',
    `# ${plain(release.name)}`,
    '',
    `Release ${release.number}, built ${release.createdAt}, for ${plain(recipient)}. Pseudonymised conversations from real use of language-model products; placeholders such as \`[PERSON_1]\` stand for removed values and are numbered anew in each row.`,
    '',
    '## Purpose and basis',
    '',
    `- Purpose: ${plain(purpose)}`,
    `- Basis: ${plain(consentBasis)}`,
    `- Sources: ${info.register.map(plain).join(', ') || 'none named'}`,
    `- To be deleted by ${retention.expiresAt}`,
    '',
    '## What is in it',
    '',
    '| config | train | validation | test |',
    '| --- | ---: | ---: | ---: |',
    ...counts.byConfig.map(
      ({ name, splits }) => `| ${name} | ${SPLITS.map((split) => splits[split] ?? 0).join(' | ')} |`,
    ),
    ...table('level', counts.level),
    ...table('tool called', counts.tool),
    ...table('domain', counts.domain),
    ...table('language', counts.lang),
    '',
    '## What was removed',
    ...table('type of value', info.removed.redacted),
    ...table('left out by rule', info.removed.dropped),
    ...(Object.keys(counts.targetPlaceholders).length > 0
      ? ['', 'Placeholders in texts that a model learns to say:', ...table('type', counts.targetPlaceholders)]
      : []),
    '',
    '## Residual risk',
    '',
    ...riskLines(info),
    '',
    '## Known limits',
    '',
    ...(info.limits.length > 0 ? info.limits.map((limit) => `- ${plain(limit)}`) : ['- None was written down.']),
    '',
    '## How to load',
    '',
    '```python',
    'from datasets import load_dataset',
    ...loads,
    '```',
    '',
    'Any reader of JSON Lines can read the files under `data/`. Rows whose id stands in `tombstones.jsonl` must be dropped.',
    '',
    '## How to verify',
    '',
    '`node verify-release.mjs` checks the signature, every hash, and that no file is missing or added. It needs Node 18 and nothing else. Compare the key id that it prints with the one its sender publishes.',
    '',
  ];
  return [...frontMatter(info, shards, counts), ...body].join('\n');
}
