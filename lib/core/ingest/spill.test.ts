/** What is open waits in memory or in scratch: the same lines come out, and nothing of the log is held but places and ids. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Scratch } from './scratch.ts';
import { parseBytes } from './testing/parse-bytes.ts';

const SAMPLES = new URL('../../../../shared/samples/', import.meta.url);

class MemoryScratch implements Scratch {
  written = 0;
  private readonly pieces = new Map<number, Uint8Array>();
  append(bytes: Uint8Array): number {
    const offset = this.written;
    this.pieces.set(offset, Uint8Array.from(bytes));
    this.written += bytes.length;
    return offset;
  }
  read(offset: number, length: number): Uint8Array {
    return this.pieces.get(offset)!.subarray(0, length);
  }
}

const inSession = (session: string, no: number, text: string) => ({
  type: 'user',
  sessionId: session,
  uuid: `${session}-${no}`,
  parentUuid: no === 0 ? null : `${session}-${no - 1}`,
  timestamp: '2026-03-01T09:00:00.000Z',
  message: { role: 'user', content: text },
});
const spanOf = (trace: string, no: number, text: string) => ({
  name: 'chat',
  context: { trace_id: trace, span_id: `${trace}-${no}` },
  span_kind: 'LLM',
  start_time: `2026-03-01T09:00:0${no}.000Z`,
  attributes: { 'llm.input_messages.0.message.role': 'user', 'llm.input_messages.0.message.content': text },
});
const lines = (rows: object[]) => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

const invented: [string, Buffer][] = [
  ['sessions', lines(['a', 'b', 'a', 'b'].map((id, n) => inSession(id, Math.floor(n / 2), `line ${n}`)))],
  ['spans', lines(['a', 'b', 'a', 'b'].map((id, n) => spanOf(id, Math.floor(n / 2), `call ${n}`)))],
];

async function comesOutTheSame(bytes: Buffer): Promise<number> {
  const scratch = new MemoryScratch();
  const held = await parseBytes(bytes);
  const spilled = await parseBytes(bytes, { scratch, limits: { openBytes: 0 } });
  expect(spilled.lines).toEqual(held.lines);
  expect(spilled.broken).toEqual([]);
  return scratch.written;
}

describe('what is open waits in scratch', () => {
  it.each(invented)('%s that are interleaved', async (_, bytes) => {
    // All of the log is put away: each record once.
    expect(await comesOutTheSame(bytes)).toBeGreaterThanOrEqual(bytes.length - 4);
  });

  it.skipIf(!existsSync(SAMPLES)).each(['claude-code', 'langfuse-traces', 'otlp-genai-derived', 'otlp-proto'])(
    'the public samples of %s',
    async (folder) => {
      for (const name of readdirSync(new URL(folder, SAMPLES)).filter((file) => /jsonl?$/.test(file)))
        await comesOutTheSame(readFileSync(new URL(`${folder}/${name}`, SAMPLES)));
    },
  );
});
