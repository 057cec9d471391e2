/**
 * `assay redact`: lines `{"id","text"}` or any JSON record, the same record with placeholders. The line is edited in
 * place, so blanks, key order, repeated keys and number literals stay as they were. Both tiers are masked unless
 * `--tier auto` says otherwise; numbers begin anew in each record.
 */
import { parseArgs } from 'node:util';
import { scanJson } from '#lib/core/pii/embedded-json.ts';
import { redactJson } from '#lib/core/pii/redact-json.ts';
import type { Leaf } from '#lib/core/pii/span.ts';
import type { LeafPolicy } from '#lib/core/pii/unit-paths.ts';
import { type CommandIo, writeLine } from '../command.ts';
import { readDetectorConfig, readTier } from '../detector-config.ts';
import { readTextLines } from '../text-lines.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { tier: { type: 'string' }, config: { type: 'string' }, report: { type: 'boolean' } },
  });
  const tier = readTier(values.tier) ?? 'suggest';
  const config = await readDetectorConfig(values.config);
  let refused = 0;
  for await (const { line, text } of readTextLines(io.stdin)) {
    const shape = shapeOf(text);
    if (shape === 'not JSON' || shape === 'too deep') {
      refused++;
      io.stderr.write(`line ${line}: ${shape}\n`);
      await writeLine(io.stdout, JSON.stringify({ line, error: shape }));
      continue;
    }
    const policyOf = shape === 'text line' ? policyOfTextLine : undefined;
    const { value, report } = redactJson(text, config, { tier, ...(policyOf && { policyOf }) });
    await writeLine(io.stdout, value);
    if (values.report)
      for (const { path, type, placeholder } of report)
        io.stderr.write(`${JSON.stringify({ line, type, placeholder, path: path.replace(/^#json/, '') })}\n`);
  }
  if (refused > 0) io.stderr.write(`${refused} lines were refused\n`);
  return 0;
}

/** The id of a line `{"id","text"}` joins it to others: it is changed only when it names somebody. */
const policyOfTextLine = (leaf: Leaf): LeafPolicy =>
  leaf.path === '#json/id' ? 'opaque' : leaf.path.endsWith('#key') ? 'fixed' : 'free';

function shapeOf(text: string): 'text line' | 'record' | 'not JSON' | 'too deep' {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return 'not JSON';
  }
  if (typeof record !== 'object' || record === null) return 'record';
  if (scanJson(text) === undefined) return 'too deep';
  const keys = Object.keys(record);
  return keys.length === 2 && keys.includes('id') && keys.includes('text') ? 'text line' : 'record';
}
