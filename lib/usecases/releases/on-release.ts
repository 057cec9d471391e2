/**
 * The release flow, one page: from redacted units, labelled pairs and gold to rows, each on one side for good. Pure: the
 * same units, key and stored sides give the same rows. What stays out is named with its rule.
 */

import type { EvalRow } from '#lib/core/export/row.ts';
import type { RowEntry } from '#lib/core/export/serialise.ts';
import type { Placement } from '#lib/core/split/assign.ts';
import { type Drafted, draftRows, type LeftOut, type RowSource } from './draft-rows.ts';
import { keepOne } from './keep-one.ts';
import { dropCopies, placeRows, withinCaps, withoutFaults, withoutOverlap } from './place-rows.ts';

export type ReleaseContent = RowSource & {
  /** Sides of earlier releases, by unit or pair. */
  stored: ReadonlyMap<string, Placement>;
};
export type MadeRow = {
  memberId: string;
  refKind: 'unit' | 'pair';
  unitIds: string[];
  group: string;
  cluster: string;
  generator?: string;
};
export type ReleaseRows = {
  entries: RowEntry[];
  evalRows: EvalRow[];
  /** By row id. */
  made: Map<string, MadeRow>;
  placed: { memberId: string; groupId: string; split: Placement }[];
  leftOut: LeftOut[];
  /** Units whose tools were read off their calls. */
  observedTools: number;
};

export function onRelease(content: ReleaseContent): ReleaseRows {
  const drafted: Drafted = draftRows(content); //              units, pairs, gold -> rows to be, or the rule that refused
  const single = dropCopies(drafted); //                       equal rows         -> one of them
  const kept = keepOne(single, content); //                    near-duplicates    -> one of them, when the lead asks so
  const placed = placeRows(kept, content); //                clusters, groups   -> train, validation, test, for good
  const sound = withoutFaults(placed, content); //             pairs that contradict each other or teach nothing leave
  const apart = withoutOverlap(sound); //                      what train shares with held-out rows leaves
  const capped = withinCaps({ ...sound, rows: apart.rows, leftOut: [] }, content); // synthetic pairs over their cap leave
  return {
    entries: capped.rows.flatMap((row) => (row.entry ? [row.entry] : [])),
    evalRows: capped.rows.flatMap((row) => (row.evalRow ? [row.evalRow] : [])),
    made: new Map(
      capped.rows.map((row) => [
        row.rowId,
        {
          memberId: row.id,
          refKind: row.refKind,
          unitIds: row.unitIds,
          group: row.group,
          cluster: row.cluster,
          ...(row.generator === undefined ? {} : { generator: row.generator }),
        },
      ]),
    ),
    placed: placed.placed,
    leftOut: [...drafted.leftOut, ...kept.leftOut, ...sound.leftOut, ...apart.leftOut, ...capped.leftOut],
    observedTools: drafted.observedTools,
  };
}
