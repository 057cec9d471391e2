/**
 * What a trainer makes of a row: an SFT row as one text with the spans that are trained on; a preference row as the prompt
 * with the answer due, and both branches, whose answers are trained on.
 */
import { type RenderOptions, RowProblem, renderRow } from '../template/render-row.ts';
import { type Rendering, type Template, TemplateRefusal } from '../template/template.ts';
import { Dict, type Value } from '../template/values.ts';

export type Branch = { name: 'row' | 'chosen' | 'rejected' } & Rendering;
export type RenderedRow =
  /** `prompt`: of a preference row, with the start of the answer; null for SFT rows. */
  { branches: Branch[]; prompt: string | null } | { refused: TemplateRefusal | RowProblem };

/** @param row as `readJson` reads a line, so that numbers and keys are as they were written */
export function renderForTraining(row: Dict, template: Template, options: RenderOptions): RenderedRow {
  try {
    if (row.get('messages') !== undefined) {
      return { branches: [{ name: 'row', ...renderRow(template, row, options) }], prompt: null };
    }
    const prompt = listOf(row, 'prompt');
    const { text } = renderRow(template, withMessages(row, prompt, true), options);
    const branches = (['chosen', 'rejected'] as const).map((name): Branch => {
      const rendered = renderRow(template, withMessages(row, [...prompt, ...listOf(row, name)], false), options);
      return { name, ...rendered, assistantSpans: answerSpan(text, rendered.text) };
    });
    return { branches, prompt: text };
  } catch (thrown) {
    if (thrown instanceof TemplateRefusal || thrown instanceof RowProblem) return { refused: thrown };
    throw thrown;
  }
}

/** In a preference row everything behind the prompt is trained on; nothing can be said where the prompt is no prefix. */
function answerSpan(prompt: string, text: string): [number, number][] {
  if (!text.startsWith(prompt)) return [];
  const start = [...prompt].length;
  return [[start, start + [...text.slice(prompt.length)].length]];
}

function listOf(row: Dict, name: string): Value[] {
  const list = row.get(name);
  if (!Array.isArray(list)) throw new RowProblem(`the row has no list of messages and no ${name}`);
  return list;
}

function withMessages(row: Dict, messages: Value[], asksForAnswer: boolean): Dict {
  const made = Dict.of([
    ['messages', messages],
    ['add_generation_prompt', asksForAnswer],
  ]);
  for (const name of ['tools', 'chat_template_kwargs']) {
    const value = row.get(name);
    if (value !== undefined) made.set(name, value);
  }
  return made;
}
