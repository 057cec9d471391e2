/**
 * axolotl: a YAML for each SFT config that reads our files as they are, with the loss per message; and preference rows as
 * rendered strings, because its own chat strategy keeps role and content only and loses calls and tools.
 */
import type { JsonObject } from '../../trajectory/json.ts';
import { type Renderer, renderMessages } from '../expectations.ts';
import type { DpoRow } from '../row.ts';

const quoted = (text: string): string => JSON.stringify(text);

/** @param files relative to the release; @param template of the target, likewise */
export function axolotlSft(files: readonly string[], template: string, stopToken: string, hasTools: boolean): string {
  return [
    '# Run axolotl from the folder of the release.',
    'chat_template: jinja',
    `chat_template_jinja: ${quoted(template)}`,
    'datasets:',
    `  - path: json`,
    `    data_files: [${files.map(quoted).join(', ')}]`,
    '    split: train',
    '    type: chat_template',
    '    field_messages: messages',
    ...(hasTools ? ['    field_tools: tools'] : []),
    '    message_property_mappings: {role: role, content: content}',
    '    message_field_training: train',
    '    roles_to_train: [assistant]',
    '    train_on_eos: turn',
    `eot_tokens: [${quoted(stopToken)}]`,
    'sample_packing: false',
    '',
  ].join('\n');
}

export function axolotlDpo(file: string): string {
  return [
    '# Run axolotl from the folder of the release.',
    'rl: dpo',
    'datasets:',
    '  - path: json',
    `    data_files: [${quoted(file)}]`,
    '    split: train',
    '    type:',
    '      field_prompt: prompt',
    '      field_chosen: chosen',
    '      field_rejected: rejected',
    '      prompt_format: "{prompt}"',
    '      chosen_format: "{chosen}"',
    '      rejected_format: "{rejected}"',
    '',
  ].join('\n');
}

/** Prompt with its generation prompt, and what each answer adds to it. */
export function toRenderedPair(renderer: Renderer, row: DpoRow): JsonObject {
  const { text: prompt } = renderMessages(renderer, row, row.prompt, true);
  const [chosen, rejected] = [row.chosen, row.rejected].map((side) =>
    renderMessages(renderer, row, [...row.prompt, ...side]).text.slice(prompt.length),
  );
  return { id: row.id, prompt, chosen: chosen!, rejected: rejected! };
}
