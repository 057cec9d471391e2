import type { Readable, Writable } from 'node:stream';

/** What a command reads and writes: results on stdout (JSON Lines), everything for people on stderr. */
export interface CommandIo {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
}

/** @returns the exit status: 0 done, 1 the input was refused or a check failed, 2 wrong usage */
export type RunCommand = (args: string[], io: CommandIo) => Promise<number>;

/** Wrong usage: the dispatcher prints the message and ends with 2. The message never holds a value from a log. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** A refusal that the person can mend: the dispatcher prints the message and ends with 1. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/**
 * Writes one line and waits when the reader is slower than we are, so that memory stays flat.
 * @param line without its newline
 */
export const writeLine = (out: Writable, line: string): Promise<void> => writeText(out, `${line}\n`);

/** Writes any text, and waits as `writeLine` does. */
export async function writeText(out: Writable, text: string): Promise<void> {
  if (out.write(text)) return;
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error) => {
      out.off('drain', drained);
      out.off('error', settle);
      out.off('close', drained);
      error ? reject(error) : resolve();
    };
    const drained = () => settle();
    out.once('drain', drained);
    out.once('error', settle);
    out.once('close', drained);
  });
}
