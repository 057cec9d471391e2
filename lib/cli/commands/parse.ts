/**
 * `assay parse`: logs of any known format to canonical trajectories, one a line, and the account of every source's
 * records. Prints raw text: nothing is redacted here.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { ADAPTERS } from '#lib/core/ingest/adapters/table.ts';
import { adapterByName } from '#lib/core/ingest/detect.ts';
import { type ParseInput, parseBatches } from '#lib/core/ingest/parse-source.ts';
import type { ParseSummary } from '#lib/core/ingest/tally.ts';
import { stringify } from '#lib/core/trajectory/json.ts';
import { ScratchFile } from '#lib/store/scratch-file.ts';
import { type CommandIo, UsageError, writeLine, writeText } from '../command.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { format: { type: 'string' }, summary: { type: 'string' }, unread: { type: 'boolean' } },
  });
  if (positionals.length === 0) throw new UsageError('needs at least one PATH, or - for stdin');
  if (values.format !== undefined && !adapterByName(values.format, ADAPTERS)) {
    throw new UsageError(`no format has this name; known: ${ADAPTERS.map(({ name }) => name).join(', ')}`);
  }
  const file = values.summary === undefined ? undefined : await open(values.summary, 'w');
  let status = 0;
  try {
    for (const path of positionals) {
      const summary = await parsePath(path, values.format, values.unread === true, io);
      if (!summary) status = 1;
      else if (file) await file.write(`${stringify(summary)}\n`);
      else await writeLine(io.stderr, stringify(summary));
    }
  } finally {
    await file?.close();
  }
  return status;
}

/** @returns undefined, and says so, when the path can't be opened or read to its end */
async function parsePath(
  path: string,
  format: string | undefined,
  listUnread: boolean,
  io: CommandIo,
): Promise<ParseSummary | undefined> {
  const scratch = new ScratchFile();
  const named = { scratch, ...(format !== undefined && { format }), ...(listUnread && { listUnread }) };
  try {
    if (path === '-') return await parseTo(io.stdout, { path, bytes: io.stdin as AsyncIterable<Uint8Array>, ...named });
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const random = {
        size,
        read: async (position: number, length: number) => {
          const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
          return buffer.subarray(0, bytesRead);
        },
      };
      const bytes = () => createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Uint8Array>;
      return await parseTo(io.stdout, { path, bytes, random, ...named });
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || code === 'EPIPE' || syscall === 'write') throw error;
    await writeLine(io.stderr, `assay parse: can't read ${path}: ${code === 'EISDIR' ? 'it is a folder' : code}`);
    return undefined;
  } finally {
    scratch.close();
  }
}

/** How much is gathered before it is written. */
const WRITE_CHARS = 1 << 18;

async function parseTo(stdout: Writable, input: ParseInput): Promise<ParseSummary> {
  const batches = parseBatches(input);
  for (;;) {
    const next = await batches.next();
    if (next.done) return next.value;
    let lines = '';
    for (const event of next.value) {
      if (event.kind !== 'trajectory') continue;
      lines += `${stringify(event.trajectory)}\n`;
      if (lines.length < WRITE_CHARS) continue;
      await writeText(stdout, lines);
      lines = '';
    }
    if (lines !== '') await writeText(stdout, lines);
  }
}
