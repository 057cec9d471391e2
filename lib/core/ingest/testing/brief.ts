/** A trajectory in a few words an event, for tests that read as the story: `tool_call weather {"city":"Oslo"}`. */

import type { LogEvent, Part } from '../../trajectory/event.ts';
import { stringify } from '../../trajectory/json.ts';
import type { Trajectory } from '../../trajectory/trajectory.ts';

const wordsOf = (part: Part): string => {
  if (part.type === 'text' || part.type === 'refusal') return part.text;
  if (part.type === 'json') return stringify(part.value);
  if (part.type === 'reasoning') return part.opaque ? '(sealed)' : `(${part.text})`;
  return part.type === 'document' ? `<${part.text ?? part.id}>` : `[${part.modality}]`;
};

export function brief(event: LogEvent): string {
  const marks = [event.copied && 'copied', event.injected && 'injected'].filter(Boolean);
  const said = event.parts.map(wordsOf).join(' + ');
  const more = [];
  if (event.kind === 'tool_call') more.push(event.toolCall.name, event.toolCall.argumentsRaw);
  if (event.kind === 'tool_result')
    more.push(`for ${event.toolResult.forEventId?.split(':')[1] ?? 'none'}`, event.toolResult.status);
  if (event.kind === 'error') more.push(event.error.where, event.error.type ?? '', event.error.message);
  if (event.kind === 'feedback') {
    const { by, signal, value, target } = event.feedback;
    more.push(by, signal, String(value), 'on', target === 'trajectory' ? target : target.split(':')[1]!);
  }
  return [...marks, event.kind, ...more, event.kind === 'meta' ? '' : said].filter(Boolean).join(' ');
}

export const story = (trajectory: Trajectory | undefined): string[] => (trajectory?.events ?? []).map(brief);
/** Without what the log keeps beside the conversation. */
export const talk = (trajectory: Trajectory | undefined): string[] =>
  (trajectory?.events ?? []).filter(({ kind }) => kind !== 'meta').map(brief);

/** Values as JSON Lines. */
export const jsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
