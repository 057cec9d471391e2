import type { ReactNode } from 'react';

/** A column as plain data, so that a page on the server can say it. */
export type TableColumn = {
  id: string;
  label: string;
  align?: 'start' | 'end';
  sortable?: boolean;
  /** May be hidden; false for the column that names the row. */
  hideable?: boolean;
  /** `rest` takes what the others leave; one column of a table should. */
  width?: 'narrow' | 'normal' | 'wide' | 'rest';
};

/** Cells are drawn by the page (on the server); the table only lays them out. */
export type TableRow = { id: string; label: string; href?: string; cells: Record<string, ReactNode> };

export const WIDTHS = { narrow: 'w-24', normal: 'w-40', wide: 'w-72', rest: 'w-full min-w-48 max-w-0' } as const;
