/** `tokenizer.json` in the form of Hugging Face's tokenizers: the parts that turn text into ids, and what we can't do. */
import { z } from 'zod';

/** Why a tokenizer is refused: something in it that ids depend on and that is not known here. */
export class TokenizerRefusal extends Error {
  override name = 'TokenizerRefusal';
}

const Pattern = z.union([z.object({ Regex: z.string() }), z.object({ String: z.string() })]);
export type Pattern = z.infer<typeof Pattern>;

const Split = z.object({
  type: z.literal('Split'),
  pattern: Pattern,
  behavior: z.enum(['Isolated', 'Removed', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']),
  invert: z.boolean().optional(),
});
const ByteLevel = z.object({
  type: z.literal('ByteLevel'),
  add_prefix_space: z.boolean().optional(),
  use_regex: z.boolean().optional(),
});
const Digits = z.object({ type: z.literal('Digits'), individual_digits: z.boolean() });
const Metaspace = z.object({
  type: z.literal('Metaspace'),
  replacement: z.string(),
  prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
  add_prefix_space: z.boolean().optional(),
  split: z.boolean().optional(),
});
const PreStep = z.discriminatedUnion('type', [Split, ByteLevel, Digits, Metaspace]);
export type PreStep = z.infer<typeof PreStep>;

const NormalStep = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['NFC', 'NFD', 'NFKC', 'NFKD']) }),
  z.object({ type: z.literal('Replace'), pattern: Pattern, content: z.string() }),
  z.object({ type: z.literal('Prepend'), prepend: z.string() }),
]);
export type NormalStep = z.infer<typeof NormalStep>;

const AddedToken = z.object({
  id: z.number().int(),
  content: z.string().min(1),
  single_word: z.boolean(),
  lstrip: z.boolean(),
  rstrip: z.boolean(),
  normalized: z.boolean(),
  special: z.boolean(),
});
export type AddedToken = z.infer<typeof AddedToken>;

const Model = z.object({
  type: z.literal('BPE').optional(),
  dropout: z.number().nullish(),
  unk_token: z.string().nullish(),
  continuing_subword_prefix: z.string().nullish(),
  end_of_word_suffix: z.string().nullish(),
  fuse_unk: z.boolean().optional(),
  byte_fallback: z.boolean().optional(),
  ignore_merges: z.boolean().optional(),
});

export type TokenizerFile = {
  normalizers: NormalStep[];
  preTokenizers: PreStep[];
  addedTokens: AddedToken[];
  model: z.infer<typeof Model>;
  /** Hundreds of thousands of entries: looked at, not checked one by one. */
  vocabulary: Record<string, number>;
  merges: (string | [string, string])[];
};

type Step = { type: string };

/** A step, or a sequence of steps in sequences. */
function flatten(step: unknown, listed: string): Step[] {
  if (step === null || step === undefined) return [];
  const { type, ...rest } = step as Step & Record<string, unknown>;
  const inner = rest[listed];
  return type === 'Sequence' && Array.isArray(inner) ? inner.flatMap((one) => flatten(one, listed)) : [step as Step];
}

function known<T>(schema: z.ZodType<T>, step: Step, what: string): T {
  const parsed = schema.safeParse(step);
  if (!parsed.success) throw new TokenizerRefusal(`${what} ${String(step.type)} is not known here`);
  return parsed.data;
}

/** @throws TokenizerRefusal */
export function readTokenizerFile(text: string): TokenizerFile {
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TokenizerRefusal('tokenizer.json is no JSON');
  }
  const { vocab, merges, ...rest } = (json.model ?? {}) as Record<string, unknown>;
  const model = Model.safeParse(rest);
  if (!model.success || !isObject(vocab) || !Array.isArray(merges)) {
    throw new TokenizerRefusal('only models of the kind BPE are known here');
  }
  if (model.data.dropout) throw new TokenizerRefusal('a model with dropout gives no fixed ids');
  if (model.data.continuing_subword_prefix || model.data.end_of_word_suffix) {
    throw new TokenizerRefusal('models that mark parts of words are not known here');
  }
  const addedTokens = z.array(AddedToken).safeParse(json.added_tokens ?? []);
  if (!addedTokens.success) throw new TokenizerRefusal('its added tokens have another form');
  return {
    normalizers: flatten(json.normalizer, 'normalizers').map((step) => known(NormalStep, step, 'the normalizer')),
    preTokenizers: flatten(json.pre_tokenizer, 'pretokenizers').map((step) =>
      known(PreStep, step, 'the pre-tokenizer'),
    ),
    addedTokens: addedTokens.data,
    model: model.data,
    vocabulary: vocab as Record<string, number>,
    merges: merges as TokenizerFile['merges'],
  };
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
