import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Problem } from '#lib/core/policy/problem.ts';
import { type CommandIo, Refusal, type RunCommand, UsageError } from './command.ts';
import { type CommandEntry, commandTable } from './command-table.ts';

/**
 * Finds the command, loads only its file and runs it.
 * @param argv what was typed after `assay`
 * @returns the exit status (0, 1 or 2)
 */
export async function dispatch(argv: string[], io: CommandIo): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    (name === undefined ? io.stderr : io.stdout).write(helpText());
    return name === undefined ? 2 : 0;
  }
  const entry = Object.hasOwn(commandTable, name) ? commandTable[name] : undefined;
  if (!entry || !existsSync(commandFile(entry))) {
    io.stderr.write(`assay: no such command; \`assay help\` lists them\n`);
    return 2;
  }
  if (args.includes('--help')) {
    io.stdout.write(`assay ${name} ${entry.usage}\n  ${entry.summary}\n`);
    return 0;
  }
  const { run } = (await import(`./commands/${entry.file}.ts`)) as { run: RunCommand };
  try {
    return await run(args, io);
  } catch (error) {
    return explain(name, entry, error, io);
  }
}

function explain(name: string, entry: CommandEntry, error: unknown, io: CommandIo): number {
  if (error instanceof UsageError || isParseArgsError(error)) {
    io.stderr.write(`assay ${name}: ${error.message}\nusage: assay ${name} ${entry.usage}\n`);
    return 2;
  }
  if (error instanceof Refusal || error instanceof Problem) {
    io.stderr.write(`assay ${name}: ${error.message}\n`);
    return 1;
  }
  if (isBrokenPipe(error)) return 0;
  // An unforeseen error's message may quote what was read: its kind, code and place are printed, never the message.
  const { name: kind = 'Error', code = '', stack = '' } = (error ?? {}) as Partial<Error> & { code?: string };
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  io.stderr.write(`assay ${name}: failed unexpectedly (${[kind, code].filter(Boolean).join(' ')})\n`);
  if (frames.length) io.stderr.write(`${frames.slice(0, 8).join('\n')}\n`);
  return 1;
}

function isParseArgsError(error: unknown): error is Error {
  return String((error as { code?: unknown } | null)?.code).startsWith('ERR_PARSE_ARGS');
}

/** The reader of our output has left (`assay parse … | head`): nobody is listening, nothing is wrong. */
export function isBrokenPipe(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'EPIPE';
}

function commandFile(entry: CommandEntry): string {
  return fileURLToPath(new URL(`./commands/${entry.file}.ts`, import.meta.url));
}

function helpText(): string {
  const lines = (kind: CommandEntry['kind']) =>
    Object.entries(commandTable)
      .filter(([, entry]) => entry.kind === kind && existsSync(commandFile(entry)))
      .map(([name, entry]) => `  ${`${name} ${entry.usage}`.padEnd(58)} ${entry.summary}\n`)
      .join('');
  return [
    'assay: turns logs of LLM products into redacted, audited, released training data\n\n',
    `Pure commands (files or stdin to JSON Lines; no database, network or key):\n${lines('pure')}`,
    `\nStore commands (on the running store, written to the ledger):\n${lines('store')}`,
  ].join('');
}
