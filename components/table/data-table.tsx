'use client';
import {
  columnVisibilityFeature,
  createColumnHelper,
  rowPaginationFeature,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useActs } from '../shell/keys-provider.tsx';
import { Checkbox } from '../ui/input.tsx';
import { type TableColumn, type TableRow, WIDTHS } from './column.ts';
import { ColumnHead } from './column-head.tsx';
import { Pager } from './pager.tsx';
import type { Selection } from './selection.ts';
import { SelectionBar } from './selection-bar.tsx';
import type { Sort } from './sort.ts';
import { TableToolbar } from './table-toolbar.tsx';
import { useTableUrl } from './table-url.ts';
import { type Picking, usePicking } from './use-picking.ts';

const features = tableFeatures({
  columnVisibilityFeature,
  rowPaginationFeature,
  rowSelectionFeature,
  rowSortingFeature,
});
const helper = createColumnHelper<typeof features, TableRow>();

/** A list of the server's: it sorts, filters and pages; its state is the address. One row height, no cards. */
export function DataTable({
  label,
  columns,
  rows,
  total,
  defaults,
  filters,
  views,
  empty,
  bulk,
}: {
  label: string;
  columns: readonly TableColumn[];
  /** Of the page that the address asks for. */
  rows: readonly TableRow[];
  /** Of the whole query. */
  total: number;
  defaults?: { sort?: Sort; size?: number; hidden?: readonly string[] };
  /** Search field and filters, above the table. */
  filters?: ReactNode;
  views?: ReactNode;
  /** What is said when nothing is found; says which filter is to blame. */
  empty: ReactNode;
  /** Acts on what is picked; without it rows cannot be picked. */
  bulk?: (selection: Selection, count: number, clear: () => void) => ReactNode;
}) {
  const router = useRouter();
  const url = useTableUrl(defaults);
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const picking = usePicking(ids, total);
  const [at, setAt] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const isPickable = bulk !== undefined;

  const table = useTable({
    features,
    data: useMemo(() => [...rows], [rows]),
    columns: useMemo(
      () =>
        helper.columns(
          columns.map(({ id, label: header, hideable, sortable }) =>
            helper.display({ id, header, enableHiding: hideable !== false, enableSorting: sortable === true }),
          ),
        ),
      [columns],
    ),
    getRowId: (row) => row.id,
    manualSorting: true,
    manualPagination: true,
    rowCount: total,
    state: {
      columnVisibility: Object.fromEntries(columns.map(({ id }) => [id, !url.hide.includes(id)])),
      sorting: url.sort ? [{ id: url.sort.column, desc: url.sort.isDescending }] : [],
      pagination: { pageIndex: url.page - 1, pageSize: url.size },
      rowSelection: Object.fromEntries(ids.filter(picking.has).map((id) => [id, true as const])),
    },
  });
  const shown = table.getVisibleLeafColumns().map((column) => columns.find(({ id }) => id === column.id)!);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another page or filter starts at its first row
  useEffect(() => setAt(0), [ids]);

  function moveTo(next: number) {
    const row = Math.min(Math.max(next, 0), rows.length - 1);
    setAt(row);
    const line = body.current?.rows[row];
    line?.focus({ preventScroll: true });
    line?.scrollIntoView({ block: 'nearest' });
  }
  function sortBy(column: TableColumn) {
    const now = url.sort?.column === column.id ? url.sort : null;
    void url.setSort(now?.isDescending ? null : { column: column.id, isDescending: now !== null });
  }
  function sortByNext() {
    const sortable = columns.filter((column) => column.sortable);
    const next = sortable[(sortable.findIndex(({ id }) => id === url.sort?.column) + 1) % sortable.length];
    if (next) void url.setSort({ column: next.id, isDescending: false });
  }
  const hasRows = rows.length > 0;
  const canPick = isPickable && hasRows;
  const href = rows[at]?.href;
  useActs({
    'table.next': hasRows && (() => moveTo(at + 1)),
    'table.previous': hasRows && (() => moveTo(at - 1)),
    'table.open': href !== undefined && (() => router.push(href)),
    'table.pick': canPick && (() => picking.toggle(at)),
    'table.pick-to': canPick && (() => picking.pickTo(at)),
    'table.pick-all': canPick && picking.pickAll,
    'table.sort': columns.some((column) => column.sortable) && sortByNext,
  });

  return (
    <div className="flex flex-col gap-2">
      <TableToolbar
        filters={filters}
        views={views}
        columns={columns}
        hidden={url.hide}
        onHidden={(hidden) => void url.setHidden(hidden)}
      />
      {!hasRows && empty}
      {hasRows && (
        <div className="overflow-x-auto" aria-busy={url.isPending}>
          <table aria-label={label} aria-rowcount={total + 1} className="w-full border-separate border-spacing-0">
            <thead>
              <tr>
                {isPickable && <PickPage picking={picking} />}
                {shown.map((column) => (
                  <ColumnHead
                    key={column.id}
                    column={column}
                    sort={url.sort?.column === column.id ? url.sort : null}
                    onSort={() => sortBy(column)}
                  />
                ))}
              </tr>
            </thead>
            <tbody ref={body} className={url.isPending ? 'opacity-60' : ''}>
              {table.getRowModel().rows.map(({ original: row }, index) => (
                <Line
                  key={row.id}
                  row={row}
                  rowNo={(url.page - 1) * url.size + index + 2}
                  columns={shown}
                  picking={isPickable ? picking : null}
                  index={index}
                  isAt={index === at}
                  onFocus={() => setAt(index)}
                  onOpen={() => row.href && router.push(row.href)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasRows && (
        <Pager
          page={url.page}
          size={url.size}
          total={total}
          onPage={(page) => void url.setPage(page)}
          onSize={(size) => void url.setSize(size)}
        />
      )}
      {bulk && picking.count > 0 && (
        <SelectionBar picking={picking} total={total}>
          {bulk(picking.selection, picking.count, picking.clear)}
        </SelectionBar>
      )}
    </div>
  );
}

function PickPage({ picking }: { picking: Picking }) {
  return (
    <th scope="col" className="sticky top-0 z-10 w-9 border-line border-b bg-bg px-1.5 text-start">
      <label className="flex size-6 items-center justify-center">
        <span className="sr-only">Pick the page</span>
        <Checkbox checked={picking.isPage} onChange={(event) => picking.pickPage(event.target.checked)} />
      </label>
    </th>
  );
}

function Line({
  row,
  rowNo,
  columns,
  picking,
  index,
  isAt,
  onFocus,
  onOpen,
}: {
  row: TableRow;
  rowNo: number;
  columns: readonly TableColumn[];
  picking: Picking | null;
  index: number;
  isAt: boolean;
  onFocus: () => void;
  onOpen: () => void;
}) {
  const isOn = picking?.has(row.id) ?? false;
  function click(event: React.MouseEvent) {
    const isOther = (event.target as Element).closest('a,button,input,label');
    const isSelecting = (window.getSelection()?.toString() ?? '') !== '';
    if (!isOther && !isSelecting) onOpen();
  }
  return (
    <tr
      aria-rowindex={rowNo}
      aria-selected={picking ? isOn : undefined}
      tabIndex={isAt ? 0 : -1}
      onFocus={onFocus}
      onClick={click}
      className={`h-row focus-visible:-outline-offset-2 ${row.href ? 'cursor-pointer' : ''} ${
        isOn ? 'bg-selected' : 'hover:bg-surface'
      }`}
    >
      {picking && (
        <td className="border-line border-b px-1.5">
          <label className="flex size-6 items-center justify-center">
            <span className="sr-only">Pick {row.label}</span>
            <Checkbox checked={isOn} tabIndex={-1} onChange={() => picking.toggle(index)} />
          </label>
        </td>
      )}
      {columns.map((column) => (
        <td
          key={column.id}
          className={`truncate border-line border-b px-2 ${WIDTHS[column.width ?? 'normal']} ${
            column.align === 'end' ? 'text-end' : 'text-start'
          }`}
        >
          {column.hideable === false && row.href ? (
            // A real link, so that it opens in a new tab too and is announced as one; the row's own focus reaches it by key.
            <Link href={row.href} tabIndex={-1} prefetch={false} className="block truncate hover:underline">
              {row.cells[column.id]}
            </Link>
          ) : (
            row.cells[column.id]
          )}
        </td>
      ))}
    </tr>
  );
}
