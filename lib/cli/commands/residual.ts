/**
 * `assay residual`: what may still be left, from audited samples. One audit (`--units N --sample FILE`, one item a
 * line) or thousands (`--batch`, one audit a line on stdin, one statement a line on stdout, in order).
 */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { Audit, AuditedItem } from '#lib/core/pii/audit/audited.ts';
import { type Residual, residual } from '#lib/core/pii/audit/residual.ts';
import { riskSentence } from '#lib/core/pii/audit/statement.ts';
import { type CommandIo, Refusal, UsageError, writeLine } from '../command.ts';
import { readJsonLines } from '../json-lines.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      batch: { type: 'boolean' },
      units: { type: 'string' },
      sample: { type: 'string' },
      strata: { type: 'string' },
      canaries: { type: 'string' },
      attempt: { type: 'string' },
    },
  });
  if (values.batch) return judgeBatch(io);
  if (values.units === undefined || values.sample === undefined) {
    throw new UsageError('needs --units N and --sample FILE, or --batch');
  }
  const items = await readItems(values.sample === '-' ? io.stdin : createReadStream(values.sample));
  const shared = {
    units: wholeNumber(values.units, '--units'),
    ...(values.strata === undefined ? {} : { strata: await readStrata(values.strata) }),
    ...(values.canaries === undefined ? {} : { canaries: readCanaries(values.canaries) }),
    ...(values.attempt === undefined ? {} : { attempt: wholeNumber(values.attempt, '--attempt') }),
  };
  return judgeSample(items, shared, io);
}

/** One line out for each line in, also for lines that say nothing: they are refused by name of the place. */
async function judgeBatch(io: CommandIo): Promise<number> {
  let refused = 0;
  for await (const { line, value, bad } of readJsonLines(io.stdin)) {
    const result = bad ? refusal(undefined, [`line ${line} is not JSON`]) : judge(value);
    if (result.refused) refused++;
    await writeLine(io.stdout, JSON.stringify(result));
  }
  if (refused > 0) io.stderr.write(`${refused} audits were refused\n`);
  return 0;
}

function judge(value: unknown): Residual {
  const parsed = Audit.safeParse(value);
  if (parsed.success) return residual(parsed.data);
  const id = (value as { id?: unknown } | null)?.id;
  return refusal(typeof id === 'string' || typeof id === 'number' ? id : undefined, placesOf(parsed.error));
}

/**
 * Lines with a chance to be drawn go to the risk estimator, the others are a random draw in proportion: two designs
 * never share an n, so a file that holds both gives two statements.
 */
async function judgeSample(items: AuditedItem[], shared: Omit<Audit, 'design' | 'sample'>, io: CommandIo) {
  const byChance = Map.groupBy(items, (item) => item.design === 'risk' || (item.pi !== undefined && item.pi !== null));
  const weighted = byChance.get(true) ?? [];
  const random = byChance.get(false) ?? [];
  const audits: Audit[] = [];
  if (random.length > 0 || weighted.length === 0) {
    const design = shared.strata === undefined ? 'simple' : 'stratified';
    audits.push({ ...shared, design, sample: random });
  }
  if (weighted.length > 0) audits.push({ ...shared, design: 'poisson', sample: weighted });
  let refused = false;
  for (const audit of audits) {
    const result = residual(audits.length > 1 ? { id: audit.design, ...audit } : audit);
    await writeLine(io.stdout, JSON.stringify(result));
    for (const reason of result.refused ?? []) io.stderr.write(`refused: ${reason}\n`);
    const sentence = riskSentence(result);
    if (sentence !== null) io.stderr.write(`${sentence}\n`);
    refused ||= result.refused !== undefined;
  }
  return refused ? 1 : 0;
}

/** A drawn item that can't be read must not simply be missing, so one bad line refuses the sample. */
async function readItems(stream: AsyncIterable<Uint8Array | string>): Promise<AuditedItem[]> {
  const items: AuditedItem[] = [];
  try {
    for await (const { line, value, bad } of readJsonLines(stream)) {
      if (bad) throw new Refusal(`line ${line} of the sample is not JSON`);
      const item = AuditedItem.safeParse(value);
      if (!item.success) throw new Refusal(`line ${line} of the sample: ${placesOf(item.error).join('; ')}`);
      items.push(item.data);
    }
  } catch (error) {
    throw isFileError(error) ? new Refusal(`the sample cannot be opened (${error.code})`) : error;
  }
  return items;
}

const refusal = (id: string | number | undefined, refused: string[]): Residual => ({
  ...(id === undefined ? {} : { id }),
  bounds: [],
  assumptions: [],
  refused,
});

/** Where a value is not as it should be and what was expected there; never the value. */
const placesOf = (error: z.ZodError): string[] =>
  error.issues.slice(0, 3).map((issue) => `/${issue.path.map(String).join('/')}: ${issue.message}`);

function wholeNumber(text: string, option: string): number {
  if (!/^[1-9][0-9]{0,14}$/.test(text)) throw new UsageError(`${option} is a whole number from 1`);
  return Number(text);
}

function readCanaries(text: string): { found: number; planted: number } {
  const match = /^([0-9]{1,9})\/([0-9]{1,9})$/.exec(text);
  if (!match) throw new UsageError('--canaries is FOUND/PLANTED, for example 96/100');
  return { found: Number(match[1]), planted: Number(match[2]) };
}

/** A JSON file {"NAME": units, …}. */
async function readStrata(path: string): Promise<Record<string, number>> {
  try {
    const parsed = Audit.shape.strata.safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (parsed.success && parsed.data) return parsed.data;
  } catch (error) {
    if (isFileError(error)) throw new Refusal(`the strata cannot be opened (${error.code})`);
  }
  throw new Refusal('the strata are a JSON object of names and numbers of units');
}

const isFileError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'syscall' in error && 'code' in error;
