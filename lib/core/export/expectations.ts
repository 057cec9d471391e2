/**
 * What a trainer must arrive at for each row of a release: text, token ids and loss mask under each target's template and
 * tokenizer (docs/exports.md). Computed here, proven by the dry run, shipped as `targets/<name>/expect.jsonl.gz`.
 */
import { createHash } from 'node:crypto';
import { readJson } from '../template/read-json.ts';
import { RowProblem, renderRow } from '../template/render-row.ts';
import type { WallClock } from '../template/strftime.ts';
import { type Rendering, type Template, TemplateRefusal } from '../template/template.ts';
import { Dict } from '../template/values.ts';
import { labels, lossMask } from '../tokenizer/mask.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { sha256 } from '../trajectory/hash.ts';
import { type Json, stringify } from '../trajectory/json.ts';
import type { DpoRow, Message, Row, SftRow } from './row.ts';

/** A template and a tokenizer, ready to use. */
export type Renderer = {
  template: Template;
  tokenizer: Tokenizer;
  specialTokens: ReadonlyMap<string, string>;
  clock: WallClock | null;
};

type Kwargs = { tools?: string | null; chat_template_kwargs?: Json };

/** @throws TemplateRefusal, RowProblem */
export function renderMessages(
  renderer: Pick<Renderer, 'template' | 'specialTokens' | 'clock'>,
  row: Kwargs,
  messages: readonly Message[],
  generationPrompt = false,
): Rendering {
  const { tools = null, chat_template_kwargs: kwargs } = row;
  const asked = { messages, tools, ...(kwargs === undefined ? {} : { chat_template_kwargs: kwargs }) };
  const dict = readJson(stringify(asked as unknown as Json));
  if (!(dict instanceof Dict)) throw new RowProblem('the row is no object');
  return renderRow(renderer.template, dict, {
    specialTokens: renderer.specialTokens,
    clock: renderer.clock,
    generationPrompt,
  });
}

const int32Sha = (...parts: readonly Int32Array[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = Buffer.alloc(part.length * 4);
    for (let at = 0; at < part.length; at++) bytes.writeInt32LE(part[at]!, at * 4);
    hash.update(bytes);
  }
  return hash.digest('hex');
};

export type SftExpectation = {
  id: string;
  textSha256: string;
  tokens: number;
  spans: [number, number][];
  labelsSha256: string;
};
export type DpoExpectation = { id: string; prompt: number; chosen: number; rejected: number; idsSha256: string };

/** A row as a target sees it; `texts` in the order in which the split's hash takes them. */
export type Seen<E> = { expect: E; texts: string[]; length: number; promptLength?: number; trained: number };
/** Why a target can't take the row. */
export type Unseen = { refused: 'template_refuses' | 'prompt_is_no_prefix'; detail: string };

export const isUnseen = (seen: object): seen is Unseen => 'refused' in seen;

function expectSft(renderer: Renderer, row: SftRow): Seen<SftExpectation> {
  const { text, assistantSpans: spans } = renderMessages(renderer, row, row.messages);
  const tokens = renderer.tokenizer.encodeWithOffsets(text);
  const mask = lossMask(text, tokens, spans);
  const length = tokens.ids.length;
  return {
    expect: {
      id: row.id,
      textSha256: sha256(text),
      tokens: length,
      spans,
      labelsSha256: int32Sha(labels(tokens, mask)),
    },
    texts: [text],
    length,
    trained: mask.reduce((sum, bit) => sum + bit, 0),
  };
}

function expectDpo(renderer: Renderer, row: DpoRow): Seen<DpoExpectation> | Unseen {
  const { text: prompt } = renderMessages(renderer, row, row.prompt, true);
  const texts = [row.chosen, row.rejected].map((side) => renderMessages(renderer, row, [...row.prompt, ...side]).text);
  const promptIds = renderer.tokenizer.encode(prompt);
  const sides: Int32Array[] = [];
  for (const text of texts) {
    const ids = renderer.tokenizer.encode(text);
    // Both must hold: a prefix of text can still be cut differently into tokens.
    const isPrefix = text.startsWith(prompt) && promptIds.every((id, at) => id === ids[at]);
    if (!isPrefix) return { refused: 'prompt_is_no_prefix', detail: 'the prompt is no prefix of prompt and answer' };
    sides.push(ids.subarray(promptIds.length));
  }
  const [chosen, rejected] = sides as [Int32Array, Int32Array];
  return {
    expect: {
      id: row.id,
      prompt: promptIds.length,
      chosen: chosen.length,
      rejected: rejected.length,
      idsSha256: int32Sha(promptIds, chosen, rejected),
    },
    texts,
    length: promptIds.length + Math.max(chosen.length, rejected.length),
    promptLength: promptIds.length,
    trained: chosen.length + rejected.length,
  };
}

/** What the target makes of a row, or why it can't. The reason says what the template says, which may hold no text of the row. */
export function expectRow(renderer: Renderer, row: Row): Seen<SftExpectation> | Seen<DpoExpectation> | Unseen {
  try {
    return 'messages' in row ? expectSft(renderer, row) : expectDpo(renderer, row);
  } catch (thrown) {
    if (thrown instanceof TemplateRefusal)
      return { refused: 'template_refuses', detail: `${thrown.kind} at line ${thrown.line} of the template` };
    if (thrown instanceof RowProblem) return { refused: 'template_refuses', detail: thrown.message };
    throw thrown;
  }
}
