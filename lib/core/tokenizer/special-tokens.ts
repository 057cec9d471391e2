/** `bos_token`, `eos_token` … of a `tokenizer_config.json`, as templates can name them: only those that are set. */
import { TokenizerRefusal } from './tokenizer-file.ts';

const NAMES = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'];

/** @param text of the file; null when there is none */
export function readSpecialTokens(text: string | null): ReadonlyMap<string, string> {
  const tokens = new Map<string, string>();
  if (text === null) return tokens;
  let config: Record<string, unknown>;
  try {
    config = JSON.parse(text);
  } catch {
    throw new TokenizerRefusal('tokenizer_config.json is no JSON');
  }
  for (const name of NAMES) {
    const content = contentOf(config[name]);
    if (content !== null) tokens.set(name, content);
  }
  return tokens;
}

/** A token stands there as its text, or as an object with it. */
function contentOf(token: unknown): string | null {
  if (typeof token === 'string') return token;
  const content = (token as { content?: unknown } | null | undefined)?.content;
  return typeof content === 'string' ? content : null;
}
