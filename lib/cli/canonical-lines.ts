/** Lines of canonical trajectories or units, from stdin or files: number literals stay as they were written. */
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { parseJson } from '#lib/core/ingest/parse-json.ts';
import { type CommandIo, Refusal } from './command.ts';
import { readJsonLines } from './json-lines.ts';

/** What our own output adds around logged values, which may be 512 levels deep themselves. */
const MAX_DEPTH = 640;

function parseExactly(text: string): unknown {
  const reading = parseJson(text.replace(/^\uFEFF/, ''), MAX_DEPTH);
  if (!reading.ok) throw new SyntaxError(reading.reason);
  return reading.value;
}

/** @throws Refusal when a path cannot be opened */
export async function* readCanonicalLines(
  paths: readonly string[],
  io: CommandIo,
): AsyncGenerator<{ place: string; value: unknown }> {
  for (const [index, path] of (paths.length > 0 ? paths : ['-']).entries()) {
    if (path !== '-') {
      await access(path).catch(() => {
        throw new Refusal(`argument ${index + 1} cannot be opened`);
      });
    }
    const stream = path === '-' ? io.stdin : createReadStream(path);
    for await (const { line, value, bad } of readJsonLines(stream, parseExactly)) {
      const place = paths.length > 1 ? `argument ${index + 1}, line ${line}` : `line ${line}`;
      yield bad ? { place, value: undefined } : { place, value };
    }
  }
}

/** One sentence for each line that could not be used; the values stay unsaid. */
export function reportBadLine(io: CommandIo, place: string, what: string): void {
  io.stderr.write(`${place}: ${what}\n`);
}
