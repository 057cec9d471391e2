/** What a list of units may be asked for. Names and values are enums or parsed scalars; nothing of a request reaches SQL as text. */
import { z } from 'zod';

const list = <T extends z.ZodType>(item: T) => z.array(item).max(40).default([]);

export const UNIT_SORTS = [
  'title',
  'kind',
  'level',
  'events',
  'tokens',
  'steps',
  'calls',
  'spans',
  'suggested',
  'started',
  'lang',
  'domain',
  'outcome',
] as const;

export const UnitQuery = z.strictObject({
  q: z.string().max(200).default(''),
  kind: list(z.enum(['qa', 'thread', 'agent'])),
  level: list(z.enum(['L0', 'L1', 'L2', 'L3', 'L4', 'L5'])),
  outcome: list(z.enum(['success', 'failure', 'partial', 'unknown'])),
  domain: list(z.string().max(60)),
  lang: list(z.string().max(20)),
  tool: list(z.string().max(200)),
  source: list(z.string().max(80)),
  importId: list(z.uuid()),
  has: list(z.enum(['errors', 'recovery', 'suggested', 'feedback'])),
  eligible: list(z.enum(['yes', 'no'])),
  sort: z.enum(UNIT_SORTS).default('started'),
  isDescending: z.boolean().default(true),
  page: z.int().min(1).max(100_000).default(1),
  size: z.int().min(1).max(200).default(50),
});
export type UnitQuery = z.infer<typeof UnitQuery>;

const split = (value: string | string[] | undefined): string[] =>
  (Array.isArray(value) ? value : [value ?? '']).flatMap((text) => text.split(',')).filter(Boolean);

/** Reads an address. Values that no column has are dropped, not refused: an old link still opens. */
export function readUnitQuery(params: Readonly<Record<string, string | string[] | undefined>>): UnitQuery {
  const sort = String(params.sort ?? '');
  const kept = (values: string[], allowed: readonly string[]) => values.filter((value) => allowed.includes(value));
  const number = (value: unknown, fallback: number, max: number) =>
    Math.min(Math.max(Math.trunc(Number(value)) || fallback, 1), max);
  return UnitQuery.parse({
    q: String(params.q ?? '').slice(0, 200),
    kind: kept(split(params.kind), ['qa', 'thread', 'agent']),
    level: kept(split(params.level), ['L0', 'L1', 'L2', 'L3', 'L4', 'L5']),
    outcome: kept(split(params.outcome), ['success', 'failure', 'partial', 'unknown']),
    domain: split(params.domain)
      .slice(0, 40)
      .map((text) => text.slice(0, 60)),
    lang: split(params.lang)
      .slice(0, 40)
      .map((text) => text.slice(0, 20)),
    tool: split(params.tool)
      .slice(0, 40)
      .map((text) => text.slice(0, 200)),
    source: split(params.source)
      .slice(0, 40)
      .map((text) => text.slice(0, 80)),
    importId: split(params.importId).filter((id) => z.uuid().safeParse(id).success),
    has: kept(split(params.has), ['errors', 'recovery', 'suggested', 'feedback']),
    eligible: kept(split(params.eligible), ['yes', 'no']),
    sort: (UNIT_SORTS as readonly string[]).includes(sort.replace(/^-/, '')) ? sort.replace(/^-/, '') : 'started',
    isDescending: sort === '' || sort.startsWith('-'),
    page: number(params.page, 1, 100_000),
    size: number(params.size, 50, 200),
  });
}
