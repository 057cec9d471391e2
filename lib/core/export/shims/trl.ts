/** Other forms that TRL's trainers read: unpaired preferences (KTO), and a prompt with its completion. */
import type { JsonObject } from '../../trajectory/json.ts';
import type { DpoRow, SftRow } from '../row.ts';

const asJson = (value: unknown): JsonObject => value as JsonObject;

/** Two rows of one pair: what was preferred, and what was not. */
export const toKto = ({ id, prompt, chosen, rejected, ...rest }: DpoRow): JsonObject[] => [
  asJson({ id: `${id}+`, prompt, completion: chosen, label: true, ...rest }),
  asJson({ id: `${id}-`, prompt, completion: rejected, label: false, ...rest }),
];

/** The last answer as completion; null where it is context only. `train` has no meaning here: the completion alone is trained. */
export function toPromptCompletion({ id, messages, ...rest }: SftRow): JsonObject | null {
  const last = messages.at(-1);
  if (last?.role !== 'assistant' || last.train === false) return null;
  const bare = messages.map((message) => {
    if (message.role !== 'assistant') return message;
    const { train: _, ...kept } = message;
    return kept;
  });
  return asJson({ id, prompt: bare.slice(0, -1), completion: bare.slice(-1), ...rest });
}
