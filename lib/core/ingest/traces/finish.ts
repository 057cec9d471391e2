/** Why an answer ended, in the words of any provider. */
import type { DraftStep } from '../adapter.ts';

type Finish = NonNullable<DraftStep['finish']>;

const WORDS: Record<Finish, string> = {
  stop: 'stop end_turn stop_sequence completed complete finished eos end endturn stopsequence',
  tool: 'tool tool_calls tool_call tool_use function_call tooluse toolcalls',
  length: 'length max_tokens max_output_tokens model_length token_limit incomplete maxtokens context_window_exceeded',
  filter:
    'content_filter filter safety refusal recitation blocklist prohibited_content spii guardrail_intervened blocked',
  error: 'error malformed_function_call failed cancelled',
  incomplete: 'pause_turn interrupted',
};
const BY_WORD = new Map(
  Object.entries(WORDS).flatMap(([finish, words]) => words.split(' ').map((word) => [word, finish as Finish] as const)),
);

/** @returns undefined for a word that no provider uses so */
export const readFinish = (word: string | undefined): Finish | undefined =>
  word === undefined
    ? undefined
    : BY_WORD.get(
        word
          .trim()
          .toLowerCase()
          .replaceAll('-', '_')
          .replace(/^finish_reason[_.]/, ''),
      );
