/**
 * `bin/assay parse` in a process of its own against a bare loop that reads the same files, cuts lines and parses them:
 * throughput as a ratio, peak resident memory. Sizes by ASSAY_BENCH_MB (default "30,300"); ASSAY_BENCH_EACH=1 measures
 * every format by itself as well.
 */
import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeCorpus } from './ingest-corpus.ts';
import type { Figure } from './measure.ts';

const root = path.resolve(import.meta.dirname, '../..');

export async function benchIngest(): Promise<Figure[]> {
  const sizes = (process.env.ASSAY_BENCH_MB ?? '30,300').split(',').map(Number);
  const figures: Figure[] = [];
  const folder = mkdtempSync(path.join(tmpdir(), 'assay-bench-'));
  try {
    for (const size of sizes) {
      const files = writeCorpus(folder, size);
      const sets = process.env.ASSAY_BENCH_EACH === '1' ? [...files.map((file) => [file]), files] : [files];
      for (const set of sets) figures.push(...(await measure(set)));
      for (const file of files) rmSync(file);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return figures;
}

async function measure(files: readonly string[]): Promise<Figure[]> {
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const loopMs = await bareLoop(files);
  const { ms, peakMb, accounts } = await runParse(files);
  for (const account of accounts) {
    const lost = account.records - account.mapped - account.duplicates - account.quarantined.length;
    if (lost !== 0 || account.mapped === 0)
      throw new Error(`the account of a file does not add up: ${account.adapter}`);
  }
  const events = accounts.reduce((sum, account) => sum + account.events, 0);
  const name =
    files.length === 1 ? path.basename(files[0]!, '.jsonl') : `${(bytes / 1e6).toFixed(0)} MB of all formats`;
  return [
    { name: `${name}: bin/assay parse`, value: bytes / 1000 / ms, unit: 'MB/s' },
    { name: `${name}: scan and JSON.parse loop`, value: bytes / 1000 / loopMs, unit: 'MB/s', note: 'the reference' },
    { name: `${name}: ratio`, value: loopMs / ms, unit: 'of the loop', note: `goal 0.167; ${events} events` },
    { name: `${name}: peak memory`, value: peakMb, unit: 'MB', note: 'goal 300' },
  ];
}

/** The least that any reader of logs must do. @returns milliseconds */
async function bareLoop(files: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  let values = 0;
  for (const file of files) {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 })) {
      const held: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let from = 0;
      for (let end = held.indexOf(0x0a); end >= 0; end = held.indexOf(0x0a, from)) {
        if (JSON.parse(held.toString('utf8', from, end)) !== null) values++;
        from = end + 1;
      }
      rest = held.subarray(from);
    }
  }
  if (values === 0) throw new Error('nothing was read');
  return performance.now() - startedMs;
}

type Account = {
  adapter: string;
  records: number;
  mapped: number;
  duplicates: number;
  quarantined: [];
  events: number;
};

/** Start and end of the process count; its output is read and dropped, as a pipe would. */
async function runParse(files: readonly string[]): Promise<{ ms: number; peakMb: number; accounts: Account[] }> {
  const startedMs = performance.now();
  const child = spawn(path.join(root, 'bin/assay'), ['parse', ...files], { stdio: ['ignore', 'pipe', 'pipe'] });
  let peakKb = 0;
  const watch = setInterval(() => {
    peakKb = Math.max(peakKb, peakOf(child.pid));
  }, 20);
  child.stdout.on('data', () => {});
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  if (status !== 0) throw new Error(`parse ended with ${status}`);
  const accounts = said
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  return { ms: performance.now() - startedMs, peakMb: peakKb / 1000, accounts };
}

/** kB at the most so far, as Linux counts it; 0 where it does not say. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
