/** Second half of the release flow: equal rows once, whole groups to one side, nothing held out that train has seen. */
import { clusterRows } from '#lib/core/dedup/cluster.ts';
import { promptText, rowText } from '#lib/core/dedup/row-text.ts';
import { tokensOf } from '#lib/core/dedup/shingles.ts';
import { type EvalRow, isRefused, type Row } from '#lib/core/export/row.ts';
import { exportedTags } from '#lib/core/export/row-parts.ts';
import type { RowEntry } from '#lib/core/export/serialise.ts';
import { weightsFrom } from '#lib/core/mix/schedule.ts';
import { balanceOf } from '#lib/core/pair/balance.ts';
import { allowedBeside, MOST_SYNTHETIC } from '#lib/core/pair/generators.ts';
import { assignByTime, assignSplits, type Placement, type Split } from '#lib/core/split/assign.ts';
import { groupRows, type Member } from '#lib/core/split/groups.ts';
import { findNgrams } from '#lib/core/split/leakage.ts';
import { contentHash } from '#lib/core/trajectory/hash.ts';
import { type Draft, type Drafted, type LeftOut, nameIn, type RowSource } from './draft-rows.ts';
import { toLabelledPair } from './labelled-pair.ts';

export type Single = {
  drafts: Draft[];
  /** What was asked, and all that was said, by draft. */
  prompts: Map<string, string>;
  texts: Map<string, string>;
  leftOut: LeftOut[];
};
export type PlacedRow = Draft & {
  rowId: string;
  split: Split;
  group: string;
  cluster: string;
  tokens: string[];
  entry?: RowEntry;
  evalRow?: EvalRow;
};
export type Placed = {
  rows: PlacedRow[];
  placed: { memberId: string; groupId: string; split: Placement }[];
  leftOut: LeftOut[];
};

const asPrompted = (made: Row | EvalRow): string =>
  promptText('question' in made ? { messages: made.question.flat() } : made) ?? '';

const rowOf = (draft: Draft): Row | EvalRow => {
  const made = draft.make({ id: 'x', split: 'train', group: '' });
  if (isRefused(made)) throw new Error('a row was refused after it was drafted');
  return 'row' in made ? made.row : made;
};

const leave = ({ refKind, id }: Draft, rule: string): LeftOut => ({ refKind, refId: id, rule });

/** Rows that say the same, names aside: the one with the smallest id stays. */
export function dropCopies({ drafts }: Drafted): Single {
  const prompts = new Map<string, string>();
  const texts = new Map<string, string>();
  const leftOut: LeftOut[] = [];
  const seen = new Set<string>();
  const kept = [...drafts]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .filter((draft) => {
      const row = rowOf(draft);
      prompts.set(draft.id, asPrompted(row));
      texts.set(draft.id, rowText(row) ?? '');
      const { id: _, meta_json: __, ...says } = row;
      const hash = contentHash([draft.kind, says]);
      if (seen.has(hash)) leftOut.push(leave(draft, 'copy'));
      return !seen.has(hash) && seen.add(hash);
    });
  return { drafts: kept, prompts, texts, leftOut };
}

const rowName = (source: Pick<RowSource, 'key' | 'releaseId'>, { kind, id }: Draft): string =>
  `${kind === 'eval' ? 'e' : kind}-${nameIn(source, 'row', id)}`;

/** Weights by what a trainer measured on the same units and pairs in an earlier release, under the names they had there. */
function weightsOf(drafts: readonly Draft[], { key, scores }: RowSource): Map<string, number> {
  if (!scores) return new Map();
  const before = { key, releaseId: scores.releaseId };
  const known = drafts.flatMap((draft) => {
    const score = scores.byRow.get(rowName(before, draft));
    return score ? [[draft.id, score] as const] : [];
  });
  return weightsFrom(new Map(known));
}

/** What a sampler may choose a row by. */
const indexOf = ({ source, tags }: Draft, group: string, cluster: string): NonNullable<RowEntry['index']> => ({
  tags: exportedTags(tags),
  group,
  cluster,
  source,
});

/** What must never be torn apart, then its side: stored ones stay, new groups are placed by the keyed hash. */
export function placeRows(
  { drafts, prompts }: Single,
  source: RowSource & { stored: ReadonlyMap<string, Placement> },
): Placed {
  const clusters = clusterRows(drafts.map(({ id }) => ({ id, text: prompts.get(id)! })));
  const members: Member[] = [
    ...source.units.map(({ unit, trajectoryId, rootId, personKey, taskKey, sessionKey }) => ({
      id: unit.id,
      cluster: clusters.get(unit.id),
      trajectoryId,
      rootId,
      session: sessionKey ?? undefined,
      people: personKey === null ? [] : [personKey],
      intent: taskKey ?? undefined,
      pairSource: unit.id,
    })),
    ...drafts
      .filter(({ refKind }) => refKind === 'pair')
      .flatMap(({ id, unitIds }) => unitIds.map((unitId) => ({ id, cluster: clusters.get(id), pairSource: unitId }))),
  ];
  const groups = groupRows(members);
  // Gold is held out from the start; a group that was trained on before can't become gold.
  const stored = new Map(source.stored);
  for (const id of source.gold) if (groups.has(id) && !stored.has(id)) stored.set(id, 'test');
  const { placements } = assignSplits(groups, stored, source.key);
  const overLine = applyTime(placements, { groups, stored, source });

  const leftOut: LeftOut[] = [];
  const rows: PlacedRow[] = [];
  const weights = weightsOf(drafts, source);
  for (const draft of drafts) {
    const side = placements.get(draft.id)!;
    const isLateGold = draft.kind === 'eval' && side === 'train';
    if (side === 'quarantine' || isLateGold) {
      const isOver = overLine.has(draft.id);
      leftOut.push(leave(draft, isLateGold ? 'gold_in_train' : isOver ? 'reaches_over_the_line' : 'split_conflict'));
      continue;
    }
    const rowId = rowName(source, draft);
    const weight = side === 'train' ? weights.get(draft.id) : undefined;
    const group = `g-${nameIn(source, 'group', groups.get(draft.id)!)}`;
    const cluster = `k-${nameIn(source, 'cluster', clusters.get(draft.id)!)}`;
    const made = draft.make({ id: rowId, split: side, group, cluster, ...(weight === undefined ? {} : { weight }) });
    if (isRefused(made)) throw new Error('a row was refused after it was drafted');
    rows.push({
      ...draft,
      rowId,
      split: side,
      group,
      cluster,
      tokens: tokensOf(prompts.get(draft.id)!),
      ...('row' in made
        ? {
            entry: {
              config: made.config,
              row: made.row,
              split: side,
              level: draft.level,
              index: { ...indexOf(draft, group, cluster), ...(weight === undefined ? {} : { weight }) },
            },
          }
        : { evalRow: made }),
    });
  }
  const lasting = [...placements].filter(([id]) => !overLine.has(id));
  const placed = lasting.map(([memberId, split]) => ({ memberId, groupId: groups.get(memberId)!, split }));
  return { rows, placed: placed.sort((a, b) => (a.memberId < b.memberId ? -1 : 1)), leftOut };
}

/**
 * Time mode: new groups are held out when all of it was logged after the line, and trained on when all of it was before.
 * Sides of earlier releases stand; what was trained on and now reaches over the line stays at home this time, and so
 * does a new group that does. Neither is written down, so a later release with another line may take it.
 * @param placements changed in place
 * @returns members that are out because of the line
 */
function applyTime(
  placements: Map<string, Placement>,
  of: { groups: ReadonlyMap<string, string>; stored: ReadonlyMap<string, Placement>; source: RowSource },
): Set<string> {
  const { groups, stored, source } = of;
  const over = new Set<string>();
  if (source.evalFrom === undefined) return over;
  const times = new Map(source.units.map(({ unit, startedAt }) => [unit.id, startedAt?.toISOString()]));
  // A pair is as old as its units, which stand in its group.
  const rows = [...groups].flatMap(([id, group]) => {
    const at = times.get(id);
    return times.has(id) ? [{ id, group, ...(at === undefined ? {} : { at }) }] : [];
  });
  const byTime = assignByTime(rows, source.evalFrom, source.key);
  const ofGroup = new Map(rows.map(({ id, group }) => [group, byTime.get(id)!]));
  const known = new Map([...groups].flatMap(([id, group]) => (stored.has(id) ? [[group, placements.get(id)!]] : [])));
  for (const [id, group] of groups) {
    const time = ofGroup.get(group) ?? 'quarantine';
    const before = known.get(group);
    if (before === 'quarantine' || (before !== undefined && before !== 'train')) continue;
    if (time === 'quarantine' || (before === 'train' && time !== 'train')) {
      placements.set(id, 'quarantine');
      over.add(id);
    } else placements.set(id, time);
  }
  return over;
}

/** Pairs that contradict others or teach nothing stay at home, each under the fault that was found. */
export function withoutFaults(placed: Placed, source: RowSource): Placed {
  const choices = new Map(source.pairs.map(({ candidate, choice }) => [candidate.id, choice ?? undefined]));
  const pairs = placed.rows.flatMap(({ id, entry }) =>
    entry && 'chosen' in entry.row ? [toLabelledPair(entry.row, entry.config, choices.get(id))] : [],
  );
  const faultOf = new Map(
    Object.entries(balanceOf(pairs).faults).flatMap(([fault, ids]) => ids.map((id) => [id, `pair_${fault}`] as const)),
  );
  const leftOut = placed.rows.flatMap((row) => {
    const fault = faultOf.get(row.rowId);
    return fault === undefined ? [] : [leave(row, fault)];
  });
  return {
    ...placed,
    rows: placed.rows.filter(({ rowId }) => !faultOf.has(rowId)),
    leftOut: [...placed.leftOut, ...leftOut],
  };
}

/**
 * Synthetic pairs over a cap of their generator, or over that of all synthetic pairs together, stay at home. Shares are
 * of the pairs that leave; the rows with the smallest names stay, and names are hashes.
 */
export function withinCaps(placed: Placed, source: RowSource): Placed {
  const pairs = placed.rows.filter(({ kind }) => kind === 'dpo');
  const synthetic = pairs.filter(({ generator }) => generator !== undefined);
  const real = pairs.length - synthetic.length;
  const used = new Map<string, number>();
  let left = allowedBeside(real, MOST_SYNTHETIC);
  const over = new Set<string>();
  for (const { rowId, generator } of synthetic.toSorted((a, b) => (a.rowId < b.rowId ? -1 : 1))) {
    const mine = used.get(generator!) ?? 0;
    if (left <= 0 || mine >= allowedBeside(real, source.generators.get(generator!) ?? 0)) over.add(rowId);
    else {
      used.set(generator!, mine + 1);
      left--;
    }
  }
  return {
    ...placed,
    rows: placed.rows.filter(({ rowId }) => !over.has(rowId)),
    leftOut: [
      ...placed.leftOut,
      ...placed.rows.flatMap((row) => (over.has(row.rowId) ? [leave(row, 'synthetic_over_cap')] : [])),
    ],
  };
}

/** A held-out row that shares words with more rows of train than this is the one that leaves. */
const FEW = 3;
const ROUNDS = 12;

/**
 * Long runs of equal words across the line: the smaller side leaves. A held-out row that meets many rows of train (a
 * template that everybody sends) goes itself, else the rows of train that it meets; gold always stays.
 */
export function withoutOverlap({ rows }: Placed): { rows: PlacedRow[]; leftOut: LeftOut[] } {
  const leftOut: LeftOut[] = [];
  let kept = rows;
  for (let round = 0; ; round++) {
    const isHeld = (row: PlacedRow) => row.kind === 'eval' || row.split !== 'train';
    const byId = new Map(kept.map((row) => [row.rowId, row]));
    const named = (of: PlacedRow[]) => of.map(({ rowId, tokens }) => ({ id: rowId, tokens }));
    const hits = findNgrams(named(kept.filter((row) => !isHeld(row))), named(kept.filter(isHeld)));
    if (hits.length === 0) return { rows: kept, leftOut };
    const gone = new Set<string>();
    for (const [held, met] of Map.groupBy(hits, (hit) => hit.with)) {
      const isMany = met.length > FEW && byId.get(held)!.kind !== 'eval' && round < ROUNDS;
      for (const id of isMany ? [held] : met.map((hit) => hit.id)) gone.add(id);
    }
    for (const row of kept) if (gone.has(row.rowId)) leftOut.push(leave(row, 'shares_words_across_splits'));
    kept = kept.filter((row) => !gone.has(row.rowId));
  }
}
