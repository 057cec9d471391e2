/** `assay neardup`: which texts are near-duplicates of each other. Clusters are known when all lines are read. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { promptText, rowText } from '#lib/core/dedup/row-text.ts';
import { clusterOnThreads } from '#lib/store/cluster-on-threads.ts';
import { type CommandIo, UsageError, writeLine } from '../command.ts';
import { readJsonLines } from '../json-lines.ts';

const SIDES = { prompt: promptText, row: rowText };
const MOST_CORES = 8;

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { threshold: { type: 'string' }, side: { type: 'string' }, cores: { type: 'string' } },
  });
  const threshold = values.threshold === undefined ? undefined : Number(values.threshold);
  if (threshold !== undefined && !(threshold > 0 && threshold <= 1)) {
    throw new UsageError('--threshold lies above 0 and at most at 1');
  }
  const textOf = SIDES[(values.side ?? 'prompt') as keyof typeof SIDES];
  if (!textOf) throw new UsageError('--side is prompt or row');
  const cores = values.cores === undefined ? Math.min(MOST_CORES, availableParallelism()) : Number(values.cores);
  if (!(Number.isInteger(cores) && cores >= 1 && cores <= 64)) throw new UsageError('--cores is a number from 1 to 64');
  const ids: (string | number)[] = [];
  async function* rows() {
    for await (const { line, value, bad } of readJsonLines(io.stdin)) {
      const id = (value as { id?: unknown } | null | undefined)?.id;
      const text = textOf(value);
      if (bad || text === null || (typeof id !== 'string' && typeof id !== 'number')) {
        io.stderr.write(`line ${line}: ${bad ? 'not JSON' : 'needs an id, and text, messages or prompt'}\n`);
        continue;
      }
      ids.push(id);
      yield { id, text };
    }
  }
  const index = await clusterOnThreads(rows(), { threshold, cores });
  const clusters = index.clusters();
  for (const id of ids) await writeLine(io.stdout, JSON.stringify({ id, cluster: clusters.get(id) }));
  io.stderr.write(`${ids.length} rows, ${new Set(clusters.values()).size} clusters\n`);
  return 0;
}
