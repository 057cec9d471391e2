'use client';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type TableColumn, WIDTHS } from './column.ts';
import type { Sort } from './sort.ts';

export function ColumnHead({ column, sort, onSort }: { column: TableColumn; sort: Sort | null; onSort: () => void }) {
  const Arrow = sort?.isDescending ? ArrowDown : ArrowUp;
  const isEnd = column.align === 'end';
  return (
    <th
      scope="col"
      aria-sort={sort ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
      className={`sticky top-0 z-10 h-8 border-line border-b bg-bg px-2 font-medium text-ink-3 text-label ${
        isEnd ? 'text-end' : 'text-start'
      } ${WIDTHS[column.width ?? 'normal']}`}
    >
      {column.sortable ? (
        <button
          type="button"
          onClick={onSort}
          className={`-mx-1 inline-flex h-6 items-center gap-1 whitespace-nowrap rounded-sm px-1 hover:text-ink ${
            isEnd ? 'flex-row-reverse' : ''
          } ${sort ? 'text-ink' : ''}`}
        >
          {column.label}
          <Arrow aria-hidden className={`size-3 ${sort ? '' : 'opacity-0'}`} />
        </button>
      ) : (
        <span className="whitespace-nowrap">{column.label}</span>
      )}
    </th>
  );
}
