/** Instruction rows (`instruction`, `input`, `output`) and rows of prompt and completion or response. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { type Adapter, type DraftEvent, type DraftTrajectory, refOf, type SourceRecord } from '../adapter.ts';
import { asArray, asText, pointerTo } from '../shared/json-access.ts';
import { messageEvents } from '../shared/message.ts';
import { isMessage, readMessages } from '../shared/read-message.ts';
import { otherFields, rowAdapter } from '../shared/row-run.ts';

export const alpaca: Adapter = rowAdapter({
  name: 'alpaca',
  version: '1',
  specificity: 38,
  sureness,
  mismatch: 'neither instruction and output nor prompt and completion',
  read: (record, row, id) => [draftOf(record, row, id)],
});

const ANSWERS = ['completion', 'response'];

function sureness(value: Json | undefined): number {
  if (!isObject(value) || 'chosen' in value || 'rejected' in value || typeof value.label === 'boolean') return 0;
  if (typeof value.instruction === 'string' && typeof value.output === 'string') return 1;
  return isPrompt(value.prompt) && ANSWERS.some((key) => isPrompt(value[key])) ? 0.9 : 0;
}

const isPrompt = (value: Json | undefined): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.length > 0 && value.every(isMessage));

const ROW_FIELDS = new Set(['id', 'instruction', 'input', 'output', 'system', 'history', 'prompt', ...ANSWERS]);

function draftOf(record: SourceRecord, row: JsonObject, id: string | undefined): DraftTrajectory {
  const ref = refOf(record);
  const text = (kind: 'system' | 'user' | 'assistant', said: string, pointer: string): DraftEvent => ({
    kind,
    actor: kind === 'system' ? 'app' : kind === 'user' ? 'human' : 'model',
    parts: said === '' ? [] : [{ type: 'text', text: said }],
    place: { record: ref, pointer },
    ...(kind === 'assistant' && { step: {} }),
  });
  const events: DraftEvent[] = [];
  const system = asText(row.system);
  if (system) events.push(text('system', system, '/system'));
  for (const [index, pair] of (asArray(row.history) ?? []).entries()) {
    const [question, answer] = asArray(pair) ?? [];
    if (typeof question === 'string') events.push(text('user', question, pointerTo('/history', index, 0)));
    if (typeof answer === 'string') events.push(text('assistant', answer, pointerTo('/history', index, 1)));
  }
  if (typeof row.instruction === 'string' && typeof row.output === 'string') {
    const input = asText(row.input) ?? '';
    // Made of two fields, the event points at the whole row.
    events.push(
      input === '' ? text('user', row.instruction, '/instruction') : text('user', `${row.instruction}\n${input}`, ''),
    );
    events.push(text('assistant', row.output, '/output'));
  } else {
    const answer = ANSWERS.find((key) => isPrompt(row[key]))!;
    for (const [key, kind] of [
      ['prompt', 'user'],
      [answer, 'assistant'],
    ] as const) {
      const said = row[key];
      if (typeof said === 'string') events.push(text(kind, said, pointerTo('', key)));
      else {
        const messages = readMessages(asArray(said) ?? [], pointerTo('', key), {
          side: kind === 'user' ? 'input' : 'output',
        });
        events.push(
          ...messages.flatMap((message) => messageEvents(message, { place: (pointer) => ({ record: ref, pointer }) })),
        );
      }
    }
  }
  const meta = otherFields(row, ROW_FIELDS);
  return {
    ...(id !== undefined && { rootKey: id, externalIds: { sample: id } }),
    events,
    ...(meta && { meta }),
  };
}
