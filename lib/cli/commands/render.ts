/** `assay render`: rows through a chat template, one line out for each line in. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { NotJson, readJson } from '#lib/core/template/read-json.ts';
import { RowProblem, renderRow } from '#lib/core/template/render-row.ts';
import { parseClock } from '#lib/core/template/strftime.ts';
import { Template, TemplateRefusal } from '#lib/core/template/template.ts';
import { DEFAULT_STYLE, toJson } from '#lib/core/template/to-json.ts';
import { Dict, type Value } from '#lib/core/template/values.ts';
import { type CommandIo, Refusal, UsageError, writeLine } from '../command.ts';
import { loadTokenizer } from '../load-tokenizer.ts';
import { readTextLines } from '../text-lines.ts';

const COMPACT = { ...DEFAULT_STYLE, itemSeparator: ',', keySeparator: ':' };

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      template: { type: 'string' },
      tokenizer: { type: 'string' },
      date: { type: 'string' },
      'generation-prompt': { type: 'boolean' },
    },
  });
  if (values.template === undefined) throw new UsageError('name the template with --template FILE');
  const clock = values.date === undefined ? null : parseClock(values.date);
  if (values.date !== undefined && !clock) throw new UsageError('--date is YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS');
  const template = await readTemplate(values.template);
  const loaded = values.tokenizer === undefined ? null : await loadTokenizer(values.tokenizer);
  const specialTokens = loaded?.specialTokens ?? new Map<string, string>();
  const options = { clock, generationPrompt: values['generation-prompt'] ?? false, specialTokens };

  let rows = 0;
  let refused = 0;
  for await (const { text: written } of readTextLines(io.stdin)) {
    rows++;
    const row = readRow(written);
    const id = idOf(row);
    try {
      if (!row) throw new RowProblem('the line is no JSON object');
      if (template instanceof TemplateRefusal) throw template;
      const rendered = renderRow(template, row, options);
      const { text, assistantSpans } = rendered;
      const line = { text, assistantSpans, ...(loaded ? { tokens: loaded.tokenizer.count(text) } : {}) };
      await writeLine(io.stdout, `{"id":${id},${JSON.stringify(line).slice(1)}`);
    } catch (thrown) {
      if (!(thrown instanceof RowProblem) && !(thrown instanceof TemplateRefusal)) throw thrown;
      refused++;
      await writeLine(io.stdout, `{"id":${id},"error":${JSON.stringify(reason(thrown))}}`);
    }
  }
  io.stderr.write(`${rows} rows, ${refused} refused\n`);
  return 0;
}

/** A template that does not compile refuses every row. */
async function readTemplate(path: string): Promise<Template | TemplateRefusal> {
  let source: string;
  try {
    source = await readFile(path, 'utf8');
  } catch {
    throw new Refusal(`can't read the template ${path}`);
  }
  try {
    return new Template(source);
  } catch (thrown) {
    if (thrown instanceof TemplateRefusal) return thrown;
    throw thrown;
  }
}

function readRow(text: string): Dict | null {
  try {
    const row = readJson(text);
    return row instanceof Dict ? row : null;
  } catch (thrown) {
    if (thrown instanceof NotJson) return null;
    throw thrown;
  }
}

/** The row's id as it was written. */
function idOf(row: Dict | null): string {
  const id: Value = row?.get('id') ?? null;
  return toJson(id, COMPACT);
}

function reason(thrown: RowProblem | TemplateRefusal): string {
  return thrown instanceof TemplateRefusal ? `line ${thrown.line}: ${thrown.message}` : thrown.message;
}
