/** parse and detect: pure, on one core, over invented logs. */
import { parseSource } from '#lib/core/ingest/parse-source.ts';
import { EMPTY_DICTIONARY } from '#lib/core/pii/dictionary.ts';
import { redactTrajectory } from '#lib/core/pii/redact.ts';
import { cutIntoUnits } from '#lib/core/segment/segment.ts';
import type { Trajectory } from '#lib/core/trajectory/trajectory.ts';
import { inventedLog } from '#lib/usecases/testing/invented-logs.ts';
import { type Figure, fastest, quantile } from './measure.ts';

export async function parsed(bytes: Buffer): Promise<Trajectory[]> {
  const trajectories: Trajectory[] = [];
  const events = parseSource({
    path: 'bench',
    bytes: async function* () {
      yield bytes;
    },
  });
  for await (const event of events) if (event.kind === 'trajectory') trajectories.push(event.trajectory);
  return trajectories;
}

export async function benchParse(): Promise<Figure[]> {
  const { bytes } = inventedLog('bench', 4000);
  const ms = await fastest(3, () => parsed(bytes));
  return [
    {
      name: 'parse',
      value: bytes.byteLength / 1000 / ms,
      unit: 'MB/s',
      note: 'records to trajectories, numbered, paired, hashed',
    },
    { name: 'parse', value: 4000 / (ms / 1000), unit: 'records/s' },
  ];
}

export async function benchDetect(): Promise<Figure[]> {
  const trajectories = await parsed(inventedLog('bench', 300).bytes);
  const config = { dictionary: EMPTY_DICTIONARY, keyOf: (type: string, value: string) => `${type}:${value}` };
  const units = trajectories.map((trajectory) => cutIntoUnits(trajectory, { rootId: trajectory.id }).units);
  let scanned = 0;
  let spans = 0;
  const each: number[] = [];
  for (let round = 0; round < 2; round++) {
    scanned = 0;
    spans = 0;
    each.length = 0; // the first round warms up
    for (const unit of units) {
      const startedMs = performance.now();
      for (const { receipt, spans: found } of redactTrajectory(unit, config)) {
        scanned += receipt.bytesScanned;
        spans += found.length;
      }
      each.push(performance.now() - startedMs);
    }
  }
  const ms = each.reduce((sum, one) => sum + one, 0);
  return [
    {
      name: 'detect and redact',
      value: scanned / 1000 / ms,
      unit: 'MB/s',
      note: `dense in personal data: ${(spans / trajectories.length).toFixed(1)} spans a conversation`,
    },
    { name: 'detect and redact', value: quantile(each, 0.5), unit: 'ms a conversation, median' },
    { name: 'detect and redact', value: quantile(each, 0.95), unit: 'ms a conversation, 95 %' },
  ];
}
