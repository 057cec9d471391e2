/** What `residual` reads: an audit as people and the command line hand it in. Unknown fields are let through unread. */
import { z } from 'zod';
import { classOfName, type PiiClass } from '../taxonomy.ts';

export const DESIGNS = ['simple', 'stratified', 'poisson', 'double'] as const;
export type Design = (typeof DESIGNS)[number];

const Count = z.int().nonnegative();
const Id = z.union([z.string().min(1), z.number()]);

/** Fields of a stored audit item, or the short form of the command line; the two say the same thing. */
export const AuditedItem = z.object({
  id: Id.optional(),
  supersedes: Id.nullish(),
  unit: Id.optional(),
  unitId: Id.optional(),
  stratum: z.string().nullish(),
  leaks: z.union([z.record(z.string(), Count), z.array(z.object({ type: z.string() }))]).optional(),
  verdict: z.enum(['clean', 'leaky', 'unreadable']).optional(),
  unreadable: z.boolean().optional(),
  pi: z.number().nullish(),
  pass: z.literal([1, 2]).nullish(),
  slot: z.literal([1, 2]).nullish(),
  reviewer: Id.nullish(),
  design: z.string().nullish(),
  view: z.string().nullish(),
  frameId: Id.nullish(),
});
export type AuditedItem = z.infer<typeof AuditedItem>;

export const Audit = z.object({
  id: Id.optional(),
  units: z.int().positive(),
  design: z.enum(DESIGNS),
  strata: z.record(z.string(), Count).nullish(),
  canaries: z.object({ planted: Count, found: Count }).nullish(),
  looks: z
    .array(z.tuple([Count, Count]))
    .min(1)
    .nullish(),
  attempt: z.int().positive().nullish(),
  sample: z.array(AuditedItem),
});
export type Audit = z.infer<typeof Audit>;

export type LeakClass = Extract<PiiClass, 'direct' | 'secret'>;
export const LEAK_CLASSES = ['direct', 'secret'] as const satisfies LeakClass[];

/** One reading of one unit. Quasi-identifiers are no leaks and are left out. */
export type Reading = {
  unit: string;
  stratum: string | null;
  pi: number | null;
  pass: 1 | 2;
  reviewer: string | null;
  design: string | null;
  /** Identifiers found, by class. */
  found: Record<LeakClass, number>;
  /** Unreadable, or leaky without saying how: counts as leaky in every class. */
  blind: boolean;
};

/** @returns the reading, or why the item says too little to be counted */
export function toReading(item: AuditedItem): Reading | string {
  const unit = item.unit ?? item.unitId;
  if (unit === undefined) return 'an item names no unit';
  const found = { direct: 0, secret: 0 };
  const unreadable = item.unreadable === true || item.verdict === 'unreadable';
  if (item.leaks === undefined && item.verdict === undefined && !unreadable) return 'an item has no verdict';
  const counts = Array.isArray(item.leaks)
    ? item.leaks.map((leak) => [leak.type, 1] as const)
    : Object.entries(item.leaks ?? {});
  for (const [type, count] of counts) {
    const piiClass = classOfName(type);
    if (piiClass !== 'quasi') found[piiClass] += count;
  }
  const named = counts.some(([, count]) => count > 0);
  if (item.verdict === 'clean' && named) return 'an item is judged clean and has leaks';
  return {
    unit: String(unit),
    stratum: item.stratum ?? null,
    pi: item.pi ?? null,
    pass: item.pass ?? item.slot ?? 1,
    reviewer: item.reviewer === undefined || item.reviewer === null ? null : String(item.reviewer),
    design: item.design ?? null,
    found,
    blind: unreadable || (item.verdict === 'leaky' && !named),
  };
}
