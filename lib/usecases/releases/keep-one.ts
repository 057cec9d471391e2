/** Of rows to fine-tune on that say nearly the same, the one that stays; the others still bind their groups together. */
import { clusterRows } from '#lib/core/dedup/cluster.ts';
import { keptOf, ratingOf } from '#lib/core/dedup/keep.ts';
import type { RowSource } from './draft-rows.ts';
import type { Single } from './place-rows.ts';

export function keepOne(single: Single, source: RowSource): Single {
  if (source.keep === 'all') return single;
  const facts = new Map(source.units.map((row) => [row.unit.id, row]));
  const rows = single.drafts.filter(({ kind }) => kind === 'sft');
  const clusters = clusterRows(rows.map(({ id }) => ({ id, text: single.texts.get(id)! })));
  const stays = new Set<string>();
  for (const members of Map.groupBy(rows, ({ id }) => clusters.get(id)!).values()) {
    const known = members.map(({ id }) => {
      const { tokens, outcome, outcomeBasis, startedAt } = facts.get(id)!;
      return {
        ...{ id, tokens },
        rating: ratingOf({ value: outcome, basis: outcomeBasis }),
        startedAtMs: startedAt?.getTime() ?? null,
        isPicked: source.picked.has(id),
      };
    });
    for (const id of keptOf(known, source.keep)) stays.add(id);
  }
  const isOut = ({ id, kind }: Single['drafts'][number]) => kind === 'sft' && !stays.has(id);
  return {
    ...single,
    drafts: single.drafts.filter((draft) => !isOut(draft)),
    leftOut: [
      ...single.leftOut,
      ...single.drafts.filter(isOut).map(({ refKind, id }) => ({ refKind, refId: id, rule: 'near_duplicate' })),
    ],
  };
}
