import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from './read-json.ts';
import { parseClock } from './strftime.ts';
import { Template, TemplateRefusal } from './template.ts';
import { expression, template, variables } from './testing/grammar.ts';
import { type Answer, askJinja, findJinja } from './testing/python.ts';
import type { Dict, Value } from './values.ts';

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
