/** Checks the rows of files with templates, row by row, for the validator. */
import type { FindingBook } from '../export/findings.ts';
import { NotJson, readJson } from '../template/read-json.ts';
import type { WallClock } from '../template/strftime.ts';
import { Template, TemplateRefusal } from '../template/template.ts';
import { Dict } from '../template/values.ts';
import { renderForTraining } from './rendered-row.ts';
import { checkRendered, type TemplateFinding } from './row-checks.ts';

export type NamedTemplate = { file: string; source: string };

export type CheckerOptions = { specialTokens: ReadonlyMap<string, string>; clock: WallClock | null };

/** What is said of one row: a code, a place in it, and why. */
export type SayOfRow = (code: TemplateFinding['code'], path: string, why: string) => void;

export class TemplateChecker {
  private readonly templates: { file: string; template: Template | TemplateRefusal }[];
  private readonly options: CheckerOptions;

  constructor(templates: readonly NamedTemplate[], options: CheckerOptions) {
    this.templates = templates.map(({ file, source }) => ({ file, template: compiled(source) }));
    this.options = options;
  }

  /** What can be said of the templates alone. */
  checkTemplates(book: FindingBook): void {
    for (const { file, template } of this.templates) {
      if (template instanceof Template && template.usesClock && !this.options.clock) {
        book.add('T18', file, null, '', 'the template asks for the date');
      }
    }
  }

  /** @param line of a data file that holds an object */
  check(line: string, say: SayOfRow): void {
    const row = read(line);
    if (!row) return;
    const { specialTokens, clock } = this.options;
    const specials = { bosToken: specialTokens.get('bos_token'), stopToken: specialTokens.get('eos_token') };
    for (const { file, template } of this.templates) {
      // Without a date nothing that asks for it can be rendered: that is said once, of the template.
      if (template instanceof Template && template.usesClock && !clock) continue;
      const findings =
        template instanceof TemplateRefusal
          ? [{ code: 'X01' as const, path: '', why: `the template does not compile, line ${template.line}` }]
          : checkRendered(row, renderForTraining(row, template, { specialTokens, clock }), template, specials);
      const name = this.templates.length > 1 ? ` (${file.slice(file.lastIndexOf('/') + 1)})` : '';
      for (const { code, path, why } of findings) say(code, path, why + name);
    }
  }
}

function compiled(source: string): Template | TemplateRefusal {
  try {
    return new Template(source);
  } catch (thrown) {
    if (thrown instanceof TemplateRefusal) return thrown;
    throw thrown;
  }
}

function read(line: string): Dict | null {
  try {
    const row = readJson(line);
    return row instanceof Dict ? row : null;
  } catch (thrown) {
    if (thrown instanceof NotJson) return null;
    throw thrown;
  }
}
