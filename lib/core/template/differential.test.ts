import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from './read-json.ts';
import { parseClock } from './strftime.ts';
import { Template, TemplateRefusal } from './template.ts';
import { expression, template, variables } from './testing/grammar.ts';
import type { Dict, Value } from './values.ts';

type Answer = { text: string; spans: [number, number][] } | { refused: string };

/** A Python with Jinja2: the one named in ASSAY_PYTHON, else `python3`; null where there is none. */
function findJinja(): string | null {
  for (const python of [process.env.ASSAY_PYTHON, 'python3']) {
    if (!python) continue;
    const found = spawnSync(python, ['-c', 'import jinja2; assert jinja2.__version__ >= "3.1"']);
    if (found.status === 0) return python;
  }
  return null;
}

/** What Jinja2 makes of each question, in order. @param lines as JSON, so that their number literals are kept */
function askJinja(python: string, lines: readonly string[]): Answer[] {
  const script = fileURLToPath(new URL('./testing/render.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`render.py ended with ${status}: ${stderr.slice(-2000)}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const python = findJinja();
const clock = parseClock('2026-11-02T09:05:03');

/** Where a repr shows an address or a method of Python's own, ours can't be the same. */
const HAS_ADDRESS = / object at 0x|<(?:bound|built-in) /;

function answer(line: string): Answer {
  const question = readJson(line) as Dict;
  const given = (question.get('variables') as Dict).entries() as [string, Value][];
  try {
    const { text, assistantSpans } = new Template(question.get('template') as string).render(given, clock);
    return { text, spans: assistantSpans };
  } catch (thrown) {
    if (thrown instanceof TemplateRefusal) return { refused: thrown.message };
    throw thrown;
  }
}

describe.skipIf(!python)('random templates, beside a real Jinja2', () => {
  it.each([
    { what: 'expressions', source: expression.map((one) => `{{ ${one} }}`) },
    { what: 'statements', source: template },
  ])('$what give the same text, spans and refusals', { timeout: 60_000 }, ({ source }) => {
    const sampled = fc.sample(fc.record({ template: source, variables }), { numRuns: 250, seed: 20261102 });
    const lines = sampled.map((one) => JSON.stringify(one));
    const theirs = askJinja(python!, lines);
    lines.forEach((line, at) => {
      const wanted = theirs[at]!;
      if ('text' in wanted && HAS_ADDRESS.test(wanted.text)) return;
      const ours = answer(line);
      if ('refused' in wanted) expect(Object.keys(ours), line).toEqual(['refused']);
      else expect(ours, line).toEqual(wanted);
    });
  });
});
