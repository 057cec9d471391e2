/** One row as `assay render` and the trainers hand it to a template (docs/templates.md). */
import { NotJson, readJson } from './read-json.ts';
import type { WallClock } from './strftime.ts';
import type { Rendering, Template } from './template.ts';
import { Dict, textOf, type Value } from './values.ts';

/** A row that can't be handed over: not for the template to say. */
export class RowProblem extends Error {
  override name = 'RowProblem';
}

export type RenderOptions = {
  /** `bos_token` and the like, by name. */
  specialTokens?: ReadonlyMap<string, string>;
  clock?: WallClock | null;
  /** Where the row does not say. */
  generationPrompt?: boolean;
};

/**
 * What a template can name for a row: messages, tools (parsed when they are a JSON string, None when absent), documents,
 * add_generation_prompt, the special tokens, and then all of `chat_template_kwargs`, which wins.
 * @throws RowProblem
 */
export function templateVariables(row: Dict, options: RenderOptions = {}): Map<string, Value> {
  const variables = new Map<string, Value>(options.specialTokens ?? []);
  const messages = row.get('messages');
  if (messages === undefined) throw new RowProblem('the row has no messages');
  variables.set('messages', messages);
  variables.set('tools', readTools(row.get('tools') ?? null));
  variables.set('documents', null);
  const asked = row.get('add_generation_prompt');
  variables.set('add_generation_prompt', asked ?? options.generationPrompt ?? false);
  const more = row.get('chat_template_kwargs') ?? null;
  if (more === null) return variables;
  if (!(more instanceof Dict)) throw new RowProblem('chat_template_kwargs is no object');
  for (const [name, value] of more.entries()) variables.set(textOf(name)!, value);
  return variables;
}

function readTools(tools: Value): Value {
  const text = textOf(tools);
  if (text === undefined) return tools;
  try {
    return readJson(text);
  } catch (thrown) {
    if (thrown instanceof NotJson) throw new RowProblem('tools is a string that is no JSON');
    throw thrown;
  }
}

/** @throws RowProblem, TemplateRefusal */
export function renderRow(template: Template, row: Dict, options: RenderOptions = {}): Rendering {
  return template.render(templateVariables(row, options), options.clock ?? null);
}
