/**
 * What a person says about logs that no adapter knows: which field is what, or how a line says who speaks. Saved under
 * a name with a version (docs/decisions/0031-mappings.md); `mapping-adapter.ts` reads logs with it.
 */
import { z } from 'zod';

export const SPEAKERS = ['user', 'assistant', 'system', 'tool'] as const;
/** What a field of a record, or of a turn in it, can be. */
export const MEANINGS = [
  'conversation',
  'turns',
  'role',
  'text',
  'time',
  'name',
  'message_id',
  'tool',
  'arguments',
  'call_id',
  'question',
  'answer',
  'system',
  'context',
] as const;
export type Meaning = (typeof MEANINGS)[number];
/** Fields of one turn; where there is a list of turns they stand under its items. */
export const OF_A_TURN: ReadonlySet<Meaning> = new Set([
  'role',
  'text',
  'name',
  'message_id',
  'tool',
  'arguments',
  'call_id',
]);

/** JSON pointer with `*` for any item of a list: `/turns/*` then `/who`. */
const Pattern = z
  .string()
  .max(300)
  .regex(/^(\/[^/]*)+$/);
const Word = z.string().min(1).max(60);

export const JsonMapping = z.strictObject({
  kind: z.literal('json'),
  fields: z
    .array(z.strictObject({ at: Pattern, is: z.enum(MEANINGS) }))
    .min(1)
    .max(40),
  /** The log's words for who speaks, beside those that every log uses. */
  speakers: z.array(z.strictObject({ word: Word, is: z.enum(SPEAKERS) })).max(60),
});
export const TextMapping = z.strictObject({
  kind: z.literal('text'),
  /** How a line begins, with `*` for anything in between: `[*] Kunde:`. What `*` stands for is read as the time when it is one. */
  labels: z
    .array(z.strictObject({ label: z.string().min(1).max(80), is: z.enum(SPEAKERS) }))
    .min(2)
    .max(40),
  /** A line that parts conversations. */
  separator: z.string().min(1).max(80).optional(),
});
export const Mapping = z.discriminatedUnion('kind', [JsonMapping, TextMapping]);
export type Mapping = z.infer<typeof Mapping>;
export type JsonMapping = z.infer<typeof JsonMapping>;
export type TextMapping = z.infer<typeof TextMapping>;

export type Fault =
  | 'needs_talk'
  | 'needs_text'
  | 'turn_field_outside_turns'
  | 'twice'
  | 'role_without_text'
  | 'arguments_without_tool'
  | 'label_ends_open'
  | 'needs_two_speakers';

/** Why a mapping can't be used; nothing when it can. */
export function faultsOf(mapping: Mapping): Fault[] {
  const faults = new Set<Fault>();
  if (mapping.kind === 'text') {
    if (new Set(mapping.labels.map(({ is }) => is)).size < 2) faults.add('needs_two_speakers');
    if (mapping.labels.some(({ label }) => label.endsWith('*') || label.replaceAll('*', '').trim() === ''))
      faults.add('label_ends_open');
    if (new Set(mapping.labels.map(({ label }) => label)).size < mapping.labels.length) faults.add('twice');
    return [...faults];
  }
  const at = (meaning: Meaning) => mapping.fields.filter(({ is }) => is === meaning).map((field) => field.at);
  const [turns] = at('turns');
  for (const meaning of MEANINGS) {
    if (at(meaning).length > 1 && meaning !== 'text' && meaning !== 'context') faults.add('twice');
    if (turns !== undefined && OF_A_TURN.has(meaning) && at(meaning).some((one) => !one.startsWith(`${turns}/*/`)))
      faults.add('turn_field_outside_turns');
  }
  if (new Set(mapping.fields.map((field) => field.at)).size < mapping.fields.length) faults.add('twice');
  const hasTurns = at('role').length > 0;
  if (!hasTurns && at('question').length === 0 && at('answer').length === 0) faults.add('needs_talk');
  if (hasTurns && at('text').length === 0 && at('tool').length === 0) faults.add('needs_text');
  if (!hasTurns && (turns !== undefined || [...OF_A_TURN].some((meaning) => at(meaning).length > 0)))
    faults.add('role_without_text');
  if (at('arguments').length > 0 && at('tool').length === 0) faults.add('arguments_without_tool');
  return [...faults];
}
