/** `assay neardup`: which texts are near-duplicates of each other. Clusters are known when all lines are read. */
import { parseArgs } from 'node:util';
import { ClusterIndex } from '#lib/core/dedup/cluster.ts';
import { promptText } from '#lib/core/dedup/row-text.ts';
import { type CommandIo, UsageError, writeLine } from '../command.ts';
import { readJsonLines } from '../json-lines.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({ args, options: { threshold: { type: 'string' } } });
  const threshold = values.threshold === undefined ? undefined : Number(values.threshold);
  if (threshold !== undefined && !(threshold > 0 && threshold <= 1)) {
    throw new UsageError('--threshold lies above 0 and at most at 1');
  }
  const index = new ClusterIndex<string | number>(threshold);
  const ids: (string | number)[] = [];
  for await (const { line, value, bad } of readJsonLines(io.stdin)) {
    const id = (value as { id?: unknown } | null | undefined)?.id;
    const text = promptText(value);
    if (bad || text === null || (typeof id !== 'string' && typeof id !== 'number')) {
      io.stderr.write(`line ${line}: ${bad ? 'not JSON' : 'needs an id, and text, messages or prompt'}\n`);
      continue;
    }
    ids.push(id);
    index.add(id, text);
  }
  const clusters = index.clusters();
  for (const id of ids) await writeLine(io.stdout, JSON.stringify({ id, cluster: clusters.get(id) }));
  io.stderr.write(`${ids.length} rows, ${new Set(clusters.values()).size} clusters\n`);
  return 0;
}
