/**
 * `sampler/mixtures.json`: how much of what, in which phase. Three ways to use one release: a flat mix, stages that go
 * from simple to hard and keep practising what came before, and weights from the student's own scores. Never an order
 * of rows: a trainer shuffles inside a phase.
 */

/** Rows of train by config and level. */
export type Stock = { config: string; level: string; rows: number };
export type Part = { config: string; level: string };
export type Mixtures = {
  flat: (Part & { weight: number })[];
  staged: { name: string; epochs: number; take: (Part & { share: number })[]; replay: number }[];
  modelAware: { join: 'id'; scores: string; weight: string };
};

/** Levels that each stage brings in. */
const STAGES: readonly { name: string; levels: readonly string[]; epochs: number }[] = [
  { name: 'single answers', levels: ['L0', 'L1'], epochs: 1 },
  { name: 'a few steps', levels: ['L2', 'L3'], epochs: 1 },
  { name: 'long and recovered', levels: ['L4', 'L5'], epochs: 2 },
];
/** Part of a later stage that repeats what earlier ones brought. */
export const REPLAY = 0.2;

/**
 * @param wanted share of every level in the flat mix, adding up to 1; left out: as the rows lie. Levels without rows
 * give their share to the others
 * @throws RangeError when the wanted shares do not add up to 1
 */
export function scheduleMixtures(
  stock: readonly Stock[],
  wanted?: Readonly<Record<string, number>>,
  replay = REPLAY,
): Mixtures {
  if (!(replay >= 0 && replay < 1)) throw new RangeError('replay is a share below 1');
  const filled = stock
    .filter(({ rows }) => rows > 0)
    .toSorted((a, b) => (a.level === b.level ? (a.config < b.config ? -1 : 1) : a.level < b.level ? -1 : 1));
  return {
    flat: flatMix(filled, wanted).map(({ config, level, share }) => ({ config, level, weight: share })),
    staged: stages(filled, replay),
    // A student learns most from what it solves about half of the time.
    modelAware: { join: 'id', scores: 'JSONL {"id","loss"|"passRate"}', weight: 'p*(1-p)' },
  };
}

type Shared = Part & { share: number };

function flatMix(stock: readonly Stock[], wanted: Readonly<Record<string, number>> | undefined): Shared[] {
  if (!wanted) return shareOut(stock.map((part) => ({ part, weight: part.rows })));
  const sum = Object.values(wanted).reduce((total, share) => total + share, 0);
  if (Object.values(wanted).some((share) => !(share >= 0)) || Math.abs(sum - 1) > 1e-9) {
    throw new RangeError('the wanted shares of levels add up to 1');
  }
  const inLevel = (level: string) => stock.reduce((total, part) => total + (part.level === level ? part.rows : 0), 0);
  return shareOut(
    stock.map((part) => ({ part, weight: ((wanted[part.level] ?? 0) * part.rows) / inLevel(part.level) })),
  );
}

function stages(stock: readonly Stock[], replay: number): Mixtures['staged'] {
  const before: Stock[] = [];
  const staged: Mixtures['staged'] = [];
  for (const { name, levels, epochs } of STAGES) {
    const fresh = stock.filter(({ level }) => levels.includes(level));
    if (fresh.length === 0) continue;
    const again = before.length === 0 ? 0 : replay;
    const total = (parts: readonly Stock[]) => parts.reduce((sum, { rows }) => sum + rows, 0);
    const take = shareOut([
      ...before.map((part) => ({ part, weight: (again * part.rows) / total(before) })),
      ...fresh.map((part) => ({ part, weight: ((1 - again) * part.rows) / total(fresh) })),
    ]);
    staged.push({ name, epochs, take, replay: again });
    before.push(...fresh);
  }
  return staged;
}

/** Shares are whole millionths, so that they add up to 1 in every reader; largest remainder. */
const MILLION = 1_000_000;

function shareOut(weighted: readonly { part: Part; weight: number }[]): Shared[] {
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return [];
  const exact = weighted.map(({ part, weight }) => ({ part, millionths: (weight / total) * MILLION }));
  let left = MILLION - exact.reduce((sum, { millionths }) => sum + Math.floor(millionths), 0);
  const more = new Set(
    exact
      .toSorted((a, b) => (b.millionths % 1) - (a.millionths % 1))
      .filter(({ millionths }) => millionths > 0 && left-- > 0),
  );
  return exact
    .map((one) => ({
      config: one.part.config,
      level: one.part.level,
      share: (Math.floor(one.millionths) + Number(more.has(one))) / MILLION,
    }))
    .filter(({ share }) => share > 0);
}

/** Weight of a row by how often the student solves it, 0 to 1: nothing for what it always or never solves. */
export function modelWeight(passRate: number): number {
  if (!(passRate >= 0 && passRate <= 1)) throw new RangeError('a pass rate lies in 0 to 1');
  return passRate * (1 - passRate);
}

/** What a trainer measured of a row; the pass rate counts where both are there. */
export type RowScore = { loss?: number | null; passRate?: number | null };

/** No row is forgotten, none is practised more than four times as often as it lies. */
const WEIGHTS = { least: 0.25, most: 4 };
const rounded = (weight: number): number => Math.round(weight * 10_000) / 10_000;

/**
 * Weights of the next release from the scores of the one before: by pass rate `p*(1-p)` against its mean, by loss the
 * loss against its median, each kept between a quarter and four. Rows without a score weigh 1.
 * @param scores by whatever names a row in both releases
 */
export function weightsFrom<Id>(scores: ReadonlyMap<Id, RowScore>): Map<Id, number> {
  const passed = [...scores].flatMap(([id, { passRate }]) =>
    typeof passRate === 'number' ? [[id, modelWeight(passRate)] as const] : [],
  );
  const lost = [...scores].flatMap(([id, { loss, passRate }]) =>
    typeof passRate !== 'number' && typeof loss === 'number' && loss >= 0 ? [[id, loss] as const] : [],
  );
  const mean = passed.reduce((sum, [, weight]) => sum + weight, 0) / Math.max(1, passed.length);
  const sorted = lost.map(([, loss]) => loss).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const against = (value: number, middle: number) =>
    middle === 0 ? 1 : rounded(Math.min(WEIGHTS.most, Math.max(WEIGHTS.least, value / middle)));
  return new Map([
    ...passed.map(([id, weight]) => [id, against(weight, mean)] as const),
    ...lost.map(([id, loss]) => [id, against(loss, median)] as const),
  ]);
}
