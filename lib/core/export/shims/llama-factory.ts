/**
 * LLaMA-Factory, in its ShareGPT form. Its reader of OpenAI messages adds a sentence to system prompts and loses tool results
 * at the end of a prompt; this form does neither. Turns must alternate: questions and results on one side, answers and calls
 * on the other; several results are one turn. A turn that is context only, or a text beside calls, has no place there.
 */
import { type JsonObject, stringify } from '../../trajectory/json.ts';
import type { AssistantMessage, DpoRow, Message, SftRow } from '../row.ts';

/** Between the results of parallel calls, as its templates join them. */
const BETWEEN_RESULTS = '\n</tool_response>\n<tool_response>\n';

export type ShimRefusal = { refused: 'context_only_answer' | 'text_beside_calls' | 'reasoning_beside_calls' };
export const isShimRefusal = (made: object): made is ShimRefusal => 'refused' in made;
type Turn = { from: 'human' | 'gpt' | 'function_call' | 'observation' | 'system'; value: string };

function answerOf({ content, tool_calls: calls, reasoning_content: thought }: AssistantMessage): Turn | ShimRefusal {
  if (!calls) {
    const reasoning = thought === undefined ? '' : `<think>\n${thought}\n</think>\n\n`;
    return { from: 'gpt', value: `${reasoning}${content}` };
  }
  if (content !== '') return { refused: 'text_beside_calls' };
  if (thought !== undefined) return { refused: 'reasoning_beside_calls' };
  const functions = calls.map(({ function: { name, arguments: args } }) => ({ name, arguments: args }));
  return { from: 'function_call', value: stringify(functions) };
}

function turnsOf(messages: readonly Message[], isTrained: boolean): Turn[] | ShimRefusal {
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.role === 'tool') {
      const last = turns.at(-1);
      if (last?.from === 'observation') last.value += `${BETWEEN_RESULTS}${message.content}`;
      else turns.push({ from: 'observation', value: message.content });
    } else if (message.role === 'assistant') {
      if (isTrained && message.train === false) return { refused: 'context_only_answer' };
      const turn = answerOf(message);
      if ('refused' in turn) return turn;
      turns.push(turn);
    } else turns.push({ from: message.role === 'user' ? 'human' : 'system', value: message.content });
  }
  return turns;
}

const toolsOf = (tools: string | null | undefined): JsonObject => (typeof tools === 'string' ? { tools } : {});

export function toLlamaFactorySft(row: SftRow): JsonObject | ShimRefusal {
  const turns = turnsOf(row.messages, true);
  return 'refused' in turns ? turns : { conversations: turns, ...toolsOf(row.tools) };
}

export function toLlamaFactoryDpo(row: DpoRow): JsonObject | ShimRefusal {
  const turns = turnsOf(row.prompt, false);
  if ('refused' in turns) return turns;
  const [chosen, rejected] = [answerOf(row.chosen[0]!), answerOf(row.rejected[0]!)];
  if ('refused' in chosen) return chosen;
  if ('refused' in rejected) return rejected;
  return { conversations: turns, chosen, rejected, ...toolsOf(row.tools) };
}

const TAGS = {
  role_tag: 'from',
  content_tag: 'value',
  user_tag: 'human',
  assistant_tag: 'gpt',
  observation_tag: 'observation',
  function_tag: 'function_call',
  system_tag: 'system',
};

/** `dataset_info.json`; LLaMA-Factory's `dataset_dir` is the folder that holds it. */
export function datasetInfo(files: readonly { name: string; file: string; isRanking: boolean; hasTools: boolean }[]) {
  return Object.fromEntries(
    files.map(({ name, file, isRanking, hasTools }) => [
      name,
      {
        file_name: file,
        formatting: 'sharegpt',
        ...(isRanking ? { ranking: true } : {}),
        columns: {
          messages: 'conversations',
          ...(isRanking ? { chosen: 'chosen', rejected: 'rejected' } : {}),
          ...(hasTools ? { tools: 'tools' } : {}),
        },
        tags: TAGS,
      },
    ]),
  );
}
