/**
 * mix: near-duplicates (what is found, how fast, on two cores, how much memory a million prompts need), and the airline
 * runs of tau-bench through groups, sides and the pair miner when the samples are there.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ClusterIndex, THRESHOLD } from '#lib/core/dedup/cluster.ts';
import { jaccard, shinglesOf } from '#lib/core/dedup/shingles.ts';
import { seededRandom } from '#lib/core/stats/random.ts';
import { clusterOnThreads } from '#lib/store/cluster-on-threads.ts';
import { airlinePairs, airlineSplit, readAirline } from '#lib/usecases/testing/airline.ts';
import { type Figure, fastest } from './measure.ts';

const LETTERS = 'etaoinshrdlucmfwypvbgk';
const VOCABULARY = 30_000;

/** Words of letters alone (digits are folded), short ones for the small numbers that come often. */
function wordOf(n: number): string {
  let word = '';
  for (let left = n + 1; left > 0; left = Math.floor(left / LETTERS.length)) word += LETTERS[left % LETTERS.length];
  return word + 'ing'.slice(0, n % 4);
}
const words = Array.from({ length: VOCABULARY }, (_, n) => wordOf(n));

function sentence(chance: () => number, length: number): string[] {
  return Array.from({ length }, () => words[Math.floor(chance() ** 2 * VOCABULARY)]!);
}

type Planted = { rows: { id: string; text: string }[]; alike: [string, string][]; unlike: [string, string][] };

/**
 * Pairs whose exact similarity is known: `alike` from 0.7 to 0.75, where bands miss most, `unlike` from 0.5 to just
 * under 0.7. No text shares more than chance with any but its twin.
 */
function plant(pairs: number): Planted {
  const chance = seededRandom(41);
  const planted: Planted = { rows: [], alike: [], unlike: [] };
  for (let n = 0; planted.alike.length < pairs || planted.unlike.length < pairs; n++) {
    const said = sentence(chance, 30 + Math.floor(chance() * 120));
    const twin = said.slice(0, Math.round(said.length * (0.55 + 0.4 * chance())));
    twin.push(...sentence(chance, Math.floor(chance() * said.length * 0.25)));
    const [a, b] = [`p${n}a`, `p${n}b`];
    const [x, y] = [said.join(' '), twin.join(' ')];
    const similarity = jaccard(shinglesOf(x), shinglesOf(y));
    const isAlike = similarity >= THRESHOLD;
    const into = isAlike ? planted.alike : planted.unlike;
    if (similarity < 0.5 || similarity > 0.75 || into.length >= pairs) continue;
    into.push([a, b]);
    planted.rows.push({ id: a, text: x }, { id: b, text: y });
  }
  return planted;
}

function benchRecall(): Figure[] {
  const { rows, alike, unlike } = plant(5_000);
  const index = new ClusterIndex<string>();
  for (const { id, text } of rows) index.add(id, text);
  const clusters = index.clusters();
  const together = ([a, b]: [string, string]) => clusters.get(a) === clusters.get(b);
  const sizes = [...Map.groupBy(clusters.values(), (cluster) => cluster).values()].filter((of) => of.length > 1).length;
  const found = alike.filter(together).length;
  return [
    {
      name: 'near-duplicates: recall',
      value: (100 * found) / alike.length,
      unit: '%',
      note: `${found} of ${alike.length} planted pairs, exact similarity 0.70 to 0.75`,
    },
    {
      name: 'near-duplicates: precision',
      value: (100 * found) / sizes,
      unit: '%',
      note: `${unlike.filter(together).length} of ${unlike.length} pairs under 0.70 put together`,
    },
  ];
}

const CORPUS_BYTES = 24_000_000;

/** Prompts of 15 to 150 words, one in five nearly said before. */
function* prompts(bytes: number): Generator<{ id: number; text: string }> {
  const chance = seededRandom(43);
  const before: string[][] = [];
  for (let id = 0, made = 0; made < bytes; id++) {
    const isCopy = before.length > 0 && chance() < 0.2;
    const said = isCopy
      ? before[Math.floor(chance() * before.length)]!.with(3, words[Math.floor(chance() * 500)]!)
      : sentence(chance, 15 + Math.floor(chance() ** 2 * 135));
    if (before.length < 5_000) before.push(said);
    const text = said.join(' ');
    made += text.length + 1;
    yield { id, text };
  }
}

async function benchSpeed(): Promise<Figure[]> {
  const rows = [...prompts(CORPUS_BYTES)];
  const bytes = rows.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const cpuBefore = process.cpuUsage();
  await clusterOnThreads(rows, { cores: 1 });
  const { user, system } = process.cpuUsage(cpuBefore);
  const ms = {
    one: await fastest(3, () => clusterOnThreads(rows, { cores: 1 })),
    two: await fastest(3, () => clusterOnThreads(rows, { cores: 2 })),
  };
  return [
    { name: 'near-duplicates: one core', value: bytes / 1000 / ms.one, unit: 'MB/s', note: `${rows.length} prompts` },
    {
      name: 'near-duplicates: one core, by processor time',
      value: bytes / (user + system),
      unit: 'MB/s',
      note: 'what a busy machine hides: seconds that were spent, not waited for',
    },
    { name: 'near-duplicates: two cores', value: bytes / 1000 / ms.two, unit: 'MB/s' },
    { name: 'near-duplicates: a second core helps by', value: ms.one / ms.two, unit: 'times' },
  ];
}

const MILLION = 1_000_000;

async function benchMemory(): Promise<Figure[]> {
  let bytes = 0;
  function* million() {
    for (const { id, text } of prompts(Number.POSITIVE_INFINITY)) {
      if (id === MILLION) return;
      bytes += text.length;
      yield { id, text };
    }
  }
  global.gc?.();
  const before = process.memoryUsage();
  const startedMs = performance.now();
  const index = await clusterOnThreads(million(), { cores: 2 });
  const ms = performance.now() - startedMs;
  const after = process.memoryUsage();
  const held = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  const clusters = new Set(index.clusters().values()).size;
  return [
    {
      name: 'near-duplicates: memory of 1,000,000 prompts',
      value: held / 1e6,
      unit: 'MB',
      note: `${Math.round(bytes / MILLION)} bytes each, ${clusters} clusters; resident at most ${(process.resourceUsage().maxRSS / 1e3).toFixed(0)} MB`,
    },
    {
      name: 'near-duplicates: 1,000,000 prompts',
      value: ms / 1000,
      unit: 's',
      note: 'two cores, texts invented on the way',
    },
  ];
}

const AIRLINE = path.resolve(import.meta.dirname, '../../../shared/samples/tau-bench/gpt-4o-airline.json');

async function benchAirline(): Promise<Figure[]> {
  if (!existsSync(AIRLINE))
    return [{ name: 'tau-bench airline', value: Number.NaN, unit: '', note: 'not here: samples are absent' }];
  const runs = await readAirline(readFileSync(AIRLINE));
  const { tasks, tasksAcross, leakedByRow, rows } = airlineSplit(runs);
  return [
    {
      name: 'tau-bench airline: tasks on two sides',
      value: tasksAcross,
      unit: `of ${tasks}`,
      note: `${rows} units of ${runs.length} runs`,
    },
    {
      name: 'tau-bench airline: test rows whose task is trained on, split by row',
      value: leakedByRow,
      unit: 'of test rows',
    },
    ...airlinePairs(runs).map(({ what, count }) => ({
      name: `tau-bench airline: ${what}`,
      value: count,
      unit: 'times',
    })),
  ];
}

export const benchMix = async (): Promise<Figure[]> => [
  ...benchRecall(),
  ...(await benchSpeed()),
  ...(await benchAirline()),
  ...(await benchMemory()),
];
