import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { checkFiles } from '#lib/core/export/check-files.ts';
import type { LookAtRow } from '#lib/core/export/check-rows.ts';
import { type Finding, FindingBook, hasErrors } from '#lib/core/export/findings.ts';
import { type CommandIo, Refusal, UsageError, writeLine } from '../command.ts';
import { openReleaseFolder, readUnpacked } from '../release-folder.ts';

const KINDS = ['sft', 'dpo', 'eval'] as const;

/** `assay validate --kind sft|dpo|eval PATH…`: one finding a line; exit 1 when any is an error (docs/exports.md). */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      kind: { type: 'string' },
      template: { type: 'string', multiple: true },
      tokenizer: { type: 'string' },
      date: { type: 'string' },
    },
    allowPositionals: true,
  });
  if (positionals.length === 0) throw new UsageError('name the export files or the release folder to check');
  const kind = KINDS.find((known) => known === values.kind);
  if (values.kind !== undefined && !kind) throw new UsageError('--kind is sft, dpo or eval');

  const findings: Finding[] = [];
  const files: string[] = [];
  for (const path of positionals) {
    if (await isFolder(path)) findings.push(...(await checkFolder(path)));
    else files.push(path);
  }
  if (files.length > 0) {
    if (!kind) throw new UsageError('say with --kind what the files hold: sft, dpo or eval');
    const book = new FindingBook();
    const look = values.template ? await withTemplates(values.template, values, book) : undefined;
    const toCheck = files.map((file) => ({ file, chunks: () => readUnpacked(file) }));
    const { findings: found } = await checkFiles(toCheck, kind, book, look);
    findings.push(...found);
  }
  for (const finding of findings) await writeLine(io.stdout, JSON.stringify(finding));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  io.stderr.write(`${errors} errors, ${findings.length - errors} warnings\n`);
  return hasErrors(findings) ? 1 : 0;
}

/** Templates, and a tokenizer's special tokens, are read only where they are named. */
async function withTemplates(
  files: readonly string[],
  { tokenizer, date }: { tokenizer?: string | undefined; date?: string | undefined },
  book: FindingBook,
): Promise<LookAtRow> {
  const [{ TemplateChecker }, { parseClock }, { loadTokenizer }] = await Promise.all([
    import('#lib/core/training/template-checker.ts'),
    import('#lib/core/template/strftime.ts'),
    import('../load-tokenizer.ts'),
  ]);
  const clock = date === undefined ? null : parseClock(date);
  if (date !== undefined && !clock) throw new UsageError('--date is YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS');
  const specialTokens = tokenizer === undefined ? new Map() : (await loadTokenizer(tokenizer)).specialTokens;
  const checker = new TemplateChecker(await Promise.all(files.map(readTemplate)), { specialTokens, clock });
  checker.checkTemplates(book);
  return (line, report) => checker.check(line, report);
}

async function readTemplate(file: string): Promise<{ file: string; source: string }> {
  try {
    return { file, source: await readFile(file, 'utf8') };
  } catch {
    throw new Refusal(`can't read the template ${file}`);
  }
}

/** YAML is read for cards only: checking single files does not wait for it to load. */
async function checkFolder(path: string): Promise<Finding[]> {
  const { checkRelease } = await import('#lib/core/export/check-release.ts');
  return checkRelease(await openReleaseFolder(path));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    throw new Refusal(`can't open ${path}: there is no such file or folder, or it may not be read`);
  }
}
