/**
 * `npm run bench -- parse|ingest|detect|import|upload|claim|mix|exports`: one figure a line, and each as a ratio to a
 * plain loop of the same run, so that figures of different machines and days compare. docs/measurements.md keeps what was measured.
 */
import os from 'node:os';
import { type Figure, round, yardstick } from './bench/measure.ts';

const BENCHES: Record<string, () => Promise<Figure[]>> = {
  parse: async () => (await import('./bench/pure.ts')).benchParse(),
  ingest: async () => (await import('./bench/ingest.ts')).benchIngest(),
  detect: async () => [
    ...(await (await import('./bench/pure.ts')).benchDetect()),
    ...(await import('./bench/mixed.ts')).benchMixed(),
  ],
  privacy: async () => (await import('./bench/privacy.ts')).benchPrivacy(),
  import: async () => (await import('./bench/store.ts')).benchImport(),
  claim: async () => (await import('./bench/store.ts')).benchClaim(),
  upload: async () => (await import('./bench/upload.ts')).benchUpload(),
  mix: async () => (await import('./bench/mix.ts')).benchMix(),
  exports: async () => (await import('./bench/exports.ts')).benchExports(),
};

const names = process.argv.slice(2);
if (names.some((name) => !(name in BENCHES))) {
  process.stderr.write(`bench: one or more of ${Object.keys(BENCHES).join(', ')}; all when none is named\n`);
  process.exit(2);
}
const { jsonMbPerS, hashMbPerS } = await yardstick();
process.stdout.write(
  `Node ${process.versions.node}, ${os.cpus()[0]?.model.trim() ?? 'unknown'}, ${os.cpus().length} cores, load ${os.loadavg()[0]!.toFixed(1)}\n` +
    `yardstick: JSON.parse ${round(jsonMbPerS)} MB/s, SHA-256 ${round(hashMbPerS)} MB/s\n`,
);
for (const name of names.length > 0 ? names : Object.keys(BENCHES))
  for (const { name: what, value, unit, note } of await BENCHES[name]!()) {
    const ratio = unit === 'MB/s' ? `, ${(value / jsonMbPerS).toFixed(4)} of JSON.parse` : '';
    process.stdout.write(`${what}: ${round(value)} ${unit}${ratio}${note ? ` (${note})` : ''}\n`);
  }
