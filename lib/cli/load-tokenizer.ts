import type { LoadedTokenizer } from '#lib/store/tokenizer-folder.ts';
import { Refusal } from './command.ts';

/** Read only where one is named: a vocabulary takes a moment. */
export async function loadTokenizer(folder: string): Promise<LoadedTokenizer> {
  const [{ readTokenizer }, { TokenizerRefusal }] = await Promise.all([
    import('#lib/store/tokenizer-folder.ts'),
    import('#lib/core/tokenizer/tokenizer-file.ts'),
  ]);
  try {
    return await readTokenizer(folder);
  } catch (thrown) {
    if (thrown instanceof TokenizerRefusal)
      throw new Refusal(`can't use the tokenizer in ${folder}: ${thrown.message}`);
    throw thrown;
  }
}
