/** Token counts and end reasons under the names of all providers. */

import type { Json } from '../../trajectory/json.ts';
import type { DraftStep } from '../adapter.ts';
import { asNumber, asObject, dig } from './json-access.ts';

export function readUsage(value: Json | undefined): DraftStep['usage'] | undefined {
  const usage = asObject(value);
  if (!usage) return undefined;
  const first = (...paths: string[][]) =>
    paths.map((path) => asNumber(dig(usage, ...path))).find((number) => number !== undefined);
  const counts = {
    in: first(['prompt_tokens'], ['input_tokens'], ['promptTokenCount'], ['inputTokens'], ['input'], ['promptTokens']),
    out: first(
      ['completion_tokens'],
      ['output_tokens'],
      ['candidatesTokenCount'],
      ['outputTokens'],
      ['output'],
      ['completionTokens'],
    ),
    cached: first(
      ['prompt_tokens_details', 'cached_tokens'],
      ['input_tokens_details', 'cached_tokens'],
      ['cache_read_input_tokens'],
      ['cachedContentTokenCount'],
      ['cachedInputTokens'],
      ['cached_input_tokens'],
      ['cacheReadTokens'],
      ['cacheReadInputTokens'],
      ['cached_tokens'],
      ['cached'],
      ['input_cached_tokens'],
    ),
    reasoning: first(
      ['completion_tokens_details', 'reasoning_tokens'],
      ['output_tokens_details', 'reasoning_tokens'],
      ['thoughtsTokenCount'],
      ['reasoningTokens'],
      ['output_reasoning_tokens'],
      ['reasoning_output_tokens'],
      ['thoughts'],
    ),
  };
  const known: DraftStep['usage'] = {};
  for (const [key, count] of Object.entries(counts) as [keyof typeof counts, number | undefined][])
    if (count !== undefined) known[key] = count;
  return Object.keys(known).length > 0 ? known : undefined;
}

const FINISHES: { [word: string]: DraftStep['finish'] } = {
  stop: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  completed: 'stop',
  complete: 'stop',
  finished: 'stop',
  end: 'stop',
  endturn: 'stop',
  stopsequence: 'stop',
  eos: 'stop',
  pause_turn: 'stop',
  compaction: 'stop',
  tool_calls: 'tool',
  tool_call: 'tool',
  tool: 'tool',
  tooluse: 'tool',
  toolcalls: 'tool',
  function_call: 'tool',
  tool_use: 'tool',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  maxtokens: 'length',
  model_length: 'length',
  token_limit: 'length',
  context_window_exceeded: 'length',
  model_context_window_exceeded: 'length',
  content_filter: 'filter',
  filter: 'filter',
  spii: 'filter',
  blocked: 'filter',
  refusal: 'filter',
  safety: 'filter',
  recitation: 'filter',
  blocklist: 'filter',
  prohibited_content: 'filter',
  guardrail_intervened: 'filter',
  content_filtered: 'filter',
  error: 'error',
  cancelled: 'error',
  failed: 'error',
  malformed_function_call: 'error',
  incomplete: 'incomplete',
  interrupted: 'incomplete',
};

/** @returns undefined for none, and for words that no provider documents */
export function readFinish(value: Json | undefined): DraftStep['finish'] | undefined {
  if (typeof value !== 'string') return undefined;
  const word = value
    .trim()
    .toLowerCase()
    .replaceAll('-', '_')
    .replace(/^finish_reason[_.]/, '');
  return Object.hasOwn(FINISHES, word) ? FINISHES[word] : undefined;
}
