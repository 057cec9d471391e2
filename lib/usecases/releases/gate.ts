/** What every gate is made with: the rows of the finished files, and how a gate and its rows are written. */
import type { EvalRow, Row, Split } from '#lib/core/export/row.ts';
import type { Gate, GateRow } from '#lib/store/releases.ts';

const SHOWN_ROWS = 500;

/** A row as what a gate opens: the unit it was made of. */
export type Ref = (id: string, code: string, detail: string) => GateRow;

/** A line of the finished files, with what its own text says of it. */
export type ReadRow = {
  id: string;
  file: string;
  split: Split;
  line: string;
  row: Row | EvalRow;
  meta: {
    group?: string;
    cluster?: string;
    split?: Split;
    source?: string;
    reason?: string;
    strength?: string;
    generator?: string;
  };
};

/** Percent of the value to two figures, rounded up: what is shown is never below what was computed. */
export const percent = (share: number): string => `${(Math.ceil(share * 10_000 - 1e-9) / 100).toFixed(2)} %`;

export const gate = (of: Omit<Gate, 'isWaivable' | 'evidence' | 'rows'> & Partial<Gate>): Gate => ({
  isWaivable: false,
  evidence: {},
  ...of,
  rows: (of.rows ?? []).slice(0, SHOWN_ROWS),
});
