/** What people say a unit is: cut, roles, tags, redaction. Offsets, types and codes only; the text stays in the unit. */
import { z } from 'zod';
import { PII_TYPE_NAMES } from '#lib/core/pii/taxonomy.ts';
import { CRITERIA } from '#lib/core/review/verdict.ts';
import { EVENT_KINDS } from '#lib/core/trajectory/event.ts';

export const GOLD_TAGS = ['level', 'domain', 'lang', 'task', 'outcome'] as const;
export type GoldTag = (typeof GOLD_TAGS)[number];
const Tags = z.strictObject({
  level: z.enum(['L0', 'L1', 'L2', 'L3', 'L4', 'L5']),
  domain: z.string().min(1).max(60),
  lang: z.string().min(1).max(20),
  task: z.string().min(1).max(60),
  outcome: z.enum(['success', 'failure', 'partial', 'unknown']),
});
const Type = z.enum(PII_TYPE_NAMES);
const Offset = z.int().nonnegative();

export const GoldBody = z
  .strictObject({
    /** Half open over the trajectory's `seq`. */
    range: z.tuple([Offset, Offset]),
    /** Events whose kind the machine got wrong. */
    kinds: z.array(z.strictObject({ eventId: z.string().max(200), kind: z.enum(EVENT_KINDS) })).max(10_000),
    tags: Tags,
    /** Stretches that redaction missed, in the redacted text: code points, half open. */
    missed: z.array(z.strictObject({ path: z.string().max(4_000), start: Offset, end: Offset, type: Type })).max(2_000),
    /** Masks that are not right, by number. */
    wrong: z
      .array(z.strictObject({ no: Offset, why: z.enum(['not_pii', 'type', 'bounds', 'entity']), to: Type.optional() }))
      .max(2_000),
  })
  .refine((body) => body.range[1] > body.range[0], { error: 'a unit ends after it starts', path: ['range'] })
  .refine((body) => body.missed.every((mark) => mark.end > mark.start), {
    error: 'a mark ends after it starts',
    path: ['missed'],
  });
export type GoldBody = z.infer<typeof GoldBody>;

export const Rubric = z.partialRecord(z.enum(CRITERIA), z.literal([0, 1, 2]));
export type Rubric = z.infer<typeof Rubric>;

/** What the machine said when the draft was begun. */
export type MachineBody = {
  range: [number, number];
  kinds: { eventId: string; seq: number; kind: string }[];
  tags: Record<GoldTag, string>;
  spans: { no: number; path: string; start: number; end: number; type: string; placeholder: string }[];
  detectors: string;
  unitVersion: number;
};

/** The machine's own reading as a first draft. */
export const draftOf = (machine: MachineBody): GoldBody => ({
  range: machine.range,
  kinds: [],
  tags: Tags.parse(machine.tags),
  missed: [],
  wrong: [],
});
