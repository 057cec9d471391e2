/** What of a unit is compared while no row is made of it yet: the same sides as `row-text.ts` has of rows. */
import type { LogEvent } from '../trajectory/event.ts';
import { stringify } from '../trajectory/json.ts';
import type { Unit } from '../trajectory/unit.ts';

export const SIDES = ['prompt', 'row'] as const;
export type Side = (typeof SIDES)[number];

const UNSEEN = new Set<LogEvent['kind']>(['system', 'feedback', 'meta', 'error']);

const wordsOf = (event: LogEvent): string[] => {
  const said = event.parts.flatMap((part) => {
    if (part.type === 'text' || part.type === 'refusal') return [part.text];
    if (part.type === 'document') return [part.text ?? ''];
    return part.type === 'json' ? [stringify(part.value)] : [];
  });
  if (event.kind === 'tool_call') said.push(`${event.toolCall.name} ${event.toolCall.argumentsRaw}`);
  return said;
};

/** @returns `prompt`: what people asked; `row`: all that was said, called and returned, system texts left out */
export function unitText(unit: Pick<Unit, 'events'>, side: Side): string {
  const events = unit.events.filter((event) =>
    side === 'prompt' ? event.kind === 'user' && !event.injected : !UNSEEN.has(event.kind),
  );
  return events.flatMap(wordsOf).join('\n');
}
