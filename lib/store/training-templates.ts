/** The training templates that come with the product (lib/core/template/training/SOURCES.md), read and compiled once. */
import { readFile } from 'node:fs/promises';
import { Template } from '#lib/core/template/template.ts';
import { findUpwards } from './find-upwards.ts';
import { bundledTokenizerFolder, type LoadedTokenizer, readTokenizer } from './tokenizer-folder.ts';

/** `stopToken`: what ends a turn of the assistant. `context`: tokens that the family's models were made for. */
export const FAMILIES = {
  qwen3: { label: 'Qwen3', stopToken: '<|im_end|>', bosToken: undefined, context: 32_768 },
  qwen2_5: { label: 'Qwen2.5', stopToken: '<|im_end|>', bosToken: undefined, context: 32_768 },
  llama3_1: { label: 'Llama 3.1', stopToken: '<|eot_id|>', bosToken: '<|begin_of_text|>', context: 131_072 },
  gemma3: { label: 'Gemma 3', stopToken: '<end_of_turn>', bosToken: '<bos>', context: 131_072 },
} as const;
export type Family = keyof typeof FAMILIES;

export const isFamily = (name: string | undefined): name is Family =>
  name !== undefined && Object.hasOwn(FAMILIES, name);

const templates = new Map<Family, Promise<Template>>();

export function trainingTemplate(family: Family): Promise<Template> {
  let template = templates.get(family);
  if (!template) {
    template = read(family);
    templates.set(family, template);
    template.catch(() => templates.delete(family));
  }
  return template;
}

async function read(family: Family): Promise<Template> {
  const file = findUpwards('lib', 'core', 'template', 'training', `${family}.jinja`);
  if (!file) throw new Error('the training templates are not where they belong');
  return new Template(await readFile(file, 'utf8'));
}

let qwen3: Promise<LoadedTokenizer | null> | undefined;

/** The tokenizer of a family as far as one is bundled: Qwen3's. Its vocabulary takes a moment and 100 MB, once. */
export function familyTokenizer(family: Family): Promise<LoadedTokenizer | null> {
  if (family !== 'qwen3') return Promise.resolve(null);
  const folder = bundledTokenizerFolder();
  qwen3 ??= folder ? readTokenizer(folder) : Promise.resolve(null);
  return qwen3;
}
