/**
 * What a person decided at a desk, as it arrives from the browser: offsets, types and codes, never text (notes apart,
 * which the store encrypts). The server parses with these schemas; the desks import the types alone.
 */
import { z } from 'zod';
import { PII_TYPE_NAMES } from '../pii/taxonomy.ts';

/** RFC 6901, as in `Leaf.path`; `#key` at the end marks an object key itself. */
const JsonPointer = z
  .string()
  .max(4_000)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/);
const Id = z.string().min(1).max(200);
const Type = z.enum(PII_TYPE_NAMES);
const Offset = z.int().nonnegative();

/** A missed stretch. Offsets are code points, half open, into the leaf's text as it was served. */
export const Mark = z
  .strictObject({
    path: JsonPointer,
    start: Offset,
    end: Offset,
    type: Type,
    scope: z.enum(['span', 'unit', 'trajectory']),
    /** The reader is not sure: it counts as a leak until somebody else has ruled. */
    doubt: z.literal(true).optional(),
  })
  .refine((mark) => mark.end > mark.start, { error: 'a mark ends after it starts', path: ['end'] });
export type Mark = z.infer<typeof Mark>;

export const WrongMask = z.strictObject({
  spanId: Id,
  why: z.enum(['not_pii', 'type', 'bounds', 'entity']),
  /** The right type, when `why` is `type`. */
  to: Type.optional(),
});
export type WrongMask = z.infer<typeof WrongMask>;

export const CRITERIA = ['correct', 'grounded', 'complete', 'safe', 'format'] as const;
export type Criterion = (typeof CRITERIA)[number];
export const REASONS = ['tool_choice', 'grounded', 'safe', 'format', 'concise'] as const;
export type Reason = (typeof REASONS)[number];
export const SKIP_REASONS = ['too_long', 'language', 'unsure', 'know_the_person', 'cannot_be_shown'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

const Score = z.literal([0, 1, 2]);

const Audit = z
  .strictObject({
    kind: z.literal('audit'),
    verdict: z.enum(['clean', 'leaky', 'unreadable']),
    leaks: z.array(Mark).max(10_000),
    wrongMasks: z.array(WrongMask).max(10_000),
  })
  .refine((audit) => audit.verdict !== 'clean' || audit.leaks.length === 0, {
    error: 'a clean unit has no leaks',
    path: ['verdict'],
  })
  .refine((audit) => audit.verdict !== 'leaky' || audit.leaks.length > 0, {
    error: 'a leaky unit names its leaks',
    path: ['leaks'],
  });

const Sweep = z.strictObject({
  kind: z.literal('sweep'),
  spanId: Id,
  is: z.enum(['pii', 'not_pii']),
  type: Type.optional(),
});

const Link = z.strictObject({ kind: z.literal('link'), a: Id, b: Id, same: z.boolean() });

const Adjudication = z
  .strictObject({
    kind: z.literal('adjudication'),
    itemId: Id,
    take: z.enum(['a', 'b', 'union', 'overlap', 'neither', 'edit']),
    edit: Mark.optional(),
    cause: z.enum(['ambiguous', 'guideline', 'slip']).optional(),
  })
  .refine((ruling) => (ruling.take === 'edit') === (ruling.edit !== undefined), {
    error: 'an edited mark comes with take "edit", and only then',
    path: ['edit'],
  });

const Gold = z.strictObject({
  kind: z.literal('gold'),
  fields: z
    .array(z.strictObject({ path: z.string().max(4_000), by: z.enum(['machine', 'person']), value: z.json() }))
    .max(10_000),
  /** Partial while the unit is worked on; `isFullRubric` says when it may become gold. */
  rubric: z.partialRecord(z.enum(CRITERIA), Score),
});

/** Signed from the left: -2 left much better … 2 right much better; null exactly when both are bad. */
const Pair = z
  .strictObject({
    kind: z.literal('pair'),
    strength: z.literal([-2, -1, 0, 1, 2]).nullable(),
    bothBad: z.boolean(),
    /** Which answer stood on the left, so that the record explains itself. */
    left: z.enum(['a', 'b']),
    reasons: z.array(z.enum(REASONS)).max(REASONS.length),
    edit: Id.optional(),
  })
  .refine((pair) => pair.bothBad === (pair.strength === null), {
    error: 'strength is null exactly when both are bad',
    path: ['strength'],
  });

const Steps = z.strictObject({
  kind: z.literal('steps'),
  marks: z
    .array(z.strictObject({ event: Id, mark: z.enum(['good', 'unnecessary', 'mistake', 'recovery']) }))
    .max(10_000),
});
const Tags = z.strictObject({
  kind: z.literal('tags'),
  page: z
    .array(z.strictObject({ unitId: Id, ok: z.boolean() }))
    .min(1)
    .max(12),
});
const Skip = z.strictObject({ kind: z.literal('skip'), why: z.enum(SKIP_REASONS) });
const Flag = z.strictObject({ kind: z.literal('flag'), note: z.string().min(1).max(500) });
/** `of` is the id of the verdict that no longer stands; undoing an undo is the redo. */
const Undo = z.strictObject({ kind: z.literal('undo'), of: z.uuid() });

export const Payload = z.discriminatedUnion('kind', [
  Audit,
  Sweep,
  Link,
  Adjudication,
  Gold,
  Pair,
  Steps,
  Tags,
  Skip,
  Flag,
  Undo,
]);
export type Payload = z.infer<typeof Payload>;
export type PayloadKind = Payload['kind'];
export type PayloadOf<Kind extends PayloadKind> = Extract<Payload, { kind: Kind }>;

/** One line of the browser's outbox. The server is idempotent on `id`. */
export const VerdictEvent = z
  .strictObject({
    id: z.uuid(),
    taskId: Id,
    claimToken: z.uuid(),
    /** Content hash of the unit as the reader saw it. */
    unitHash: z.string().regex(/^[0-9a-f]{64}$/),
    kind: z.string(),
    payload: Payload,
    at: z.iso.datetime(),
    /** Visible, focused time with input in the last 30 s. */
    activeMs: z.int().nonnegative(),
  })
  .refine((event) => event.kind === event.payload.kind, { error: 'kind is that of the payload', path: ['kind'] });
export type VerdictEvent = z.infer<typeof VerdictEvent>;

export const MAX_EVENTS_A_BATCH = 20;
export const VerdictBatch = z.strictObject({ events: z.array(VerdictEvent).min(1).max(MAX_EVENTS_A_BATCH) });
export type VerdictBatch = z.infer<typeof VerdictBatch>;

export type ConflictReason = 'claim_lost' | 'text_changed' | 'sealed' | 'withdrawn' | 'not_found';
export type VerdictAnswer = { id: string } & (
  | { result: 'ok' | 'duplicate' }
  | { result: 'conflict'; reason: ConflictReason }
);

/** A deciding key pressed sooner than this after the item was painted is kept, marked and shown again before the seal. */
export const HASTY_BELOW_MS = 400;

export const isFullRubric = (rubric: PayloadOf<'gold'>['rubric']): boolean =>
  CRITERIA.every((criterion) => rubric[criterion] !== undefined);

/**
 * Which answer a pair verdict prefers.
 * @returns how much (1 or 2) and which, or why neither: ties and bad pairs never become rows
 */
export function preferenceOf(
  pair: PayloadOf<'pair'>,
): { chosen: 'a' | 'b'; margin: 1 | 2 } | { chosen: null; why: 'tie' | 'both_bad' } {
  if (pair.strength === null) return { chosen: null, why: 'both_bad' };
  if (pair.strength === 0) return { chosen: null, why: 'tie' };
  const other = pair.left === 'a' ? 'b' : 'a';
  return { chosen: pair.strength < 0 ? pair.left : other, margin: Math.abs(pair.strength) as 1 | 2 };
}
