/** What may go wrong between a row and a template, found on the rendered text (exports: T14, T17, X01 to X06). */

import { type Template, TemplateRefusal } from '../template/template.ts';
import { SPACE_CLASS, str } from '../template/text.ts';
import { jsonText, toJson } from '../template/to-json.ts';
import { Dict, Tuple, textOf, type Value } from '../template/values.ts';
import type { RenderedRow } from './rendered-row.ts';

export type TemplateCode = 'T14' | 'T17' | 'X01' | 'X02' | 'X03' | 'X04' | 'X06';
/** `path`: JSON pointer into the row. `why` names places, never values. */
export type TemplateFinding = { code: TemplateCode; path: string; why: string };

const SPACES = new RegExp(`[${SPACE_CLASS}]+`, 'g');
const fold = (text: string): string => text.replace(SPACES, ' ').trim();

export type Specials = {
  bosToken?: string | undefined;
  stopToken?: string | undefined;
  /** The trainer keeps the loss to the assistant: then the template must mark what that says. */
  assistantOnlyLoss?: boolean;
};

export function checkRendered(
  row: Dict,
  rendered: RenderedRow,
  template: Template,
  specials: Specials,
): TemplateFinding[] {
  if ('refused' in rendered) {
    const { refused } = rendered;
    const why = refused instanceof TemplateRefusal ? `${REASONS[refused.kind]}, line ${refused.line}` : refused.message;
    return [{ code: 'X01', path: '', why }];
  }
  const findings: TemplateFinding[] = [];
  const { branches, prompt } = rendered;
  if (prompt !== null) {
    for (const { name, text } of branches) {
      if (!text.startsWith(prompt))
        findings.push({ code: 'T14', path: `/${name}`, why: firstDifference(prompt, text) });
    }
  }
  const { bosToken } = specials;
  if (bosToken && branches.some(({ text }) => text.startsWith(bosToken + bosToken))) {
    findings.push({ code: 'X02', path: '', why: 'the text begins with it twice' });
  }
  if (prompt === null) findings.push(...checkSpans(rendered.branches[0]!, template, specials));
  findings.push(...dropped(row, rendered));
  return findings;
}

const REASONS = {
  syntax: 'the template does not compile',
  raised: 'the template raises an exception of its own',
  failed: 'an expression of the template fails',
  limit: 'the template goes beyond the bounds',
} as const;

function firstDifference(prompt: string, text: string): string {
  let at = 0;
  while (at < prompt.length && prompt[at] === text[at]) at++;
  return `they part at character ${[...prompt.slice(0, at)].length} of ${[...prompt].length}`;
}

/** What stands for the end of a turn where no tokenizer tells. */
const END_MARK = /^(?:<\|[a-z0-9_]{1,30}\|>|<end_of_turn>|<\/s>)/i;

function checkSpans(
  branch: { text: string; assistantSpans: [number, number][]; misplaced: number },
  template: Template,
  { stopToken, assistantOnlyLoss }: Specials,
): TemplateFinding[] {
  const findings: TemplateFinding[] = [];
  if (!template.hasGenerationMarkers) {
    if (!assistantOnlyLoss) return [];
    return [{ code: 'X03', path: '', why: 'the loss can not be kept to the assistant' }];
  }
  const last = branch.assistantSpans.at(-1);
  if (last) {
    const points = [...branch.text];
    const said = points.slice(...last).join('');
    const rest = points.slice(last[1]).join('').trimStart();
    const outside = stopToken ? !said.trimEnd().endsWith(stopToken) && rest.startsWith(stopToken) : END_MARK.test(rest);
    if (outside) findings.push({ code: 'X04', path: '', why: 'the model would not learn to stop' });
  }
  if (branch.misplaced > 0) {
    findings.push({ code: 'X06', path: '', why: `${branch.misplaced} spans lie elsewhere than their text` });
  }
  return findings;
}

/** Texts, reasoning, names, arguments and results of the row that the rendered text does not hold. */
function dropped(row: Dict, rendered: Extract<RenderedRow, { branches: unknown }>): TemplateFinding[] {
  const findings: TemplateFinding[] = [];
  const lists: [string, string][] =
    rendered.prompt === null
      ? [['messages', 'row']]
      : [
          ['prompt', 'chosen'],
          ['chosen', 'chosen'],
          ['rejected', 'rejected'],
        ];
  for (const [list, branch] of lists) {
    const haystack = fold(rendered.branches.find(({ name }) => name === branch)!.text);
    const messages = row.get(list);
    if (!Array.isArray(messages)) continue;
    const lastUser = messages.findLastIndex((message) => message instanceof Dict && message.get('role') === 'user');
    messages.forEach((message, at) => {
      if (!(message instanceof Dict)) return;
      // In a prompt the last turn goes on in the answer.
      const isLastTurn = list !== 'prompt' && at > lastUser;
      for (const [path, value] of sentinels(message, isLastTurn)) {
        if (!isFound(haystack, value))
          findings.push({ code: 'T17', path: `/${list}/${at}${path}`, why: 'it is not in the text' });
      }
    });
  }
  return findings;
}

function* sentinels(message: Dict, isLastTurn: boolean): Generator<[string, Value]> {
  const role = message.get('role');
  if (role === 'tool') yield ['/content', message.get('content') ?? ''];
  if (role !== 'assistant') return;
  yield ['/content', message.get('content') ?? ''];
  if (isLastTurn) yield ['/reasoning_content', message.get('reasoning_content') ?? ''];
  const calls = message.get('tool_calls');
  if (!Array.isArray(calls)) return;
  for (const [at, call] of calls.entries()) {
    const called = call instanceof Dict ? (call.get('function') ?? null) : null;
    if (!(called instanceof Dict)) continue;
    const path = `/tool_calls/${at}/function`;
    yield [`${path}/name`, called.get('name') ?? ''];
    yield* leaves(called.get('arguments') ?? '', `${path}/arguments`);
  }
}

function* leaves(value: Value, path: string): Generator<[string, Value]> {
  if (value instanceof Dict) {
    for (const [key, held] of value.entries()) {
      yield* leaves(held, `${path}/${str(key).replaceAll('~', '~0').replaceAll('/', '~1')}`);
    }
  } else if (Array.isArray(value) || value instanceof Tuple) {
    for (const [at, held] of (Array.isArray(value) ? value : value.items).entries())
      yield* leaves(held, `${path}/${at}`);
  } else yield [path, value];
}

/** As it is, as Python prints it, or as JSON escapes it. */
function isFound(haystack: string, value: Value): boolean {
  const text = textOf(value);
  if (text === undefined) return haystack.includes(toJson(value)) || haystack.includes(str(value));
  const plain = fold(text);
  if (plain === '' || haystack.includes(plain)) return true;
  return [false, true].some((ascii) => haystack.includes(fold(jsonText(text, ascii).slice(1, -1))));
}
