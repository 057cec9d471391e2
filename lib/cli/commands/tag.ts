/** `assay tag`: training units (stdin or paths), every tag computed anew. */
import { parseArgs } from 'node:util';
import { tagUnit } from '#lib/core/tag/tag-unit.ts';
import { isObject, stringify } from '#lib/core/trajectory/json.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { readCanonicalLines, reportBadLine } from '../canonical-lines.ts';
import { type CommandIo, writeLine } from '../command.ts';

const LISTS = ['models', 'tools', 'steps', 'events'];

const isUnit = (value: unknown): value is Unit =>
  isObject(value) &&
  value.schema === 'assay.unit/1' &&
  isObject(value.outcome) &&
  isObject(value.tags) &&
  LISTS.every((name) => Array.isArray(value[name])) &&
  (value.events as unknown[]).every((event) => isObject(event) && Array.isArray(event.parts));

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
  for await (const { place, value } of readCanonicalLines(positionals, io)) {
    if (isUnit(value)) await writeLine(io.stdout, stringify(tagUnit(value)));
    else reportBadLine(io, place, 'not a unit, left out');
  }
  return 0;
}
