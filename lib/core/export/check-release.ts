/** `assay validate` on a release folder: the rows of all its configs, card, manifest, hashes, signature. */
import { parse as parseYaml } from 'yaml';
import { checkConfig } from './check-files.ts';
import { type CheckedFile, type LookAtRow, SeenRows, splitOfName } from './check-rows.ts';
import { checkTrainerArgs, checkVerdict, openTargets, type ReleaseTarget } from './check-targets.ts';
import { type Finding, FindingBook } from './findings.ts';
import type { Manifest } from './manifest.ts';
import { type PlannedFile, toFolder } from './release-files.ts';
import { CONFIGS, type Config } from './row.ts';
import { type ReleaseFolder, readAll, verifyRelease } from './verify-release.ts';

const CARD_FILE = 'README.md';
const GOLD_FILE = 'eval/gold.jsonl';

export async function checkRelease(folder: ReleaseFolder): Promise<Finding[]> {
  const book = new FindingBook();
  const { faults, manifest } = await verifyRelease(folder);
  for (const { code, path, why } of faults) book.add(code, path, null, '', why);
  const targets = manifest ? await openTargets(folder, manifest, book) : [];
  const checked = await checkContents(folder, book, lookThrough(targets));
  if (manifest) {
    checkManifestConfigs(manifest, checked, book);
    await checkTrainerArgs(folder, manifest, targets, book);
    await checkVerdict(folder, manifest, book);
  }
  return book.list();
}

const lookThrough =
  (targets: readonly ReleaseTarget[]): LookAtRow =>
  (line, report) => {
    for (const { checker, look } of targets) {
      checker.check(line, report);
      look?.(line, report);
    }
  };

/** The same for what is built and not signed yet: rows and card, as the gate of a release asks. */
export async function checkBuilt(files: readonly PlannedFile[]): Promise<Finding[]> {
  const book = new FindingBook();
  await checkContents(toFolder(files), book);
  return book.list();
}

async function checkContents(folder: ReleaseFolder, book: FindingBook, look?: LookAtRow): Promise<CheckedFile[]> {
  const seen = new SeenRows();
  const checked: CheckedFile[] = [];
  const toCheck = (file: string) => ({ file, chunks: () => folder.unpacked(file) });
  for (const config of CONFIGS) {
    const files = folder.paths.filter((path) => path.startsWith(`data/${config}/`));
    checked.push(
      ...(await checkConfig(files.map(toCheck), config.startsWith('sft') ? 'sft' : 'dpo', book, seen, look)),
    );
  }
  for (const path of folder.paths) {
    const config = path.startsWith('data/') ? path.split('/')[1] : undefined;
    const isKnown = config === undefined || CONFIGS.includes(config as Config);
    if (!isKnown) book.add('R04', path, null, '', 'a data file of no known config');
  }
  if (folder.paths.includes(GOLD_FILE)) await checkConfig([toCheck(GOLD_FILE)], 'eval', book, seen);
  await checkCard(folder, book);
  return checked;
}

/** Row counts of the manifest's configs against the rows that are there. */
function checkManifestConfigs(manifest: Manifest, checked: readonly CheckedFile[], book: FindingBook): void {
  const counted = new Map<string, number>();
  const add = (name: string, rows: number) => counted.set(name, (counted.get(name) ?? 0) + rows);
  for (const { file, split, rows } of checked) add(`${file.split('/')[1]} ${split}`, rows);
  for (const { name, splits } of manifest.configs) {
    for (const [split, rows] of Object.entries(splits)) add(`${name} ${split}`, -(rows ?? 0));
  }
  for (const [name, difference] of counted) {
    if (difference !== 0) book.add('R02', 'manifest.json', null, '/configs', `another count of rows in ${name}`);
  }
}

type CardConfig = { config_name?: unknown; data_files?: unknown; features?: unknown };

/** The card must name each config with its splits and columns, and nothing else. */
async function checkCard(folder: ReleaseFolder, book: FindingBook): Promise<void> {
  const bad = (why: string) => book.add('R04', CARD_FILE, null, '', why);
  if (!folder.paths.includes(CARD_FILE)) {
    bad('there is no card');
    return;
  }
  const head = frontMatter((await readAll(folder.packed(CARD_FILE))).toString('utf8'));
  if (head === undefined) {
    bad('it has no front matter that can be read');
    return;
  }
  const configs = listOf(head.configs);
  const infos = listOf(head.dataset_info);
  const there = CONFIGS.filter((config) => folder.paths.some((path) => path.startsWith(`data/${config}/`)));
  for (const name of there) {
    const config = configs.find(({ config_name }) => config_name === name);
    if (!config) bad(`config ${name} has files and no entry`);
    else checkCardFiles(folder, name, config, bad);
    const info = infos.find(({ config_name }) => config_name === name);
    if (!info) bad(`config ${name} has no features`);
    else checkFeatures(name, info, bad);
  }
  for (const { config_name: name } of configs) {
    if (!there.includes(name as Config)) bad('it names a config that has no files');
  }
}

function frontMatter(text: string): Record<string, unknown> | undefined {
  const end = text.indexOf('\n---\n', 3);
  if (!text.startsWith('---\n') || end < 0) return undefined;
  try {
    const value: unknown = parseYaml(text.slice(4, end + 1), { maxAliasCount: 0 });
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const listOf = (value: unknown): CardConfig[] =>
  Array.isArray(value) ? value.filter((item): item is CardConfig => typeof item === 'object' && item !== null) : [];

function checkCardFiles(folder: ReleaseFolder, name: Config, config: CardConfig, bad: (why: string) => void): void {
  const entries = (Array.isArray(config.data_files) ? config.data_files : []) as { split?: unknown; path?: unknown }[];
  const files = folder.paths.filter((path) => path.startsWith(`data/${name}/`));
  const patterns = entries.flatMap(({ split, path }) =>
    [path].flat().map((glob) => ({ split, matches: globMatcher(String(glob)) })),
  );
  for (const { split, matches } of patterns) {
    if (!files.some(matches)) bad(`config ${name}: a pattern of split ${String(split)} finds no file`);
  }
  for (const file of files) {
    const splits = patterns.filter(({ matches }) => matches(file)).map(({ split }) => split);
    if (splits.length !== 1)
      bad(`config ${name}: a file is named ${splits.length === 0 ? 'by no pattern' : 'by several patterns'}`);
    else if (splits[0] !== splitOfName(file).split)
      bad(`config ${name}: a file stands under another split than its name says`);
  }
}

/** `*` stands for anything but a slash. Compared piece by piece, so a hostile card costs no time. */
function globMatcher(glob: string): (path: string) => boolean {
  const pieces = glob.split('*');
  return (path) => {
    if (pieces.length === 1) return path === glob;
    const [first, ...rest] = pieces as [string, ...string[]];
    const last = rest.pop()!;
    if (!path.startsWith(first) || !path.endsWith(last) || path.length < first.length + last.length) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = path.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    const middle = path.slice(first.length, path.length - last.length);
    return at <= path.length - last.length && !middle.includes('/');
  };
}

const COLUMNS: Record<Config, string> = {
  'sft-chat': 'id messages meta_json',
  'sft-agent': 'id messages tools meta_json',
  'dpo-chat': 'id prompt chosen rejected meta_json',
  'dpo-agent': 'id prompt chosen rejected tools meta_json',
};

function checkFeatures(name: Config, info: CardConfig, bad: (why: string) => void): void {
  const features = (Array.isArray(info.features) ? info.features : []) as { name?: unknown }[];
  const columns = features.map((feature) => feature?.name).filter((column) => column !== 'chat_template_kwargs');
  if (columns.join(' ') !== COLUMNS[name]) bad(`config ${name}: its features are not the columns of its rows`);
}
