/** `croissant.json`: the release for dataset search and tools, in Croissant 1.0 (mlcommons.org/croissant/1.0). */
import { sha256 } from '../trajectory/hash.ts';
import type { ReleaseInfo } from './release-info.ts';
import type { Config } from './row.ts';
import type { RowCounts } from './row-counts.ts';
import type { Shard } from './serialise.ts';

const CONTEXT = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  extract: 'cr:extract',
  field: 'cr:field',
  fileObject: 'cr:fileObject',
  fileProperty: 'cr:fileProperty',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  path: 'cr:path',
  rai: 'http://mlcommons.org/croissant/RAI/',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  sc: 'https://schema.org/',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
};

const COLUMNS: Record<Config, readonly string[]> = {
  'sft-chat': ['id', 'messages', 'meta_json'],
  'sft-agent': ['id', 'messages', 'tools', 'meta_json'],
  'dpo-chat': ['id', 'prompt', 'chosen', 'rejected', 'meta_json'],
  'dpo-agent': ['id', 'prompt', 'chosen', 'rejected', 'tools', 'meta_json'],
};
const MESSAGE_LISTS = new Set(['messages', 'prompt', 'chosen', 'rejected']);

const encodingOf = (path: string) => (path.endsWith('.gz') ? 'application/gzip' : 'application/jsonlines');

/** One FileObject a data file, one FileSet and RecordSet a config. */
export function croissant(info: ReleaseInfo, shards: readonly Shard[], counts: RowCounts): string {
  const { release, removed } = info;
  const configs = counts.byConfig.map(({ name }) => name);
  const described = {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    name: release.name,
    description: `Release ${release.number}: pseudonymised conversations and agent runs for ${info.purpose}.`,
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    datePublished: release.createdAt,
    version: `${release.number}.0.0`,
    license: info.licence,
    inLanguage: info.languages,
    'rai:personalSensitiveInformation': `Personal data and secrets were replaced by numbered placeholders; types and counts: ${
      Object.entries(removed.redacted)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([type, count]) => `${type} ${count}`)
        .join(', ') || 'none found'
    }.`,
    'rai:dataUseCases': info.purpose,
    'rai:dataLimitations': info.limits,
    distribution: [
      ...shards.map(({ path, bytes }) => ({
        '@type': 'cr:FileObject',
        '@id': path,
        name: path,
        contentUrl: path,
        contentSize: `${bytes.length} B`,
        encodingFormat: encodingOf(path),
        sha256: sha256(bytes),
      })),
      ...configs.map((name) => ({
        '@type': 'cr:FileSet',
        '@id': `files-${name}`,
        name: `files-${name}`,
        encodingFormat: encodingOf(shards.find(({ config }) => config === name)!.path),
        includes: `data/${name}/*`,
      })),
    ],
    recordSet: configs.map((name) => ({
      '@type': 'cr:RecordSet',
      '@id': name,
      name,
      key: { '@id': `${name}/id` },
      field: COLUMNS[name].map((column) => ({
        '@type': 'cr:Field',
        '@id': `${name}/${column}`,
        name: column,
        dataType: 'sc:Text',
        ...(MESSAGE_LISTS.has(column) ? { repeated: true } : {}),
        source: { fileSet: { '@id': `files-${name}` }, extract: { column } },
      })),
    })),
  };
  return `${JSON.stringify(described, null, 1)}\n`;
}
