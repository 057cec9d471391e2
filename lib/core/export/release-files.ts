/**
 * The whole folder of a release from its rows and facts: the same input gives the same bytes, twice and on every
 * machine. Two steps, because people approve what was built: `planRelease` makes every file that is frozen at the
 * build, `sealRelease` the manifest with the approvals, its signature and the sums.
 */
import type { KeyObject } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { sha256 } from '../trajectory/hash.ts';
import { stringify } from '../trajectory/json.ts';
import { croissant } from './croissant.ts';
import { datasetCard } from './dataset-card.ts';
import { datasheet } from './datasheet.ts';
import {
  type FileEntry,
  MANIFEST_FILE,
  MANIFEST_SCHEMA,
  type Manifest,
  manifestText,
  SIGNATURE_FILE,
  SUMS_FILE,
  sumsText,
  TOMBSTONES_FILE,
} from './manifest.ts';
import type { ReleaseInfo, Seal } from './release-info.ts';
import type { EvalRow } from './row.ts';
import { countRows, type RowCounts } from './row-counts.ts';
import { type RowEntry, type SerialiseOptions, samplerIndex, serialiseRow, toShards, trainStock } from './serialise.ts';
import { makeShims } from './shims/shims.ts';
import { keyIdOf, signatureText } from './sign.ts';
import { measure, type Target, targetFiles, trainerArgs } from './targets.ts';
import type { ReleaseFolder } from './verify-release.ts';
import { VERIFY_SCRIPT } from './verify-script.ts';

export type PlannedFile = Pick<FileEntry, 'path' | 'rows' | 'config' | 'split' | 'level'> & { chunks: Uint8Array[] };
export type ReleaseContent = {
  entries: readonly RowEntry[];
  evalRows: readonly EvalRow[];
  info: ReleaseInfo;
  /** What `sampler/mixtures.json` says of these rows of train (lib/core/mix/schedule.ts). */
  mixturesOf(stock: ReturnType<typeof trainStock>): object;
  /** Files that come as they are: the script of the dry run and its pins. */
  more?: readonly { path: string; text: string }[];
  /** Files of other stacks beside the rows: `shims/`. */
  shims?: boolean;
  /** Student families that the release is proven for. */
  targets?: readonly Target[];
};
/** `leftOut`: ids of rows that a target refuses or that no loader could read beside the others; counted by rule in removed.json. */
export type ReleasePlan = {
  files: PlannedFile[];
  counts: RowCounts;
  leftOut: string[];
  /** What the manifest says of targets and their clock, and what was left out for them. */
  info: ReleaseInfo;
};

/** Every file but manifest, signature and sums, sorted by path. */
export function planRelease(
  { entries, evalRows, info: given, mixturesOf, more = [], targets = [], shims = false }: ReleaseContent,
  options: SerialiseOptions = {},
): ReleasePlan {
  // The clock that templates may print: the day of the release, so that the same release is always the same texts.
  const date = `${given.release.createdAt.slice(0, 10)}T00:00:00`;
  const measured = measure(entries, targets, date);
  const { shards, leftOut } = toShards(measured.entries, options);
  const seen = targets.map((target) => targetFiles(target, shards, measured.seen.get(target.name)!));
  const rules = [...measured.refused.map(({ rule }) => rule), ...leftOut.map(() => 'no_anchor')];
  const info: ReleaseInfo = {
    ...rules.reduce((so, rule) => withDropped(so, rule), given),
    ...(targets.length > 0 ? { render: { date }, targets: seen.map(({ facts }) => facts) } : {}),
  };
  const counts = countRows(shards.flatMap((shard) => shard.rows.map(({ entry }) => entry)));
  const files: PlannedFile[] = shards.map(({ path, config, split, level, rows, bytes }) => ({
    path,
    config,
    split,
    level,
    rows: rows.length,
    chunks: [bytes],
  }));
  const add = (path: string, text: string, rows?: number) =>
    files.push({ path, ...(rows === undefined ? {} : { rows }), chunks: [Buffer.from(text)] });
  if (evalRows.length > 0) addEval(add, evalRows, info);
  add('sampler/index.jsonl', samplerIndex(shards), counts.rows);
  add('sampler/mixtures.json', `${JSON.stringify(mixturesOf(trainStock(shards)))}\n`);
  add(
    'removed.json',
    `${stringify({ schema: 'assay.removed/1', redacted: sortKeys(info.removed.redacted), dropped: sortKeys(info.removed.dropped) })}\n`,
  );
  add('README.md', datasetCard(info, shards, counts));
  add('DATASHEET.md', datasheet(info, counts));
  add('croissant.json', croissant(info, shards, counts));
  add('verify-release.mjs', VERIFY_SCRIPT);
  for (const { path, text } of more) add(path, text);
  for (const { path, bytes, rows } of seen.flatMap((target) => target.files))
    files.push({ path, ...(rows === undefined ? {} : { rows }), chunks: [bytes] });
  for (const { path, bytes, rows } of shims ? makeShims(shards, targets, date) : [])
    files.push({ path, ...(rows === undefined ? {} : { rows }), chunks: [bytes] });
  if (seen.length > 0) add('trainer_args.json', trainerArgs(seen.map(({ facts }) => facts)));
  add(TOMBSTONES_FILE, '', 0);
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const gone = [...measured.refused.map(({ entry }) => entry), ...leftOut];
  return { files, counts, leftOut: gone.map(({ row }) => row.id), info };
}

const withDropped = (info: ReleaseInfo, rule: string): ReleaseInfo => {
  const { dropped } = info.removed;
  return { ...info, removed: { ...info.removed, dropped: { ...dropped, [rule]: (dropped[rule] ?? 0) + 1 } } };
};

type Add = (path: string, text: string, rows?: number) => void;

function addEval(add: Add, evalRows: readonly EvalRow[], info: ReleaseInfo): void {
  const sorted = [...evalRows].sort((a, b) => (a.id < b.id ? -1 : 1));
  add('eval/gold.jsonl', sorted.map(serialiseRow).join(''), sorted.length);
  const plan = {
    schema: 'assay.eval-plan/1',
    gold: 'gold.jsonl',
    filter: {},
    k: [1, 2, 4],
    trials: 4,
    delta: 0.03,
    alpha: 0.05,
    seed: 1,
    bootstrap: 2000,
    metrics: ['ast', 'format', 'args_exact', 'pass^k'],
    student: info.student ?? '',
    teacher: info.teacher ?? '',
  };
  add('eval/plan.json', `${stringify(plan)}\n`);
}

const sortKeys = <V>(counts: { [name: string]: V }): { [name: string]: V } =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What the manifest says of a file. */
export function toFileEntry({ chunks, ...file }: PlannedFile): FileEntry {
  const whole = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  return { ...file, sha256: sha256(whole), bytes: whole.length };
}

export function toManifest(files: readonly FileEntry[], info: ReleaseInfo, seal: Seal, keyId: string): Manifest {
  const configs = new Map<string, Manifest['configs'][number]>();
  for (const { config, split, rows = 0 } of files) {
    if (config === undefined || split === undefined) continue;
    const made = configs.get(config) ?? { name: config, kind: config.startsWith('sft') ? 'sft' : 'dpo', splits: {} };
    made.splits[split] = (made.splits[split] ?? 0) + rows;
    configs.set(config, made);
  }
  const { removed: _, limits: __, licence: ___, languages: ____, student: _____, teacher: ______, ...facts } = info;
  return { schema: MANIFEST_SCHEMA, ...facts, ...seal, files: [...files], configs: [...configs.values()], keyId };
}

/**
 * Manifest, signature and sums, in the order in which they are written; the signature is the release.
 * @param files as the manifest lists them: of every file of the plan
 */
export function sealRelease(
  files: readonly FileEntry[],
  info: ReleaseInfo,
  seal: Seal,
  privateKey: KeyObject,
): PlannedFile[] {
  const manifest = Buffer.from(manifestText(toManifest(files, info, seal, keyIdOf(privateKey))));
  const signature = Buffer.from(signatureText(manifest, privateKey));
  const sums = sumsText([
    ...files,
    { path: MANIFEST_FILE, sha256: sha256(manifest) },
    { path: SIGNATURE_FILE, sha256: sha256(signature) },
  ]);
  return [
    { path: MANIFEST_FILE, chunks: [manifest] },
    { path: SIGNATURE_FILE, chunks: [signature] },
    { path: SUMS_FILE, chunks: [Buffer.from(sums)] },
  ];
}

/** Planned files as the validator and the verifier read a folder. */
export function toFolder(files: readonly PlannedFile[]): ReleaseFolder {
  const byPath = new Map(files.map(({ path, chunks }) => [path, chunks]));
  const packed = (path: string) => byPath.get(path) ?? [];
  return {
    paths: [...byPath.keys()].sort(),
    packed,
    unpacked: (path) => (path.endsWith('.gz') ? [gunzipSync(Buffer.concat(packed(path)))] : packed(path)),
  };
}
