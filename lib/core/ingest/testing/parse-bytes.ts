/** Parses bytes at hand, for tests of adapters: everything that came out, as plain data. */
import { constants, gunzipSync } from 'node:zlib';
import { stringify } from '../../trajectory/json.ts';
import type { Trajectory } from '../../trajectory/trajectory.ts';
import { brokenInvariants } from '../invariants.ts';
import { type ParseEvent, type ParseInput, parseSource } from '../parse-source.ts';
import type { ParseSummary } from '../tally.ts';

export type Parsed = {
  trajectories: Trajectory[];
  /** Lines as `assay parse` prints them. */
  lines: string[];
  records: Extract<ParseEvent, { kind: 'record' }>[];
  summary: ParseSummary;
  broken: string[];
};

export async function parseBytes(
  source: string | Uint8Array,
  options: Partial<ParseInput> & { chunkBytes?: number } = {},
): Promise<Parsed> {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source;
  const { chunkBytes = 65_536, ...input } = options;
  async function* inChunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const found: Parsed = {
    trajectories: [],
    lines: [],
    records: [],
    summary: undefined as unknown as ParseSummary,
    broken: [],
  };
  const events = parseSource({ path: 'log', bytes: inChunks(), ...input });
  for (;;) {
    const next = await events.next();
    if (next.done) {
      found.summary = next.value;
      break;
    }
    if (next.value.kind === 'record') found.records.push(next.value);
    if (next.value.kind === 'trajectory') {
      found.trajectories.push(next.value.trajectory);
      found.lines.push(stringify(next.value.trajectory));
    }
  }
  const plain =
    bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes;
  const isPacked = found.trajectories.some(({ source }) => source.member !== undefined);
  found.broken = found.summary.members || isPacked ? [] : brokenInvariants(found.trajectories, found.summary, plain);
  return found;
}
